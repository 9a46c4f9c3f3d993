package dev.sluice.sources;

import java.util.regex.Pattern;

/// A pattern of paths with slashes: `*` within a name, `**` any folders, `?` one character,
/// `{csv,jsonl}` one of those, `[a-z]` one of a range.
final class Glob {
  private final String text;
  private final Pattern pattern;

  private Glob(String text, Pattern pattern) {
    this.text = text;
    this.pattern = pattern;
  }

  static Glob of(String text) {
    return new Glob(text, Pattern.compile(regex(text), Pattern.DOTALL));
  }

  boolean matches(String path) {
    return pattern.matcher(path).matches();
  }

  /// So many levels of folders have what fits; whatever a range like `[!a]` allows is not counted.
  int levels() {
    if (text.contains("**") || text.contains("[")) return Integer.MAX_VALUE;
    return text.split("/", -1).length;
  }

  private static String regex(String glob) {
    var regex = new StringBuilder();
    var braces = 0;
    for (int at = 0; at < glob.length(); at++) {
      var c = glob.charAt(at);
      switch (c) {
        case '*' -> {
          if (glob.startsWith("**/", at)) {
            regex.append("(?:.*/)?");
            at += 2;
          } else if (glob.startsWith("**", at)) {
            regex.append(".*");
            at++;
          } else {
            regex.append("[^/]*");
          }
        }
        case '?' -> regex.append("[^/]");
        case '{' -> {
          regex.append("(?:");
          braces++;
        }
        case '}' -> {
          regex.append(braces > 0 ? ")" : "\\}");
          braces = Math.max(0, braces - 1);
        }
        case ',' -> regex.append(braces > 0 ? "|" : ",");
        case '[' -> {
          var end = glob.indexOf(']', at + 1);
          if (end < 0) {
            regex.append("\\[");
          } else {
            var range = glob.substring(at + 1, end).replace("\\", "\\\\").replace("[", "\\[");
            regex.append('[').append(range.startsWith("!") ? "^" + range.substring(1) : range);
            regex.append(']');
            at = end;
          }
        }
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    if (braces > 0) throw new IllegalArgumentException("Glob '" + glob + "' has a '{' without '}'");
    return regex.toString();
  }

  @Override
  public String toString() {
    return text;
  }
}
