package dev.sluice.normalize;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.temporal.Temporal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which texts are dates and times, by the rules of dlt: ISO 8601 as pendulum reads it, else a few
/// common forms.
///
/// Digits beyond microseconds are cut off. An instant that UTC puts outside the years 1 to 9999 is
/// no date here: dlt detects it and then fails.
final class IsoText {
  /// The forms beside ISO 8601: `2024`, `2024/01/15`, `2024:01:15 7:05`, `7:5:3.25`, digits of any
  /// script.
  private static final Pattern COMMON =
      Pattern.compile(
          "(?:(\\p{Nd}{4})(?:[/:]?(\\p{Nd}{2})[/:]?(\\p{Nd}{2}))?)?"
              + "( ?(\\p{Nd}{1,2}):(\\p{Nd}{1,2})?(?::(\\p{Nd}{1,2}))?(?:[.|,](\\p{Nd}{1,9}))?)?");

  private static final int LONGEST_COMMON = 2 * 29;
  private static final int MICROS_DIGITS = 6;

  private IsoText() {}

  /// The OffsetDateTime (zone given), LocalDateTime, LocalDate, LocalTime or OffsetTime the text
  /// stands for; null if it is just text, a duration or an interval.
  ///
  /// Offsets beyond 18 hours, which Java cannot hold, come back as the same instant in UTC.
  static @Nullable Temporal parse(CharSequence text) {
    if (!mayBeDateOrTime(text)) {
      return null;
    }
    var fast = extended(text);
    if (fast != null) {
      return fast;
    }
    var iso = new IsoReader(text);
    var read = iso.read() ? iso.temporal() : null;
    return read != null ? read : common(text);
  }

  /// Whether a text counts as a timestamp where no column is declared: a day with a time, with or
  /// without a zone.
  static boolean isTimestamp(CharSequence text) {
    if (text.length() < 7 || !isDigit(text.charAt(3))) {
      return false;
    }
    var parsed = parse(text);
    return parsed instanceof OffsetDateTime || parsed instanceof LocalDateTime;
  }

  private static boolean mayBeDateOrTime(CharSequence text) {
    if (text.length() < 3) {
      return false;
    }
    char first = text.charAt(0);
    if (first >= '0' && first <= '9') {
      char second = text.charAt(1);
      return second == ':' || isDigit(second);
    }
    return first == 'T' || first == ' ' || (first > 0x7f && isDigit(first));
  }

  /// A digit, or half of one beyond the basic plane.
  private static boolean isDigit(char c) {
    return (c >= '0' && c <= '9')
        || (c > 0x7f && (Character.isDigit(c) || Character.isSurrogate(c)));
  }

  /// `YYYY-MM-DDTHH:MM:SS[.f][Z|+hh:mm]`; null for anything else or anything invalid.
  private static @Nullable Temporal extended(CharSequence text) {
    int length = text.length();
    if (length < 19
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || (text.charAt(10) != 'T' && text.charAt(10) != ' ')
        || text.charAt(13) != ':'
        || text.charAt(16) != ':') {
      return null;
    }
    int century = two(text, 0);
    int year = two(text, 2);
    int month = two(text, 5);
    int day = two(text, 8);
    int hour = two(text, 11);
    int minute = two(text, 14);
    int second = two(text, 17);
    if ((century | year | month | day | hour | minute | second) < 0) {
      return null;
    }
    year += 100 * century;
    int at = 19;
    int micros = 0;
    if (at < length && text.charAt(at) == '.') {
      int from = ++at;
      for (; at < length && text.charAt(at) >= '0' && text.charAt(at) <= '9'; at++) {
        if (at - from < MICROS_DIGITS) {
          micros = 10 * micros + text.charAt(at) - '0';
        }
      }
      if (at == from) {
        return null;
      }
      for (int digits = at - from; digits < MICROS_DIGITS; digits++) {
        micros *= 10;
      }
    }
    if (at == length) {
      return dateTime(year, month, day, hour, minute, second, micros);
    }
    if (at + 1 == length && text.charAt(at) == 'Z') {
      return zoned(dateTime(year, month, day, hour, minute, second, micros), 0);
    }
    if (at + 6 == length
        && text.charAt(at + 3) == ':'
        && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
      int offsetHours = two(text, at + 1);
      int offsetMinutes = two(text, at + 4);
      if ((offsetHours | offsetMinutes) < 0) {
        return null;
      }
      int offset = 60 * offsetHours + offsetMinutes;
      return zoned(
          dateTime(year, month, day, hour, minute, second, micros),
          text.charAt(at) == '-' ? -offset : offset);
    }
    return null;
  }

