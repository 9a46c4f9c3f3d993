package dev.sluice.sources;

import dev.sluice.config.Config;
import dev.sluice.http.Auth;
import dev.sluice.http.Http;
import dev.sluice.http.Paginator;
import dev.sluice.http.RestClient;
import dev.sluice.pipe.Fn;
import dev.sluice.resource.Incremental;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Source;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A source that is declared instead of programmed: an API, its endpoints, and which of them need
/// the rows of another.
///
/// ```java
/// var blog = RestApi.of(rest("https://api.example.com/v1"))
///     .defaults(each -> each.param("per_page", 100))
///     .endpoint("posts", posts -> posts.incremental("updated_at", "2026-01-01").startParam("since"))
///     .endpoint("comments", comments -> comments.path("posts/{resources.posts.id}/comments").include("title"));
/// pipeline("blog").to(duckdb()).run(blog.source("blog"));
/// ```
///
/// Or by TOML alone, in the words of dlt's `rest_api` source: [#of(Http, Config, String)].
///
/// - Each endpoint becomes a resource of its name; its path is its name unless told.
/// - `{resources.<parent>.<field>}` in path, parameters, headers or body makes the endpoint a
///   child: it is asked once for each row of the parent, `extract.workers` (5) rows at a time.
/// - `{incremental.start_value}`, `last_value`, `initial_value` and `end_value` stand for those of
///   the endpoint's cursor.
/// - A path whose last step is a placeholder names one thing: one page, and the whole answer is the
///   row.
/// - How pages follow one another and where their rows are is found out, unless told.
///
/// Immutable. An endpoint that cannot be is an IllegalArgumentException when the source is made;
/// one that fails names itself, method, URL (secrets masked), status and what came.
public final class RestApi {
  private final RestClient client;
  private final UnaryOperator<Endpoint> defaults;
  private final Map<String, UnaryOperator<Endpoint>> endpoints;
  private final Map<String, Resource<Map<String, @Nullable Object>>> others;

  private RestApi(
      RestClient client,
      UnaryOperator<Endpoint> defaults,
      Map<String, UnaryOperator<Endpoint>> endpoints,
      Map<String, Resource<Map<String, @Nullable Object>>> others) {
    this.client = client;
    this.defaults = defaults;
    this.endpoints = endpoints;
    this.others = others;
  }

  /// An API without endpoints yet.
  public static RestApi of(RestClient client) {
    return new RestApi(client, UnaryOperator.identity(), Map.of(), Map.of());
  }

  /// A source by dlt's dictionary: `client`, `resource_defaults` and `resources`.
  public static RestApi of(Http http, Map<String, ?> declaration) {
    return new RestDeclaration("", declaration, null).api(http);
  }

  /// A source that stands in `.dlt/config.toml` below `[sources.<name>]`, with its secrets in
  /// `.dlt/secrets.toml` or variables (`SOURCES__<NAME>__CLIENT__AUTH__TOKEN`).
  public static RestApi of(Http http, Config config, String name) {
    return RestDeclaration.of(config, name).api(http);
  }

  /// A source that stands in a TOML file of its own; its secrets are looked for below
  /// `[sources.<file name>]`.
  public static RestApi toml(Http http, Config config, Path file) {
    return RestDeclaration.of(config, file).api(http);
  }

  /// What holds for every endpoint, before its own words.
  public RestApi defaults(UnaryOperator<Endpoint> each) {
    return new RestApi(client, endpoint -> each.apply(defaults.apply(endpoint)), endpoints, others);
  }

  /// Another endpoint, whose path is its name.
  public RestApi endpoint(String name) {
    return endpoint(name, UnaryOperator.identity());
  }

  /// Another endpoint; or, if there is one of that name, a change of it.
  public RestApi endpoint(String name, UnaryOperator<Endpoint> how) {
    var more = new LinkedHashMap<>(endpoints);
    more.merge(name, how, (before, after) -> endpoint -> after.apply(before.apply(endpoint)));
    return new RestApi(client, defaults, more, others);
  }

  /// A resource of another origin, which endpoints may have as their parent.
  public RestApi with(Resource<Map<String, @Nullable Object>> other) {
    var more = new LinkedHashMap<>(others);
    more.put(other.name(), other);
    return new RestApi(client, defaults, endpoints, more);
  }

  /// All endpoints as one source.
  public Source source(String name) {
    return Source.of(name, resources().toArray(Resource[]::new));
  }

