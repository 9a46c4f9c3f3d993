package dev.sluice.json;

import dev.sluice.seam.Seam;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Strings and numbers of JSON as ranges of bytes. A zero ends whatever was read so far.
@Seam
public final class JsonBytes {
  /// The row holds something that wants a closer look.
  public static final int SLOW = -1;

  /// The bytes read end before the row does.
  public static final int MORE = -2;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';
  private static final long LINE_FEEDS = ONES * '\n';
  private static final long BLANKS = ONES * ' ';

  private JsonBytes() {}

  /// Eight bytes, the first of them lowest.
  static long eight(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at);
  }

  /// The first byte from `at` on that is no plain character of a string: a quote, a backslash, a
  /// control character, or the first of several bytes.
  public static int plainEnd(byte[] bytes, int from) {
    int at = from;
    int last = bytes.length - Long.BYTES;
    while (at <= last) {
      long eight = eight(bytes, at);
      long quote = eight ^ QUOTES;
      long backslash = eight ^ BACKSLASHES;
      long special =
          ((quote - ONES) & ~quote)
              | ((backslash - ONES) & ~backslash)
              | (eight - BLANKS) // below a blank, or high
              | eight;
      special &= HIGHS;
      if (special != 0) {
        int found = at + (Long.numberOfTrailingZeros(special) >>> 3);
        // A borrow may mark a byte behind a true one only, so the first mark is a true one.
        return found;
      }
      at += Long.BYTES;
    }
    while (true) {
      byte c = bytes[at];
      if (c < ' ' || c == '"' || c == '\\') {
        return at;
      }
      at++;
    }
  }

  /// The first line feed from `from` on; `end` if there is none before it.
  public static int lineEnd(byte[] bytes, int from, int end) {
    int at = from;
    while (at <= end - Long.BYTES) {
      long feed = eight(bytes, at) ^ LINE_FEEDS;
      long found = (feed - ONES) & ~feed & HIGHS;
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
      at += Long.BYTES;
    }
    while (at < end && bytes[at] != '\n') {
      at++;
    }
    return at;
  }

  /// The end of a well-formed character of several bytes that begins at `at`; [#SLOW] if it is
  /// none, [#MORE] if it is cut off.
  public static int wideEnd(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    int count = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4) {
      return SLOW;
    }
    for (int i = 1; i < count; i++) {
      byte c = bytes[at + i];
      if (c == 0) {
        return MORE;
      }
      if ((c & 0xc0) != 0x80) {
        return SLOW;
      }
    }
    int second = bytes[at + 1] & 0xff;
    boolean bad =
        (first == 0xe0 && second < 0xa0)
            || (first == 0xed && second > 0x9f)
            || (first == 0xf0 && second < 0x90)
            || (first == 0xf4 && second > 0x8f);
    return bad ? SLOW : at + count;
  }
}
