package dev.sluice.config;

import dev.sluice.seam.Seam;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// What of a database's URL a person may see, and what in it may be a secret. Each driver spells
/// its own; where a password may stand in more than one way, only the sub-protocol and the host are
/// shown, and where even the host may be a part of a password, the sub-protocol alone.
@Seam
public final class JdbcUrl {
  private static final Pattern WORD = Pattern.compile("[A-Za-z][\\w+.-]*:");

  /// What may follow the first word of a sub-protocol; any other word may be a user's name.
  private static final Set<String> MORE_WORDS =
      Set.of(
          "thin",
          "oci",
          "oci8",
          "tds",
          "iam",
          "srv",
          "mem",
          "memory",
          "file",
          "tcp",
          "ssl",
          "zip",
          "nio",
          "res",
          "hsql",
          "hsqls",
          "http",
          "https",
          "md",
          "directory",
          "classpath",
          "jar",
          "replication",
          "loadbalance",
          "failover",
          "sequential",
          "aurora",
          "sqlserver",
          "mysql",
          "mariadb",
          "postgresql",
          "oracle",
          "sybase",
          "db2",
          "h2",
          "sqlite",
          "duckdb",
          "redshift");

  /// These open a file, and know no user before an `@`.
  private static final Set<String> FILES = Set.of("sqlite", "duckdb", "h2", "hsqldb", "derby");

