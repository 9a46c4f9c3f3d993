package dev.sluice.table;

import dev.sluice.json.Json;
import dev.sluice.seam.Seam;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What becomes of a value that somebody looks at.
///
/// It stays a Long, Double, Boolean, Instant, LocalDateTime, LocalDate, LocalTime or null; anything
/// else is text: decimals and big integers with every digit, bytes in hex, lists and objects as
/// JSON. Text longer than [#MAX_LENGTH] is cut, with a hint.
@Seam
public final class Cells {
  /// Characters of one value; a preview of a thousand rows stays small whatever they hold.
  public static final int MAX_LENGTH = 10_000;

  private Cells() {}

  public static @Nullable Object of(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Long number -> number;
      case Double number -> number;
      case Boolean bool -> bool;
      case Instant instant -> instant;
      case LocalDateTime time -> time;
      case LocalDate date -> date;
      case LocalTime time -> time;
      case OffsetDateTime time -> time.toInstant();
      case String text -> cut(text);
      case Integer number -> number.longValue();
      case Short number -> number.longValue();
      case Byte number -> number.longValue();
      case Float number -> Double.valueOf(number.toString());
      case BigDecimal decimal -> cut(plain(decimal));
      case BigInteger integer -> cut(integer.toString());
      case byte[] bytes -> hex(bytes);
      case Map<?, ?> object -> cut(Json.dumps(object));
      case List<?> list -> cut(Json.dumps(list));
      case Duration duration -> duration.toString();
      default -> cut(String.valueOf(value));
    };
  }

  /// The value as text, as a terminal or a page shows it.
  public static String text(@Nullable Object cell) {
    return switch (cell) {
      case null -> "";
      case Instant instant -> instant.atOffset(ZoneOffset.UTC).toString();
      default -> cell.toString();
    };
  }

  /// `1,000` for a thousand, on every machine.
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /// `1 file`, `2 files`.
  public static String count(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /// `12.3 MB`, in powers of 1,000.
  public static String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    var size = (double) bytes;
    var unit = -1;
    while (size >= 999.95) {
      size /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %cB", size, "kMGTPE".charAt(unit));
  }

  private static String plain(BigDecimal decimal) {
    return Math.abs((long) decimal.scale()) > 1000 ? decimal.toString() : decimal.toPlainString();
  }

  private static String hex(byte[] bytes) {
    var shown = Math.min(bytes.length, MAX_LENGTH / 2);
    var hex = HexFormat.of().formatHex(bytes, 0, shown);
    return shown == bytes.length ? hex : hex + "… (" + count(bytes.length, "byte") + ")";
  }

  private static String cut(String text) {
    if (text.length() <= MAX_LENGTH) {
      return text;
    }
    var end = Character.isHighSurrogate(text.charAt(MAX_LENGTH - 1)) ? MAX_LENGTH - 1 : MAX_LENGTH;
    return text.substring(0, end) + "… (" + count(text.length(), "character") + ")";
  }
}
