package dev.sluice.normalize;

import dev.sluice.schema.Blank;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Numbers as texts spell them, by the rules of Python that dlt follows; white space around them is
/// no matter.
///
/// Only ASCII digits count, and no underscore among them: `1_000` and `٤٢` are numbers to Python
/// alone, and taking them for some would change what the source said. All methods return null for
/// what is no such number.
final class NumberText {
  /// Beyond this many digits Python refuses whole numbers, and so do we: reading them takes
  /// quadratic time.
  private static final int MOST_DIGITS = 4300;

  private static final int DIGITS_OF_A_LONG = 18;

  /// A double holds each whole number of as many digits, and each of these powers of ten.
  private static final int EXACT_DIGITS = 15;

  private static final double[] POWERS = new double[EXACT_DIGITS + 1];

  static {
    double power = 1;
    for (int i = 0; i < POWERS.length; i++, power *= 10) {
      POWERS[i] = power;
    }
  }

  private NumberText() {}

  /// The whole number of at most 18 digits that stands there.
  static long whole(byte[] digits, int from, int to) {
    boolean negative = digits[from] == '-';
    long number = 0;
    for (int at = negative ? from + 1 : from; at < to; at++) {
      number = 10 * number + digits[at] - '0';
    }
    return negative ? -number : number;
  }

  /// The number that stands there: digits, perhaps a point and more digits, no exponent.
  static double floating(byte[] text, int from, int to) {
    boolean negative = text[from] == '-';
    int point = to - 1;
    int digits = 0;
    long number = 0;
    for (int at = negative ? from + 1 : from; at < to; at++) {
      if (text[at] == '.') {
        point = at;
      } else {
        number = 10 * number + text[at] - '0';
        digits++;
      }
    }
    if (digits > EXACT_DIGITS) {
      return Double.parseDouble(new String(text, from, to - from, StandardCharsets.US_ASCII));
    }
    // Both are exact, so that the quotient is the nearest double.
    double size = number / POWERS[to - 1 - point];
    return negative ? -size : size;
  }

  /// A Long, or a BigInteger if it needs more than 64 bits; `0x…` is hexadecimal.
  static @Nullable Number integer(String untrimmed) {
    var text = Blank.strip(untrimmed);
    if (text.startsWith("0x")) {
      return hexadecimal(text.substring(2));
    }
    int from = signed(text) ? 1 : 0;
    int digits = text.length() - from;
    if (digits == 0 || digits > MOST_DIGITS || digitsFrom(text, from) != text.length()) {
      return null;
    }
    return digits <= DIGITS_OF_A_LONG
        ? (Number) Long.parseLong(text)
        : shortest(new BigInteger(text.charAt(0) == '+' ? text.substring(1) : text));
  }

  /// A double, `nan` and the infinities included; too large is infinite.
  static @Nullable Double floating(String untrimmed) {
    var text = Blank.strip(untrimmed);
    if (text.startsWith("0x")) {
      var hexadecimal = hexadecimal(text.substring(2));
      var number = hexadecimal == null ? Double.NaN : hexadecimal.doubleValue();
      return Double.isFinite(number) ? number : null;
    }
    return decimalFloating(text);
  }

  /// As [#floating(String)], without the hexadecimal form.
  static @Nullable Double decimalFloating(String untrimmed) {
    var text = Blank.strip(untrimmed);
    var word = special(text);
    if (word != null) {
      return word;
    }
    return isDecimal(text) ? Double.valueOf(text) : null;
  }

  /// A BigDecimal with the digits as they stand. Not-a-number and the infinities are null: no
  /// column holds them.
  static @Nullable BigDecimal decimal(String untrimmed) {
    var text = Blank.strip(untrimmed);
    if (text.startsWith("0x")) {
      var hexadecimal = hexadecimal(text.substring(2));
      return hexadecimal == null ? null : new BigDecimal(hexadecimal.toString());
    }
    if (!isDecimal(text) || text.length() > MOST_DIGITS) {
      return null;
    }
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException exponentTooLong) {
      return null;
    }
  }

  /// The same number as a Long if 64 bits hold it.
  static Number shortest(BigInteger number) {
    return number.bitLength() < Long.SIZE ? (Number) number.longValue() : number;
  }

  private static @Nullable Number hexadecimal(String untrimmed) {
    var text = Blank.strip(untrimmed);
    boolean negative = text.startsWith("-");
    int from = signed(text) ? 1 : 0;
    if (text.regionMatches(true, from, "0x", 0, 2)) {
      from += 2;
    }
    if (from == text.length() || text.length() - from > MOST_DIGITS) {
      return null;
    }
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) > 'f' || Character.digit(text.charAt(i), 16) < 0) {
        return null;
      }
    }
    var number = new BigInteger(text.substring(from), 16);
    return shortest(negative ? number.negate() : number);
  }

  private static @Nullable Double special(String text) {
    int from = signed(text) ? 1 : 0;
    if (text.length() - from < 3 || Character.isDigit(text.charAt(from))) {
      return null;
    }
    var word = text.substring(from);
    if (word.equalsIgnoreCase("nan")) {
      return Double.NaN;
    }
    // Of the letters of "infinity" some have a third case form, which Python does not take.
    if (isAscii(word) && (word.equalsIgnoreCase("inf") || word.equalsIgnoreCase("infinity"))) {
      return text.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    return null;
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  /// `[sign] digits [. [digits]] [e [sign] digits]`, with a digit before or behind the point.
  private static boolean isDecimal(String text) {
    int from = signed(text) ? 1 : 0;
    int at = digitsFrom(text, from);
    int digits = at - from;
    if (at < text.length() && text.charAt(at) == '.') {
      int fraction = digitsFrom(text, at + 1);
      digits += fraction - at - 1;
      at = fraction;
    }
    if (digits == 0) {
      return false;
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int exponent = at + 1;
      if (exponent < text.length()
          && (text.charAt(exponent) == '+' || text.charAt(exponent) == '-')) {
        exponent++;
      }
      at = digitsFrom(text, exponent);
      if (at == exponent) {
        return false;
      }
    }
    return at == text.length();
  }

  private static boolean signed(String text) {
    return !text.isEmpty() && (text.charAt(0) == '+' || text.charAt(0) == '-');
  }

  private static int digitsFrom(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }
}
