package dev.sluice.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Checksum;
import java.util.zip.Deflater;

/// Writes a buffer to a channel as whole gzip members, level 1. Reused from flush to flush.
///
/// Members one after another are a valid gzip file, so after each flush the file can be read to its
/// end, its size is exact, and it can be cut off at that size. A field of its header tells how long
/// a member is, by which [BlockInput] reads it as a whole.
final class Block implements AutoCloseable {
  /// So much of the input becomes a member: what zlib's window of two times 32 KB holds without
  /// being moved on. Moving it costs a third of the time, a new member a thousandth of the size.
  private static final int MEMBER = 65_000;

  /// The faster library moves nothing: by longer members it saves 7 % of its time and 3 % of the
  /// size.
  private static final int FAST_MEMBER = 256 * 1024;

  /// By so much a member can grow at most: what does not compress is stored, with 5 bytes a piece.
  private static final int GROWTH = 4 * 1024;

  /// The most bytes that a member has behind its header, packed or not.
  static final int LARGEST = FAST_MEMBER + GROWTH + 8;

  /// Bytes of a member's header, the field with its length last.
  static final int HEADER = 20;

  /// Bytes of a member's trailer: checksum and size.
  static final int TRAILER = 8;

  /// After so many bytes a faster library has earned the time to load it.
  private static final long LARGE = 2L << 20;

  /// A header up to the length: level 1, no time, any system, 8 bytes in the field `SL`.
  private static final byte[] BEGIN = {
    0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 4, (byte) 0xff, 8, 0, 'S', 'L', 4, 0
  };

  private static final byte[] NOTHING = {3, 0};

  private final CRC32 checksum = new CRC32();
  private final ByteBuffer output = ByteBuffer.allocate(512 * 1024).order(ByteOrder.LITTLE_ENDIAN);
  private byte[] plain = new byte[MEMBER];
  private byte[] packed = new byte[MEMBER + GROWTH];
  private Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
  private boolean fast;
  private long done;

  /// Writes all of the input; what goes to the channel is added to `sum`.
  void writeGzip(FileChannel channel, Checksum sum, byte[] buffer, int length) throws IOException {
    if (!fast) {
      chooseDeflater(length);
    }
    for (int at = 0; at < length; at += plain.length) {
      int count = Math.min(plain.length, length - at);
      System.arraycopy(buffer, at, plain, 0, count);
      writeMember(channel, sum, count);
    }
    if (length == 0) {
      output.put(BEGIN).putInt(NOTHING.length + TRAILER).put(NOTHING).putLong(0);
    }
    drain(channel, sum);
  }

  private void chooseDeflater(int length) {
    if (IntelDeflate.ready()) {
      deflater.end();
      deflater = IntelDeflate.deflater();
      plain = new byte[FAST_MEMBER];
      packed = new byte[FAST_MEMBER + GROWTH];
      fast = true;
    } else {
      done += length;
      if (done > LARGE) {
        IntelDeflate.prepare();
      }
    }
  }

  private void writeMember(FileChannel channel, Checksum sum, int count) throws IOException {
    deflater.reset();
    deflater.setInput(plain, 0, count);
    deflater.finish();
    int size = deflater.deflate(packed, 0, packed.length);
    if (!deflater.finished()) {
      throw new IOException("gzip made more of " + count + " bytes than it can");
    }
    if (output.remaining() < HEADER + size + TRAILER) {
      drain(channel, sum);
    }
    checksum.reset();
    checksum.update(plain, 0, count);
    output.put(BEGIN).putInt(size + TRAILER).put(packed, 0, size);
    output.putInt((int) checksum.getValue()).putInt(count);
  }

  /// How many bytes of a member follow its header; -1 if that is no header of ours.
  static int size(byte[] header) {
    return header.length >= HEADER && Arrays.equals(header, 0, BEGIN.length, BEGIN, 0, BEGIN.length)
        ? ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(BEGIN.length)
        : -1;
  }

  private void drain(FileChannel channel, Checksum sum) throws IOException {
    output.flip();
    sum.update(output.array(), 0, output.limit());
    Durable.writeFully(channel, output);
    output.clear();
  }

  @Override
  public void close() {
    deflater.end();
  }
}
