package dev.sluice.json;

/// Looks through the JSON of a row for what would be spelled otherwise by [RowEncoder] once it was
/// read, or would be refused. A text without such things can go on as it stands.
///
/// It declines rather than decides: an unusual number, an escape, a key that may stand twice, a
/// mark. Not for use by several threads at once.
final class RawScan {
  static final int DECLINED = -1;

  private static final int MAX_DEPTH = 64;
  private static final int MAX_KEYS = 64;

  /// A reader refuses names of 50,000 characters.
  private static final int MAX_KEY = 1_000;

  /// A long has 19 digits at most, a double tells 15 apart.
  private static final int LONG_DIGITS = 18;

  private static final int DOUBLE_DIGITS = 15;

  /// From here on a double is spelled with an exponent.
  private static final int LARGE_DIGITS = 7;

  private static final byte[] NONE = {};

  /// The keys of the objects that are open, a number for each.
  private final long[] keys = new long[MAX_DEPTH * MAX_KEYS];

  /// Of each object or list that is open, what ends it and where its keys begin.
  private final byte[] closing = new byte[MAX_DEPTH + 1];

  private final int[] firstKeys = new int[MAX_DEPTH + 1];

  private byte[] bytes = NONE;
  private int lastKey;
  private boolean blanks;

  /// The length of the row from `start` on once its blanks are taken out; [#DECLINED] if it has to
  /// be read.
  ///
  /// - `end`: where a zero stands, which ends whatever is not closed; seven bytes more are there,
  ///   so that eight can be looked at at once
  int length(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    blanks = false;
    int length = end(start) == end ? withoutBlanks(start, end) - start : DECLINED;
    this.bytes = NONE;
    return length;
  }

  private int end(int start) {
    int at = skipBlanks(start);
    at = bytes[at] == '{' ? object(at) : DECLINED;
    return at == DECLINED ? DECLINED : skipBlanks(at);
  }

  /// The end of the object that begins at `start`. A loop, since methods that call one another in
  /// turn are compiled several times, each into the others.
  private int object(int start) {
    int depth = 0;
    int at = start;
    lastKey = 0;
    while (true) {
      byte c = bytes[at];
      boolean opens = c == '{' || c == '[';
      if (opens) {
        if (depth == MAX_DEPTH) {
          return DECLINED;
        }
        depth++;
        closing[depth] = c == '{' ? (byte) '}' : (byte) ']';
        firstKeys[depth] = lastKey;
        at++;
      } else {
        at = c == '"' ? string(at) : plain(at);
        if (at == DECLINED) {
          return DECLINED;
        }
      }
      at = skipBlanks(at);
      if (!opens || bytes[at] == closing[depth]) {
        while (bytes[at] == closing[depth]) {
          lastKey = firstKeys[depth];
          depth--;
          if (depth == 0) {
            return at + 1;
          }
          at = skipBlanks(at + 1);
        }
        if (bytes[at] != ',') {
          return DECLINED;
        }
        at = skipBlanks(at + 1);
      }
      if (closing[depth] == '}') {
        at = name(at, firstKeys[depth]);
        if (at == DECLINED) {
          return DECLINED;
        }
      }
    }
  }

  private int plain(int at) {
    return switch (bytes[at]) {
      case 't' -> word(at, "true");
      case 'f' -> word(at, "false");
      case 'n' -> word(at, "null");
      default -> number(at);
    };
  }

  /// The value behind the name that begins at `start`.
  private int name(int start, int firstKey) {
    if (bytes[start] != '"') {
      return DECLINED;
    }
    int end = JsonBytes.plainEnd(bytes, start + 1);
    boolean usual = bytes[end] == '"' && end - start <= MAX_KEY;
    if (!usual || !isNew(key(start + 1, end), firstKey)) {
      return DECLINED;
    }
    int at = skipBlanks(end + 1);
    return bytes[at] == ':' ? skipBlanks(at + 1) : DECLINED;
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

  private boolean isNew(long key, int firstKey) {
    if (lastKey - firstKey >= MAX_KEYS || lastKey >= keys.length) {
      return false;
    }
    for (int i = firstKey; i < lastKey; i++) {
      if (keys[i] == key) {
        return false;
      }
    }
    keys[lastKey++] = key;
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

  private int withoutBlanks(int start, int end) {
    if (!blanks) {
      return end;
    }
    int to = start;
    boolean inString = false;
    for (int at = start; at < end; at++) {
      byte c = bytes[at];
      if (inString && c == '\\') {
        bytes[to++] = c;
        c = bytes[++at];
      } else if (c == '"') {
        inString = !inString;
      } else if (!inString && c <= ' ' && c >= 0) {
        continue;
      }
      bytes[to++] = c;
    }
    return to;
  }
}
