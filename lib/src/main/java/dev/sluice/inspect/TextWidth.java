package dev.sluice.inspect;

/// How many columns of a terminal a text takes, and texts cut to them.
final class TextWidth {
  private static final String CUT = "…";

  private TextWidth() {}

  static int of(String text) {
    var ascii = true;
    for (var i = 0; i < text.length() && ascii; i++) {
      ascii = text.charAt(i) < 0x300;
    }
    return ascii ? text.length() : text.codePoints().map(TextWidth::of).sum();
  }

  private static int of(int c) {
    var type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    var wide =
        (c >= 0x1100 && c <= 0x115f)
            || (c >= 0x2e80 && c <= 0xa4cf)
            || (c >= 0xac00 && c <= 0xd7a3)
            || (c >= 0xf900 && c <= 0xfaff)
            || (c >= 0xfe30 && c <= 0xfe6f)
            || (c >= 0xff00 && c <= 0xff60)
            || (c >= 0xffe0 && c <= 0xffe6)
            || (c >= 0x1f300 && c <= 0x1faff)
            || (c >= 0x20000 && c <= 0x3fffd);
    return wide ? 2 : 1;
  }

  /// At most `width` columns; what is cut ends in `…`.
  static String cut(String text, int width) {
    if (text.length() <= width && of(text) <= width) {
      return text;
    }
    var kept = new StringBuilder();
    var used = 1;
    for (var i = 0; i < text.length(); ) {
      var c = text.codePointAt(i);
      used += of(c);
      if (used > width) {
        break;
      }
      kept.appendCodePoint(c);
      i += Character.charCount(c);
    }
    return kept + CUT;
  }

  /// At most `width` columns; what is cut is cut in the middle, since names often begin alike.
  static String cutMiddle(String text, int width) {
    if (of(text) <= width) {
      return text;
    }
    var head = cut(text, (width + 1) / 2);
    var free = width - of(head);
    var from = text.length();
    while (from > 0 && of(text.codePointBefore(from)) <= free) {
      free -= of(text.codePointBefore(from));
      from -= Character.charCount(text.codePointBefore(from));
    }
    return head + text.substring(from);
  }

  /// On one line, and without anything a terminal would obey.
  static String oneLine(String text) {
    var plain = true;
    for (var i = 0; i < text.length() && plain; i++) {
      plain = !unsafe(text.charAt(i));
    }
    if (plain) {
      return text;
    }
    var line = new StringBuilder(text.length());
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      line.append(c == '\n' ? '↵' : c == '\t' ? ' ' : unsafe(c) ? '·' : c);
    }
    return line.toString();
  }

  /// Control characters, and those that turn the direction of what follows.
  private static boolean unsafe(char c) {
    return c < 0x20
        || (c >= 0x7f && c <= 0x9f)
        || (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069);
  }
}
