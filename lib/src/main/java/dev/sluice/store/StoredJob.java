package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// A job file as it stands in a package.
///
/// - `rows`: how many it holds; empty if another tool wrote it
/// - `bytes`: its size on disk
/// - `crc32c`: of the bytes that were written, 8 hexadecimal digits; empty if nobody summed them
@Seam
public record StoredJob(
    JobName name,
    JobState state,
    Path file,
    OptionalLong rows,
    long bytes,
    Optional<String> crc32c) {
  /// The table whose rows the file holds.
  public String table() {
    return name.table();
  }
}
