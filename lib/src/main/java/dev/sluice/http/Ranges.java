package dev.sluice.http;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Pages by a number that grows: an offset or a page number, in the query or in the JSON body.
record Ranges(
    Place number,
    @Nullable Place limitAt,
    @Nullable Integer limit,
    long start,
    long step,
    long base,
    @Nullable Long maximum,
    @Nullable JsonPath total,
    boolean totalRequired,
    @Nullable JsonPath hasMore,
    boolean stopAfterEmptyPage)
    implements Paginator {

  /// Where a value stands in a request.
  record Place(@Nullable String param, @Nullable JsonPath body) {
    Http.Request put(Http.Request request, Object value) {
      return body != null
          ? request.json(body.set(request.json(), value))
          : request.param(String.valueOf(param), value);
    }

    long read(Http.Request request, long otherwise) {
      var value = body != null ? body.first(request.json()) : request.param(String.valueOf(param));
      return value == null ? otherwise : Long.parseLong(value.toString());
    }
  }

  @Override
  public Http.Request first(Http.Request request) {
    var numbered = number.put(request, start);
    return limitAt == null || limit == null ? numbered : limitAt.put(numbered, limit);
  }

  @Override
  public Optional<Http.Request> next(Page page) {
    if (stopAfterEmptyPage && page.rows().isEmpty()) {
      return Optional.empty();
    }
    long next = number.read(page.request(), start) + step;
    var end = total(page.response());
    if ((end != null && next >= end + base) || (maximum != null && next >= maximum)) {
      return Optional.empty();
    }
    if (hasMore != null && !truth(hasMore, page.response())) {
      return Optional.empty();
    }
    return Optional.of(number.put(page.request(), next));
  }

  @Nullable Long total(Http.Response response) {
    if (total == null) {
      return null;
    }
    var found = total.first(response.json());
    if (found != null && found.toString().matches("[0-9]{1,18}")) {
      return Long.valueOf(found.toString());
    }
    if (totalRequired) {
      throw new IllegalStateException(
          "the answer of '"
              + Masks.url(response.url())
              + "' has no number at total_path '"
              + total
              + "' but '"
              + found
              + "'; correct the path or leave it out");
    }
    return null;
  }

  static boolean truth(JsonPath path, Http.Response response) {
    var found = path.first(response.json());
    var text = String.valueOf(found).toLowerCase(Locale.ROOT);
    return switch (text) {
      case "true", "yes", "y", "t", "1", "on" -> true;
      case "false", "no", "n", "f", "0", "off" -> false;
      default ->
          throw new IllegalStateException(
              "the answer of '"
                  + Masks.url(response.url())
                  + "' has no true or false at has_more_path '"
                  + path
                  + "' but '"
                  + found
                  + "'; correct the path or leave it out");
    };
  }
}
