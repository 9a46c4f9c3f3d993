package dev.sluice.config;

import dev.sluice.seam.Seam;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Hides secrets in what a person, a log or a file may see: known ones in each form in which they
/// travel, unknown ones by the names and places that tell of them; in causes of errors too.
@Seam
public final class Masking {
  public static final String MASK = "***";

  /// Shorter ones are hidden only where they stand alone, or they would blot out whole sentences.
  private static final int SHORT = 4;

  /// From so many bytes on a text is looked for within other texts in base64 too.
  private static final int LONG = 8;

  private static final int MOST_CAUSES = 50;

  private static final Pattern JDBC =
      Pattern.compile(
          "\\bjdbc:(?:[^\\s'\"{]++|\\{[^}\\n]*+}?|(?<==)\"[^\"\\n]*+\"|(?<=[/:])\"[^\"\\n]*+\"(?=@)|(?<==)'[^'\\n]*+')++",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern USER =
      Pattern.compile("(\\b[a-zA-Z][\\w+.-]{0,30}://)[^\\s/?#'\"]*@");
  private static final Pattern ODD_USER =
      Pattern.compile(
          "(\\b[a-zA-Z][\\w+.-]{0,30}://)[^\\s/?#'\"@:*]*:(?!\\d*(?:[/?#\\s'\":,]|$))[^\\s'\"]{0,2000}@");
  private static final Pattern PAIR =
      Pattern.compile(
          "(?<![\\w.\\[\\]-])([\\w.\\[\\]-]{0,199}[\\w\\]])(\\s?=\\s?)('[^'\\n]*'|\"[^\"\\n]*\"|\\{[^}\\n]*}"
              + "|[^\\s;,&)'\"<>\\]}\\\\]+)");

  private Masking() {}

  /// The text with each secret in it as `***`: as it is, as in JSON, encoded for a URL, in base64.
  public static String text(String text, Collection<String> secrets) {
    var found = new LinkedHashSet<String>();
    for (var secret : secrets) {
      found.addAll(forms(secret));
    }
    var ordered = new ArrayList<>(found);
    ordered.sort(Comparator.comparingInt(String::length).reversed());
    var masked = text;
    for (var form : ordered) {
      masked =
          form.length() >= SHORT
              ? masked.replace(form, MASK)
              : Pattern.compile("(?<![\\w*])" + Pattern.quote(form) + "(?![\\w*])")
                  .matcher(masked)
                  .replaceAll(MASK);
    }
    return masked;
  }

  /// Every form in which a secret may stand in a text.
  public static Set<String> forms(String secret) {
    var forms = new LinkedHashSet<String>();
    if (secret.isBlank() || secret.equals(MASK)) {
      return forms;
    }
    forms.add(secret);
    forms.add(secret.strip());
    var url = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    for (var encoded : List.of(url, url.replace("+", "%20"))) {
      forms.add(encoded);
      forms.add(
          Pattern.compile("%[0-9A-F]{2}")
              .matcher(encoded)
              .replaceAll(hex -> hex.group().toLowerCase(Locale.ROOT)));
    }
    forms.addAll(escaped(secret));
    if (secret.length() >= SHORT) {
      base64(secret.getBytes(StandardCharsets.UTF_8), forms);
    }
    return forms;
  }

  private static List<String> escaped(String secret) {
    var plain = new StringBuilder();
    var ascii = new StringBuilder();
    for (int i = 0; i < secret.length(); i++) {
      var c = secret.charAt(i);
      var mark = "\"\\\b\f\n\r\t".indexOf(c);
      var shown =
          mark >= 0
              ? "\\" + "\"\\bfnrt".charAt(mark)
              : c < ' ' ? "\\u%04x".formatted((int) c) : String.valueOf(c);
      plain.append(shown);
      ascii.append(c > '~' ? "\\u%04x".formatted((int) c) : shown);
    }
    return List.of(plain.toString(), ascii.toString(), plain.toString().replace("/", "\\/"));
  }

  /// Alone, and behind one or two other bytes: `user:password` in base64 holds the password so.
  private static void base64(byte[] bytes, Set<String> forms) {
    for (int before = 0; before <= (bytes.length < LONG ? 0 : 2); before++) {
      var whole = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, whole, before, bytes.length);
      // Characters that hold bits of the neighbours are left out.
      var from = before == 0 ? 0 : before + 1;
      var to = whole.length * 8 / 6;
      var open = Base64.getEncoder().withoutPadding().encodeToString(whole).substring(from, to);
      var alone = Base64.getEncoder().withoutPadding().encodeToString(whole);
      forms.add(before == 0 ? alone : open);
      forms.add(open);
      forms.add(open.replace('+', '-').replace('/', '_'));
      if (before == 0) {
        forms.add(alone.replace('+', '-').replace('/', '_'));
      }
    }
    forms.removeIf(form -> form.length() < SHORT && bytes.length >= SHORT);
  }

