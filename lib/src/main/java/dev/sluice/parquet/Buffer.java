package dev.sluice.parquet;

import java.util.Arrays;

/// A growing array of bytes.
final class Buffer {
  private static final int FIRST = 1 << 16;
  private static final int KEPT = 16 << 20;
  private static final int MOST = Integer.MAX_VALUE - 64;

  byte[] bytes = new byte[FIRST];
  int length;

  void clear() {
    length = 0;
    if (bytes.length > KEPT) {
      bytes = new byte[FIRST];
    }
  }

  public void write(int one) {
    room(1);
    bytes[length++] = (byte) one;
  }

  public void write(byte[] from, int offset, int count) {
    room(count);
    System.arraycopy(from, offset, bytes, length, count);
    length += count;
  }

  /// Seven bits in a byte, the lowest first.
  void varint(long value) {
    room(10);
    var rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  void zeros(int count) {
    room(count);
    Arrays.fill(bytes, length, length + count, (byte) 0);
    length += count;
  }

  /// So many bytes can be set behind the length.
  void room(int count) {
    long needed = (long) length + count;
    if (needed > bytes.length) {
      bytes =
          Arrays.copyOf(
              bytes, (int) Math.max(needed, Math.min(MOST, Math.max(needed, bytes.length * 2L))));
    }
  }
}
