package dev.sluice.http;

import dev.sluice.config.Masking;
import dev.sluice.config.Members;
import dev.sluice.config.SecretNames;
import java.util.Collection;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Hides secrets in whatever a person or a log may see, or a recording keeps.
final class Masks {
  static final String MASK = Masking.MASK;

  private static final Pattern USER_INFO = Pattern.compile("^([a-zA-Z][\\w+.-]*://)[^/?#]*@");

  /// A password with a slash in it: what stands before the slash is no host with a port.
  private static final Pattern ODD_USER_INFO =
      Pattern.compile("^([a-zA-Z][\\w+.-]*://)[^/?#@:]*:(?!\\d*(/|$)).*@");

  private static final Pattern PAIR =
      Pattern.compile("(?<![\\w.%-])([\\w.%-]{1,60})=([^&\\s\"'<>;,\\\\]+)");
  private static final Pattern ELEMENT =
      Pattern.compile("<((?:\\w+:)?([\\w.-]+))(\\s[^<>]*)?>([^<>]+)</\\1>");
  private static final Pattern ATTRIBUTE =
      Pattern.compile("\\b([\\w.:-]{1,60})=(\"[^\"<>]*\"|'[^'<>]*')");
  private static final Pattern INPUT =
      Pattern.compile("<(?:input|meta)\\b[^<>]*>", Pattern.CASE_INSENSITIVE);
  private static final Pattern NAMED =
      Pattern.compile("\\bname=[\"']?([\\w.-]+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern VALUED =
      Pattern.compile("(\\b(?:value|content)=)(\"[^\"]*\"|'[^']*')", Pattern.CASE_INSENSITIVE);

  private Masks() {}

  static boolean isSecretName(String name) {
    return SecretNames.isSecret(name);
  }

  static String url(String url) {
    return url(RequestParts.of("GET", url));
  }

  static String url(RequestParts parts) {
    return text(urlByNames(parts), parts.secrets());
  }

  /// Without what names and places tell, but no more: what recordings of earlier releases are named
  /// by.
  static String urlByNames(RequestParts parts) {
    var base = USER_INFO.matcher(parts.base).replaceFirst("$1" + MASK + "@");
    base = ODD_USER_INFO.matcher(base).replaceFirst("$1" + MASK + "@");
    var text = new StringBuilder(base);
    char before = '?';
    for (var param : parts.params) {
      var name = param.decodedName();
      boolean secret = parts.secretParams.contains(name) || isSecretName(name);
      text.append(before).append(secret ? param.name() + "=" + MASK : param);
      before = '&';
    }
    return text.toString();
  }

  /// Masks each value wherever it stands: as it is, encoded for a URL, and in base64. One of less
  /// than 4 characters stays, since it stands in many an innocent text.
  static String text(String text, Collection<String> secretValues) {
    return Masking.text(text, secretValues.stream().filter(value -> value.length() >= 4).toList());
  }

  /// The body of an answer without the values that its own names tell to be secret: members of
  /// JSON, fields of forms, parameters of URLs, elements and attributes of XML, inputs of HTML.
  static String body(String text, UnaryOperator<String> mask) {
    var masked = Members.masked(text, mask);
    if (masked.indexOf('=') >= 0) {
      masked = replaced(PAIR, masked, 1, 2, mask);
      if (masked.indexOf('<') >= 0) {
        masked =
            INPUT
                .matcher(masked)
                .replaceAll(tag -> Matcher.quoteReplacement(input(tag.group(), mask)));
        masked = replaced(ATTRIBUTE, masked, 1, 2, mask);
      }
    }
    return masked.contains("</") ? replaced(ELEMENT, masked, 2, 4, mask) : masked;
  }

  private static String input(String tag, UnaryOperator<String> mask) {
    var name = NAMED.matcher(tag);
    return name.find() && SecretNames.isSecretField(name.group(1))
        ? VALUED
            .matcher(tag)
            .replaceAll(
                value -> Matcher.quoteReplacement(value.group(1) + quoted(value.group(2), mask)))
        : tag;
  }

  private static String replaced(
      Pattern pattern, String text, int name, int value, UnaryOperator<String> mask) {
    return pattern
        .matcher(text)
        .replaceAll(found -> {
          var whole = found.group();
          var from = found.start(value) - found.start();
          return Matcher.quoteReplacement(
              SecretNames.isSecretField(found.group(name)) && !found.group(value).isBlank()
                  ? whole.substring(0, from)
                      + quoted(found.group(value), mask)
                      + whole.substring(from + found.group(value).length())
                  : whole);
        });
  }

  private static String quoted(String value, UnaryOperator<String> mask) {
    var quote = value.charAt(0);
    return (quote == '"' || quote == '\'') && value.length() > 1
        ? quote + mask(value.substring(1, value.length() - 1), mask) + quote
        : mask(value, mask);
  }

  private static String mask(String value, UnaryOperator<String> mask) {
    return value.isBlank() || value.startsWith(MASK) ? value : mask.apply(value);
  }
}
