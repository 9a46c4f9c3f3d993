package dev.sluice.normalize;

/// A value that does not fit a type; normalize then makes a variant column. It is part of the
/// ordinary way of a row and may come once a value, so it has no stack trace.
final class CannotCoerce extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 100;

  private CannotCoerce(String reason) {
    super(reason, null, false, false);
  }

  static CannotCoerce because(String reason) {
    return new CannotCoerce(reason);
  }

  /// For instance: `'n/a' is no bigint`.
  static CannotCoerce of(Object value, String wanted) {
    return new CannotCoerce(show(value) + " is no " + wanted);
  }

  /// The value in quotes, cut if it is long.
  static String show(Object value) {
    var text = value instanceof byte[] bytes ? bytes.length + " bytes" : String.valueOf(value);
    return "'"
        + (text.length() <= SHOWN ? text : text.substring(0, text.offsetByCodePoints(0, 80)) + "…")
        + "'";
  }
}
