package dev.sluice.json;

import dev.sluice.seam.Seam;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The strings of an extracted file that stand for other values.
@Seam
public final class TypedValues {
  /// Characters of a number. Reading and writing one takes time that grows with their square.
  private static final int MAX_CHARACTERS = JsonStreams.MAX_NUMBER;

  /// Of a number to write; beside them stand sign, point and exponent.
  static final int MAX_DIGITS = MAX_CHARACTERS - 20;

  private TypedValues() {}

  /// Whether a string may be something else than it says; [#decode(String)] knows.
  public static boolean isMarked(String text) {
    return TypeMark.startsWithMark(text);
  }

  /// The value a marked string stands for, or null if it is just text (or a mark with something
  /// unreadable: then it stays the text it is, as in dlt).
  ///
  /// Decimals are BigDecimal (`NaN` and infinities Double), date-times OffsetDateTime or
  /// LocalDateTime, bytes byte[], wei BigInteger (BigDecimal with a fraction), escaped text String.
  /// A number of more than 10,000 characters is an IllegalArgumentException.
  public static @Nullable Object decode(String text) {
    if (!TypeMark.startsWithMark(text)) {
      return null;
    }
    var body = text.substring(1);
    refuseEndless(text.charAt(0), body);
    try {
      return switch (text.charAt(0)) {
        case TypeMark.DECIMAL -> decimal(body);
        case TypeMark.DATETIME -> dateTime(body);
        case TypeMark.DATE -> date(body);
        case TypeMark.UUID -> UUID.fromString(body);
        case TypeMark.HEX_BYTES ->
            body.isEmpty()
                ? null
                : HexFormat.of().parseHex(body.startsWith("0x") ? body.substring(2) : body);
        case TypeMark.BASE64_BYTES -> Base64.getDecoder().decode(body);
        case TypeMark.WEI -> wei(body);
        case TypeMark.TIME -> LocalTime.parse(body);
        default -> TypeMark.startsWithMark(body) ? body : null;
      };
    } catch (IllegalArgumentException | DateTimeException unreadable) {
      return null;
    }
  }

  private static void refuseEndless(char mark, String body) {
    var number = mark == TypeMark.DECIMAL || mark == TypeMark.WEI;
    if (number && body.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException(
          "A number of %d characters, of which at most %d are read; send it as text"
              .formatted(body.length(), MAX_CHARACTERS));
    }
  }

  /// Ten characters of the usual form without a formatter, which costs more than the rest of a row.
  private static LocalDate date(String body) {
    if (body.length() == 10 && body.charAt(4) == '-' && body.charAt(7) == '-') {
      var year = digits(body, 0, 4);
      var month = digits(body, 5, 7);
      var day = digits(body, 8, 10);
      if (year >= 0 && month >= 0 && day >= 0) {
        return LocalDate.of(year, month, day);
      }
    }
    return LocalDate.parse(body);
  }

  /// The number that the characters are, or -1.
  private static int digits(String text, int from, int to) {
    var number = 0;
    for (int at = from; at < to; at++) {
      var digit = text.charAt(at) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return number;
  }

  private static Object decimal(String body) {
    return switch (body) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> new BigDecimal(body);
    };
  }

  private static Object wei(String body) {
    for (int at = body.startsWith("-") ? 1 : 0; at < body.length(); at++) {
      if (body.charAt(at) < '0' || body.charAt(at) > '9') {
        return new BigDecimal(body);
      }
    }
    return new BigInteger(body);
  }

  private static Object dateTime(String body) {
    // After the seconds stands an offset, a fraction and an offset, or nothing.
    var tail = body.length() > 19 ? body.substring(19) : "";
    var zoned = tail.endsWith("Z") || tail.indexOf('+') >= 0 || tail.indexOf('-') >= 0;
    return zoned ? OffsetDateTime.parse(body) : LocalDateTime.parse(body);
  }
}