  private static final String NAME = "(?:[\\w.-]+|\\[[0-9a-fA-F:.%]+])";
  private static final String PORT = "(?::\\d+)?";
  private static final Pattern HOSTS =
      Pattern.compile(
          NAME
              + PORT
              + "(?:,\\s*"
              + NAME
              + PORT
              + ")*(?:\\\\[\\w$]+(?::\\d+)?)?(?:(?<=\\d):[\\w$]+)?");
  private static final Pattern FIRST_HOST = Pattern.compile("^" + NAME + PORT + "(?=$|[,/\\\\(])");
  private static final Pattern HOST_KEY =
      Pattern.compile(
          "\\b(?:host|hostname|server|servername)\\s*=\\s*([\\w.-]+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern PATH = Pattern.compile("[/\\w.~+ -]*");
  private static final Pattern KEY = Pattern.compile("([\\w. \\[\\]-]{1,100})=");

  private JdbcUrl() {}

  /// The URL without what may be a secret. Parameters are never shown.
  public static String shown(String url) {
    var text = url.strip();
    var prefix = prefix(text);
    if (prefix.isEmpty()) {
      return text.matches("[\\w.-]*") ? text : Masking.MASK;
    }
    var rest = text.substring(prefix.length());
    var end = parameters(rest);
    if (isFile(prefix, rest)) {
      var file = rest.substring(0, end);
      var odd = file.contains("://") || (file.contains("=") && file.matches("(?s).*[ :].*"));
      return prefix + (odd ? Masking.MASK : file);
    }
    var slashes = rest.startsWith("//") ? "//" : "";
    var at = rest.lastIndexOf('@');
    if (at < 0) {
      return prefix.startsWith("jdbc:oracle:") && !rest.startsWith("//")
          ? prefix + Masking.MASK
          : prefix + slashes + place(rest.substring(slashes.length(), end), !slashes.isEmpty());
    }
    if (at < end) {
      var there = rest.substring(at + 1, end);
      var who = at == slashes.length() ? "" : Masking.MASK;
      var marks = there.startsWith("//") ? "//" : "";
      return prefix + slashes + who + "@" + marks + place(there.substring(marks.length()), true);
    }
    // An @ in a parameter, or a ? in a password.
    var before = rest.substring(slashes.length(), end);
    var host = FIRST_HOST.matcher(before);
    return prefix
        + slashes
        + (before.indexOf('@') < 0
                && KEY.matcher(rest.substring(end + 1)).lookingAt()
                && host.find()
            ? host.group().replaceFirst(":\\d+$", "")
            : Masking.MASK);
  }

  /// Everything in the URL that may be a password, a token or who connects: where it is not certain
  /// how far one reaches, each possible end.
  public static Set<String> secrets(String url) {
    var text = url.strip();
    var rest = text.substring(prefix(text).length());
    var secrets = new LinkedHashSet<String>();
    var who = rest.startsWith("//") ? 2 : 0;
    if (!isFile(prefix(text), rest)) {
      for (var at = rest.indexOf('@', who); at >= 0; at = rest.indexOf('@', at + 1)) {
        var before = rest.substring(who, at);
        addWho(secrets, before);
      }
    }
    var keys = KEY.matcher(rest);
    while (keys.find()) {
      if (isSecretKey(keys.group(1))) {
        addEnds(secrets, rest.substring(keys.end()));
      }
    }
    if (shown(url).endsWith(Masking.MASK)) {
      addWho(secrets, rest.replaceFirst("^//", ""));
    }
    return secrets;
  }

  private static void addWho(Set<String> secrets, String who) {
    add(secrets, who);
    for (var mark : List.of(':', '/')) {
      if (who.indexOf(mark) >= 0) {
        add(secrets, who.substring(who.indexOf(mark) + 1));
      }
    }
  }

  private static boolean isSecretKey(String key) {
    var name = key.strip().toLowerCase(Locale.ROOT);
    return SecretNames.isSecret(name)
        || name.contains("pass")
        || name.contains("pwd")
        || name.endsWith("key");
  }

  private static void addEnds(Set<String> secrets, String value) {
    add(secrets, value);
    for (var quotes : new String[] {"{}", "''", "\"\"", "()"}) {
      var close = value.indexOf(quotes.charAt(1), 1);
      if (value.startsWith(quotes.substring(0, 1)) && close > 0) {
        add(secrets, value.substring(1, close));
      }
    }
    for (var mark : List.of(';', '&', ',', ')', '#', '?', '}', ' ')) {
      var end = value.indexOf(mark);
      if (end > 0) {
        add(secrets, value.substring(0, end));
      }
    }
  }

  private static void add(Set<String> secrets, String text) {
    if (text.isBlank() || text.equals(Masking.MASK)) {
      return;
    }
    secrets.add(text);
    if (text.length() > 2 && text.startsWith("\"") && text.endsWith("\"")) {
      secrets.add(text.substring(1, text.length() - 1)); // as Oracle quotes passwords
    }
    try {
      secrets.add(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notEncoded) {
      secrets.add(text); // a lone % is a character like any other
    }
  }

  /// `jdbc:` and the words of the sub-protocol, or the scheme of another URL; empty without one.
  private static String prefix(String url) {
    if (!url.regionMatches(true, 0, "jdbc:", 0, 5)) {
      var scheme = WORD.matcher(url);
      return scheme.lookingAt() && url.startsWith("//", scheme.end()) ? scheme.group() : "";
    }
    var end = 5;
    var word = WORD.matcher(url);
    while (word.region(end, url.length()).lookingAt()
        && (end == 5
            || MORE_WORDS.contains(
                word.group().toLowerCase(Locale.ROOT).substring(0, word.group().length() - 1)))) {
      end = word.end();
    }
    return url.substring(0, end);
  }

  private static boolean isFile(String prefix, String rest) {
    var words = prefix.toLowerCase(Locale.ROOT).split(":", -1);
    return FILES.contains(words[0].equals("jdbc") ? words[1] : words[0])
        && (!rest.startsWith("//") || rest.startsWith("///"));
  }

  private static int parameters(String rest) {
    for (int i = 0; i < rest.length(); i++) {
      if ("?;#".indexOf(rest.charAt(i)) >= 0) {
        return i;
      }
    }
    return rest.length();
  }

  /// Hosts and database, if that is all there is; else the first host, if one is to be seen.
  private static String place(String text, boolean pathsShown) {
    var slash = text.indexOf('/');
    var hosts = slash < 0 ? text : text.substring(0, slash);
    var path = slash < 0 ? "" : text.substring(slash);
    if (HOSTS.matcher(hosts).matches()) {
      var clear = PATH.matcher(path).matches() && (pathsShown || hosts.matches(".*:\\d+"));
      return hosts + (clear ? path : "");
    }
    if (text.isEmpty() || (hosts.isEmpty() && PATH.matcher(path).matches() && pathsShown)) {
      return text;
    }
    var first = FIRST_HOST.matcher(text);
    if (first.find()) {
      return first.group();
    }
    var named = HOST_KEY.matcher(text);
    return named.find() ? named.group(1) : Masking.MASK;
  }
}
