package dev.sluice.normalize;

import java.time.LocalDateTime;

/// Timestamps of a load file, written digit by digit.
final class TimestampText {
  private static final int LONGEST = 32;
  private static final int MICROS_DIGITS = 6;

  private TimestampText() {}

  static void write(ByteSink out, LocalDateTime time, boolean zone) {
    out.reserve(LONGEST);
    var bytes = out.bytes;
    int at = out.length;
    bytes[at++] = '"';
    at = two(bytes, at, time.getYear() / 100);
    at = two(bytes, at, time.getYear() % 100);
    bytes[at++] = '-';
    at = two(bytes, at, time.getMonthValue());
    bytes[at++] = '-';
    at = two(bytes, at, time.getDayOfMonth());
    bytes[at++] = 'T';
    at = two(bytes, at, time.getHour());
    bytes[at++] = ':';
    at = two(bytes, at, time.getMinute());
    bytes[at++] = ':';
    at = two(bytes, at, time.getSecond());
    int micros = time.getNano() / 1000;
    if (micros != 0) {
      bytes[at++] = '.';
      at = two(bytes, at, micros / 10_000);
      at = two(bytes, at, micros / 100 % 100);
      at = two(bytes, at, micros % 100);
    }
    out.length = at;
    close(out, zone);
  }

  static boolean copy(ByteSink out, byte[] text, int offset, int length, boolean zone) {
    if (length < 19
        || text[offset + 4] != '-'
        || text[offset + 7] != '-'
        || (text[offset + 10] != 'T' && text[offset + 10] != ' ')
        || text[offset + 13] != ':'
        || text[offset + 16] != ':') {
      return false;
    }
    int century = two(text, offset);
    int ofCentury = two(text, offset + 2);
    int month = two(text, offset + 5);
    int day = two(text, offset + 8);
    int hour = two(text, offset + 11);
    int minute = two(text, offset + 14);
    int second = two(text, offset + 17);
    if ((century | ofCentury | month | day | hour | minute | second) < 0) {
      return false;
    }
    int year = 100 * century + ofCentury;
    // Days 29 to 31 want the calendar: the slow way knows it.
    if (year < 1 || month < 1 || month > 12 || day < 1 || !inMonth(year, month, day)) {
      return false;
    }
    if (hour > 23 || minute > 59 || second > 59) {
      return false;
    }
    int end = offset + length;
    int at = offset + 19;
    int fraction = 0;
    if (at < end && text[at] == '.') {
      int from = ++at;
      while (at < end && text[at] >= '0' && text[at] <= '9') {
        at++;
      }
      fraction = at - from;
      if (fraction == 0) {
        return false;
      }
    }
    if (at == end || (at + 1 == end && text[at] == 'Z') || isZero(text, at, end)) {
      write(out, text, offset, Math.min(fraction, MICROS_DIGITS));
      close(out, zone);
      return true;
    }
    int minutes = offsetMinutes(text, at, end);
    if (minutes < 0) {
      return false;
    }
    int nanos = 1000 * micros(text, offset + 20, fraction);
    var utc =
        LocalDateTime.of(year, month, day, hour, minute, second, nanos)
            .minusMinutes(text[at] == '-' ? -minutes : minutes);
    if (utc.getYear() < 1 || utc.getYear() > 9999) {
      return false;
    }
    write(out, utc, zone);
    return true;
  }

  private static boolean inMonth(int year, int month, int day) {
    return day <= 28 || IsoText.date(year, month, day) != null;
  }

  private static boolean isZero(byte[] text, int at, int end) {
    return end - at == 6
        && text[at] == '+'
        && text[at + 1] == '0'
        && text[at + 2] == '0'
        && text[at + 3] == ':'
        && text[at + 4] == '0'
        && text[at + 5] == '0';
  }

  /// Minutes of an offset `±hh:mm` below a day, or -1.
  private static int offsetMinutes(byte[] text, int at, int end) {
    if (end - at != 6 || text[at + 3] != ':' || (text[at] != '+' && text[at] != '-')) {
      return -1;
    }
    int hours = two(text, at + 1);
    int minutes = two(text, at + 4);
    int offset = 60 * hours + minutes;
    return hours < 0 || minutes < 0 || offset >= 24 * 60 ? -1 : offset;
  }

  private static int micros(byte[] text, int from, int digits) {
    int micros = 0;
    for (int i = 0; i < MICROS_DIGITS; i++) {
      micros = 10 * micros + (i < digits ? text[from + i] - '0' : 0);
    }
    return micros;
  }

  /// Copies the checked digits; a fraction that is all zeros is left out, as where a value was
  /// parsed.
  private static void write(ByteSink out, byte[] text, int offset, int fraction) {
    out.reserve(LONGEST);
    var bytes = out.bytes;
    int at = out.length;
    bytes[at++] = '"';
    for (int i = 0; i < 19; i++) {
      bytes[at++] = i == 10 ? (byte) 'T' : text[offset + i];
    }
    boolean zeros = true;
    for (int i = 0; i < fraction; i++) {
      zeros &= text[offset + 20 + i] == '0';
    }
    if (!zeros) {
      bytes[at++] = '.';
      for (int i = 0; i < MICROS_DIGITS; i++) {
        bytes[at++] = i < fraction ? text[offset + 20 + i] : (byte) '0';
      }
    }
    out.length = at;
  }

  private static void close(ByteSink out, boolean zone) {
    if (zone) {
      out.raw((byte) 'Z');
    }
    out.raw((byte) '"');
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