  /// The resource of one endpoint.
  public Resource<Map<String, @Nullable Object>> resource(String name) {
    return resources().stream()
        .filter(resource -> resource.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "There is no endpoint '" + name + "', only " + quoted(endpoints.keySet())));
  }

  /// All endpoints as resources, in the order they were declared.
  public List<Resource<Map<String, @Nullable Object>>> resources() {
    var declared =
        endpoints.entrySet().stream()
            .map(entry ->
                entry
                    .getValue()
                    .apply(defaults.apply(new Endpoint(new EndpointParts(entry.getKey()))))
                    .parts)
            .toList();
    return new RestResources(client, declared, others).made();
  }

  static String quoted(Iterable<String> names) {
    var quoted = new java.util.StringJoiner(", ");
    names.forEach(name -> quoted.add("'" + name + "'"));
    return quoted.length() == 0 ? "none" : quoted.toString();
  }

  /// An endpoint of an API. Immutable; its methods return changed copies.
  public static final class Endpoint {
    final EndpointParts parts;

    Endpoint(EndpointParts parts) {
      this.parts = parts;
    }

    /// The name, which the resource and its table have too.
    public String name() {
      return parts.name;
    }

    /// Below the base URL, with placeholders; or a whole URL.
    public Endpoint path(String path) {
      return with(p -> p.path = path);
    }

    /// Another method than `GET`.
    public Endpoint method(String method) {
      return with(p -> p.method = method);
    }

    /// A query parameter; null takes it away. Texts may have placeholders.
    public Endpoint param(String name, @Nullable Object value) {
      return with(p -> p.params.put(name, value));
    }

    /// A header for every request of this endpoint.
    public Endpoint header(String name, String value) {
      return with(p -> p.headers.put(name, value));
    }

    /// The JSON body of each request: a map or list, whose texts may have placeholders.
    public Endpoint json(Object body) {
      return with(p -> p.json = body);
    }

    /// The body of each request, if it is no JSON: a map is a form, a text goes as it is; both may
    /// have placeholders.
    public Endpoint data(Object body) {
      return with(p -> p.data = body);
    }

    /// How the next page is found, if not as the client does.
    public Endpoint paginator(Paginator how) {
      return with(p -> p.paginator = how);
    }

    /// Who asks, if not the client's.
    public Endpoint auth(Auth auth) {
      return client(client -> client.auth(auth));
    }

    /// Where the rows are in an answer: `data.items`, `$` for the whole.
    public Endpoint rows(String path) {
      return with(p -> p.selector = path);
    }

    /// An answer with this status has no rows and ends the pages.
    public Endpoint ignore(int status) {
      return client(client -> client.ignore(status));
    }

    /// An answer with this status (0 = any) whose body holds `content` has no rows and ends the
    /// pages.
    public Endpoint ignore(int status, String content) {
      return client(client -> client.ignore(status, content));
    }

    /// Changes how the client asks for this endpoint: `client -> client.refuse(200, "error")`.
    public Endpoint client(UnaryOperator<RestClient> how) {
      return with(p -> {
        var before = p.client;
        p.client = client -> how.apply(before.apply(client));
      });
    }

    /// Only what is new since the last run, by a field of the rows that grows.
    public Endpoint incremental(String path, Object initial) {
      return incremental(Incremental.of(path, initial), initial);
    }

    /// Only what is new since the last run.
    public Endpoint incremental(Incremental<?> cursor) {
      return incremental(cursor, null);
    }

    Endpoint incremental(Incremental<?> cursor, @Nullable Object initial) {
      return with(p -> {
        p.incremental = cursor;
        p.initial = initial;
      });
    }

    /// The parameter that says from where on.
    public Endpoint startParam(String name) {
      return with(p -> p.startParam = name);
    }

    /// The parameter that says where a backfill ends.
    public Endpoint endParam(String name) {
      return with(p -> p.endParam = name);
    }

    /// How a cursor's value is written into requests.
    public Endpoint convert(Fn<Object, Object> how) {
      return with(p -> p.convert = how);
    }

    /// Fields of the parent's row that each row gets, as `_<parent>_<field>`.
    public Endpoint include(String... fields) {
      return with(p -> p.included.addAll(List.of(fields)));
    }

    /// Asks for one row of the parent after the other.
    public Endpoint sequential() {
      return with(p -> p.parallel = false);
    }

    /// Hints and steps: `resource -> resource.merge("id").filter(row -> row.get("draft") == null)`.
    public Endpoint resource(UnaryOperator<Resource<Map<String, @Nullable Object>>> how) {
      return with(p -> {
        var before = p.resource;
        p.resource = resource -> how.apply(before.apply(resource));
      });
    }

    private Endpoint with(java.util.function.Consumer<EndpointParts> change) {
      return new Endpoint(parts.changed(change));
    }
  }
}
