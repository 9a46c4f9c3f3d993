package dev.sluice.http;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The next page is where a link of this page leads.
record Links(Find find) implements Paginator {
  private static final Pattern LINK = Pattern.compile("<([^>]*)>([^<]*)");

  @FunctionalInterface
  interface Find {
    @Nullable Object in(Page page) throws Exception;
  }

  @Override
  public Optional<Http.Request> next(Page page) throws Exception {
    var link = find.in(page);
    if (link == null || link.toString().isBlank()) {
      return Optional.empty();
    }
    var here = URI.create(page.response().url());
    var to = here.resolve(RequestParts.of("GET", link.toString().strip()).uri());
    return Optional.of(page.request().to(to.toString()));
  }

  static @Nullable String header(Http.Response response, String rel) {
    for (var value : response.answer.headers().getOrDefault("Link", java.util.List.of())) {
      var matcher = LINK.matcher(value);
      while (matcher.find()) {
        var params = matcher.group(2).toLowerCase(Locale.ROOT);
        if (Pattern.compile("rel\\s*=\\s*\"?([^\";]*\\s)?" + Pattern.quote(rel) + "[\\s\";,]")
            .matcher(params + ";")
            .find()) {
          return matcher.group(1);
        }
      }
    }
    return null;
  }
}
