package dev.sluice.sources;

import dev.sluice.http.Http;
import dev.sluice.http.Paginator;
import dev.sluice.http.RestClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An endpoint whose placeholders are known to make sense: `parent` is the endpoint whose rows it
/// needs.
record RestEndpoint(EndpointParts parts, Template path, @Nullable String parent) {
  private static final Set<String> CURSOR_VALUES =
      Set.of("start_value", "last_value", "initial_value", "end_value");

  static RestEndpoint of(EndpointParts declared) {
    var parts = declared.changed(RestEndpoint::resolve);
    if (namesOneThing(declared.path)) {
      parts.selector = parts.selector == null ? "$" : parts.selector;
      parts.paginator = parts.paginator == null ? Paginator.single() : parts.paginator;
    }
    var path = Template.of(parts.path);
    var parents = new LinkedHashSet<String>();
    for (var expression : expressions(parts, path)) {
      check(parts, expression).ifPresent(parents::add);
    }
    if (parents.size() > 1) {
      throw new IllegalArgumentException(
          "Endpoint '"
              + parts.name
              + "' needs rows of "
              + RestApi.quoted(parents)
              + ", but can have one parent only");
    }
    var parent = parents.isEmpty() ? null : parents.iterator().next();
    if (parent == null && !parts.included.isEmpty()) {
      throw new IllegalArgumentException(
          "Endpoint '"
              + parts.name
              + "' includes "
              + RestApi.quoted(parts.included)
              + " of its parent, but has none; name one in a placeholder:"
              + " {resources.<parent>.<field>}");
    }
    return new RestEndpoint(parts, path, parent);
  }

  String name() {
    return parts.name;
  }

  // ------------------------------------------------------------------ what stands in the
  // declaration

  /// As dlt has it: `{name}` in the path is the parameter of that name, which may be the field of a
  /// parent (`type = "resolve"`); a parameter may be the cursor (`type = "incremental"`).
  private static void resolve(EndpointParts parts) {
    var path = new StringBuilder();
    for (var part : Template.of(parts.path).parts()) {
      if (!part.filled()) {
        path.append(part.text().replace("{", "{{").replace("}", "}}"));
      } else if (part.text().contains(".")) {
        path.append('{').append(part.text()).append('}');
      } else {
        path.append(ofParam(parts, part.text()));
      }
    }
    parts.path = path.toString();
    parts.params.replaceAll((name, value) ->
        value instanceof Map<?, ?> map && "resolve".equals(map.get("type"))
            ? reference(map)
            : value);
  }

  private static String ofParam(EndpointParts parts, String name) {
    if (!parts.params.containsKey(name)) {
      throw new IllegalArgumentException(
          "Endpoint '"
              + parts.name
              + "' has '{"
              + name
              + "}' in its path '"
              + parts.path
              + "', but no parameter '"
              + name
              + "'; declare it, or name a parent's field: {resources.<parent>."
              + name
              + "}");
    }
    var value = parts.params.remove(name);
    return value instanceof Map<?, ?> map && "resolve".equals(map.get("type"))
        ? reference(map)
        : String.valueOf(value).replace("{", "{{").replace("}", "}}");
  }

  private static String reference(Map<?, ?> resolved) {
    return "{resources." + resolved.get("resource") + "." + resolved.get("field") + "}";
  }

  private static boolean namesOneThing(String path) {
    var last = path.replaceFirst("/+$", "").replaceFirst(".*/", "");
    return !Template.of(last).expressions().isEmpty();
  }

  private static List<String> expressions(EndpointParts parts, Template path) {
    var found = new ArrayList<>(path.expressions());
    found.addAll(Template.expressionsIn(parts.params));
    found.addAll(Template.expressionsIn(parts.headers));
    found.addAll(Template.expressionsIn(parts.json));
    found.addAll(Template.expressionsIn(parts.data));
    return found;
  }

  /// The parent that the expression names, if it names one.
  private static java.util.Optional<String> check(EndpointParts parts, String expression) {
    var words = expression.split("\\.", 3);
    if (words[0].equals("resources") && words.length == 3) {
      return java.util.Optional.of(words[1]);
    }
    if (words[0].equals("incremental") && words.length == 2 && CURSOR_VALUES.contains(words[1])) {
      if (parts.incremental == null) {
        throw new IllegalArgumentException(
            "Endpoint '"
                + parts.name
                + "' has {"
                + expression
                + "}, but no cursor; declare it with incremental(path, initial)");
      }
      return java.util.Optional.empty();
    }
    throw new IllegalArgumentException(
        "Endpoint '"
            + parts.name
            + "' has the placeholder {"
            + expression
            + "}, which is neither {resources.<parent>.<field>} nor {incremental.start_value} (or"
            + " last_value, initial_value, end_value); a brace itself is written '{{'");
  }

  // ------------------------------------------------------------------ asking

  RestClient client(RestClient api) {
    var own = parts.client.apply(api);
    own = parts.paginator == null ? own : own.paginator(parts.paginator);
    return parts.selector == null ? own : own.data(parts.selector);
  }

  Http.Request request(RestClient api, RestValues values) {
    var request = api.request(parts.method, path(api, values));
    for (var param : parts.params.entrySet()) {
      request = request.param(param.getKey(), Template.filledAll(param.getValue(), values));
    }
    var cursor = values.cursor();
    if (cursor != null && parts.startParam != null) {
      request = request.param(parts.startParam, values.converted(cursor.startValue()));
    }
    if (cursor != null && parts.endParam != null) {
      var end = cursor.endValue().orElse(null);
      request = request.param(parts.endParam, values.converted(end));
    }
    for (var header : parts.headers.entrySet()) {
      var value = String.valueOf(Template.filledAll(header.getValue(), values));
      request = request.header(header.getKey(), value);
    }
    if (parts.json != null) {
      request = request.json(Template.filledAll(parts.json, values));
    }
    if (parts.data != null) {
      request = withData(request, Template.filledAll(parts.data, values));
    }
    return request;
  }

  private static Http.Request withData(Http.Request request, @Nullable Object filled) {
    if (filled instanceof Map<?, ?> fields) {
      var pairs = new ArrayList<Object>();
      fields.forEach((name, value) -> {
        pairs.add(name);
        pairs.add(String.valueOf(value));
      });
      return request.form(pairs.toArray());
    }
    return request.body("text/plain", String.valueOf(filled).getBytes(StandardCharsets.UTF_8));
  }

  /// A value cannot lead out of its place in the path; if it is the whole path, it may be a URL
  /// that the client may follow.
  private String path(RestClient api, RestValues values) {
    if (path.parts().size() > 1 || path.expressions().isEmpty()) {
      return String.valueOf(path.filled(values, this::encoded));
    }
    var whole = String.valueOf(path.filled(values, this::shown));
    var refusal = whole.matches("(?i)https?://.*") ? api.refusal(whole) : null;
    if (refusal != null) {
      throw new IllegalArgumentException(
          "endpoint '" + name() + "' has a path that is not asked: '" + whole + "': " + refusal);
    }
    return whole;
  }

  private String encoded(@Nullable Object value) {
    var text = shown(value);
    if (List.of(text.split("/", -1)).contains("..")) {
      throw new IllegalArgumentException(
          "endpoint '" + name() + "' has '" + text + "' in its path, which would lead out of it");
    }
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
  }

  private String shown(@Nullable Object value) {
    if (value == null) {
      throw new IllegalArgumentException(
          "endpoint '" + name() + "' needs a value in its path '" + path + "', but it is null");
    }
    return value.toString();
  }
}
