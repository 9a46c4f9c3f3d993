package dev.sluice.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The texts that must not show in a trace or message: what stands in places for secrets, the
/// passwords within URLs, and the same encoded.
///
/// A text under a telling key (`password`, `token`, …) counts from 4 characters on, any other from
/// 8: a short one such as a user's name or `public` stands in many an innocent sentence.
final class SecretTexts {
  private static final int TELLING = 4;
  private static final int ANY = 8;
  private static final Pattern TELLING_KEY =
      Pattern.compile("pass|pwd|token|secret|key|credential|auth|sas|signature|private");
  private static final Pattern USER_INFO = Pattern.compile("://[^/@\\s:]*:([^/@\\s]+)@");

  private final Set<String> texts = new LinkedHashSet<>();

  /// Everything in a table, and in tables within it.
  void add(String key, @Nullable Object value) {
    switch (value) {
      case null -> {}
      case Map<?, ?> table -> table.forEach((name, inner) -> add(String.valueOf(name), inner));
      case List<?> list -> list.forEach(inner -> add(key, inner));
      default -> {
        var text = value.toString();
        var telling = TELLING_KEY.matcher(key.toLowerCase(Locale.ROOT)).find();
        if (text.length() >= (telling ? TELLING : ANY)) {
          texts.add(text);
        }
        var password = USER_INFO.matcher(text);
        if (password.find() && password.group(1).length() >= TELLING) {
          texts.add(password.group(1));
        }
      }
    }
  }

  String masked(String text) {
    var found = new ArrayList<String>();
    for (var secret : texts) {
      found.add(secret);
      found.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
      found.add(Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
    }
    found.sort(Comparator.comparingInt(String::length).reversed());
    var masked = text;
    for (var secret : found) {
      masked = masked.replace(secret, "***");
    }
    return masked;
  }
}
