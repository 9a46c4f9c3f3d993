package dev.sluice.sources;

import dev.sluice.seam.Seam;
import java.time.Instant;

/// A file as a listing gives it.
///
/// - `path`: below the folder listed, with slashes
/// - `url`: where it is, for people
/// - `version`: an ETag, or what else tells this file from another one of the same size and time
/// - `versioned`: whether the version is that of the content, so that equal ones are equal content
@Seam
public record FileEntry(
    String path, String url, long size, Instant modified, String version, boolean versioned) {
  /// The last part of the path.
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /// Whether both are one state of the file, as far as its store can tell.
  public boolean same(FileEntry other) {
    return size == other.size && modified.equals(other.modified) && version.equals(other.version);
  }
}
