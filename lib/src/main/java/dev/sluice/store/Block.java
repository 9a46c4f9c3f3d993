package dev.sluice.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Writes a buffer to a channel as one whole gzip member, level 1. Reused from flush to flush.
///
/// Members one after another are a valid gzip file, so after each flush the file can be read to its
/// end, its size is exact, and it can be cut off at that size.
final class Block implements AutoCloseable {
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 4, (byte) 0xff};

  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private final CRC32 checksum = new CRC32();
  private final byte[] output = new byte[256 * 1024];

  void writeGzip(FileChannel channel, byte[] buffer, int length) throws IOException {
    deflater.reset();
    deflater.setInput(buffer, 0, length);
    deflater.finish();
    System.arraycopy(HEADER, 0, output, 0, HEADER.length);
    var filled = HEADER.length;
    while (!deflater.finished()) {
      if (filled == output.length) {
        Durable.writeFully(channel, ByteBuffer.wrap(output, 0, filled));
        filled = 0;
      }
      filled += deflater.deflate(output, filled, output.length - filled);
    }
    if (output.length - filled < 8) {
      Durable.writeFully(channel, ByteBuffer.wrap(output, 0, filled));
      filled = 0;
    }
    checksum.reset();
    checksum.update(buffer, 0, length);
    ByteBuffer.wrap(output, filled, 8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt((int) checksum.getValue())
        .putInt(length);
    Durable.writeFully(channel, ByteBuffer.wrap(output, 0, filled + 8));
  }

  @Override
  public void close() {
    deflater.end();
  }
}
