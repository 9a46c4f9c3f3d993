package dev.sluice.sources;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// The bytes of a JSON file, of which no value may have more than the limit, and a few thousand
/// that a reader takes at a time.
final class BoundedValues extends FilterInputStream {
  private final int longest;
  private long read;
  private long value;

  BoundedValues(InputStream in, int longest) {
    super(in);
    this.longest = longest;
  }

  /// Another value begins, or did since the last bytes were read.
  void begin(long number) {
    value = number;
    read = 0;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    // All that was read since it began was of this value, if more is wanted.
    if (value > 0 && read > longest) {
      throw new SourceFailed(
          "value %d is longer than %s".formatted(value, FileRows.limit(longest)));
    }
    var count = super.read(into, offset, length);
    read += Math.max(0, count);
    return count;
  }
}
