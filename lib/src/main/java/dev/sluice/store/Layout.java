package dev.sluice.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/// The folders of a working directory, as dlt expects to find them.
final class Layout {
  /// What dlt checks before it opens the folder: the layout versions of dlt 1.31.
  private static final Map<String, String> VERSIONS =
      Map.of("normalize/.version", "1.0.1", "load/.version", "1.0.2");

  private Layout() {}

  static void create(Path root) {
    try {
      if (!Files.isDirectory(root)) {
        Durable.createFolders(Durable.parent(root));
        createPrivately(root);
        Durable.syncFolder(Durable.parent(root));
      }
      Durable.createFolders(root.resolve("schemas"));
      Durable.createFolders(root.resolve("load").resolve("new"));
      for (var stage : Stage.values()) {
        Durable.createFolders(stage.in(root));
      }
    } catch (IOException e) {
      throw StoreException.io("create the working directory", root, e);
    }
  }

  /// Rows may hold anything, so nobody but the owner may look.
  private static void createPrivately(Path root) throws IOException {
    if (root.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(
          root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(root);
    }
  }

  static void writeVersions(Path root) {
    VERSIONS.forEach((name, version) -> {
      var file = root.resolve(name);
      if (!Files.exists(file)) {
        Durable.replace(file, version.getBytes(StandardCharsets.UTF_8));
      }
    });
  }
}
