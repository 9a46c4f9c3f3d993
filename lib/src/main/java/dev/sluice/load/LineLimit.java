package dev.sluice.load;

import java.sql.SQLException;

/// How long a line of a jsonl file may be. DuckDB takes twice that from its memory for each thread,
/// whatever is in the file, so that the first try is modest; a longer line makes it try again.
enum LineLimit {
  USUAL(8),
  LONG(128),
  HUGE(1_000);

  private final int megabytes;

  LineLimit(int megabytes) {
    this.megabytes = megabytes;
  }

  long bytes() {
    return (long) megabytes << 20;
  }

  /// The target with the memory that such lines need, and then with one thread.
  Target room(Target target) {
    return this == USUAL ? target : target.limits(4 * megabytes + "MB", 1);
  }

  /// Whether the error says that a line was longer.
  boolean exceeded(SQLException failed) {
    return String.valueOf(failed.getMessage()).contains("maximum_object_size");
  }
}
