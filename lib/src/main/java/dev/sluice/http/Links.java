package dev.sluice.http;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The next page is where a link of this page leads.
record Links(Find find) implements Paginator {
  private static final Pattern LINK = Pattern.compile("<([^<>]*)>([^<]*)");

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
    for (var value : response.answer.headers().getOrDefault("Link", List.of())) {
      var matcher = LINK.matcher(value);
      while (matcher.find()) {
        if (relations(matcher.group(2)).contains(rel)) {
          return matcher.group(1);
        }
      }
    }
    return null;
  }

  /// The words of the parameter `rel`, in small letters. Each sign is looked at once, since a
  /// server may send very many of them.
  private static List<String> relations(String params) {
    var found = new ArrayList<String>();
    for (var param : params.split(";", -1)) {
      var name = param.strip();
      var is = name.indexOf('=');
      if (is < 0 || !name.substring(0, is).strip().equalsIgnoreCase("rel")) {
        continue;
      }
      var value = name.substring(is + 1).strip();
      var quoted = value.startsWith("\"");
      var end = value.indexOf(quoted ? '"' : ',', 1);
      var words = value.substring(quoted ? 1 : 0, end < 0 ? value.length() : end);
      found.addAll(List.of(words.strip().toLowerCase(Locale.ROOT).split("\\s+")));
    }
    return found;
  }
}
