package dev.sluice.http;

import dev.sluice.json.Json;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What came back, body in memory. The parsed body is kept: a paginator asks for it again.
final class Answer {
  private static final Pattern CHARSET =
      Pattern.compile("charset=\"?([\\w.:-]+)", Pattern.CASE_INSENSITIVE);

  private static final int SHOWN = 300;
  private static final int MASKED = 16 * 1024;

  private final String url;
  private final int status;
  private final Map<String, List<String>> headers;
  private final byte[] body;
  private @Nullable Parsed parsed;
  private UnaryOperator<String> mask = text -> text;

  private record Parsed(@Nullable Object value) {}

  /// `headers` must ignore the case of names.
  Answer(String url, int status, Map<String, List<String>> headers, byte[] body) {
    this.url = url;
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /// The same answer with another JSON value.
  Answer replaced(@Nullable Object json) {
    var other = new Answer(url, status, headers, body);
    other.parsed = new Parsed(json);
    return other.hiding(mask);
  }

  /// The same, whose [#masked(String)] hides the secrets of the request that it answers.
  Answer hiding(UnaryOperator<String> mask) {
    this.mask = mask;
    return this;
  }

  /// A text about this answer, without the secrets of the request.
  String masked(String text) {
    return mask.apply(text);
  }

  String url() {
    return url;
  }

  int status() {
    return status;
  }

  byte[] body() {
    return body;
  }

  Map<String, List<String>> headers() {
    return headers;
  }

  @Nullable String header(String name) {
    var values = headers.get(name);
    return values == null || values.isEmpty() ? null : values.get(0);
  }

  String text() {
    return new String(body, charset());
  }

  synchronized @Nullable Object json() throws IOException {
    if (parsed == null) {
      parsed = new Parsed(body.length == 0 ? null : parse());
    }
    return parsed.value;
  }

  private @Nullable Object parse() throws IOException {
    try {
      return charset().equals(StandardCharsets.UTF_8) ? Json.loadb(body) : Json.loads(text());
    } catch (IllegalArgumentException e) {
      var type = header("Content-Type");
      throw new BrokenBody(
          "the body is no JSON"
              + (type == null ? "" : " (Content-Type '" + type + "')")
              + ": "
              + e.getMessage(),
          e);
    }
  }

  Charset charset() {
    var type = header("Content-Type");
    if (type != null) {
      var matcher = CHARSET.matcher(type);
      if (matcher.find()) {
        try {
          return Charset.forName(matcher.group(1));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
          return StandardCharsets.UTF_8; // a server's typing error; JSON and text are UTF-8 today
        }
      }
    }
    return StandardCharsets.UTF_8;
  }

  /// The first bytes, on one line, for a message; masked before they are cut, since half a secret
  /// is one too.
  String beginning() {
    var shown = new String(body, 0, Math.min(body.length, SHOWN), charset());
    var whole = new String(body, 0, Math.min(body.length, MASKED), charset());
    var masked = masked(Masks.body(whole, secret -> Masks.MASK));
    return (masked.equals(whole) ? shown : masked.substring(0, Math.min(masked.length(), SHOWN)))
        .replaceAll("\\s+", " ")
        .replaceAll("\\p{Cntrl}", "?")
        .strip();
  }

  static byte[] jsonBytes(@Nullable Object value) {
    return Json.dumpb(value);
  }
}
