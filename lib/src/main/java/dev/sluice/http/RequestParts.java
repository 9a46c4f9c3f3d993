package dev.sluice.http;

import dev.sluice.config.Secret;
import dev.sluice.config.SecretNames;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
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

  /// Headers that nobody but us set, lower case.
  private final Set<String> ourHeaders = new HashSet<>();

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
    copy.ourHeaders.addAll(ourHeaders);
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
      throw new IllegalArgumentException("'" + Masks.url(this) + "' is no URL: " + reason(e));
    }
  }

  /// Every value of this request that must not be seen: those given as secret, and those whose
  /// names tell. Of `Bearer <token>`, `Basic <base64>` and cookies the parts too.
  Set<String> secrets() {
    var secrets = new HashSet<String>();
    secretValues.forEach(value -> addSecret(secrets, value));
    headers.forEach((name, value) -> {
      if (secretHeaders.contains(name.toLowerCase(Locale.ROOT)) || Masks.isSecretName(name)) {
        addSecret(secrets, value);
        if (name.equalsIgnoreCase("Cookie")) {
          for (var cookie : value.split(";", -1)) {
            addSecret(secrets, cookie.substring(cookie.indexOf('=') + 1).strip());
          }
        }
      }
    });
    for (var param : params) {
      var name = param.decodedName();
      if (param.value != null && (secretParams.contains(name) || Masks.isSecretName(name))) {
        secrets.add(param.value);
        addSecret(secrets, decoded(param.value));
      }
    }
    var scheme = base.indexOf("://");
    var at = base.lastIndexOf('@');
    var who = scheme < 0 || at < scheme ? "" : base.substring(scheme + 3, at);
    if (who.contains(":") && !who.matches("[^:]*:\\d*/.*")) { // no port
      addSecret(secrets, who.substring(who.indexOf(':') + 1));
      addSecret(secrets, decoded(who.substring(who.indexOf(':') + 1)));
    }
    fields(secrets, "", json);
    return secrets;
  }

  private static void addSecret(Set<String> secrets, String value) {
    if (value.isBlank()) {
      return;
    }
    secrets.add(value);
    var space = value.strip().indexOf(' ');
    if (space > 0) { // the token of `Bearer <token>` alone
      var alone = value.strip().substring(space + 1).strip();
      secrets.add(alone);
      if (value.regionMatches(true, 0, "basic ", 0, 6)) {
        try {
          var who = new String(Base64.getDecoder().decode(alone), StandardCharsets.UTF_8);
          secrets.add(who);
          secrets.add(who.substring(who.indexOf(':') + 1));
        } catch (IllegalArgumentException noBase64) {
          secrets.add(alone);
        }
      }
    }
  }

  private static void fields(Set<String> secrets, String name, @Nullable Object value) {
    switch (value) {
      case Map<?, ?> map ->
          map.forEach((key, inner) ->
              fields(secrets, SecretNames.isSecretField(name) ? name : String.valueOf(key), inner));
      case Iterable<?> list -> list.forEach(inner -> fields(secrets, name, inner));
      case String text when SecretNames.isSecretField(name) -> addSecret(secrets, text);
      case Secret hidden -> addSecret(secrets, hidden.reveal());
      case null, default -> {}
    }
  }

  /// Whether the body holds a secret, which must not travel to another host.
  boolean secretBody() {
    var secrets = new HashSet<String>();
    fields(secrets, "", json);
    return secretBody || !secrets.isEmpty();
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
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

  /// Without the URL, which the whole message holds with its secrets.
  private static String reason(IllegalArgumentException error) {
    return error.getCause() instanceof URISyntaxException syntax
        ? syntax.getReason() + (syntax.getIndex() < 0 ? "" : " at index " + syntax.getIndex())
        : "it cannot be read";
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

  void setHeader(String name, String value) {
    headers.put(name, value);
    ourHeaders.remove(name.toLowerCase(Locale.ROOT));
  }

  /// A header that is a part of how we ask, such as the range of a download: it goes along wherever
  /// the request goes.
  void setOurHeader(String name, String value) {
    headers.put(name, value);
    ourHeaders.add(name.toLowerCase(Locale.ROOT));
  }

  void setSecretHeader(String name, String value) {
    setHeader(name, value);
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

  /// Takes away whatever must not travel to another host: secret parameters, and every header that
  /// somebody set, since nobody but them knows what it means. What tells of the body stays with it.
  void dropSecrets() {
    headers
        .keySet()
        .removeIf(name ->
            !ourHeaders.contains(name.toLowerCase(Locale.ROOT))
                && (body == null || !name.equalsIgnoreCase("Content-Type")));
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
