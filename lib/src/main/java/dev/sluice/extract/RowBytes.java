package dev.sluice.extract;

import dev.sluice.json.JsonStreams;
import dev.sluice.json.TypedJson;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// One row after another as the bytes of an extracted file, in a buffer that is used again.
final class RowBytes {
  private static final int KEPT = 1 << 20;

  private final Buffer buffer = new Buffer();
  private JsonGenerator out = JsonStreams.generator(buffer);

  /// Encodes a row; [#bytes()] holds it until the next call.
  void encode(@Nullable Object row) {
    buffer.reset();
    try {
      TypedJson.write(out, row);
      out.flush();
    } catch (RuntimeException refused) {
      out = JsonStreams.generator(buffer); // the old one stands in the middle of a row
      throw refused;
    }
  }

  byte[] bytes() {
    return buffer.bytes;
  }

  /// Where the row begins: a generator parts its values with a blank.
  int offset() {
    return buffer.length > 0 && buffer.bytes[0] == ' ' ? 1 : 0;
  }

  int length() {
    return buffer.length - offset();
  }

  private static final class Buffer extends OutputStream {
    private byte[] bytes = new byte[16 * 1024];
    private int length;

    void reset() {
      length = 0;
      if (bytes.length > KEPT) {
        bytes = new byte[16 * 1024];
      }
    }

    @Override
    public void write(int one) {
      reserve(1);
      bytes[length++] = (byte) one;
    }

    @Override
    public void write(byte[] from, int offset, int count) {
      reserve(count);
      System.arraycopy(from, offset, bytes, length, count);
      length += count;
    }

    private void reserve(int more) {
      if (bytes.length - length < more) {
        bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), 2 * bytes.length));
      }
    }
  }
}
