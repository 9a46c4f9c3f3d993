package dev.sluice.http;

import dev.sluice.seam.Seam;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// One API: its address, who asks, how its pages follow one another and where in them the rows are.
///
/// ```java
/// var api = rest("https://api.example.com/v1").auth(Auth.bearer(token));
/// api.rows("users", "active", true).forEach(IO::println);
/// ```
///
/// Immutable. Unless told, it finds out from the first page how the next is found
/// ([Paginator#auto]) and where the rows are (a list named data, items, results, ... or the first
/// list). A row is a `Map`; a value that is no object becomes `{"value": x}`. A page is fetched
/// when the stream gets there, and the stream never holds more than two.
///
/// A next page that was asked before, or that repeats the page before it, is an error instead of an
/// endless loop; links to another host are refused unless [Http#trustHosts] names it.
public final class RestClient {
  final Http http;
  final String base;
  final Paginator paginator;
  final @Nullable String selector;
  final List<Rule> rules;
  final @Nullable UnaryOperator<@Nullable Object> change;
  final int maxPages;

  /// What to do about an answer with this status (0 = any) that holds this text ("" = any).
  record Rule(int status, String content, boolean ignore) {
    boolean fits(Answer answer) {
      return (status == 0 || status == answer.status())
          && (content.isEmpty() || answer.text().contains(content));
    }
  }

  private RestClient(
      Http http,
      String base,
      Paginator paginator,
      @Nullable String selector,
      List<Rule> rules,
      @Nullable UnaryOperator<@Nullable Object> change,
      int maxPages) {
    this.http = http;
    this.base = base;
    this.paginator = paginator;
    this.selector = selector;
    this.rules = rules;
    this.change = change;
    this.maxPages = maxPages;
  }

  /// An API at `baseUrl`, asked by `http`.
  public static RestClient of(Http http, String baseUrl) {
    return new RestClient(http, baseUrl, Paginator.auto(), null, List.of(), null, 0);
  }

  // ------------------------------------------------------------------ settings

  /// Signs every request to this API, but none to another host.
  public RestClient auth(Auth auth) {
    return with(http.auth(auth));
  }

  /// A header for every request.
  public RestClient header(String name, String value) {
    return with(http.header(name, value));
  }

  /// How the next page is found.
  public RestClient paginator(Paginator how) {
    return new RestClient(http, base, how, selector, rules, change, maxPages);
  }

  /// Where the rows are: `data.items`, `$` for the whole body, `items[*].row`.
  public RestClient data(String path) {
    JsonPath.of(path);
    return new RestClient(http, base, paginator, path, rules, change, maxPages);
  }

  /// An answer with this status has no rows and ends the pages, without an error.
  public RestClient ignore(int status) {
    return rule(new Rule(status, "", true));
  }

  /// An answer with this status (0 = any) whose body holds `content` has no rows and ends the
  /// pages.
  public RestClient ignore(int status, String content) {
    return rule(new Rule(status, content, true));
  }

  /// An answer with this status (0 = any) whose body holds `content` is an error, even if it is
  /// 200.
  public RestClient refuse(int status, String content) {
    return rule(new Rule(status, content, false));
  }

  /// Changes the JSON of each page before rows and next page are looked for.
  public RestClient change(UnaryOperator<@Nullable Object> how) {
    return new RestClient(http, base, paginator, selector, rules, how, maxPages);
  }

  /// At most so many pages; 0, the default, is no limit.
  public RestClient maxPages(int most) {
    return new RestClient(http, base, paginator, selector, rules, change, most);
  }

  private RestClient with(Http other) {
    return new RestClient(other, base, paginator, selector, rules, change, maxPages);
  }

  private RestClient rule(Rule rule) {
    var more = new ArrayList<>(rules);
    more.add(rule);
    return new RestClient(http, base, paginator, selector, List.copyOf(more), change, maxPages);
  }

  // ------------------------------------------------------------------ asking

  /// The pages of a path, fetched one by one; `params` are names and values in turn.
  public Stream<List<Map<String, @Nullable Object>>> pages(String path, Object... params) {
    return pages(request("GET", path).params(params));
  }

  /// The pages that begin with a request, say a `POST` of a search.
  public Stream<List<Map<String, @Nullable Object>>> pages(Http.Request first) {
    var pages = new Pages(this, first);
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(pages, Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  /// The rows of all pages of a path.
  public Stream<Map<String, @Nullable Object>> rows(String path, Object... params) {
    return pages(path, params).flatMap(List::stream);
  }

  /// The JSON of one path.
  public @Nullable Object json(String path, Object... params) {
    return http.send(request("GET", path).params(params).expectJson()).json();
  }

  /// A request for a path of this API, to be completed: `api.request("POST", "search").json(..)`.
  public Http.Request request(String method, String path) {
    return Http.Request.of(method, url(path));
  }

  /// Why a URL that came from data must not be asked, or null if it may.
  @Seam
  public @Nullable String refusal(String url) {
    var home = RequestParts.of("GET", base).uri();
    var there = RequestParts.of("GET", url).uri();
    return Redirects.refusal(home, there, http.settings().trustedHosts);
  }

  private String url(String path) {
    if (path.matches("(?i)https?://.*")) {
      return path;
    }
    if (path.isEmpty() || path.startsWith("?")) {
      return base + path;
    }
    return base.replaceFirst("/+$", "") + "/" + path.replaceFirst("^/+", "");
  }
}
