package dev.sluice.sources;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The records of a CSV text (RFC 4180, any separator), each with the line it begins in.
///
/// An unquoted empty field is null, a quoted one is empty text. A quote within an unquoted field is
/// just a character. Empty lines are no records. Of a record that is longer than the limit the
/// beginning is kept, and the rest passed over; but a quote that is not closed within the limit was
/// never meant as one, and fails.
final class CsvRecords {
  /// Characters of a record that is too long.
  private static final int KEPT = 1_000;

  /// More were never meant as fields.
  private static final int MOST_FIELDS = 100_000;

  private final Reader in;
  private final int longest;
  private final char separator;
  private final char[] buffer = new char[1 << 16];
  private int at;
  private int end;
  private long line = 1;
  private long recordLine;
  private StringBuilder text = new StringBuilder();
  private String beginning = "";
  private long length;
  private int fields;

  /// - `longest`: the characters of a record, at most
  CsvRecords(Reader in, char separator, int longest) {
    this.in = in;
    this.longest = longest;
    this.separator = separator;
  }

  /// The line of the last record, counted from 1.
  long line() {
    return recordLine;
  }

  /// The first characters of a record that is too long.
  String beginning() {
    return beginning;
  }

  /// Why the last record is none; null if it is whole.
  @Nullable String tooLong() {
    if (length > longest) {
      return "has %d characters, more than %s".formatted(length, FileRows.limit(longest));
    }
    return fields > MOST_FIELDS
        ? "has %d fields, more than the %d that are read".formatted(fields, MOST_FIELDS)
        : null;
  }

  /// The next record's fields; null at the end.
  @Nullable List<@Nullable String> next() throws IOException {
    while (true) {
      recordLine = line;
      var first = peek();
      if (first < 0) return null;
      if (first == '\r' || first == '\n') endOfLine();
      else return record();
    }
  }

  private List<@Nullable String> record() throws IOException {
    var record = new ArrayList<@Nullable String>();
    length = 0;
    fields = 0;
    var cut = false;
    while (true) {
      var field = peek() == '"' ? quoted() : unquoted();
      fields++;
      if (!cut) record.add(field);
      if (!cut && (length > longest || fields > MOST_FIELDS)) {
        cut = true;
        beginning = start(record);
        record.clear();
      }
      var c = peek();
      if (c == separator) {
        at++;
        length++;
        continue;
      }
      if (c >= 0) endOfLine();
      return record;
    }
  }

  /// Up to the separator or the end of the line, mostly straight from the buffer.
  private @Nullable String unquoted() throws IOException {
    text.setLength(0);
    while (fill()) {
      var start = at;
      while (at < end && buffer[at] != separator && buffer[at] != '\n' && buffer[at] != '\r') at++;
      length += at - start;
      if (at < end && text.isEmpty()) {
        return at == start ? null : new String(buffer, start, at - start);
      }
      append(start, at);
      if (at < end) break;
    }
    return text.isEmpty() ? null : text.toString();
  }

  private String quoted() throws IOException {
    text.setLength(0);
    at++;
    var size = 0L;
    while (fill()) {
      var c = buffer[at++];
      if (c == '"') {
        if (peek() != '"') {
          rest();
          return text.toString();
        }
        at++;
      }
      if (c == '\n' || (c == '\r' && peek() != '\n')) line++;
      length++;
      if (++size > longest) {
        throw new SourceFailed(
            "the field that begins in line %d is longer than %s; is a quote not closed?"
                .formatted(recordLine, FileRows.limit(longest)));
      }
      append(c); // a look at the next letter may have filled the buffer anew
    }
    throw new SourceFailed(
        "the quote opened in line " + recordLine + " is never closed; close or double it");
  }

  /// What stands between a closing quote and the separator belongs to the field, as it is.
  private void rest() throws IOException {
    while (fill() && buffer[at] != separator && buffer[at] != '\n' && buffer[at] != '\r') {
      length++;
      at++;
      append(at - 1, at);
    }
  }

  /// Of a record that is too long by now no more than its beginning is kept.
  private void append(int from, int to) {
    if (length <= longest) {
      roomFor(to - from);
      text.append(buffer, from, to - from);
    } else if (text.length() > KEPT) {
      var kept = text.substring(0, KEPT);
      text = new StringBuilder(kept);
    } else {
      text.append(buffer, from, Math.min(to - from, KEPT - text.length()));
    }
  }

  private void append(char one) {
    if (length <= longest) {
      roomFor(1);
      text.append(one);
    } else if (text.length() > KEPT) {
      text = new StringBuilder(text.substring(0, KEPT));
    } else if (text.length() < KEPT) {
      text.append(one);
    }
  }

  /// Doubling what is nearly as large as it may become would take three times as much for a while.
  private void roomFor(int more) {
    if (text.length() + more > text.capacity() && text.capacity() > longest / 2) {
      text = new StringBuilder(longest).append(text);
    }
  }

  private String start(List<@Nullable String> record) {
    var start = new ArrayList<@Nullable String>();
    for (int at = 0, kept = 0; at < record.size() && kept < KEPT; at++) {
      var field = record.get(at);
      start.add(field);
      kept += field == null ? 1 : field.length();
    }
    var line = joined(start, separator);
    return line.substring(0, Math.min(KEPT, line.length())) + "…";
  }

  private void endOfLine() throws IOException {
    if (buffer[at++] == '\r' && peek() == '\n') at++;
    line++;
  }

  private int peek() throws IOException {
    return fill() ? buffer[at] : -1;
  }

  private boolean fill() throws IOException {
    if (at < end) return true;
    at = 0;
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    return end > 0;
  }

  /// A record as a line again, for showing what was wrong with it.
  static String joined(List<@Nullable String> fields, char separator) {
    var line = new StringBuilder();
    for (int at = 0; at < fields.size(); at++) {
      if (at > 0) line.append(separator);
      var field = fields.get(at);
      if (field == null) continue;
      var plain =
          !field.isEmpty()
              && field.indexOf(separator) < 0
              && field.indexOf('"') < 0
              && field.indexOf('\n') < 0;
      line.append(plain ? field : '"' + field.replace("\"", "\"\"") + '"');
    }
    return line.toString();
  }
}
