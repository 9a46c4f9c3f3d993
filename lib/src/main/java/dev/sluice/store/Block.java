package dev.sluice.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Writes a buffer to a channel as whole gzip members, level 1. Reused from flush to flush.
///
/// Members one after another are a valid gzip file, so after each flush the file can be read to its
/// end, its size is exact, and it can be cut off at that size.
final class Block implements AutoCloseable {
  /// So much of the input becomes a member: what zlib's window of two times 32 KB holds without
  /// being moved on. Moving it costs a third of the time, a new member a thousandth of the size.
  private static final int MEMBER = 65_000;

  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 4, (byte) 0xff};
  private static final int TRAILER = 8;

  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private final CRC32 checksum = new CRC32();
  private final ByteBuffer output =
      ByteBuffer.allocate(256 * 1024).order(ByteOrder.LITTLE_ENDIAN);

  void writeGzip(FileChannel channel, byte[] buffer, int length) throws IOException {
    int at = 0;
    do {
      int count = Math.min(MEMBER, length - at);
      writeMember(channel, buffer, at, count);
      at += count;
    } while (at < length);
    drain(channel);
  }

  private void writeMember(FileChannel channel, byte[] buffer, int from, int count)
      throws IOException {
    room(channel, HEADER.length);
    output.put(HEADER);
    deflater.reset();
    deflater.setInput(buffer, from, count);
    deflater.finish();
    while (!deflater.finished()) {
      room(channel, 1);
      deflater.deflate(output);
    }
    checksum.reset();
    checksum.update(buffer, from, count);
    room(channel, TRAILER);
    output.putInt((int) checksum.getValue()).putInt(count);
  }

  private void room(FileChannel channel, int bytes) throws IOException {
    if (output.remaining() < bytes) {
      drain(channel);
    }
  }

  private void drain(FileChannel channel) throws IOException {
    Durable.writeFully(channel, output.flip());
    output.clear();
  }

  @Override
  public void close() {
    deflater.end();
  }
}
