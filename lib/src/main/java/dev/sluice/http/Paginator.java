package dev.sluice.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How to find the next page. Ready ones below; your own is a lambda from a page to the request for
/// the next one:
///
/// ```java
/// Paginator own = page -> page.rows().isEmpty()
///     ? Optional.empty()
///     : Optional.of(page.request().param("after", page.response().header("X-Last")));
/// ```
///
/// A paginator keeps no state, so one may serve many streams of pages at once.
@FunctionalInterface
public interface Paginator {
  /// The request for the page after `page`, or empty if it was the last.
  Optional<Http.Request> next(Page page) throws Exception;

  /// The request for the first page, for instance with the first offset set.
  default Http.Request first(Http.Request request) {
    return request;
  }

  /// A page: what was asked, what came, the rows found in it, and its number from 1.
  record Page(Http.Request request, Http.Response response, List<?> rows, int number) {}

  /// Looks at the first page: a `Link` header, a next link in the JSON, a total of pages, a cursor;
  /// else there is one page only.
  static Paginator auto() {
    return Guess.AUTO;
  }

  /// One page only.
  static Paginator single() {
    return page -> Optional.empty();
  }

  /// The `Link: <...>; rel="next"` header.
  static Paginator headerLink() {
    return headerLink("next");
  }

  /// The `Link` header with this `rel`.
  static Paginator headerLink(String rel) {
    return new Links(page -> Links.header(page.response(), rel));
  }

  /// A URL in the JSON body, such as `next` or `links.next.href`.
  static Paginator jsonLink(String path) {
    var where = JsonPath.of(path);
    return new Links(page -> where.first(page.response().json()));
  }

  /// A cursor in the JSON body, sent back as a query parameter.
  static Paginator cursor(String path, String param) {
    return of(Map.of("type", "cursor", "cursor_path", path, "cursor_param", param));
  }

  /// A cursor in a response header, sent back as a query parameter.
  static Paginator headerCursor(String header, String param) {
    return page ->
        Optional.ofNullable(page.response().header(header))
            .map(cursor -> page.request().param(param, cursor));
  }

  /// `offset` and `limit`; ends at an empty page or at `total`, if the answer has one.
  static Paginator offset(int limit) {
    return of(Map.of("type", "offset", "limit", limit));
  }

  /// `page` counted from `first`; ends at an empty page or at `total` pages, if the answer has one.
  static Paginator pageNumber(int first) {
    return of(Map.of("type", "page_number", "base_page", first));
  }

  /// A paginator declared by its `type` and options, as in a REST source:
  /// - `auto`, `single_page`, `header_link` (`links_next_key`), `json_link` (`next_url_path`),
  ///   `header_cursor` (`cursor_key`, `cursor_param`)
  /// - `cursor`: `cursor_path`, `cursor_param` or `cursor_body_path`, `has_more_path`,
  ///   `stop_after_empty_page`
  /// - `offset`: `limit`, `offset`, `offset_param`, `limit_param`, `offset_body_path`,
  ///   `limit_body_path`, `total_path`, `maximum_offset`, `has_more_path`, `stop_after_empty_page`
  /// - `page_number`: `base_page`, `page`, `page_param`, `page_body_path`, `total_path`,
  ///   `maximum_page`, `has_more_path`, `stop_after_empty_page`
  static Paginator of(Map<String, ?> declaration) {
    return Declared.paginator(declaration);
  }
}
