package dev.sluice.schema;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// How names of the source become names of the destination: dlt's five conventions, to the letter.
///
/// ```java
/// NamingConvention.of("snake_case").identifier("HTTPServerURL");   // http_server_url
/// ```
///
/// - `snake_case` (default): lower case, `[a-z0-9_]`
/// - `duck_case`: any Unicode character but quotes and line breaks, case kept
/// - `sql_cs_v1` / `sql_ci_v1`: `[A-Za-z0-9_]`, case kept / lowered
/// - `direct`: unchanged but for quotes and line breaks; paths joined by `▶`
///
/// Names longer than the destination allows are shortened in the middle, around a tag made from the
/// original.
public final class NamingConvention {
  private static final Pattern UNDERSCORES = Pattern.compile("__+");
  private static final Pattern LEADING_DIGIT = Pattern.compile("^\\p{Nd}+");
  private static final Pattern ENDING_UNDERSCORES = Pattern.compile("_+$");
  private static final Pattern NOT_ALPHANUMERIC = Pattern.compile("[^a-zA-Z\\p{Nd}_]+");
  private static final Pattern BREAK_BEFORE_WORD = Pattern.compile("([^_])([A-Z][a-z]+)");
  private static final Pattern BREAK_BEFORE_CAPITAL = Pattern.compile("([a-z0-9])([A-Z])");
  private static final int TAG_BYTES = 4;
  private static final int TAG_LENGTH = tag("").length();

  private final String name;
  private final String separator;
  private final boolean caseSensitive;
  private final UnaryOperator<String> rule;
  private final int maxLength;

  private NamingConvention(
      String name,
      String separator,
      boolean caseSensitive,
      UnaryOperator<String> rule,
      int maxLength) {
    this.name = name;
    this.separator = separator;
    this.caseSensitive = caseSensitive;
    this.rule = rule;
    this.maxLength = maxLength;
  }

  /// The convention of that name, without a limit of length.
  public static NamingConvention of(String name) {
    return of(name, 0);
  }

  /// The convention of that name.
  ///
  /// - `maxLength`: the longest name the destination takes, in characters; 0 = any
  /// - fails with [IllegalArgumentException] for an unknown name, and for a length that the tag of
  ///   a shortened name does not fit in
  public static NamingConvention of(String name, int maxLength) {
    if (maxLength > 0 && maxLength < TAG_LENGTH)
      throw new IllegalArgumentException(
          "Names of at most '%d' characters (destination.max_identifier_length) are too short: the tag of a shortened one has %d"
              .formatted(maxLength, TAG_LENGTH));
    return switch (name) {
      case "snake_case" ->
          new NamingConvention(name, "__", false, NamingConvention::snakeCase, maxLength);
      case "duck_case" ->
          new NamingConvention(name, "__", true, NamingConvention::duckCase, maxLength);
      case "sql_cs", "sql_cs_v1" ->
          new NamingConvention(name, "__", true, NamingConvention::sql, maxLength);
      case "sql_ci", "sql_ci_v1" ->
          new NamingConvention(name, "__", false, s -> sql(s).toLowerCase(Locale.ROOT), maxLength);
      case "direct" -> new NamingConvention(name, "▶", true, NamingConvention::direct, maxLength);
      default ->
          throw new IllegalArgumentException(
              "There is no naming convention '%s'; use snake_case, duck_case, sql_ci_v1, sql_cs_v1 or direct"
                  .formatted(name));
    };
  }

  /// The name in configuration and schema files.
  public String name() {
    return name;
  }

  /// Whether names that differ by case alone are different.
  public boolean caseSensitive() {
    return caseSensitive;
  }

  /// The longest name, 0 = any.
  public int maxLength() {
    return maxLength;
  }

  /// What joins the parts of a nested name: `__`, or `▶` for `direct`.
  public String separator() {
    return separator;
  }

  /// Normalizes and shortens one name; a blank one is refused.
  public String identifier(String identifier) {
    var stripped = Blank.strip(identifier);
    if (stripped.isEmpty())
      throw new IllegalArgumentException("A name of blanks alone cannot be normalized");
    return shorten(rule.apply(stripped), stripped);
  }

