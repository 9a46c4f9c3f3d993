package dev.sluice.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;

/// The folders of a working directory, as dlt expects to find them.
final class Layout {
  /// What dlt checks before it opens the folder: the layout versions of dlt 1.31.
  private static final Map<String, String> VERSIONS =
      Map.of("normalize/.version", "1.0.1", "load/.version", "1.0.2");

  private Layout() {}

  static void create(Path root) {
    try {
      createPrivately(root);
      Durable.createFolders(root.resolve("schemas"));
      Durable.createFolders(root.resolve("load").resolve("new"));
      for (var stage : Stage.values()) {
        Durable.createFolders(stage.in(root));
      }
    } catch (IOException e) {
      throw StoreException.io("create the working directory", root, e);
    }
  }

  /// Rows may hold anything, and so may settings, so that nobody but the owner may look: from the
  /// start, not a moment later. Of the missing folders above those that are for this alone, `.dlt`
  /// and `pipelines`; any other may be meant for a database that all may read.
  private static void createPrivately(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    var parent = Durable.parent(folder);
    var name = String.valueOf(parent.getFileName());
    if (name.equals("pipelines") || name.startsWith(".")) {
      createPrivately(parent);
    } else {
      Durable.createFolders(parent);
    }
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(folder);
    }
    Durable.syncFolder(parent);
  }

  /// Notes the versions in a new folder, and refuses one of a release that lays it out differently.
  static void writeVersions(Path root) {
    VERSIONS.forEach((name, version) -> {
      var file = root.resolve(name);
      var found = PipelineFolder.readIfPresent(file);
      if (found.isEmpty()) {
        Durable.replace(file, version.getBytes(StandardCharsets.UTF_8));
      } else {
        refuseNewer(file, new String(found.get(), StandardCharsets.UTF_8).strip(), version);
      }
    });
  }

  private static void refuseNewer(Path file, String found, String known) {
    if (found.matches("\\d{1,6}(\\.\\d{1,6}){0,3}")
        && Arrays.compare(numbers(found), numbers(known)) > 0) {
      throw StoreException.refused(
          "The working directory '"
              + Durable.parent(Durable.parent(file))
              + "' is of a newer release: '"
              + file
              + "' says "
              + found
              + ", this release knows "
              + known
              + "; update Sluice, or name another pipeline");
    }
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
  }
}
