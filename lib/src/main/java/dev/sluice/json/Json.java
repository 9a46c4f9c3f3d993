package dev.sluice.json;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/// JSON for scripts, by bytes and streams.
///
/// ```java
/// Map<String, Object> page = Json.load(Files.newInputStream(Path.of("page.json")));
/// byte[] body = Json.dumpb(Map.of("since", LocalDate.of(2026, 1, 1)));
/// ```
///
/// Reading gives LinkedHashMap (in the order of the text), ArrayList, String, Long (BigInteger
/// beyond 64 bits), Double, Boolean and null; the result is cast to what the caller asks for.
///
/// Writing takes those and records, Optional, arrays, Iterable, Jackson's JsonNode, enums (their
/// name), decimals (as text, so that no digit is lost), dates and times (ISO,
/// `2024-01-02T03:04:05+00:00`), bytes (base64) and UUID.
///
/// A key that stands twice, a number beyond a double, `NaN`, half a surrogate pair, a value that
/// holds itself, and anything nested deeper than 500 levels is an IllegalArgumentException that
/// names the place, like `$.items[3].price`.
// The casts are the callers': a script says `Map<String, Object> page = Json.load(..)` and means
// it.
@SuppressWarnings("TypeParameterUnusedInFormals")
public final class Json {
  private Json() {}

  /// Reads the one value of a stream of UTF-8 bytes and closes it.
  public static <T extends @Nullable Object> T load(InputStream in) {
    return only(JsonStreams.parser(in));
  }

  /// Reads the one value of a text.
  public static <T extends @Nullable Object> T loads(String text) {
    return loadb(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Reads the one value of an array of UTF-8 bytes.
  public static <T extends @Nullable Object> T loadb(byte[] bytes) {
    return only(JsonStreams.parser(bytes, 0, bytes.length));
  }

  /// Writes a value compactly as UTF-8 bytes and leaves the stream open.
  public static void dump(@Nullable Object value, OutputStream out) {
    try {
      out.write(dumpb(value));
    } catch (java.io.IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }

  /// Writes a value compactly as text.
  public static String dumps(@Nullable Object value) {
    return new String(dumpb(value), StandardCharsets.UTF_8);
  }

  /// Writes a value compactly as UTF-8 bytes.
  public static byte[] dumpb(@Nullable Object value) {
    var bytes = new ByteArrayOutputStream();
    try (var out = JsonStreams.generator(bytes)) {
      ValueWriter.write(out, value, Style.PLAIN);
    }
    return bytes.toByteArray();
  }

  @SuppressWarnings({"unchecked", "NullAway"})
  static <T extends @Nullable Object> T only(JsonParser in) {
    try (in) {
      var value = ValueReader.read(in, false);
      if (in.nextToken() != null) {
        throw new IllegalArgumentException("There is more text after the one JSON value");
      }
      return (T) value;
    } catch (JacksonException malformed) {
      throw ValueReader.malformed(in, malformed);
    }
  }
}