  /// As [#identifier(String)], for a table.
  public String tableIdentifier(String identifier) {
    return identifier(identifier);
  }

  /// Normalizes a name that may be a path: its parts, joined again.
  public String path(String path) {
    var parts = new ArrayList<String>();
    for (var part : split(path)) parts.add(identifier(part));
    return shorten(join(parts), path);
  }

  /// As [#path(String)], for a table.
  public String tablePath(String path) {
    return path(path);
  }

  /// Joins normalized names to a path and shortens it.
  public String fragments(List<String> identifiers) {
    var joined = join(identifiers);
    return shorten(joined, joined);
  }

  /// Joins two normalized names to a path and shortens it.
  public String fragments(String first, String second) {
    return fragments(List.of(first, second));
  }

  private String join(List<String> identifiers) {
    var joined = new StringBuilder();
    for (var identifier : identifiers) {
      if (Blank.strip(identifier).isEmpty()) continue;
      if (!joined.isEmpty()) joined.append(separator);
      joined.append(identifier);
    }
    return joined.toString();
  }

  private List<String> split(String path) {
    var parts = new ArrayList<String>();
    int from = 0;
    while (true) {
      int at = path.indexOf(separator, from);
      var part = at < 0 ? path.substring(from) : path.substring(from, at);
      if (!Blank.strip(part).isEmpty()) parts.add(part);
      if (at < 0) return parts;
      from = at + separator.length();
    }
  }

  private String shorten(String normalized, String original) {
    int length = normalized.codePointCount(0, normalized.length());
    if (maxLength <= 0 || length <= maxLength) return normalized;
    var tag = tag(original);
    int rest = maxLength - tag.length();
    int head = rest / 2 + rest % 2;
    int tail = rest / 2;
    return normalized.substring(0, normalized.offsetByCodePoints(0, head))
        + tag
        + normalized.substring(normalized.offsetByCodePoints(0, length - tail));
  }

  private static String tag(String original) {
    return Digests.shake128(original.getBytes(StandardCharsets.UTF_8), TAG_BYTES)
        .replace('/', 'a')
        .replace('+', 'b')
        .toLowerCase(Locale.ROOT);
  }

  private static String snakeCase(String identifier) {
    var reduced = new StringBuilder(identifier.length());
    for (int i = 0; i < identifier.length(); i++) {
      char c = identifier.charAt(i);
      reduced.append(
          switch (c) {
            case '+', '*' -> 'x';
            case '-' -> '_';
            case '@' -> 'a';
            case '|' -> 'l';
            default -> c;
          });
    }
    var text = NOT_ALPHANUMERIC.matcher(reduced).replaceAll("_");
    text = BREAK_BEFORE_WORD.matcher(text).replaceAll("$1_$2");
    text = BREAK_BEFORE_CAPITAL.matcher(text).replaceAll("$1_$2").toLowerCase(Locale.ROOT);
    if (LEADING_DIGIT.matcher(text).find()) text = "_" + text;
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '_') end--;
    text = text.substring(0, end) + "x".repeat(text.length() - end);
    return UNDERSCORES.matcher(text).replaceAll("_");
  }

  private static String duckCase(String identifier) {
    var text = identifier.replace('\n', '_').replace('\r', '_').replace('"', '_');
    return UNDERSCORES.matcher(text).replaceAll("_");
  }

  private static String sql(String identifier) {
    var text = NOT_ALPHANUMERIC.matcher(identifier).replaceAll("_");
    if (LEADING_DIGIT.matcher(text).find()) text = "_" + text;
    if (!text.equals("_")) text = ENDING_UNDERSCORES.matcher(text).replaceAll("");
    return UNDERSCORES.matcher(text).replaceAll("_");
  }

  private static String direct(String identifier) {
    return identifier
        .replace('\n', '_')
        .replace('\r', '_')
        .replace('\'', '_')
        .replace('"', '_')
        .replace('▶', '_');
  }

  @Override
  public String toString() {
    return name;
  }
}