  private static int two(CharSequence text, int at) {
    int tens = text.charAt(at) - '0';
    int ones = text.charAt(at + 1) - '0';
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : 10 * tens + ones;
  }

  static @Nullable LocalDateTime dateTime(
      int year, int month, int day, int hour, int minute, int second, int micros) {
    var date = date(year, month, day);
    var time = time(hour, minute, second, micros);
    return date == null || time == null ? null : LocalDateTime.of(date, time);
  }

  static @Nullable LocalDate date(int year, int month, int day) {
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) {
      return null;
    }
    if (day > 28 && day > java.time.YearMonth.of(year, month).lengthOfMonth()) {
      return null;
    }
    return LocalDate.of(year, month, day);
  }

  static @Nullable LocalTime time(int hour, int minute, int second, int micros) {
    return hour > 23 || minute > 59 || second > 59
        ? null
        : LocalTime.of(hour, minute, second, 1_000 * micros);
  }

  /// The moment at an offset from UTC, in minutes.
  static @Nullable OffsetDateTime zoned(@Nullable LocalDateTime time, int offset) {
    if (time == null || Math.abs(offset) >= 24 * 60) {
      return null;
    }
    var utc = offset == 0 ? time : time.minusMinutes(offset);
    if (utc.getYear() < 1 || utc.getYear() > 9999) {
      return null;
    }
    return holdsOffset(offset)
        ? OffsetDateTime.of(time, offset(offset))
        : OffsetDateTime.of(utc, ZoneOffset.UTC);
  }

  static @Nullable OffsetTime zoned(@Nullable LocalTime time, int offset) {
    if (time == null || Math.abs(offset) >= 24 * 60) {
      return null;
    }
    return holdsOffset(offset)
        ? OffsetTime.of(time, offset(offset))
        : OffsetTime.of(time.minusMinutes(offset), ZoneOffset.UTC);
  }

  private static boolean holdsOffset(int minutes) {
    return Math.abs(minutes) <= 18 * 60;
  }

  private static ZoneOffset offset(int minutes) {
    return minutes == 0 ? ZoneOffset.UTC : ZoneOffset.ofTotalSeconds(60 * minutes);
  }

  private static @Nullable Temporal common(CharSequence text) {
    if (!mayBeCommon(text)) {
      return null;
    }
    var match = COMMON.matcher(text);
    if (!match.matches()) {
      return null;
    }
    var year = match.group(1);
    var month = match.group(2);
    LocalDate date = null;
    if (year != null) {
      date =
          month == null
              ? date(number(year), 1, 1)
              : date(number(year), number(month), number(match.group(3)));
      if (date == null || match.group(4) == null) {
        return date;
      }
    }
    if (match.group(5) == null || match.group(6) == null) {
      return null; // dlt fails with a TypeError for an hour without minutes
    }
    var second = match.group(7);
    var fraction = match.group(8);
    var time =
        time(
            number(match.group(5)),
            number(match.group(6)),
            second == null ? 0 : number(second),
            fraction == null ? 0 : micros(fraction));
    return date == null || time == null ? time : LocalDateTime.of(date, time);
  }

  private static boolean mayBeCommon(CharSequence text) {
    if (text.length() > LONGEST_COMMON) {
      return false;
    }
    boolean digitsOnly = true;
    boolean ascii = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      ascii &= c < 0x80;
      if (isDigit(c)) {
        continue;
      }
      digitsOnly = false;
      if (" /:.,|".indexOf(c) < 0) {
        return false;
      }
    }
    // ASCII digits alone are a year, or a day that ISO 8601 has just refused.
    return !digitsOnly || !ascii || text.length() == 4;
  }

  private static int number(String digits) {
    int number = 0;
    for (int i = 0; i < digits.length(); i += Character.charCount(digits.codePointAt(i))) {
      number = 10 * number + Character.digit(digits.codePointAt(i), 10);
    }
    return number;
  }

  private static int micros(String fraction) {
    int digits = fraction.codePointCount(0, fraction.length());
    if (digits > MICROS_DIGITS) {
      return number(fraction.substring(0, fraction.offsetByCodePoints(0, MICROS_DIGITS)));
    }
    int micros = number(fraction);
    for (; digits < MICROS_DIGITS; digits++) {
      micros *= 10;
    }
    return micros;
  }
}
