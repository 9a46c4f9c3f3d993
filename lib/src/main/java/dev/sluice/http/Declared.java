package dev.sluice.http;

import dev.sluice.config.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Paginators and sign-ins from a table of options.
final class Declared {
  private final String what;
  private final Map<String, ?> options;

  private Declared(String what, Map<String, ?> options) {
    this.what = what;
    this.options = options;
  }

  static Paginator paginator(Map<String, ?> options) {
    var type = String.valueOf(options.get("type"));
    var declared = new Declared("paginator '" + type + "'", options);
    return switch (type) {
      case "auto" -> declared.only(Paginator.auto());
      case "single_page" -> declared.only(Paginator.single());
      case "header_link" ->
          declared.only(
              Paginator.headerLink(declared.text("links_next_key", "next")), "links_next_key");
      case "json_link", "json_response" ->
          declared.only(
              Paginator.jsonLink(declared.text("next_url_path", "next")), "next_url_path");
      case "header_cursor" ->
          declared.only(
              Paginator.headerCursor(
                  declared.text("cursor_key", "next"), declared.text("cursor_param", "cursor")),
              "cursor_key",
              "cursor_param");
      case "cursor" -> declared.cursor();
      case "offset" -> declared.offset();
      case "page_number" -> declared.pageNumber();
      default ->
          throw new IllegalArgumentException(
              "there is no paginator '"
                  + type
                  + "'; take auto, single_page, header_link, json_link, header_cursor, cursor,"
                  + " offset or page_number");
    };
  }

  private Paginator cursor() {
    var from = JsonPath.of(text("cursor_path", "cursors.next"));
    var to = place("cursor_param", "cursor_body_path", "cursor");
    boolean stop = flag("stop_after_empty_page", false);
    var hasMore = path("has_more_path");
    Paginator cursor =
        page -> {
          var value = from.first(page.response().json());
          boolean last =
              value == null
                  || value.toString().isEmpty()
                  || value.equals(false)
                  || (stop && page.rows().isEmpty())
                  || (hasMore != null && !Ranges.truth(hasMore, page.response()));
          return value == null || last
              ? Optional.empty()
              : Optional.of(to.put(page.request(), value));
        };
    return only(
        cursor,
        "cursor_path",
        "cursor_param",
        "cursor_body_path",
        "stop_after_empty_page",
        "has_more_path");
  }

  private Paginator offset() {
    var limit = number("limit");
    if (limit == null) {
      throw new IllegalArgumentException(what + " needs a 'limit'");
    }
    var ranges =
        new Ranges(
            place("offset_param", "offset_body_path", "offset"),
            place("limit_param", "limit_body_path", "limit"),
            limit.intValue(),
            otherwise(number("offset"), 0L),
            limit,
            0,
            number("maximum_offset"),
            JsonPath.of(text("total_path", "total")),
            options.get("total_path") != null,
            path("has_more_path"),
            flag("stop_after_empty_page", true));
    return only(
        ranges,
        "limit",
        "offset",
        "offset_param",
        "limit_param",
        "offset_body_path",
        "limit_body_path",
        "total_path",
        "maximum_offset",
        "has_more_path",
        "stop_after_empty_page");
  }

  private Paginator pageNumber() {
    long base = otherwise(number("base_page"), 0L);
    var ranges =
        new Ranges(
            place("page_param", "page_body_path", "page"),
            null,
            null,
            otherwise(number("page"), base),
            1,
            base,
            number("maximum_page"),
            JsonPath.of(text("total_path", "total")),
            options.get("total_path") != null,
            path("has_more_path"),
            flag("stop_after_empty_page", true));
    return only(
        ranges,
        "base_page",
        "page",
        "page_param",
        "page_body_path",
        "total_path",
        "maximum_page",
        "has_more_path",
        "stop_after_empty_page");
  }

