package dev.sluice.normalize;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;

/// Timestamps in the common form, `2024-01-02T03:04:05.000006+01:00` with fraction and zone or not,
/// read and written digit by digit. Not for several threads.
final class MomentText {
  private static final int LONGEST = 32;
  private static final int MICROS_DIGITS = 6;
  private static final long MICROS = 1_000_000;

  private int year;
  private int month;
  private int day;
  private int hour;
  private int minute;
  private int second;
  private int micros;

  /// Reads a moment; without a zone it is taken for UTC.
  ///
  /// - returns false for any other text, be it a timestamp or not
  boolean read(byte[] text, int from, int to) {
    if (to - from < 19
        || text[from + 4] != '-'
        || text[from + 7] != '-'
        || (text[from + 10] != 'T' && text[from + 10] != ' ')
        || text[from + 13] != ':'
        || text[from + 16] != ':') {
      return false;
    }
    int century = two(text, from);
    int ofCentury = two(text, from + 2);
    month = two(text, from + 5);
    day = two(text, from + 8);
    hour = two(text, from + 11);
    minute = two(text, from + 14);
    second = two(text, from + 17);
    if ((century | ofCentury | month | day | hour | minute | second) < 0) {
      return false;
    }
    year = 100 * century + ofCentury;
    // Days 29 to 31 want the calendar: the slow way knows it.
    if (year < 1 || month < 1 || month > 12 || day < 1 || !inMonth()) {
      return false;
    }
    if (hour > 23 || minute > 59 || second > 59) {
      return false;
    }
    micros = 0;
    int at = from + 19;
    if (at < to && text[at] == '.') {
      int fraction = ++at;
      while (at < to && text[at] >= '0' && text[at] <= '9') {
        at++;
      }
      if (at == fraction) {
        return false;
      }
      micros = micros(text, fraction, at - fraction);
    }
    return at == to || (at + 1 == to && text[at] == 'Z') || shifted(text, at, to);
  }

  private boolean inMonth() {
    return day <= 28 || IsoText.date(year, month, day) != null;
  }

  private static int micros(byte[] text, int from, int digits) {
    int micros = 0;
    for (int i = 0; i < MICROS_DIGITS; i++) {
      micros = 10 * micros + (i < digits ? text[from + i] - '0' : 0);
    }
    return micros;
  }

  /// By an offset `±hh:mm` below a day to UTC; false if there is no such.
  private boolean shifted(byte[] text, int at, int to) {
    if (to - at != 6 || text[at + 3] != ':' || (text[at] != '+' && text[at] != '-')) {
      return false;
    }
    int hours = two(text, at + 1);
    int minutes = two(text, at + 4);
    int offset = 60 * hours + minutes;
    if (hours < 0 || minutes < 0 || offset >= 24 * 60) {
      return false;
    }
    if (offset == 0) {
      return true;
    }
    var utc =
        LocalDateTime.of(year, month, day, hour, minute, second)
            .minusMinutes(text[at] == '-' ? -offset : offset);
    of(utc);
    return year >= 1 && year <= 9999;
  }

  /// Sets all but the microseconds.
  private void of(LocalDateTime time) {
    year = time.getYear();
    month = time.getMonthValue();
    day = time.getDayOfMonth();
    hour = time.getHour();
    minute = time.getMinute();
    second = time.getSecond();
  }

  /// Microseconds since 1970 of the moment read last.
  long micros() {
    return MICROS
            * (86_400 * LocalDate.of(year, month, day).toEpochDay()
                + 3600L * hour
                + 60L * minute
                + second)
        + micros;
  }

  /// Microseconds since 1970.
  static long micros(LocalDateTime time) {
    return MICROS * time.toEpochSecond(ZoneOffset.UTC) + time.get(ChronoField.MICRO_OF_SECOND);
  }

  static void write(ByteSink out, LocalDateTime time, boolean zone) {
    var moment = new MomentText();
    moment.of(time);
    moment.micros = time.get(ChronoField.MICRO_OF_SECOND);
    moment.write(out, zone);
  }

  /// Writes the moment read last, in quotes; a fraction that is zero is left out.
  void write(ByteSink out, boolean zone) {
    out.reserve(LONGEST);
    var bytes = out.bytes;
    int at = out.length;
    bytes[at++] = '"';
    at = two(bytes, at, year / 100);
    at = two(bytes, at, year % 100);
    bytes[at++] = '-';
    at = two(bytes, at, month);
    bytes[at++] = '-';
    at = two(bytes, at, day);
    bytes[at++] = 'T';
    at = two(bytes, at, hour);
    bytes[at++] = ':';
    at = two(bytes, at, minute);
    bytes[at++] = ':';
    at = two(bytes, at, second);
    if (micros != 0) {
      bytes[at++] = '.';
      at = two(bytes, at, micros / 10_000);
      at = two(bytes, at, micros / 100 % 100);
      at = two(bytes, at, micros % 100);
    }
    if (zone) {
      bytes[at++] = 'Z';
    }
    bytes[at++] = '"';
    out.length = at;
  }

  private static int two(byte[] bytes, int at, int number) {
    bytes[at] = (byte) ('0' + number / 10);
    bytes[at + 1] = (byte) ('0' + number % 10);
    return at + 2;
  }

  private static int two(byte[] text, int at) {
    int tens = text[at] - '0';
    int ones = text[at + 1] - '0';
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : 10 * tens + ones;
  }
}
