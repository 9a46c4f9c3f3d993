package dev.sluice.http;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The parts of a request. Changed only while a copy is being made, never after.
final class RequestParts {
  String method;
  String base;
  final List<Param> params = new ArrayList<>();
  final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  final Set<String> secretHeaders = new HashSet<>();
  final Set<String> secretParams = new HashSet<>();
  final Set<String> secretValues = new HashSet<>();
  @Nullable Object json;
  byte @Nullable [] body;
  boolean secretBody;
  Set<Integer> accepted = Set.of();
  boolean expectJson;

  /// A parameter as it stands in the URL, already encoded; `value` is null where there is no `=`.
  record Param(String name, @Nullable String value) {
    String decodedName() {
      return URLDecoder.decode(name, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return value == null ? name : name + "=" + value;
    }
  }

  private RequestParts(String method, String base) {
    this.method = method;
    this.base = base;
  }

  static RequestParts of(String method, String url) {
    var parts = new RequestParts(method.toUpperCase(Locale.ROOT), "");
    parts.setUrl(url);
    return parts;
  }

  RequestParts changed(Consumer<RequestParts> change) {
    var copy = new RequestParts(method, base);
    copy.params.addAll(params);
    copy.headers.putAll(headers);
    copy.secretHeaders.addAll(secretHeaders);
    copy.secretParams.addAll(secretParams);
    copy.secretValues.addAll(secretValues);
    copy.json = json;
    copy.body = body;
    copy.secretBody = secretBody;
    copy.accepted = accepted;
    copy.expectJson = expectJson;
    change.accept(copy);
    return copy;
  }

  URI uri() {
    var query = new StringBuilder();
    for (var param : params) {
      query.append(query.isEmpty() ? '?' : '&').append(param);
    }
    try {
      return URI.create(base + query);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + Masks.url(this) + "' is no URL: " + e.getMessage(), e);
    }
  }

  void setUrl(String url) {
    int fragment = url.indexOf('#');
    var whole = fragment < 0 ? url : url.substring(0, fragment);
    int query = whole.indexOf('?');
    base = (query < 0 ? whole : whole.substring(0, query)).replace(" ", "%20");
    params.clear();
    if (query >= 0) {
      for (var part : whole.substring(query + 1).split("&", -1)) {
        if (!part.isEmpty()) {
          int eq = part.indexOf('=');
          var name = eq < 0 ? part : part.substring(0, eq);
          params.add(new Param(tidy(name), eq < 0 ? null : tidy(part.substring(eq + 1))));
        }
      }
    }
  }

  /// Servers send links with characters that a URI must not hold.
  private static String tidy(String text) {
    var tidy = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (c <= ' ' || c >= 127 || "\"<>\\^`{|}[]".indexOf(c) >= 0) {
            tidy.append(encode(Character.toString(c)));
          } else {
            tidy.appendCodePoint(c);
          }
        });
    return tidy.toString();
  }

  @Nullable String param(String name) {
    for (var param : params) {
      if (param.decodedName().equals(name) && param.value != null) {
        return URLDecoder.decode(param.value, StandardCharsets.UTF_8);
      }
    }
    return null;
  }

  void setParam(String name, @Nullable Object value) {
    int at = -1;
    for (int i = params.size() - 1; i >= 0; i--) {
      if (params.get(i).decodedName().equals(name)) {
        params.remove(i);
        at = i;
      }
    }
    if (value != null) {
      var values = value instanceof Iterable<?> many ? many : List.of(value);
      for (var one : values) {
        var param = new Param(encode(name), encode(String.valueOf(one)));
        params.add(at < 0 ? params.size() : at++, param);
      }
    }
  }

  void setParams(Object... namesAndValues) {
    pairs(namesAndValues).forEach(this::setParam);
  }

  void setSecretHeader(String name, String value) {
    headers.put(name, value);
    secretHeaders.add(name.toLowerCase(Locale.ROOT));
    secretValues.add(value);
  }

  void setSecretParam(String name, String value) {
    setParam(name, value);
    secretParams.add(name);
    secretValues.add(value);
  }

  void setJson(@Nullable Object value) {
    json = value;
    setBody("application/json", Answer.jsonBytes(value));
  }

  void setForm(Object... namesAndValues) {
    var form = new StringBuilder();
    var pairs = pairs(namesAndValues);
    pairs.forEach((name, value) -> {
      if (value != null && (Masks.isSecretName(name) || name.equals("assertion"))) {
        secretValues.add(value.toString());
      }
    });
    pairs.forEach((name, value) ->
        form.append(form.isEmpty() ? "" : "&")
            .append(encode(name))
            .append('=')
            .append(encode(String.valueOf(value))));
    setBody("application/x-www-form-urlencoded", form.toString().getBytes(StandardCharsets.UTF_8));
    secretBody = true;
  }

  void setBody(String contentType, byte[] bytes) {
    headers.putIfAbsent("Content-Type", contentType);
    body = bytes.clone();
  }

  /// Takes away whatever must not travel to another host.
  void dropSecrets() {
    headers
        .keySet()
        .removeIf(name ->
            secretHeaders.contains(name.toLowerCase(Locale.ROOT)) || Masks.isSecretName(name));
    params.removeIf(param ->
        secretParams.contains(param.decodedName()) || Masks.isSecretName(param.decodedName()));
  }

  void addDefaults(Http.Request defaults) {
    defaults.parts.headers.forEach(headers::putIfAbsent);
    secretHeaders.addAll(defaults.parts.secretHeaders);
    secretValues.addAll(defaults.parts.secretValues);
  }

  boolean repeatable() {
    return !method.equals("POST") && !method.equals("PATCH");
  }

  private static Map<String, @Nullable Object> pairs(Object... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "parameters are names and values in turn, but " + namesAndValues.length + " were given");
    }
    var pairs = new LinkedHashMap<String, @Nullable Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      pairs.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return pairs;
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
