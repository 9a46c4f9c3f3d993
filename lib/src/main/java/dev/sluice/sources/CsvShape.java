package dev.sluice.sources;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether a CSV file has nothing that readers take differently: every record has all its fields, a
/// quote stands only where a field begins or ends, and lines end as usual.
///
/// Bytes are looked at, not characters: in UTF-8 no other character has the bytes of a separator.
final class CsvShape {
  private static final int END = -1;

  private final InputStream in;
  private final byte separator;
  private final boolean[] special = new boolean[256];
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;

  private CsvShape(InputStream in, byte separator) {
    this.in = in;
    this.separator = separator;
    for (var c : new int[] {separator, '"', '\n', '\r'}) special[c] = true;
  }

  static boolean isRegular(Path path, char separator, int columns) throws IOException {
    if (separator >= 128) return false;
    try (var in = Files.newInputStream(path)) {
      return new CsvShape(in, (byte) separator).isRegular(columns);
    }
  }

  private boolean isRegular(int columns) throws IOException {
    int fields = 0;
    while (true) {
      int c = next();
      if (fields == 0) {
        if (c == END) return true;
        if (c == '\n') continue;
        if (c == '\r') {
          if (next() != '\n') return false;
          continue;
        }
      }
      fields++;
      if (c == '"') {
        c = afterQuoted();
      } else {
        while (c != END && !special[c]) c = plain();
      }
      if (c == separator) continue;
      if (c == '\r') c = next() == '\n' ? '\n' : '"';
      if ((c != '\n' && c != END) || fields != columns) return false;
      if (c == END) return true;
      fields = 0;
    }
  }

  /// What follows the quote that closes a field.
  private int afterQuoted() throws IOException {
    while (true) {
      int c = next();
      if (c == END) return '"';
      if (c != '"') continue;
      c = next();
      if (c != '"') return c;
    }
  }

  /// The next byte that is special, the quickest way.
  private int plain() throws IOException {
    while (at < end) {
      int c = buffer[at++] & 0xFF;
      if (special[c]) return c;
    }
    return next();
  }

  private int next() throws IOException {
    if (at == end) {
      at = 0;
      end = Math.max(0, in.read(buffer, 0, buffer.length));
      if (end == 0) return END;
    }
    return buffer[at++] & 0xFF;
  }
}
