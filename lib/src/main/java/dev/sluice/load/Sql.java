package dev.sluice.load;

import java.util.Collection;
import java.util.stream.Collectors;

/// How names and texts are spelled in SQL: always quoted, since both may come from data.
final class Sql {
  private Sql() {}

  /// A name in double quotes.
  static String name(String identifier) {
    if (identifier.indexOf('\0') >= 0)
      throw new LoadException(
          "A name with a NUL character cannot stand at the destination: '"
              + identifier.replace("\0", "\\0")
              + "'; rename it");
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /// Names in double quotes, parted by dots.
  static String path(String... identifiers) {
    return java.util.Arrays.stream(identifiers).map(Sql::name).collect(Collectors.joining("."));
  }

  /// A text in single quotes.
  static String text(String value) {
    return '\'' + value.replace("'", "''") + '\'';
  }

  /// Names in double quotes, parted by commas.
  static String names(Collection<String> identifiers) {
    return identifiers.stream().map(Sql::name).collect(Collectors.joining(", "));
  }
}
