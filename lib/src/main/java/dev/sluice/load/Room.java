package dev.sluice.load;

import dev.sluice.schema.Schema;
import java.sql.SQLException;
import java.util.Optional;

/// How much memory a load takes. DuckDB holds twice the longest line that it accepts for each
/// thread, whatever is in the file, and a buffer for every column of a table that it fills. So the
/// first try is modest; what does not fit is tried again with one thread and more.
///
/// - `lineMegabytes`: the longest line of a jsonl file
/// - `factor`: times the usual memory
record Room(int lineMegabytes, int factor) {
  private static final Room USUAL = new Room(8, 1);
  private static final int LONGEST_LINE = 1_000;
  private static final int LARGEST_FACTOR = 16;
  private static final int FREE_COLUMNS = 1_000;
  private static final double MEGABYTES_PER_COLUMN = 0.125;

  static Room usual() {
    return USUAL;
  }

  /// Long lines, as nobody waits for a plan.
  static Room large() {
    return new Room(128, 1);
  }

  long lineBytes() {
    return (long) lineMegabytes << 20;
  }

  /// The target with limits for the widest table of a schema.
  Target in(Target target, Schema schema) {
    var columns =
        schema.tables().stream().mapToInt(table -> table.columns().size()).max().orElse(0);
    var wide = (int) (Math.max(0, columns - FREE_COLUMNS) * MEGABYTES_PER_COLUMN);
    var usual = equals(USUAL);
    var lines = usual ? 0 : 4 * lineMegabytes;
    return target.limits(
        factor * (Target.MEMORY_MEGABYTES + wide) + lines, usual ? target.threads() : 1);
  }

  /// What to try after an error; empty if the error has another reason or there is no more.
  Optional<Room> after(SQLException failed) {
    var message = String.valueOf(failed.getMessage());
    if (message.contains("maximum_object_size") && lineMegabytes < LONGEST_LINE)
      return Optional.of(new Room(lineMegabytes < 128 ? 128 : LONGEST_LINE, factor));
    if (message.contains("Out of Memory Error") && factor < LARGEST_FACTOR)
      return Optional.of(new Room(lineMegabytes, factor * 4));
    return Optional.empty();
  }
}
