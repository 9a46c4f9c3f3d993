package dev.sluice.sources;

import dev.sluice.json.JsonBytes;
import dev.sluice.json.RawRow;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The lines of a stream as bytes, without their ends. Of one that is longer than the limit the
/// beginning is kept, and the rest passed over.
final class Lines {
  private static final int READ = 1 << 18;

  /// Of a line that is too long.
  private static final int KEPT = 1_000;

  private final InputStream in;
  private final int longest;
  private byte[] buffer = new byte[READ + RawRow.BEHIND];
  private int at;
  private int end;
  private long number;
  private long passedOver;

  /// - `longest`: the bytes of a line, at most
  Lines(InputStream in, int longest) {
    this.in = in;
    this.longest = longest;
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

  /// How long the last line was, if it was too long and is its beginning only; else 0.
  long tooLong() {
    return passedOver;
  }

  /// The next line; null at the end.
  @Nullable Line next() throws IOException {
    passedOver = 0;
    var searched = at;
    while (true) {
      var found = JsonBytes.lineEnd(buffer, searched, end);
      if (found < end) return take(found, found + 1);
      if (end - at > longest + 1L) return beginning(); // one may be a carriage return
      searched = end - at;
      if (!more()) return at == end ? null : take(end, end);
      searched += at;
    }
  }

  private Line take(int lineEnd, int next) throws IOException {
    var last = lineEnd > at && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    if (last - at > longest) return beginning();
    buffer[last] = 0;
    var line = new Line(buffer, at, last);
    at = next;
    number++;
    return line;
  }

  /// The first bytes of a line that is too long; what follows is read and forgotten.
  private Line beginning() throws IOException {
    var kept = characters(Math.min(KEPT, longest));
    var line = new byte[kept + RawRow.BEHIND];
    System.arraycopy(buffer, at, line, 0, kept);
    while (true) {
      var found = JsonBytes.lineEnd(buffer, at, end);
      passedOver += found - at;
      at = Math.min(found + 1, end);
      if (found < end) break;
      at = 0;
      end = 0;
      // Lines that were taken may be parts of the buffer.
      buffer = new byte[READ + RawRow.BEHIND];
      if (!more()) break;
    }
    number++;
    return new Line(line, 0, kept);
  }

  /// So many bytes, less those of a character that they would cut.
  private int characters(int bytes) {
    var count = bytes;
    while (count > 0 && (buffer[at + count] & 0xC0) == 0x80) count--;
    return count;
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
    // A line that is too long shows that within a few bytes behind the limit.
    var wanted = Math.min(Math.max(READ, 2L * rest), Math.max(READ, longest + 2L));
    var larger = new byte[(int) Math.max(wanted, rest + 1L) + RawRow.BEHIND];
    System.arraycopy(buffer, at, larger, 0, rest);
    buffer = larger;
    at = 0;
    end = rest;
  }
}
