package dev.sluice.json;

/// The private-use characters by which a string of an extracted file says its type, as in dlt.
final class TypeMark {
  static final char DECIMAL = '\uF026';
  static final char DATETIME = '\uF027';
  static final char DATE = '\uF028';
  static final char UUID = '\uF029';
  static final char HEX_BYTES = '\uF02A';
  static final char BASE64_BYTES = '\uF02B';
  static final char WEI = '\uF02C';
  static final char TIME = '\uF02D';

  /// Ours: before a string of the user's own that begins with a mark. dlt leaves it as it stands.
  static final char TEXT = '\uF02E';

  private TypeMark() {}

  static boolean isMark(char character) {
    return character >= DECIMAL && character <= TEXT;
  }

  static boolean startsWithMark(String text) {
    return !text.isEmpty() && isMark(text.charAt(0));
  }

  /// Whether a text of the user's would be taken for something else when read back.
  static boolean needsEscape(String text) {
    if (!startsWithMark(text)) {
      return false;
    }
    return text.charAt(0) != TEXT || (text.length() > 1 && isMark(text.charAt(1)));
  }
}
