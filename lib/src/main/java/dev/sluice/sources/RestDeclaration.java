package dev.sluice.sources;

import dev.sluice.config.Config;
import dev.sluice.config.Secret;
import dev.sluice.http.Auth;
import dev.sluice.http.Http;
import dev.sluice.http.Paginator;
import dev.sluice.http.RestClient;
import dev.sluice.resource.Incremental;
import dev.sluice.resource.Resource;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.SchemaContract;
import dev.sluice.schema.WriteDisposition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A source in dlt's words: `client`, `resource_defaults`, `resources`. A misspelt word is an
/// error.
///
/// - `where`: said in front of errors
/// - `secrets`: where secrets that are not in the declaration are looked for
final class RestDeclaration {
  private static final Set<String> SECRET_KEYS =
      Set.of("token", "api_key", "password", "client_secret", "private_key");
  private static final List<String> AUTH_KEYS =
      List.of(
          "token", "api_key", "username", "password", "client_id", "client_secret", "private_key");

  private final RestWords words;
  private final Map<String, ?> declaration;
  private final @Nullable Config secrets;

  RestDeclaration(String where, Map<String, ?> declaration, @Nullable Config secrets) {
    this.words = new RestWords(where);
    this.declaration = declaration;
    this.secrets = secrets;
  }

  static RestDeclaration of(Config config, String name) {
    var table = config.mergedTable("sources", name);
    if (!table.containsKey("client")) {
      throw new IllegalArgumentException(
          "There is no source '"
              + name
              + "' in '"
              + config.settingsFolder().resolve("config.toml")
              + "'; begin it with [sources."
              + name
              + ".client] and base_url");
    }
    return new RestDeclaration("sources." + name, rest(table), config.at("sources", name));
  }

  static RestDeclaration of(Config config, Path file) {
    var name = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    return new RestDeclaration(file.toString(), Config.toml(file), config.at("sources", name));
  }

  /// What other settings of the source stand beside it is not ours: `[sources.shop.extract]`.
  private static Map<String, Object> rest(Map<String, Object> table) {
    var own = new TreeMap<>(table);
    own.keySet().retainAll(Set.of("client", "resource_defaults", "resources"));
    return own;
  }

  RestApi api(Http http) {
    words.only("", declaration, "client", "resource_defaults", "resources");
    var api = RestApi.of(client(http, words.table("", declaration, "client")));
    var defaults = new LinkedHashMap<String, Object>();
    if (declaration.containsKey("resource_defaults")) {
      defaults.putAll(
          resource(words.table("", declaration, "resource_defaults"), "resource_defaults"));
    }
    if (!(declaration.get("resources") instanceof List<?> resources) || resources.isEmpty()) {
      throw words.wrong("resources", "must be a list of at least one resource");
    }
    var names = new TreeSet<String>();
    for (var declared : resources) {
      var own = resource(declared, "resources");
      var name = RestWords.text(own.get("name"));
      if (name == null || !names.add(name)) {
        throw words.wrong(
            "resources", name == null ? "has one without a 'name'" : "has '" + name + "' twice");
      }
      var merged = merged(defaults, own);
      api = api.endpoint(name, endpoint -> endpoint(endpoint, "resources." + name, merged));
    }
    var whole = api;
    words.named("resources", whole::resources); // what cannot be is found where it stands
    return whole;
  }

  // ------------------------------------------------------------------ client

  private RestClient client(Http http, Map<String, Object> client) {
    words.only("client", client, "base_url", "headers", "auth", "paginator");
    var base = RestWords.text(client.get("base_url"));
    if (base == null) {
      throw words.wrong("client", "needs 'base_url'");
    }
    var made = RestClient.of(http, base);
    for (var header : words.map("client.headers", client.get("headers")).entrySet()) {
      made = made.header(header.getKey(), String.valueOf(RestWords.text(header.getValue())));
    }
    if (client.containsKey("auth") || hasSecret("client.auth")) {
      made = made.auth(auth("client.auth", client.get("auth")));
    }
    return client.containsKey("paginator")
        ? made.paginator(paginator("client.paginator", client.get("paginator")))
        : made;
  }

  private Paginator paginator(String key, @Nullable Object declared) {
    if (declared instanceof Paginator paginator) {
      return paginator;
    }
    var options = new LinkedHashMap<String, Object>();
    options.putAll(
        declared instanceof String type ? Map.of("type", type) : words.map(key, declared));
    options.putIfAbsent("type", "auto");
    return words.named(key, () -> Paginator.of(options));
  }

