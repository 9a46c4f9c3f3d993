package dev.sluice.sources;

import dev.sluice.json.JsonBytes;
import dev.sluice.json.RawRow;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The lines of a stream as bytes, without their ends, the longest of them bounded.
final class Lines {
  static final int LONGEST = 128 << 20;
  private static final int READ = 1 << 18;

  private final InputStream in;
  private byte[] buffer = new byte[READ + RawRow.BEHIND];
  private int at;
  private int end;
  private long number;

  Lines(InputStream in) {
    this.in = in;
  }

  /// A part of what was read, not written to again; a zero ends it.
  static final class Line {
    private final byte[] buffer;
    private final int start;
    private final int end;

    Line(byte[] buffer, int start, int end) {
      this.buffer = buffer;
      this.start = start;
      this.end = end;
    }

    int length() {
      return end - start;
    }

    byte[] bytes() {
      return Arrays.copyOfRange(buffer, start, end);
    }

    /// As an object that nobody has to read, if it is one; the line is part of it then.
    @Nullable RawRow raw() {
      return RawRow.of(buffer, start, end);
    }

    boolean blank() {
      for (int at = start; at < end; at++) {
        if (buffer[at] != ' ' && buffer[at] != '\t' && buffer[at] != '\r') return false;
      }
      return true;
    }
  }

  /// The number of the last line, counted from 1.
  long number() {
    return number;
  }

  /// The next line; null at the end.
  @Nullable Line next() throws IOException {
    var searched = at;
    while (true) {
      var found = JsonBytes.lineEnd(buffer, searched, end);
      if (found < end) return take(found, found + 1);
      searched = end - at;
      if (!more()) return at == end ? null : take(end, end);
      searched += at;
    }
  }

  private Line take(int lineEnd, int next) {
    var last = lineEnd > at && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    buffer[last] = 0;
    var line = new Line(buffer, at, last);
    at = next;
    number++;
    return line;
  }

  private boolean more() throws IOException {
    if (end == buffer.length - RawRow.BEHIND) renew();
    var read = in.read(buffer, end, buffer.length - RawRow.BEHIND - end);
    if (read > 0) end += read;
    return read > 0;
  }

  /// Goes on in another buffer, since lines that were taken are parts of this one.
  private void renew() {
    var rest = end - at;
    if (rest >= LONGEST) {
      throw new SourceFailed(
          "line %d is longer than %d bytes; is it no file of lines?"
              .formatted(number + 1, LONGEST));
    }
    var larger = new byte[Math.max(READ, 2 * rest) + RawRow.BEHIND];
    System.arraycopy(buffer, at, larger, 0, rest);
    buffer = larger;
    at = 0;
    end = rest;
  }
}
