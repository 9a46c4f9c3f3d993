package dev.sluice.json;

import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.Currency;
import java.util.Date;
import java.util.Locale;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/// Dates and times as Python's `isoformat()` spells them: six digits of a second or none, offsets
/// `+00:00`.
final class IsoText {
  private IsoText() {}

  /// The mark of a date or time, or 0 for those that are only text (a year, a month, a time with an
  /// offset).
  static char markOf(Temporal temporal) {
    if (temporal instanceof Instant
        || temporal instanceof OffsetDateTime
        || temporal instanceof ZonedDateTime
        || temporal instanceof LocalDateTime) {
      return TypeMark.DATETIME;
    }
    if (temporal instanceof LocalDate) {
      return TypeMark.DATE;
    }
    return temporal instanceof LocalTime ? TypeMark.TIME : 0;
  }

  /// Spells into `text` from `start` on and returns the end.
  static int spell(Temporal temporal, char[] text, int start) {
    return switch (temporal) {
      case Instant instant ->
          offset(
              ZoneOffset.UTC,
              text,
              dateTime(LocalDateTime.ofInstant(instant, ZoneOffset.UTC), text, start));
      case OffsetDateTime time ->
          offset(time.getOffset(), text, dateTime(time.toLocalDateTime(), text, start));
      case ZonedDateTime time ->
          offset(time.getOffset(), text, dateTime(time.toLocalDateTime(), text, start));
      case LocalDateTime time -> dateTime(time, text, start);
      case LocalDate date -> date(date, text, start);
      case LocalTime time -> time(time, text, start);
      default -> throw new IllegalArgumentException("No spelling for " + temporal.getClass());
    };
  }

  /// What the classes of JDBC mean: `Timestamp`, `Date` and `Time` have no zone, `java.util.Date`
  /// is an instant.
  static Temporal temporalOf(Date date) {
    return switch (date) {
      case java.sql.Timestamp timestamp -> timestamp.toLocalDateTime();
      case java.sql.Date day -> day.toLocalDate();
      case java.sql.Time time -> time.toLocalTime();
      default -> date.toInstant();
    };
  }

  /// The text of classes that are a kind of text, or null.
  static @Nullable String plainText(Object value) {
    return switch (value) {
      case URI uri -> uri.toString();
      case URL url -> url.toString();
      case Path path -> path.toString();
      case TemporalAmount amount -> amount.toString();
      case Locale locale -> locale.toLanguageTag();
      case Currency currency -> currency.getCurrencyCode();
      case TimeZone zone -> zone.getID();
      case java.time.ZoneId zone -> zone.getId();
      default -> null;
    };
  }

  private static int dateTime(LocalDateTime time, char[] text, int start) {
    var at = date(time.toLocalDate(), text, start);
    text[at++] = 'T';
    return time(time.toLocalTime(), text, at);
  }

  private static int date(LocalDate date, char[] text, int start) {
    var year = date.getYear();
    if (year < 1 || year > 9999) {
      throw new java.time.DateTimeException(
          "is '" + date + "', outside the years 1 to 9999; send it as text or null");
    }
    var at = twoDigits(year / 100, text, start);
    at = twoDigits(year % 100, text, at);
    text[at++] = '-';
    at = twoDigits(date.getMonthValue(), text, at);
    text[at++] = '-';
    return twoDigits(date.getDayOfMonth(), text, at);
  }

  private static int time(LocalTime time, char[] text, int start) {
    var at = twoDigits(time.getHour(), text, start);
    text[at++] = ':';
    at = twoDigits(time.getMinute(), text, at);
    text[at++] = ':';
    at = twoDigits(time.getSecond(), text, at);
    var micros = time.getNano() / 1_000;
    if (micros != 0) {
      text[at++] = '.';
      at = twoDigits(micros / 10_000, text, at);
      at = twoDigits(micros / 100 % 100, text, at);
      at = twoDigits(micros % 100, text, at);
    }
    return at;
  }

  private static int offset(ZoneOffset offset, char[] text, int start) {
    var seconds = offset.getTotalSeconds();
    var at = start;
    text[at++] = seconds < 0 ? '-' : '+';
    var size = Math.abs(seconds);
    at = twoDigits(size / 3_600, text, at);
    text[at++] = ':';
    at = twoDigits(size / 60 % 60, text, at);
    if (size % 60 != 0) {
      text[at++] = ':';
      at = twoDigits(size % 60, text, at);
    }
    return at;
  }

  private static int twoDigits(int number, char[] text, int at) {
    text[at] = (char) ('0' + number / 10);
    text[at + 1] = (char) ('0' + number % 10);
    return at + 2;
  }
}