  private Auth auth(String key, @Nullable Object declared) {
    if (declared instanceof Auth auth) {
      return auth;
    }
    var options = new LinkedHashMap<String, Object>();
    if (declared != null) {
      options.putAll(
          declared instanceof String type ? Map.of("type", type) : words.map(key, declared));
    }
    if (secrets != null) {
      for (var name : AUTH_KEYS) {
        if (SECRET_KEYS.contains(name) && options.get(name) instanceof String) {
          throw words.wrong(
              key + "." + name,
              "is a secret; move it to secrets.toml or to an environment variable");
        }
        secrets
            .find(String.class, key + "." + name)
            .filter(found -> !options.containsKey(name))
            .ifPresent(found -> options.put(name, Secret.of(found)));
      }
    }
    return words.named(key, () -> Auth.of(options));
  }

  private boolean hasSecret(String key) {
    return secrets != null
        && SECRET_KEYS.stream()
            .anyMatch(name -> secrets.find(String.class, key + "." + name).isPresent());
  }

  // ------------------------------------------------------------------ resources

  /// A resource with an endpoint that is a map, whatever short form was written.
  private Map<String, Object> resource(@Nullable Object declared, String key) {
    if (declared instanceof String name) {
      return new LinkedHashMap<>(Map.of("name", name, "endpoint", Map.of()));
    }
    var resource = new LinkedHashMap<>(words.map(key, declared));
    var endpoint = resource.get("endpoint");
    resource.put(
        "endpoint",
        endpoint instanceof String path
            ? Map.of("path", path)
            : words.map(key + ".endpoint", endpoint));
    return resource;
  }

  /// As dlt merges: parameters and JSON one by one, everything else as a whole.
  private Map<String, Object> merged(Map<String, Object> defaults, Map<String, Object> own) {
    var merged = new LinkedHashMap<>(defaults);
    merged.putAll(own);
    var before = words.map("endpoint", defaults.get("endpoint"));
    var after = words.map("endpoint", own.get("endpoint"));
    var endpoint = new LinkedHashMap<>(before);
    endpoint.putAll(after);
    for (var key : List.of("params", "json")) {
      if (before.get(key) instanceof Map<?, ?> && after.get(key) instanceof Map<?, ?>) {
        var both = new LinkedHashMap<>(words.map(key, before.get(key)));
        both.putAll(words.map(key, after.get(key)));
        endpoint.put(key, both);
      }
    }
    merged.put("endpoint", endpoint);
    return merged;
  }

  private RestApi.Endpoint endpoint(
      RestApi.Endpoint made, String where, Map<String, Object> resource) {
    words.only(
        where,
        resource,
        "name",
        "endpoint",
        "include_from_parent",
        "processing_steps",
        "write_disposition",
        "primary_key",
        "merge_key",
        "table_name",
        "columns",
        "max_table_nesting",
        "schema_contract",
        "selected",
        "parallelized");
    if (resource.containsKey("processing_steps")) {
      throw words.wrong(
          where + ".processing_steps",
          "takes lambdas, which TOML has not; write: api.endpoint(\""
              + made.name()
              + "\", e -> e.resource(rows -> rows.filter(..).map(..)))");
    }
    var endpoint = asked(made, where + ".endpoint", words.map(where, resource.get("endpoint")));
    endpoint = endpoint.include(RestWords.texts(resource.get("include_from_parent")));
    if (Boolean.FALSE.equals(resource.get("parallelized"))) {
      endpoint = endpoint.sequential();
    }
    return endpoint.resource(rows -> words.named(where, () -> hinted(rows, where, resource)));
  }

  private RestApi.Endpoint asked(
      RestApi.Endpoint made, String where, Map<String, Object> declared) {
    words.only(
        where,
        declared,
        "path",
        "method",
        "params",
        "json",
        "data",
        "paginator",
        "data_selector",
        "response_actions",
        "incremental",
        "auth",
        "headers");
    var endpoint = made;
    for (var entry : declared.entrySet()) {
      var key = where + "." + entry.getKey();
      var value = entry.getValue();
      endpoint =
          switch (entry.getKey()) {
            case "path" -> endpoint.path(value.toString());
            case "method" -> endpoint.method(value.toString());
            case "params" -> params(endpoint, key, words.map(key, value));
            case "json" -> endpoint.json(value);
            case "data" -> endpoint.data(value);
            case "paginator" -> endpoint.paginator(paginator(key, value));
            case "data_selector" -> endpoint.rows(value.toString());
            case "response_actions" -> actions(endpoint, key, value);
            case "incremental" -> incremental(endpoint, key, words.map(key, value));
            case "auth" -> endpoint.auth(auth(key, value));
            default -> headers(endpoint, words.map(key, value));
          };
    }
    return endpoint;
  }

