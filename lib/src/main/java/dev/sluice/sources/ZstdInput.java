package dev.sluice.sources;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// What a zstd stream holds: all of its frames one after the other, skippable ones left out,
/// checksums checked.
final class ZstdInput extends InputStream {
  private static final int READ = 1 << 17;

  private final InputStream in;
  private final ZstdCodec codec;
  private final byte[] read = new byte[READ];
  private final ByteBuffer packed = ByteBuffer.allocateDirect(READ).limit(0);
  private final ByteBuffer unpacked = ByteBuffer.allocateDirect(READ).limit(0);
  private boolean betweenFrames;
  private boolean full;

  private ZstdInput(InputStream in, ZstdCodec codec) {
    this.in = in;
    this.codec = codec;
  }

  /// A SourceFailed with the line to add if the codec is not on the class path.
  static InputStream open(InputStream in) {
    return new ZstdInput(in, ZstdCodec.open());
  }

  @Override
  public int read() throws IOException {
    return fill() ? unpacked.get() & 0xFF : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    var count = Math.min(length, unpacked.remaining());
    unpacked.get(into, offset, count);
    return count;
  }

  /// Whether there is something unpacked to take; an EOFException if the stream ends within a
  /// frame, or without any.
  private boolean fill() throws IOException {
    while (!unpacked.hasRemaining()) {
      // What the codec still holds comes before more is read.
      if (!packed.hasRemaining() && !full && !more()) {
        if (!betweenFrames) {
          throw new EOFException();
        }
        return false;
      }
      unpacked.clear();
      betweenFrames = codec.unpack(unpacked, packed);
      full = !unpacked.hasRemaining() && !betweenFrames;
      unpacked.flip();
    }
    return true;
  }

  private boolean more() throws IOException {
    var count = in.read(read, 0, READ);
    packed.clear();
    packed.put(read, 0, Math.max(count, 0)).flip();
    return count > 0;
  }

  @Override
  public void close() throws IOException {
    try (in) {
      codec.close();
    }
  }
}
