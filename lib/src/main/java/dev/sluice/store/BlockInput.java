package dev.sluice.store;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/// Inflates what [Block] packed: each member says how long it is, so that it is read, inflated and
/// checked as a whole.
final class BlockInput extends InputStream {
  private final InputStream in;
  private final CRC32 checksum = new CRC32();
  private final byte[] packed = new byte[Block.LARGEST];
  private final byte[] plain = new byte[Block.LARGEST];
  private final byte[] head = new byte[Block.HEADER];
  private Inflater inflater = new Inflater(true);
  private boolean fast;
  private int at;
  private int limit;

  BlockInput(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    return at < limit || next() ? plain[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (at == limit && !next()) {
      return -1;
    }
    int count = Math.min(length, limit - at);
    System.arraycopy(plain, at, target, offset, count);
    at += count;
    return count;
  }

  /// Inflates the next member that holds anything; false at the end of the file.
  private boolean next() throws IOException {
    do {
      int got = in.readNBytes(head, 0, head.length);
      if (got == 0) {
        return false;
      }
      if (got < head.length) {
        throw new EOFException("The file ends within the head of a member");
      }
      member();
    } while (limit == 0);
    return true;
  }

  private void member() throws IOException {
    int size = Block.size(head);
    if (size < Block.TRAILER || size > packed.length) {
      throw new ZipException("not in members of a known size");
    }
    if (in.readNBytes(packed, 0, size) < size) {
      throw new EOFException("The file ends within a member");
    }
    var trailer = ByteBuffer.wrap(packed, size - Block.TRAILER, Block.TRAILER);
    int sum = trailer.order(ByteOrder.LITTLE_ENDIAN).getInt();
    int count = trailer.getInt();
    if (count < 0 || count > plain.length) {
      throw new ZipException("a member of " + count + " bytes");
    }
    inflate(size - Block.TRAILER, count);
    checksum.reset();
    checksum.update(plain, 0, count);
    if ((int) checksum.getValue() != sum) {
      throw new ZipException("a member has another checksum");
    }
    at = 0;
    limit = count;
  }

  private void inflate(int size, int count) throws IOException {
    if (!fast && IntelDeflate.ready()) {
      inflater.end();
      inflater = IntelDeflate.inflater();
      fast = true;
    }
    inflater.reset();
    inflater.setInput(packed, 0, size);
    try {
      int inflated = count == 0 ? 0 : inflater.inflate(plain, 0, count);
      if (inflated != count) {
        throw new ZipException("a member has not the size it says");
      }
    } catch (DataFormatException | RuntimeException corrupt) { // zlib's, and the faster library's
      throw new ZipException(String.valueOf(corrupt.getMessage()));
    }
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