  private RestApi.Endpoint params(RestApi.Endpoint made, String where, Map<String, Object> params) {
    var endpoint = made;
    for (var param : params.entrySet()) {
      if (param.getValue() instanceof Map<?, ?> declared) {
        var options = words.map(where, declared);
        endpoint =
            switch (String.valueOf(options.remove("type"))) {
              case "incremental" ->
                  incremental(endpoint, where, options).startParam(param.getKey());
              case "resolve" -> endpoint.param(param.getKey(), declared);
              default ->
                  throw words.wrong(
                      where + "." + param.getKey(),
                      "must have the type 'incremental' or 'resolve'");
            };
      } else {
        endpoint = endpoint.param(param.getKey(), param.getValue());
      }
    }
    return endpoint;
  }

  private RestApi.Endpoint incremental(
      RestApi.Endpoint made, String where, Map<String, Object> declared) {
    var options = new LinkedHashMap<>(declared);
    var start = options.remove("start_param");
    var end = options.remove("end_param");
    if (options.remove("convert") != null) {
      throw words.wrong(
          where + ".convert",
          "takes a lambda, which TOML has not; write: api.endpoint(\""
              + made.name()
              + "\", e -> e.convert(value -> ..))");
    }
    if (!options.containsKey("cursor_path")) {
      throw words.wrong(where, "needs 'cursor_path'");
    }
    var endpoint =
        made.incremental(
            words.named(where, () -> Incremental.of(options)), options.get("initial_value"));
    endpoint = start == null ? endpoint : endpoint.startParam(start.toString());
    return end == null ? endpoint : endpoint.endParam(end.toString());
  }

  private RestApi.Endpoint actions(RestApi.Endpoint made, String where, Object declared) {
    var endpoint = made;
    for (var one : declared instanceof List<?> list ? list : List.of(declared)) {
      var action = words.map(where, one);
      words.only(where, action, "status_code", "content", "action");
      if (!"ignore".equals(action.get("action"))) {
        throw words.wrong(
            where,
            "knows the action 'ignore' only, not '"
                + action.get("action")
                + "'; write others in Java: api.endpoint(\""
                + made.name()
                + "\", e -> e.client(client -> client.change(..)))");
      }
      var status = action.getOrDefault("status_code", 0).toString();
      var content = action.getOrDefault("content", "").toString();
      if (status.equals("0") && content.isEmpty()) {
        throw words.wrong(where, "needs 'status_code' or 'content'");
      }
      endpoint = endpoint.ignore(Integer.parseInt(status), content);
    }
    return endpoint;
  }

  private static RestApi.Endpoint headers(RestApi.Endpoint made, Map<String, Object> headers) {
    var endpoint = made;
    for (var header : headers.entrySet()) {
      endpoint =
          endpoint.header(header.getKey(), String.valueOf(RestWords.text(header.getValue())));
    }
    return endpoint;
  }

  // ------------------------------------------------------------------ hints

  private Resource<Map<String, @Nullable Object>> hinted(
      Resource<Map<String, @Nullable Object>> rows, String where, Map<String, Object> declared) {
    var hinted = rows;
    for (var hint : declared.entrySet()) {
      var value = hint.getValue();
      hinted =
          switch (hint.getKey()) {
            case "write_disposition" -> hinted.disposition(WriteDisposition.of(value));
            case "primary_key" -> hinted.primaryKey(RestWords.texts(value));
            case "merge_key" -> hinted.mergeKey(RestWords.texts(value));
            case "table_name" -> hinted.table(value.toString());
            case "columns" -> hinted.columns(columns(where + ".columns", value));
            case "max_table_nesting" -> hinted.maxTableNesting(((Number) value).intValue());
            case "schema_contract" -> hinted.contract(SchemaContract.of(value));
            case "selected" -> hinted.selected(Boolean.parseBoolean(value.toString()));
            default -> hinted;
          };
    }
    return hinted;
  }

  private ColumnSchema[] columns(String where, Object declared) {
    var columns = new ArrayList<ColumnSchema>();
    if (declared instanceof List<?> list) {
      for (var one : list) {
        var column = words.map(where, one);
        columns.add(ColumnSchema.of(String.valueOf(column.get("name")), column));
      }
    } else {
      words
          .map(where, declared)
          .forEach((name, column) -> columns.add(ColumnSchema.of(name, words.map(where, column))));
    }
    return columns.toArray(ColumnSchema[]::new);
  }
}
