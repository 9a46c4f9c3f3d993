package dev.sluice.schema;

import dev.sluice.seam.Seam;

/// White space as Python understands it, by which dlt strips names.
@Seam
public final class Blank {
  private Blank() {}

  /// The text without white space at both ends.
  public static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && is(text.charAt(from))) from++;
    while (to > from && is(text.charAt(to - 1))) to--;
    return text.substring(from, to);
  }

  private static boolean is(char c) {
    return (c >= 0x09 && c <= 0x0d)
        || (c >= 0x1c && c <= 0x20)
        || c == 0x85
        || c == 0xa0
        || c == 0x1680
        || (c >= 0x2000 && c <= 0x200a)
        || c == 0x2028
        || c == 0x2029
        || c == 0x202f
        || c == 0x205f
        || c == 0x3000;
  }
}