  static Auth auth(Map<String, ?> options) {
    var type = options.containsKey("type") ? String.valueOf(options.get("type")) : "bearer";
    var declared = new Declared("auth '" + type + "'", options);
    return switch (type) {
      case "bearer" -> declared.only(Auth.bearer(declared.needed("token")), "token");
      case "http_basic" ->
          declared.only(
              Auth.basic(declared.needed("username"), declared.needed("password")),
              "username",
              "password");
      case "api_key" -> declared.only(declared.apiKey(), "api_key", "name", "location");
      case "oauth2_client_credentials" ->
          declared.only(
              TokenAuth.clientCredentials(
                  declared.needed("access_token_url"),
                  declared.needed("client_id"),
                  declared.needed("client_secret"),
                  declared.lifetime(),
                  declared.pairs("access_token_request_data")),
              "default_token_expiration",
              "access_token_url",
              "client_id",
              "client_secret",
              "access_token_request_data");
      case "jwt" ->
          declared.only(
              TokenAuth.jwt(
                  declared.needed("auth_endpoint"),
                  declared.needed("client_id"),
                  declared.needed("private_key"),
                  declared.lifetime(),
                  declared.words("scopes")),
              "default_token_expiration",
              "auth_endpoint",
              "client_id",
              "private_key",
              "scopes");
      default ->
          throw new IllegalArgumentException(
              "there is no auth '"
                  + type
                  + "'; take bearer, api_key, http_basic, oauth2_client_credentials or jwt");
    };
  }

  private Auth apiKey() {
    var name = text("name", "Authorization");
    var key = needed("api_key");
    var location = text("location", "header");
    return switch (location) {
      case "header" -> Auth.apiKey(name, key);
      case "query", "param" -> Auth.apiKeyInQuery(name, key);
      case "cookie" -> Auth.apiKeyInCookie(name, key);
      default ->
          throw new IllegalArgumentException(
              what + " has no location '" + location + "'; take header, query or cookie");
    };
  }

  // ------------------------------------------------------------------ options

  /// A misspelt option must not be passed over in silence.
  private <T> T only(T made, String... known) {
    var unknown = new TreeSet<>(options.keySet());
    unknown.remove("type");
    List.of(known).forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          what
              + " has no option '"
              + unknown.first()
              + "'; it knows "
              + (known.length == 0 ? "none" : String.join(", ", known)));
    }
    return made;
  }

  private String text(String key, String otherwise) {
    var value = options.get(key);
    return value == null ? otherwise : value.toString();
  }

  private String needed(String key) {
    var value = options.get(key);
    if (value == null) {
      throw new IllegalArgumentException(what + " needs '" + key + "'");
    }
    return value instanceof Secret secret ? secret.reveal() : value.toString();
  }

  private long lifetime() {
    return otherwise(number("default_token_expiration"), TokenAuth.DEFAULT_SECONDS);
  }

  /// A list, or a text of words.
  private String[] words(String key) {
    return options.get(key) instanceof List<?> list
        ? list.stream().map(String::valueOf).toArray(String[]::new)
        : text(key, "").isEmpty() ? new String[0] : text(key, "").split("\\s+");
  }

  private @Nullable Long number(String key) {
    var value = options.get(key);
    try {
      return value == null ? null : Long.valueOf(value.toString());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          what + " needs a whole number for '" + key + "', not '" + value + "'", e);
    }
  }

  private boolean flag(String key, boolean otherwise) {
    var value = options.get(key);
    return value == null ? otherwise : Boolean.parseBoolean(value.toString());
  }

  private @Nullable JsonPath path(String key) {
    var value = options.get(key);
    return value == null ? null : JsonPath.of(value.toString());
  }

  private Ranges.Place place(String paramKey, String bodyKey, String param) {
    var body = path(bodyKey);
    if (body != null && options.get(paramKey) != null) {
      throw new IllegalArgumentException(
          what + " takes '" + paramKey + "' or '" + bodyKey + "', not both");
    }
    return new Ranges.Place(text(paramKey, param), body);
  }

  private Object[] pairs(String key) {
    var pairs = new ArrayList<Object>();
    if (options.get(key) instanceof Map<?, ?> map) {
      map.forEach((name, value) -> {
        pairs.add(String.valueOf(name));
        pairs.add(String.valueOf(value));
      });
    }
    return pairs.toArray();
  }

  private static long otherwise(@Nullable Long value, long otherwise) {
    return value == null ? otherwise : value;
  }
}
