package dev.sluice.normalize;

import dev.sluice.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values within a JSON column, in the plain encoding of dlt: decimals, dates, times and bytes are
/// strings.
///
/// Not-a-number and the infinities are the strings `NaN`, `Infinity`, `-Infinity`; dlt makes them
/// null.
final class JsonText {
  private JsonText() {}

  static String of(Object value) {
    var out = new ByteSink(256);
    write(out, value);
    return out.toString();
  }

  /// The value of a JSON text; `null` is [JsonNull].
  static Object parse(String text) throws CannotCoerce {
    try {
      Object value = Json.<@Nullable Object>loads(text);
      return value == null ? JsonNull.NULL : value;
    } catch (IllegalArgumentException malformed) {
      throw CannotCoerce.of(text, "json");
    }
  }

  static void write(ByteSink out, @Nullable Object value) {
    switch (value) {
      case null -> out.ascii("null");
      case JsonNull nothing -> out.ascii("null");
      case String text -> string(out, text);
      case Long number -> out.number(number);
      case Boolean flag -> out.ascii(flag ? "true" : "false");
      case Double number -> floating(out, number);
      case Map<?, ?> map -> map(out, map);
      case Iterable<?> list -> list(out, list);
      case BigInteger number -> out.ascii(number.toString());
      case BigDecimal number -> quoted(out, number.toString());
      case OffsetDateTime time -> quoted(out, PlainText.iso(time));
      case LocalDateTime time -> quoted(out, PlainText.iso(time));
      case LocalDate date -> quoted(out, PlainText.iso(date));
      case LocalTime time -> quoted(out, PlainText.iso(time));
      case OffsetTime time -> quoted(out, time.toString());
      case byte[] bytes -> quoted(out, BinaryText.base64(bytes));
      default -> string(out, value.toString());
    }
  }

  static void floating(ByteSink out, double number) {
    if (Double.isFinite(number)) {
      out.ascii(PlainText.json(number));
    } else {
      quoted(out, Double.toString(number));
    }
  }

  static void quoted(ByteSink out, String ascii) {
    out.raw((byte) '"');
    out.ascii(ascii);
    out.raw((byte) '"');
  }

  private static void map(ByteSink out, Map<?, ?> map) {
    out.raw((byte) '{');
    boolean first = true;
    for (var entry : map.entrySet()) {
      if (!first) {
        out.raw((byte) ',');
      }
      first = false;
      string(out, String.valueOf(entry.getKey()));
      out.raw((byte) ':');
      write(out, entry.getValue());
    }
    out.raw((byte) '}');
  }

  private static void list(ByteSink out, Iterable<?> list) {
    out.raw((byte) '[');
    boolean first = true;
    for (var item : list) {
      if (!first) {
        out.raw((byte) ',');
      }
      first = false;
      write(out, item);
    }
    out.raw((byte) ']');
  }

  private static void string(ByteSink out, String text) {
    if (!out.utf8(text)) {
      throw new IllegalArgumentException("half a surrogate pair is no text; repair or drop it");
    }
  }
}
