package dev.sluice.resource;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;

/// Goes back from a value: by seconds for times, days for dates, units for numbers. Text stays in
/// its format.
final class Lag {
  /// Formats of text that are times or (`time` false) dates.
  private record Format(String shape, String pattern, boolean zone, boolean time) {}

  private static final String SECONDS = "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}";

  private static final List<Format> FORMATS =
      List.of(
          new Format(SECONDS + "(Z|[+-]\\d{2}:\\d{2})", "yyyy-MM-dd'T'HH:mm:ssXXX", true, true),
          new Format(SECONDS + "[+-]\\d{4}", "yyyy-MM-dd'T'HH:mm:ssxx", true, true),
          new Format(
              SECONDS + "\\.\\d{1,9}(Z|[+-]\\d{2}:\\d{2})",
              "yyyy-MM-dd'T'HH:mm:ss.%sXXX",
              true,
              true),
          new Format(SECONDS + "\\.\\d{1,9}[+-]\\d{4}", "yyyy-MM-dd'T'HH:mm:ss.%sxx", true, true),
          new Format(SECONDS, "yyyy-MM-dd'T'HH:mm:ss", false, true),
          new Format(SECONDS + "\\.\\d{1,9}", "yyyy-MM-dd'T'HH:mm:ss.%s", false, true),
          new Format(
              "\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}", "yyyy-MM-dd HH:mm:ss", false, true),
          new Format("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}", "yyyy-MM-dd'T'HH:mm", false, true),
          new Format("\\d{4}-\\d{2}-\\d{2}T\\d{2}", "yyyy-MM-dd'T'HH", false, true),
          new Format("\\d{4}-\\d{2}-\\d{2}", "yyyy-MM-dd", false, false),
          new Format("\\d{8}", "yyyyMMdd", false, false));

  private Lag() {}

  /// The sum with 1e1000000000 would have as many digits.
  private static BigDecimal shifted(BigDecimal number, double change) {
    if (Math.abs((long) number.scale()) > 10_000) {
      throw new IllegalArgumentException(
          "the number '%s' is too large or too fine for a lag".formatted(number));
    }
    return number.add(BigDecimal.valueOf(change));
  }

  /// The value less (or, where the cursor goes down, plus) the lag; text that is no time, and
  /// values of other kinds are an IllegalArgumentException.
  static Object apply(double lag, Object value, boolean down) {
    var change = down ? lag : -lag;
    return switch (value) {
      case Integer number -> (Object) (int) (number + change);
      case Short number -> (Object) (long) (number + change);
      case Byte number -> (Object) (long) (number + change);
      case Long number -> (Object) shifted(number, change);
      case BigInteger number ->
          new BigDecimal(number).add(BigDecimal.valueOf(change)).toBigInteger();
      case BigDecimal number -> shifted(number, change);
      case Number number -> (Object) (number.doubleValue() + change);
      case Instant time -> time.plus(seconds(change));
      case OffsetDateTime time -> time.plus(seconds(change));
      case ZonedDateTime time -> time.plus(seconds(change));
      case LocalDateTime time -> time.plus(seconds(change));
      case java.sql.Timestamp time -> time.toLocalDateTime().plus(seconds(change));
      case java.sql.Date date -> date.toLocalDate().plusDays((long) change);
      case java.util.Date time -> time.toInstant().plus(seconds(change));
      case LocalDate date -> date.plusDays((long) change);
      case CharSequence text -> text(text.toString(), change);
      default ->
          throw new IllegalArgumentException(
              "a lag needs numbers, dates or times, not '"
                  + value
                  + "' ("
                  + value.getClass().getSimpleName()
                  + ")");
    };
  }

  private static long shifted(long number, double change) {
    return change == Math.rint(change)
        ? Math.addExact(number, (long) change)
        : BigDecimal.valueOf(number).add(BigDecimal.valueOf(change)).longValue();
  }

  private static Duration seconds(double change) {
    return Duration.ofNanos(Math.round(change * 1e9));
  }

  private static String text(String text, double change) {
    for (var format : FORMATS) {
      if (text.matches(format.shape)) {
        try {
          return shifted(text, format, change);
        } catch (DateTimeParseException noTime) {
          break;
        }
      }
    }
    throw new IllegalArgumentException(
        "a lag needs text that is a date or time, not '" + text + "'");
  }

  private static String shifted(String text, Format format, double change) {
    var dot = text.indexOf('.');
    var digits = 0;
    for (int at = dot + 1;
        dot > 0 && at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
        at++) {
      digits++;
    }
    var pattern =
        DateTimeFormatter.ofPattern(
            format.pattern.replace("%s", "S".repeat(Math.max(1, digits))), Locale.ROOT);
    if (!format.time) {
      return LocalDate.parse(text, pattern).plusDays((long) change).format(pattern);
    }
    if (!format.zone) {
      return LocalDateTime.parse(text, pattern).plus(seconds(change)).format(pattern);
    }
    return OffsetDateTime.parse(text, pattern).plus(seconds(change)).format(pattern);
  }
}
