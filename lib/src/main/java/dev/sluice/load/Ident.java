package dev.sluice.load;

import dev.sluice.seam.Seam;
import java.util.Arrays;
import java.util.stream.Collectors;

/// A name as SQL takes it: always quoted, quotes within doubled, parts joined by points. Nothing
/// else puts a name into a statement.
///
/// ```java
/// Ident.of("data", "users")      // "data"."users"
/// ```
///
/// - `sql`: the quoted text
@Seam
public record Ident(String sql) {
  /// A name from its parts, for instance dataset and table.
  public static Ident of(String... parts) {
    if (parts.length == 0) throw new IllegalArgumentException("A name in SQL needs a part");
    return new Ident(Arrays.stream(parts).map(Ident::quoted).collect(Collectors.joining(".")));
  }

  /// The quoted text.
  @Override
  public String toString() {
    return sql;
  }

  private static String quoted(String part) {
    if (part.isEmpty() || part.indexOf('\0') >= 0)
      throw new IllegalArgumentException(
          "'%s' cannot be a name in SQL: it is empty or holds the character NUL; rename it"
              .formatted(part.replace("\0", "\\0")));
    return '"' + part.replace("\"", "\"\"") + '"';
  }
}
