package dev.sluice.parquet;

/// Small numbers as Parquet packs them: runs of one number, and groups of eight in as few bits as
/// the largest needs.
final class Hybrid {
  private static final int GROUP = 8;
  private static final int LONG_RUN = 2 * GROUP;

  private Hybrid() {}

  /// The bits that numbers below `count` take, at least one.
  static int width(int count) {
    return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(count - 1));
  }

  /// The numbers from `from` up to `to`, of `width` bits.
  static void write(Buffer out, int[] numbers, int from, int to, int width) {
    var packed = from;
    var at = from;
    while (at < to) {
      var end = runEnd(numbers, at, to);
      if (end - at >= LONG_RUN || (at == from && end == to)) {
        pack(out, numbers, packed, at, width);
        run(out, end - at, numbers[at], width);
        packed = end;
        at = end;
      } else {
        at = Math.min(to, at + GROUP);
      }
    }
    pack(out, numbers, packed, to, width);
  }

  /// `count` times the same number.
  static void run(Buffer out, int count, int number, int width) {
    out.varint(count << 1);
    for (var bits = 0; bits < width; bits += Byte.SIZE) {
      out.write(number >>> bits);
    }
  }

  private static int runEnd(int[] numbers, int at, int to) {
    var end = at + 1;
    while (end < to && numbers[end] == numbers[at]) {
      end++;
    }
    return end;
  }

  /// The last group is filled with zeros, so only the last call may end within one.
  private static void pack(Buffer out, int[] numbers, int from, int to, int width) {
    if (from == to) {
      return;
    }
    var groups = (to - from + GROUP - 1) / GROUP;
    out.varint((groups << 1) | 1);
    out.room(groups * width + Long.BYTES);
    var bytes = out.bytes;
    var at = out.length;
    out.length += groups * width;
    long word = 0;
    var bits = 0;
    for (var i = from; i < to; i++) {
      word |= (long) numbers[i] << bits;
      bits += width;
      if (bits >= Integer.SIZE) {
        Words.INT.set(bytes, at, (int) word);
        at += Integer.BYTES;
        word >>>= Integer.SIZE;
        bits -= Integer.SIZE;
      }
    }
    for (; at < out.length; at += Integer.BYTES) {
      Words.INT.set(bytes, at, (int) word);
      word = 0;
    }
  }
}
