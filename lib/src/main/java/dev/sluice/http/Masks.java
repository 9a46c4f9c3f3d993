package dev.sluice.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Pattern;

/// Hides secrets in whatever a person or a log may see.
final class Masks {
  static final String MASK = "***";
  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "authorization|cookie|token|secret|passw|passphrase|api[-_.]?key|apikey|access[-_.]?key"
              + "|signature|credential|private[-_.]?key|session[-_.]?id|^sig$|^auth$|^key$|^pwd$"
              + "|x-amz-security",
          Pattern.CASE_INSENSITIVE);

  /// Names of cursors hold the word token too, and must stay readable in messages and recordings.
  private static final Pattern CURSOR_NAME =
      Pattern.compile(
          "(next|page|continuation|cursor|sync)[-_.]?(page)?[-_.]?token", Pattern.CASE_INSENSITIVE);

  private static final Pattern USER_INFO = Pattern.compile("^([a-zA-Z][\\w+.-]*://)[^/?#@]*@");

  private Masks() {}

  static boolean isSecretName(String name) {
    return SECRET_NAME.matcher(name).find() && !CURSOR_NAME.matcher(name).find();
  }

  static String url(String url) {
    return url(RequestParts.of("GET", url));
  }

  static String url(RequestParts parts) {
    var text = new StringBuilder(USER_INFO.matcher(parts.base).replaceFirst("$1" + MASK + "@"));
    char before = '?';
    for (var param : parts.params) {
      var name = param.decodedName();
      boolean secret = parts.secretParams.contains(name) || isSecretName(name);
      text.append(before).append(secret ? param.name() + "=" + MASK : param);
      before = '&';
    }
    return text(text.toString(), parts.secretValues);
  }

  /// Masks each value wherever it stands: as it is, encoded for a URL, and in base64.
  static String text(String text, Collection<String> secretValues) {
    var masked = text;
    for (var value : secretValues) {
      if (value.length() >= 4) {
        masked = masked.replace(value, MASK);
        masked = masked.replace(RequestParts.encode(value), MASK);
        var bytes = value.getBytes(StandardCharsets.UTF_8);
        masked = masked.replace(Base64.getEncoder().withoutPadding().encodeToString(bytes), MASK);
        int space = value.indexOf(' ');
        if (space > 0) { // the token of `Bearer <token>` alone
          masked = text(masked, java.util.List.of(value.substring(space + 1)));
        }
      }
    }
    return masked;
  }
}
