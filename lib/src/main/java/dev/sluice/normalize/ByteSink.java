package dev.sluice.normalize;

import java.util.Arrays;

/// A growing array of bytes that JSON is written to. Not for several threads.
final class ByteSink {
  private static final byte[] HEX =
      "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  byte[] bytes;
  int length;

  ByteSink() {
    this(1 << 16);
  }

  ByteSink(int capacity) {
    bytes = new byte[capacity];
  }

  void clear() {
    length = 0;
  }

  void raw(byte one) {
    reserve(1);
    bytes[length++] = one;
  }

  void raw(byte[] from, int offset, int count) {
    reserve(count);
    System.arraycopy(from, offset, bytes, length, count);
    length += count;
  }

  /// Text known to be ASCII, as it stands.
  @SuppressWarnings("deprecation") // the one copy that encodes nothing
  void ascii(String text) {
    int count = text.length();
    reserve(count);
    text.getBytes(0, count, bytes, length);
    length += count;
  }

  void number(long number) {
    if (number == Long.MIN_VALUE) {
      ascii("-9223372036854775808");
      return;
    }
    reserve(20);
    long rest = number;
    if (rest < 0) {
      bytes[length++] = '-';
      rest = -rest;
    }
    int digits = 1;
    for (long bound = 10; digits < 19 && rest >= bound; bound *= 10) {
      digits++;
    }
    for (int at = length + digits - 1; at >= length; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
  }

  /// A JSON string in quotes.
  ///
  /// - returns false, and leaves nothing behind, if half a surrogate pair makes it no text
  boolean utf8(String text) {
    int start = length;
    int count = text.length();
    reserve(count + 2);
    bytes[length++] = '"';
    int i = 0;
    for (; i < count; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\' || c > 0x7e) {
        break;
      }
      bytes[length++] = (byte) c;
    }
    if (i < count && !rest(text, i)) {
      length = start;
      return false;
    }
    raw((byte) '"');
    return true;
  }

  /// As [#utf8(String)], for a part of an array.
  boolean utf8(char[] text, int offset, int count) {
    int start = length;
    reserve(count + 2);
    bytes[length++] = '"';
    int end = offset + count;
    int i = offset;
    for (; i < end; i++) {
      char c = text[i];
      if (c < ' ' || c == '"' || c == '\\' || c > 0x7e) {
        break;
      }
      bytes[length++] = (byte) c;
    }
    if (i < end && !rest(new String(text, i, end - i), 0)) {
      length = start;
      return false;
    }
    raw((byte) '"');
    return true;
  }

  /// What stands between the quotes of a JSON string with escapes of one character only.
  void unescaped(byte[] json, int from, int to) {
    reserve(to - from);
    for (int at = from; at < to; at++) {
      byte c = json[at];
      if (c == '\\') {
        c = json[++at];
        c =
            switch (c) {
              case 'b' -> '\b';
              case 'f' -> '\f';
              case 'n' -> '\n';
              case 'r' -> '\r';
              case 't' -> '\t';
              default -> c;
            };
      }
      bytes[length++] = c;
    }
  }

  private boolean rest(String text, int from) {
    int count = text.length();
    reserve(6 * (count - from) + 1);
    for (int i = from; i < count; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        ascii(c);
      } else if (c < 0x800) {
        bytes[length++] = (byte) (0xc0 | (c >> 6));
        bytes[length++] = (byte) (0x80 | (c & 0x3f));
      } else if (!Character.isSurrogate(c)) {
        bytes[length++] = (byte) (0xe0 | (c >> 12));
        bytes[length++] = (byte) (0x80 | ((c >> 6) & 0x3f));
        bytes[length++] = (byte) (0x80 | (c & 0x3f));
      } else {
        if (++i == count || !Character.isSurrogatePair(c, text.charAt(i))) {
          return false;
        }
        int point = Character.toCodePoint(c, text.charAt(i));
        bytes[length++] = (byte) (0xf0 | (point >> 18));
        bytes[length++] = (byte) (0x80 | ((point >> 12) & 0x3f));
        bytes[length++] = (byte) (0x80 | ((point >> 6) & 0x3f));
        bytes[length++] = (byte) (0x80 | (point & 0x3f));
      }
    }
    return true;
  }

  private void ascii(char c) {
    if (c >= ' ') {
      if (c == '"' || c == '\\') {
        bytes[length++] = '\\';
      }
      bytes[length++] = (byte) c;
      return;
    }
    bytes[length++] = '\\';
    switch (c) {
      case '\n' -> bytes[length++] = 'n';
      case '\r' -> bytes[length++] = 'r';
      case '\t' -> bytes[length++] = 't';
      case '\b' -> bytes[length++] = 'b';
      case '\f' -> bytes[length++] = 'f';
      default -> {
        bytes[length++] = 'u';
        bytes[length++] = '0';
        bytes[length++] = '0';
        bytes[length++] = HEX[c >> 4];
        bytes[length++] = HEX[c & 0xf];
      }
    }
  }

  void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), 2 * bytes.length));
    }
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, java.nio.charset.StandardCharsets.UTF_8);
  }
}
