package dev.sluice.config;

import dev.sluice.seam.Seam;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// The values of secret fields in JSON, or in what looks like it: cut off, within other text, or
/// itself a text of JSON.
@Seam
public final class Members {
  private static final Pattern NAME =
      Pattern.compile("(\\\\{0,3}[\"'])([\\w. $\\[\\]-]{1,80})\\1\\s{0,20}:\\s{0,20}");
  private static final Pattern NUMBER = Pattern.compile("-?\\d[\\d.eE+-]*");

  private final String text;
  private final UnaryOperator<String> mask;
  private final StringBuilder out = new StringBuilder();
  private int copied;

  private Members(String text, UnaryOperator<String> mask) {
    this.text = text;
    this.mask = mask;
  }

  /// The text with the texts of each secret field, also in lists and objects, replaced by what
  /// `mask` makes of them. Numbers become 0 where the name speaks of a password.
  public static String masked(String text, UnaryOperator<String> mask) {
    return text.indexOf(':') < 0 ? text : new Members(text, mask).masked();
  }

  private String masked() {
    var name = NAME.matcher(text);
    var at = 0;
    while (at <= text.length() && name.find(at)) {
      at = name.end();
      if (SecretNames.isSecretField(name.group(2)) && at < text.length()) {
        at = value(at, name.group(1), name.group(2));
      }
    }
    return copied == 0 ? text : out.append(text, copied, text.length()).toString();
  }

  private int value(int at, String quote, String name) {
    var c = text.charAt(at);
    if (text.startsWith(quote, at)) {
      return string(at, quote);
    }
    if (c == '[' || c == '{') {
      return within(at, quote);
    }
    var number = NUMBER.matcher(text).region(at, text.length());
    if (number.lookingAt() && name.matches("(?i).*(passw|passcode|secret|otp).*")) {
      replace(at, number.end(), "0");
      return number.end();
    }
    return at;
  }

  /// Every text up to the closing bracket but the names of members.
  private int within(int from, String quote) {
    var depth = 0;
    for (int at = from; at < text.length(); ) {
      if (text.startsWith(quote, at)) {
        var end = close(at + quote.length(), quote);
        var next = end;
        while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
          next++;
        }
        at = next < text.length() && text.charAt(next) == ':' ? end : string(at, quote);
        continue;
      }
      var c = text.charAt(at++);
      depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
      if (depth == 0) {
        return at;
      }
    }
    return text.length();
  }

  private int string(int at, String quote) {
    var from = at + quote.length();
    var end = close(from, quote);
    var to =
        Math.max(from, text.startsWith(quote, end - quote.length()) ? end - quote.length() : end);
    var value = text.substring(from, to);
    if (!Masking.harmless(value)) {
      replace(from, to, mask.apply(value));
    }
    return end;
  }

  /// Behind the closing quote, or where the text ends.
  private int close(int from, String quote) {
    for (int at = from; at < text.length(); at++) {
      if (text.startsWith(quote, at)) {
        return at + quote.length();
      }
      if (text.charAt(at) == '\\') {
        at++;
      }
    }
    return text.length();
  }

  private void replace(int from, int to, String by) {
    out.append(text, copied, from).append(by);
    copied = to;
  }
}
