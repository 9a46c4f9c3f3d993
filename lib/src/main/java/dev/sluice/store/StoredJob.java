package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.nio.file.Path;
import java.util.OptionalLong;

/// A job file as it stands in a package: its state, its size on disk, and its number of rows (empty
/// if another tool wrote it).
@Seam
public record StoredJob(JobName name, JobState state, Path file, OptionalLong rows, long bytes) {
  /// The table whose rows the file holds.
  public String table() {
    return name.table();
  }
}
