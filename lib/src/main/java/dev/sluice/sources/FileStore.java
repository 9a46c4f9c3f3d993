package dev.sluice.sources;

import dev.sluice.seam.Seam;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Where files are: a folder, or a bucket.
@Seam
public interface FileStore {
  /// The folder or bucket, for people.
  String url();

  /// The same, which refuses what links put elsewhere; itself where there are no links.
  default FileStore confined() {
    return this;
  }

  /// All files beneath, in any order.
  List<FileEntry> list() throws IOException;

  /// The file as it is now.
  FileEntry now(FileEntry file) throws IOException;

  /// The content as a file of this machine, until it is closed.
  Local open(FileEntry file) throws IOException;

  /// A file that can be read by path.
  interface Local extends AutoCloseable {
    Path path();

    @Override
    default void close() throws IOException {}
  }
}
