package dev.sluice.json;

import java.math.BigDecimal;
import java.math.MathContext;

/// A finite double as dlt's JSON writer spells it.
final class CanonicalNumber {
  // Java spells at least two digits, which shows only where doubles are this far apart.
  private static final double FEW_DIGITS = 1e-320;

  private CanonicalNumber() {}

  static String of(double number) {
    var magnitude = Math.abs(number);
    var java = magnitude < FEW_DIGITS ? fewestDigits(number) : Double.toString(number);
    var exponentAt = java.indexOf('E');
    if (exponentAt < 0) {
      return java;
    }
    var sign = java.charAt(0) == '-' ? "-" : "";
    var pointAt = java.indexOf('.');
    var whole = java.substring(sign.length(), pointAt);
    var fraction = java.substring(pointAt + 1, exponentAt);
    fraction = fraction.equals("0") ? "" : fraction;
    var exponent = Integer.parseInt(java.substring(exponentAt + 1));
    if (magnitude >= 1e16 || magnitude < 1e-5) {
      return sign
          + whole
          + (fraction.isEmpty() ? "" : "." + fraction)
          + (exponent < 0 ? "e" : "e+")
          + exponent;
    }
    if (exponent < 0) {
      return sign + "0." + "0".repeat(-exponent - 1) + whole + fraction;
    }
    var digits = fraction + "0".repeat(Math.max(0, exponent - fraction.length()));
    var rest = digits.substring(exponent);
    return sign + whole + digits.substring(0, exponent) + "." + (rest.isEmpty() ? "0" : rest);
  }

  private static String fewestDigits(double number) {
    var java = Double.toString(number);
    var digit = number == 0 ? null : new BigDecimal(java).round(new MathContext(1));
    return digit == null || digit.doubleValue() != number
        ? java
        : digit.unscaledValue() + ".0E" + -digit.scale();
  }
}
