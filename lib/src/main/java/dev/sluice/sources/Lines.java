package dev.sluice.sources;

import dev.sluice.json.RawRow;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The lines of a stream as bytes, without their ends, the longest of them bounded.
final class Lines {
  static final int LONGEST = 128 << 20;

  private final InputStream in;
  private byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;
  private long number;

  Lines(InputStream in) {
    this.in = in;
  }

  /// A part of a buffer that the next call overwrites.
  static final class Line {
    private final byte[] buffer;
    private final int start;
    private final int length;

    Line(byte[] buffer, int start, int length) {
      this.buffer = buffer;
      this.start = start;
      this.length = length;
    }

    int length() {
      return length;
    }

    byte[] bytes() {
      return Arrays.copyOfRange(buffer, start, start + length);
    }

    /// As an object that nobody has to read, if it is one.
    @Nullable RawRow raw() {
      return RawRow.of(buffer, start, length);
    }

    boolean blank() {
      for (int at = start; at < start + length; at++) {
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
      for (int i = searched; i < end; i++) {
        if (buffer[i] == '\n') return take(i, i + 1);
      }
      searched = end - at;
      if (!more()) return at == end ? null : take(end, end);
      searched += at;
    }
  }

  private Line take(int lineEnd, int next) {
    var length = lineEnd - at;
    if (length > 0 && buffer[lineEnd - 1] == '\r') length--;
    var line = new Line(buffer, at, length);
    at = next;
    number++;
    return line;
  }

  private boolean more() throws IOException {
    if (at > 0) {
      System.arraycopy(buffer, at, buffer, 0, end - at);
      end -= at;
      at = 0;
    }
    if (end == buffer.length) {
      if (end >= LONGEST) {
        throw new SourceFailed(
            "line %d is longer than %d bytes; is it no file of lines?"
                .formatted(number + 1, LONGEST));
      }
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    var read = in.read(buffer, end, buffer.length - end);
    if (read > 0) end += read;
    return read > 0;
  }
}
