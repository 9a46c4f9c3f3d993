package dev.sluice.normalize;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;

/// How values look as text, spelled as dlt's Python spells them.
final class PlainText {
  // Java spells at least two digits, which shows only where doubles are this far apart.
  private static final double FEW_DIGITS = 1e-320;

  private PlainText() {}

  /// As Python's `str`: `2.0`, `1e+20`, `1e-05`, `inf`, `nan`.
  static String python(double number) {
    if (Double.isNaN(number)) {
      return "nan";
    }
    if (Double.isInfinite(number)) {
      return number < 0 ? "-inf" : "inf";
    }
    var magnitude = Math.abs(number);
    if (magnitude >= 1e16 || (magnitude < 1e-4 && magnitude > 0)) {
      var parts = scientific(number);
      int exponent = Integer.parseInt(parts[1]);
      return parts[0]
          + (exponent < 0 ? "e-" : "e+")
          + (Math.abs(exponent) < 10 ? "0" : "")
          + Math.abs(exponent);
    }
    return plain(number);
  }

  /// As orjson, dlt's JSON writer, spells a finite double: `2.0`, `1e+20`, `1e-6`.
  static String json(double number) {
    var magnitude = Math.abs(number);
    if (magnitude >= 1e16 || (magnitude < 1e-5 && magnitude > 0)) {
      var parts = scientific(number);
      return parts[0] + (magnitude < 1 ? "e" : "e+") + parts[1];
    }
    return plain(number);
  }

  private static String plain(double number) {
    var magnitude = Math.abs(number);
    if (magnitude == 0 || (magnitude >= 1e-3 && magnitude < 1e7)) {
      return Double.toString(number);
    }
    var text = new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    return text.indexOf('.') < 0 ? text + ".0" : text;
  }

  /// Mantissa without a needless fraction, and exponent.
  private static String[] scientific(double number) {
    var java = Double.toString(number);
    if (Math.abs(number) < FEW_DIGITS) {
      var digit = new BigDecimal(java).round(new MathContext(1));
      if (digit.doubleValue() == number) {
        return new String[] {digit.unscaledValue().toString(), String.valueOf(-digit.scale())};
      }
    }
    var parts = java.split("E", 2);
    if (parts[0].endsWith(".0")) {
      parts[0] = parts[0].substring(0, parts[0].length() - 2);
    }
    return parts;
  }

  static String iso(LocalDate date) {
    return append(new StringBuilder(10), date).toString();
  }

  static String iso(LocalTime time) {
    return append(new StringBuilder(15), time).toString();
  }

  static String iso(LocalDateTime time) {
    return append(new StringBuilder(26), time).toString();
  }

  static String iso(OffsetDateTime time) {
    var text = append(new StringBuilder(32), time.toLocalDateTime());
    int seconds = time.getOffset().getTotalSeconds();
    int size = Math.abs(seconds);
    text.append(seconds < 0 ? '-' : '+');
    two(text, size / 3600).append(':');
    two(text, size / 60 % 60);
    if (size % 60 != 0) {
      two(text.append(':'), size % 60);
    }
    return text.toString();
  }

  private static StringBuilder append(StringBuilder text, LocalDateTime time) {
    return append(append(text, time.toLocalDate()).append('T'), time.toLocalTime());
  }

  private static StringBuilder append(StringBuilder text, LocalDate date) {
    int year = date.getYear();
    if (year < 1 || year > 9999) {
      throw new DateTimeException("'" + date + "' is outside the years 1 to 9999");
    }
    two(two(text, year / 100), year % 100).append('-');
    return two(two(text, date.getMonthValue()).append('-'), date.getDayOfMonth());
  }

  private static StringBuilder append(StringBuilder text, LocalTime time) {
    two(text, time.getHour()).append(':');
    two(text, time.getMinute()).append(':');
    two(text, time.getSecond());
    int micros = time.getNano() / 1000;
    if (micros != 0) {
      text.append('.');
      two(two(two(text, micros / 10_000), micros / 100 % 100), micros % 100);
    }
    return text;
  }

  private static StringBuilder two(StringBuilder text, int number) {
    return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }
}
