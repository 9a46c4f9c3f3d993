package dev.sluice.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The texts that must not show in a trace or message: what stands in places for secrets, the
/// passwords within URLs, and the same encoded.
///
/// A text under a telling key (`password`, `token`, …) counts from 4 characters on, any other from
/// 8: a short one such as a user's name or `public` stands in many an innocent sentence.
///
/// What was handed out as a [Secret] is known to all configs of one settings folder: a script asks
/// for its token by another config than its pipeline's.
final class SecretTexts {
  private static final int TELLING = 4;
  private static final int ANY = 8;
  private static final Pattern TELLING_KEY =
      Pattern.compile("pass|pwd|token|secret|key|credential|auth|sas|signature|private");
  private static final Pattern USER_INFO = Pattern.compile("://[^/@\\s:]*:((?!\\d+/)\\S+)@");

  private final Map<String, String> texts = new LinkedHashMap<>();
  private final Map<String, String> handedOut = new LinkedHashMap<>();

  /// Everything in a table, and in tables within it.
  void add(String key, @Nullable Object value) {
    collect(texts, key, value);
  }

  /// A value that somebody got as a [Secret], with the key it was found under. Of a table those
  /// whose names tell: not all that stands in `secrets.toml` is one.
  void handOut(String key, Object value) {
    collect(texts, key, value);
    if (value instanceof Map<?, ?> table) {
      table.forEach((name, inner) -> {
        if (inner instanceof Map || SecretNames.isSecretField(String.valueOf(name))) {
          handOut(key + "." + name, inner);
        }
      });
    } else {
      collect(handedOut, key, value);
    }
  }

  private static void collect(Map<String, String> to, String key, @Nullable Object value) {
    switch (value) {
      case null -> {}
      case Map<?, ?> table ->
          table.forEach((name, inner) ->
              collect(to, key.isEmpty() ? String.valueOf(name) : key + "." + name, inner));
      case List<?> list -> list.forEach(inner -> collect(to, key, inner));
      default -> {
        var text = value.toString();
        var name = key.substring(key.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (text.length() >= (TELLING_KEY.matcher(name).find() ? TELLING : ANY)) {
          to.putIfAbsent(text, key);
        }
        var password = USER_INFO.matcher(text);
        if (password.find() && password.group(1).length() >= TELLING) {
          to.putIfAbsent(password.group(1), key);
        }
        if (text.regionMatches(true, 0, "jdbc:", 0, 5)) {
          JdbcUrl.secrets(text).stream()
              .filter(secret -> secret.length() >= ANY)
              .forEach(secret -> to.putIfAbsent(secret, key));
        }
      }
    }
  }

  String masked(String text) {
    return Masking.text(text, texts.keySet());
  }

  /// The secrets that were handed out, each with its setting's key.
  Map<String, String> handedOut() {
    return handedOut;
  }
}