  /// The text without what names and places tell to be secret: passwords in URLs, of databases too,
  /// and values behind names such as `password=` or `"access_token":`.
  public static String telling(String text) {
    var masked = text;
    if (contains(masked, "jdbc:")) {
      var within = new LinkedHashSet<String>();
      masked =
          JDBC.matcher(masked)
              .replaceAll(url -> {
                within.addAll(JdbcUrl.secrets(url.group()));
                return Matcher.quoteReplacement(jdbc(url.group()));
              });
      within.removeIf(secret -> secret.length() < SHORT);
      masked = text(masked, within);
    }
    if (masked.contains("@")) {
      masked = USER.matcher(masked).replaceAll("$1" + Matcher.quoteReplacement(MASK) + "@");
      masked = ODD_USER.matcher(masked).replaceAll("$1" + Matcher.quoteReplacement(MASK) + "@");
    }
    if (masked.contains("=")) {
      masked =
          PAIR.matcher(masked)
              .replaceAll(pair ->
                  Matcher.quoteReplacement(
                      SecretNames.isSecretField(pair.group(1)) && !harmless(pair.group(3))
                          ? pair.group(1) + pair.group(2) + MASK
                          : pair.group()));
    }
    return Members.masked(masked, secret -> MASK);
  }

  private static boolean contains(String text, String lower) {
    return text.contains(lower) || text.toLowerCase(Locale.ROOT).contains(lower);
  }

  private static String jdbc(String url) {
    var end = url.length();
    while (end > 0 && ",.;:)".indexOf(url.charAt(end - 1)) >= 0 && url.indexOf(':') < end - 1) {
      end--;
    }
    return url.matches("(?i)jdbc:\\w+:")
        ? url
        : JdbcUrl.shown(url.substring(0, end)) + url.substring(end);
  }

  static boolean harmless(String value) {
    return value.isEmpty()
        || value.startsWith(MASK)
        || value.matches("(?i)'?\\*+'?|[?:$].*|true|false|null|none|\\d{1,5}");
  }

  /// The error without secrets: itself if there are none in it and in its causes, else one that
  /// looks the same (type, stack trace, causes) and says `***` in their place.
  public static Throwable chain(Throwable error, UnaryOperator<String> mask) {
    return chain(error, mask, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private static Throwable chain(
      Throwable error, UnaryOperator<String> mask, Set<Throwable> above) {
    if (above.size() == MOST_CAUSES || !above.add(error)) {
      return new MaskedError(error, mask.apply(MaskedError.said(error)), null);
    }
    var cause = error.getCause();
    var maskedCause = cause == null ? null : chain(cause, mask, above);
    var suppressed = new ArrayList<Throwable>();
    var changed = maskedCause != cause;
    for (var other : others(error)) {
      var masked = chain(other, mask, above);
      changed |= masked != other;
      suppressed.add(masked);
    }
    var said = MaskedError.said(error);
    var masked = mask.apply(said);
    above.remove(error);
    if (!changed && masked.equals(said) && !hidden(error, mask)) {
      return error;
    }
    var replacement = new MaskedError(error, masked, maskedCause);
    suppressed.forEach(replacement::addSuppressed);
    return replacement;
  }

  /// Those suppressed, and those that JDBC chains beside the cause.
  private static List<Throwable> others(Throwable error) {
    var others = new ArrayList<Throwable>(List.of(error.getSuppressed()));
    if (error instanceof SQLException sql && sql.getNextException() != null) {
      others.add(sql.getNextException());
    }
    return others;
  }

  /// Whether the error says a secret elsewhere than in what it prints.
  private static boolean hidden(Throwable error, UnaryOperator<String> mask) {
    var said = new HashSet<String>();
    for (var text : new String[] {error.getMessage(), error.getLocalizedMessage()}) {
      if (text != null) {
        said.add(text);
      }
    }
    return said.stream().anyMatch(text -> !mask.apply(text).equals(text));
  }
}
