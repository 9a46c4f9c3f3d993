package dev.sluice.json;

import dev.sluice.seam.Seam;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/// JSON that remembers types: what stands in the files between extract and normalize.
///
/// A string beginning with a private-use character carries its type, as in dlt: U+F026 decimal,
/// F027 date-time, F028 date, F029 UUID, F02A bytes in hex, F02B bytes in base64, F02C an integer
/// of any size (dlt: wei), F02D time. Three rules are ours, and dlt reads them too:
/// - a user's string that begins with such a character gets U+F02E in front (dlt keeps it, with
///   that character);
/// - `NaN` and the infinities are U+F026 and the word (dlt: a decimal of that value);
/// - integers beyond 64 bits are U+F02C and the digits (dlt cannot write them).
///
/// Times keep microseconds; finer digits are cut off, since neither dlt nor the destinations hold
/// them.
@Seam
public final class TypedJson {
  private TypedJson() {}

  /// Writes one value: null, text, number, boolean, Map, record, Iterable, array, JsonNode,
  /// Optional, enum (its name), dates and times, bytes, UUID (as text). Anything else is refused
  /// with its path.
  public static void write(JsonGenerator out, @Nullable Object value) {
    ValueWriter.write(out, value, Style.TYPED);
  }

  /// Reads the value at the parser, or the next one if it stands before it: LinkedHashMap,
  /// ArrayList, String, Long, BigInteger, Double, Boolean, BigDecimal, OffsetDateTime,
  /// LocalDateTime, LocalDate, LocalTime, byte[], UUID, null.
  ///
  /// A whole number within 64 bits is a Long, and a BigInteger otherwise or if it was marked as
  /// one.
  public static @Nullable Object read(JsonParser in) {
    return ValueReader.read(in, true);
  }
}
