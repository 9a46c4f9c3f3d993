package dev.sluice.sources;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The records of a CSV text (RFC 4180, any separator), each with the line it begins in.
///
/// An unquoted empty field is null, a quoted one is empty text. A quote within an unquoted field is
/// just a character. Empty lines are no records.
final class CsvRecords {
  /// A quote that is not closed within so many characters was never meant as one.
  static final int LONGEST_RECORD = 16 << 20;

  private final Reader in;
  private final char separator;
  private final char[] buffer = new char[1 << 16];
  private int at;
  private int end;
  private long line = 1;
  private long recordLine;
  private final StringBuilder text = new StringBuilder();

  CsvRecords(Reader in, char separator) {
    this.in = in;
    this.separator = separator;
  }

  /// The line of the last record, counted from 1.
  long line() {
    return recordLine;
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
    var fields = new ArrayList<@Nullable String>();
    while (true) {
      fields.add(peek() == '"' ? quoted() : unquoted());
      var c = peek();
      if (c == separator) {
        at++;
        continue;
      }
      if (c >= 0) endOfLine();
      return fields;
    }
  }

  /// Up to the separator or the end of the line, mostly straight from the buffer.
  private @Nullable String unquoted() throws IOException {
    text.setLength(0);
    while (fill()) {
      var start = at;
      while (at < end && buffer[at] != separator && buffer[at] != '\n' && buffer[at] != '\r') at++;
      if (at < end && text.isEmpty()) {
        return at == start ? null : new String(buffer, start, at - start);
      }
      text.append(buffer, start, at - start);
      if (at < end) break;
      limit();
    }
    return text.isEmpty() ? null : text.toString();
  }

  private String quoted() throws IOException {
    text.setLength(0);
    at++;
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
      text.append(c);
      if ((text.length() & 0xFFFF) == 0) limit();
    }
    throw new SourceFailed(
        "the quote opened in line " + recordLine + " is never closed; close or double it");
  }

  /// What stands between a closing quote and the separator belongs to the field, as it is.
  private void rest() throws IOException {
    while (fill() && buffer[at] != separator && buffer[at] != '\n' && buffer[at] != '\r') {
      text.append(buffer[at++]);
    }
  }

  private void limit() {
    if (text.length() > LONGEST_RECORD) {
      throw new SourceFailed(
          "the field that begins in line %d is longer than %d characters; is a quote not closed?"
              .formatted(recordLine, LONGEST_RECORD));
    }
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
