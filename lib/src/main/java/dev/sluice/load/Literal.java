package dev.sluice.load;

import dev.sluice.seam.Seam;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Values as DuckDB's SQL takes them; the one place where they are escaped.
@Seam
public final class Literal {
  private Literal() {}

  /// A string.
  public static String text(String value) {
    if (value.indexOf('\0') >= 0)
      throw new IllegalArgumentException(
          "'%s' cannot stand in SQL: it holds the character NUL"
              .formatted(value.replace("\0", "\\0")));
    return '\'' + value.replace("'", "''") + '\'';
  }

  /// The path of a file where DuckDB takes a pattern: what would be one is bracketed.
  public static String path(String place) {
    return text(place.replaceAll("[\\[*?]", "[$0]"));
  }

  /// An instant to the microsecond, which is what a timestamp column holds.
  static String instant(Instant value) {
    return "TIMESTAMPTZ " + text(value.truncatedTo(ChronoUnit.MICROS).toString());
  }
}
