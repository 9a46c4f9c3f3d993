package dev.sluice.normalize;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.Temporal;
import org.jspecify.annotations.Nullable;

/// One pass over a text in the ISO 8601 dialect of pendulum: calendar, ordinal and week dates,
/// basic and extended.
///
/// What it is lenient or strict about is pendulum's choice: the separator may be a blank, a comma
/// may stand for the point, a basic date goes with an extended time only without seconds, `z` is no
/// zone.
final class IsoReader {
  private static final int LARGEST_OFFSET = 24 * 60;

  private final CharSequence text;
  private final int end;
  private int at;
  private boolean failed;

  private boolean extended;
  private boolean hasDate;
  private boolean hasTime;
  private boolean zoned;
  private int year;
  private int month = 1;
  private int day = 1;
  private int hour;
  private int minute;
  private int second;
  private int micros;
  private int offset;

  IsoReader(CharSequence text) {
    this.text = text;
    this.end = text.length();
  }

  /// Whether the whole text follows the grammar. Its numbers may still be no date.
  boolean read() {
    if (next('T')) {
      time(true);
      return complete();
    }
    int first = digits(2);
    if (next(':')) {
      hour = first;
      extended = true;
      time(false);
      return complete();
    }
    year = 100 * first + digits(2);
    hasDate = true;
    date();
    if (at < end) {
      time(true);
    }
    return complete();
  }

  /// What was read, or null if there is no such day or time.
  @Nullable Temporal temporal() {
    if (!hasTime) {
      return IsoText.date(year, month, day);
    }
    if (hasDate) {
      var dateTime = IsoText.dateTime(year, month, day, hour, minute, second, micros);
      return zoned ? IsoText.zoned(dateTime, offset) : dateTime;
    }
    var time = IsoText.time(hour, minute, second, micros);
    return zoned ? IsoText.zoned(time, offset) : time;
  }

  private boolean complete() {
    return !failed && at == end;
  }

  private void date() {
    if (take('-')) {
      extended = true;
      extendedDate();
      return;
    }
    if (take('W')) {
      int week = digits(2);
      week(week, dateEnds() ? 1 : digits(1));
      return;
    }
    month = digits(2);
    int third = digits(1);
    if (dateEnds()) {
      ordinal(10 * month + third);
    } else {
      day = 10 * third + digits(1);
    }
  }

  private void extendedDate() {
    if (take('W')) {
      int week = digits(2);
      week(week, dateEnds() || !require('-') ? 1 : digits(1));
      return;
    }
    month = digits(2);
    if (dateEnds()) {
      return;
    }
    if (take('-')) {
      day = digits(2);
    } else {
      ordinal(10 * month + digits(1));
    }
  }

  private void time(boolean separated) {
    hasTime = true;
    if (separated) {
      failed |= !next('T') && !next(' ');
      at++;
      hour = digits(2);
    }
    if (!timeEnds()) {
      if (take(':')) {
        minute = digits(2);
        if (!timeEnds() && require(':')) {
          seconds();
          failed |= !extended;
        }
      } else {
        minute = digits(2);
        if (!timeEnds()) {
          seconds();
        }
        failed |= extended;
      }
    }
    zone();
  }

  private void seconds() {
    second = digits(2);
    if (!take('.') && !take(',')) {
      return;
    }
    int from = at;
    for (; at < end && text.charAt(at) >= '0' && text.charAt(at) <= '9'; at++) {
      if (at - from < 6) {
        micros = 10 * micros + text.charAt(at) - '0';
      }
    }
    failed |= at == from;
    for (int read = at - from; read < 6; read++) {
      micros *= 10;
    }
  }

  private void zone() {
    if (take('Z')) {
      zoned = true;
      return;
    }
    boolean west = next('-');
    if (!take('+') && !take('-')) {
      return;
    }
    zoned = true;
    offset = 60 * digits(2);
    take(':');
    if (at < end) {
      offset += digits(2);
    }
    failed |= !west && offset > LARGEST_OFFSET;
    offset = west ? -offset : offset;
  }

  private void week(int week, int weekday) {
    if (failed || year < 1 || week > 53 || weekday > 7) {
      failed = true;
      return;
    }
    var fourth = LocalDate.of(year, 1, 4);
    var january1 = LocalDate.of(year, 1, 1).getDayOfWeek();
    boolean longYear =
        january1 == DayOfWeek.THURSDAY || (january1 == DayOfWeek.WEDNESDAY && fourth.isLeapYear());
    if (week == 53 && !longYear) {
      failed = true;
      return;
    }
    set(fourth.plusDays(7L * (week - 1) + weekday - fourth.getDayOfWeek().getValue()));
  }

  private void ordinal(int ordinal) {
    if (failed || ordinal < 1 || ordinal > (LocalDate.of(year, 1, 1).isLeapYear() ? 366 : 365)) {
      failed = true;
      return;
    }
    set(LocalDate.ofYearDay(year, ordinal));
  }

  private void set(LocalDate date) {
    year = date.getYear();
    month = date.getMonthValue();
    day = date.getDayOfMonth();
  }

  private boolean dateEnds() {
    return at >= end || next(' ') || next('T');
  }

  private boolean timeEnds() {
    return at >= end || next('Z') || next('+') || next('-');
  }

  private int digits(int count) {
    int number = 0;
    for (int i = 0; i < count; i++) {
      if (at >= end || text.charAt(at) < '0' || text.charAt(at) > '9') {
        failed = true;
        return 0;
      }
      number = 10 * number + text.charAt(at++) - '0';
    }
    return number;
  }

  private boolean next(char expected) {
    return at < end && text.charAt(at) == expected;
  }

  private boolean take(char expected) {
    if (!next(expected)) {
      return false;
    }
    at++;
    return true;
  }

  private boolean require(char expected) {
    boolean there = take(expected);
    failed |= !there;
    return there;
  }
}
