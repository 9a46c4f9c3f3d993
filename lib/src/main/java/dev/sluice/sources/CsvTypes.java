package dev.sluice.sources;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the columns of a CSV hold, told from a sample: whole numbers, numbers, booleans, or text.
///
/// A number with a leading zero is a code, not a number: `007` stays text.
final class CsvTypes {
  enum Type {
    BIGINT,
    DOUBLE,
    BOOL,
    TEXT
  }

  private final Type[] types;

  private CsvTypes(Type[] types) {
    this.types = types;
  }

  static CsvTypes of(List<? extends List<@Nullable String>> sample, int columns) {
    var types = new Type[columns];
    for (int column = 0; column < columns; column++) {
      Type found = null;
      for (var record : sample) {
        var text = record.get(column);
        if (text != null) found = wider(found, of(text));
        if (found == Type.TEXT) break;
      }
      types[column] = found == null ? Type.TEXT : found;
    }
    return new CsvTypes(types);
  }

  /// What a column holds.
  Type of(int column) {
    return types[column];
  }

  /// The value of a field; text if it is not of the column's type.
  Object value(int column, String text) {
    return switch (types[column]) {
      case BIGINT -> isInteger(text) ? (Object) Long.parseLong(text) : text;
      case DOUBLE -> isNumber(text) ? (Object) Double.parseDouble(text) : text;
      case BOOL -> isBoolean(text) ? (Object) Boolean.parseBoolean(text) : text;
      case TEXT -> text;
    };
  }

  /// The names of the columns: those of the header, told apart, or `column_1`, ...
  static List<String> names(List<@Nullable String> first, boolean header) {
    var names = new ArrayList<String>();
    var taken = new HashSet<String>();
    for (int at = 0; at < first.size(); at++) {
      var name = header ? first.get(at) : null;
      var base = name == null || name.isBlank() ? "column_" + (at + 1) : name.strip();
      var unique = base;
      for (int count = 2; !taken.add(unique); count++) unique = base + "_" + count;
      names.add(unique);
    }
    return names;
  }

  private static Type of(String text) {
    if (isInteger(text)) return Type.BIGINT;
    if (isNumber(text)) return Type.DOUBLE;
    return isBoolean(text) ? Type.BOOL : Type.TEXT;
  }

  private static Type wider(@Nullable Type left, Type right) {
    if (left == null || left == right) return right;
    var numbers =
        (left == Type.BIGINT || left == Type.DOUBLE)
            && (right == Type.BIGINT || right == Type.DOUBLE);
    return numbers ? Type.DOUBLE : Type.TEXT;
  }

  private static boolean isInteger(String text) {
    var start = text.startsWith("-") ? 1 : 0;
    var digits = text.length() - start;
    if (digits == 0 || digits > 18) return false;
    if (text.charAt(start) == '0' && text.length() > 1) return false;
    for (int at = start; at < text.length(); at++) {
      if (text.charAt(at) < '0' || text.charAt(at) > '9') return false;
    }
    return true;
  }

  private static boolean isNumber(String text) {
    var at = text.startsWith("-") ? 1 : 0;
    var whole = at;
    while (at < text.length() && isDigit(text.charAt(at))) at++;
    var digits = at - whole;
    if (digits > 1 && text.charAt(whole) == '0') return false;
    if (at < text.length() && text.charAt(at) == '.') {
      var fraction = ++at;
      while (at < text.length() && isDigit(text.charAt(at))) at++;
      digits += at - fraction;
    }
    if (digits == 0) return false;
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) at++;
      var exponent = at;
      while (at < text.length() && isDigit(text.charAt(at))) at++;
      if (at == exponent || at - exponent > 3) return false;
    }
    return at == text.length() && Double.isFinite(Double.parseDouble(text));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isBoolean(String text) {
    return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
  }

  @Override
  public String toString() {
    return Arrays.toString(types);
  }
}
