package dev.sluice.sources;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The files of a folder of this machine, and of so many levels of folders in it; links are
/// followed, or refused where they lead out of the folder.
final class LocalFiles implements FileStore {
  private final Path folder;
  private final int levels;
  private final boolean confined;

  LocalFiles(Path folder, int levels) {
    this(folder, levels, false);
  }

  private LocalFiles(Path folder, int levels, boolean confined) {
    this.folder = folder;
    this.levels = levels;
    this.confined = confined;
  }

  @Override
  public FileStore confined() {
    return new LocalFiles(folder, levels, true);
  }

  @Override
  public String url() {
    return folder.toString();
  }

  @Override
  public List<FileEntry> list() throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new SourceFailed(
          "There is no folder '%s'; the working folder is '%s'"
              .formatted(folder, Path.of("").toAbsolutePath()));
    }
    var found = new ArrayList<FileEntry>();
    Files.walkFileTree(
        folder,
        Set.of(FileVisitOption.FOLLOW_LINKS),
        levels,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path found, BasicFileAttributes attributes)
              throws IOException {
            within(found);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            // A link that leads nowhere is an error only if the file is wanted.
            if (attributes.isRegularFile() || attributes.isSymbolicLink()) {
              found.add(entry(file, attributes));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
            if (failed instanceof FileSystemLoopException) return FileVisitResult.CONTINUE;
            throw failed;
          }
        });
    return found;
  }

  @Override
  public FileEntry now(FileEntry file) throws IOException {
    var path = folder.resolve(file.path());
    return entry(path, Files.readAttributes(path, BasicFileAttributes.class));
  }

  @Override
  public Local open(FileEntry file) throws IOException {
    var path = within(folder.resolve(file.path()));
    return () -> path;
  }

  /// The path; if links are refused, that of the file itself, so that no link that is put there
  /// later is followed.
  private Path within(Path path) throws IOException {
    if (!confined) return path;
    var real = path.toRealPath();
    if (!real.startsWith(folder.toRealPath())) {
      throw new SourceFailed(
          "'%s' leads by a link to '%s', out of the folder '%s', and confined lets nothing in from there; remove the link, or choose other files"
              .formatted(path, real, folder));
    }
    return real;
  }

  private FileEntry entry(Path file, BasicFileAttributes attributes) {
    var path = folder.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
    // Another file under the same name is another file, even if size and time agree.
    var key = attributes.fileKey() == null ? "" : attributes.fileKey().toString();
    return new FileEntry(
        path,
        file.toString(),
        attributes.size(),
        attributes.lastModifiedTime().toInstant(),
        key,
        false);
  }
}
