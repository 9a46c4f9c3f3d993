package dev.sluice.normalize;

import java.math.BigInteger;
import java.util.Base64;
import java.util.HexFormat;

/// Bytes from and as text: base64, or `0x` and hexadecimal digits.
final class BinaryText {
  private BinaryText() {}

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// Bytes from text, or from a whole number: unsigned, lowest byte first, as few as hold it.
  static byte[] coerce(Object value) throws CannotCoerce {
    return switch (value) {
      case byte[] bytes -> bytes;
      case Long number when number >= 0 -> littleEndian(BigInteger.valueOf(number));
      case String text when text.startsWith("0x") -> hexadecimal(text);
      // Java takes base64 without its padding; Python and dlt do not.
      case String text when text.length() % 4 == 0 -> decode(text);
      default -> throw CannotCoerce.of(value, "binary");
    };
  }

  private static byte[] decode(String text) throws CannotCoerce {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException malformed) {
      throw CannotCoerce.of(text, "binary: neither base64 nor 0x and hexadecimal digits");
    }
  }

  private static byte[] hexadecimal(String text) throws CannotCoerce {
    var digits = new StringBuilder(text.length());
    for (int i = 2; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean blank = c == ' ' || (c >= '\t' && c <= '\r');
      if (!blank) {
        digits.append(c);
      } else if (digits.length() % 2 != 0) {
        throw CannotCoerce.of(text, "binary: a blank parts the digits of a byte");
      }
    }
    try {
      return HexFormat.of().parseHex(digits);
    } catch (IllegalArgumentException malformed) {
      throw CannotCoerce.of(text, "binary: neither base64 nor 0x and hexadecimal digits");
    }
  }

  private static byte[] littleEndian(BigInteger number) {
    var bytes = new byte[(number.bitLength() + 7) / 8];
    var big = number.toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = big[big.length - 1 - i];
    }
    return bytes;
  }
}
