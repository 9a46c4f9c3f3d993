package dev.sluice.json;

import org.jspecify.annotations.Nullable;

/// Looks through the JSON of a row for what would be spelled otherwise by [RowEncoder] once it was
/// read, or would be refused. A text without such things can go on as it stands.
///
/// It declines rather than decides: an unusual number, an escape, a key that may stand twice, a
/// mark. Not for use by several threads at once.
final class RawScan {
  private static final int DECLINED = -1;
  private static final int MAX_DEPTH = 64;
  private static final int MAX_KEYS = 64;

  /// A reader refuses names of 50,000 characters.
  private static final int MAX_KEY = 1_000;

  /// A long has 19 digits at most, a double tells 15 apart.
  private static final int LONG_DIGITS = 18;

  private static final int DOUBLE_DIGITS = 15;

  /// From here on a double is spelled with an exponent.
  private static final int LARGE_DIGITS = 7;

  /// The keys of the objects that are open, a number for each.
  private final long[] keys = new long[MAX_DEPTH * MAX_KEYS];

  private byte[] bytes = new byte[0];
  private boolean blanks;

  /// The row without blanks; null if it has to be read.
  @Nullable RawRow row(byte[] from, int start, int length) {
    // Zeros behind it end whatever is not closed, and let eight bytes be looked at at once.
    bytes = new byte[length + Long.BYTES];
    System.arraycopy(from, start, bytes, 0, length);
    blanks = false;
    int at = skipBlanks(0);
    if (bytes[at] != '{') {
      return null;
    }
    at = object(at, 1, 0);
    if (at == DECLINED || skipBlanks(at) != length) {
      return null;
    }
    return withoutBlanks(length);
  }

  private int value(int at, int depth, int firstKey) {
    return switch (bytes[at]) {
      case '"' -> string(at);
      case '{' -> depth < MAX_DEPTH ? object(at, depth + 1, firstKey) : DECLINED;
      case '[' -> depth < MAX_DEPTH ? list(at, depth + 1, firstKey) : DECLINED;
      case 't' -> word(at, "true");
      case 'f' -> word(at, "false");
      case 'n' -> word(at, "null");
      default -> number(at);
    };
  }

  private int object(int start, int depth, int firstKey) {
    int at = skipBlanks(start + 1);
    if (bytes[at] == '}') {
      return at + 1;
    }
    int lastKey = firstKey;
    while (bytes[at] == '"') {
      int end = JsonBytes.plainEnd(bytes, at + 1);
      boolean usual = bytes[end] == '"' && end - at <= MAX_KEY;
      if (!usual || !isNew(key(at + 1, end), firstKey, lastKey)) {
        return DECLINED;
      }
      lastKey++;
      at = skipBlanks(end + 1);
      if (bytes[at] != ':') {
        return DECLINED;
      }
      at = value(skipBlanks(at + 1), depth, lastKey);
      if (at == DECLINED) {
        return DECLINED;
      }
      at = skipBlanks(at);
      if (bytes[at] == '}') {
        return at + 1;
      }
      if (bytes[at] != ',') {
        return DECLINED;
      }
      at = skipBlanks(at + 1);
    }
    return DECLINED;
  }

  private int list(int start, int depth, int firstKey) {
    int at = skipBlanks(start + 1);
    if (bytes[at] == ']') {
      return at + 1;
    }
    while (true) {
      at = value(at, depth, firstKey);
      if (at == DECLINED) {
        return DECLINED;
      }
      at = skipBlanks(at);
      if (bytes[at] == ']') {
        return at + 1;
      }
      if (bytes[at] != ',') {
        return DECLINED;
      }
      at = skipBlanks(at + 1);
    }
  }

  /// Of keys up to 16 bytes no two have the same number, or nearly so.
  private long key(int start, int end) {
    int length = end - start;
    long first = JsonBytes.eight(bytes, start);
    if (length < Long.BYTES) {
      return (first & ((1L << (length << 3)) - 1)) * 31 + length;
    }
    long last = JsonBytes.eight(bytes, end - Long.BYTES);
    return (first * 0x9E3779B97F4A7C15L ^ last) * 31 + length;
  }

  private boolean isNew(long key, int from, int to) {
    if (to - from >= MAX_KEYS || to >= keys.length) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (keys[i] == key) {
        return false;
      }
    }
    keys[to] = key;
    return true;
  }

  private int string(int start) {
    int at = start + 1;
    while (true) {
      at = JsonBytes.plainEnd(bytes, at);
      byte c = bytes[at];
      if (c == '"') {
        return at + 1;
      }
      if (c == '\\') {
        if (!isUsualEscape(bytes[at + 1])) {
          return DECLINED;
        }
        at += 2;
      } else {
        // Marks are three bytes that begin with these two.
        boolean mark = c == (byte) 0xEF && bytes[at + 1] == (byte) 0x80;
        if (c >= 0 || mark) {
          return DECLINED;
        }
        at = JsonBytes.wideEnd(bytes, at);
        if (at < 0) {
          return DECLINED;
        }
      }
    }
  }

  private static boolean isUsualEscape(byte c) {
    return c == '"' || c == '\\' || c == 'n' || c == 't' || c == 'r' || c == 'b' || c == 'f';
  }

  private int word(int start, String word) {
    for (int i = 1; i < word.length(); i++) {
      if (bytes[start + i] != word.charAt(i)) {
        return DECLINED;
      }
    }
    return start + word.length();
  }

  private int number(int start) {
    int first = bytes[start] == '-' ? start + 1 : start;
    int point = digitsEnd(first);
    int whole = point - first;
    boolean zero = bytes[first] == '0';
    if (whole == 0 || (zero && whole > 1)) {
      return DECLINED;
    }
    byte behind = bytes[point];
    if (behind != '.') {
      boolean minusZero = zero && first > start;
      boolean usual = whole <= LONG_DIGITS && !minusZero && behind != 'e' && behind != 'E';
      return usual ? point : DECLINED;
    }
    int end = digitsEnd(point + 1);
    int decimals = end - point - 1;
    boolean usual =
        decimals > 0
            && whole <= LARGE_DIGITS
            && whole + decimals <= DOUBLE_DIGITS
            && (decimals == 1 || bytes[end - 1] != '0')
            && !(zero && decimals > 1 && isSmall(point + 1))
            && bytes[end] != 'e'
            && bytes[end] != 'E';
    return usual ? end : DECLINED;
  }

  /// Below a thousandth, more or less, where an exponent is spelled.
  private boolean isSmall(int decimals) {
    return bytes[decimals] == '0' && bytes[decimals + 1] == '0';
  }

  private int digitsEnd(int from) {
    int at = from;
    while (bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    return at;
  }

  private int skipBlanks(int from) {
    byte c = bytes[from];
    if (c > ' ' || c < 0 || c == 0) {
      return from;
    }
    int at = from;
    while (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r' || bytes[at] == '\n') {
      at++;
    }
    blanks |= at > from;
    return at;
  }

  private RawRow withoutBlanks(int length) {
    var row = bytes;
    bytes = new byte[0];
    if (!blanks) {
      return new RawRow(row, length);
    }
    int to = 0;
    boolean inString = false;
    for (int at = 0; at < length; at++) {
      byte c = row[at];
      if (inString && c == '\\') {
        row[to++] = c;
        c = row[++at];
      } else if (c == '"') {
        inString = !inString;
      } else if (!inString && c <= ' ' && c >= 0) {
        continue;
      }
      row[to++] = c;
    }
    return new RawRow(row, to);
  }
}
