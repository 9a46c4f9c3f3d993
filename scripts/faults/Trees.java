import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;

/// Whole folders.
final class Trees {
  private Trees() {}

  static void copy(Path from, Path to) throws IOException {
    try (var all = Files.walk(from)) {
      for (var path : (Iterable<Path>) all::iterator) {
        Files.copy(path, to.resolve(from.relativize(path).toString()), StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (var all = Files.walk(folder)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /// What its files take, in whole pages as a file system in memory counts them.
  static long kilobytes(Path folder) throws IOException {
    var pages = 0L;
    for (var file : files(folder)) {
      pages += (Files.size(folder.resolve(file)) + 4095) / 4096;
    }
    return 4 * pages;
  }

  /// All files, by their paths within the folder, sorted.
  static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).map(folder::relativize).sorted().toList();
    } catch (java.io.UncheckedIOException changed) {
      if (changed.getCause() instanceof NoSuchFileException) {
        return files(folder);
      }
      throw changed;
    }
  }
}
