package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// The files of a draft beside its jobs, each with what it was written with.
///
/// Whoever writes one into the draft's folder says so here; what nobody summed is read when the
/// draft is sealed. For any number of threads.
@Seam
public final class DraftFiles {
  private final Path folder;
  private final Map<String, FileSum> sums = new ConcurrentHashMap<>();

  DraftFiles(Path folder) {
    this.folder = folder;
  }

  /// A file is finished, or stands so for now.
  public void written(Path file, FileSum sum) {
    sums.put(name(file), sum);
  }

  /// A file is gone.
  public void gone(Path file) {
    sums.remove(name(file));
  }

  void put(String name, byte[] content) {
    var file = folder.resolve(name);
    try {
      Files.createDirectories(Durable.parent(file));
      Durable.writeSynced(file, content);
    } catch (IOException e) {
      throw StoreException.io("write", file, e);
    }
    written(file, FileSum.of(content));
  }

  /// All files that go on with the package, those of `folders` among them.
  Map<String, FileSum> all(String... folders) {
    var all = new TreeMap<>(sums);
    for (var name : folders) {
      for (var file : files(folder.resolve(name))) {
        var known = all.get(name(file));
        if (known == null || known.crc32c() == null) {
          try {
            all.put(name(file), FileSum.read(file));
          } catch (IOException e) {
            throw StoreException.io("read", file, e);
          }
        }
      }
    }
    return all;
  }

  private static List<Path> files(Path folder) {
    var files = new ArrayList<Path>();
    for (var name : PipelineFolder.list(folder)) {
      var file = folder.resolve(name);
      if (Files.isDirectory(file)) {
        files.addAll(files(file));
      } else {
        files.add(file);
      }
    }
    return files;
  }

  private String name(Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  /// Copies a file that is not ours: on file systems that can, the copy shares its blocks until one
  /// of the two changes. It can be written, whatever its original allows.
  ///
  /// - refuses a file that changes meanwhile
  static FileSum copy(Path original, Path copy) throws IOException {
    var before = Verification.stamp(original);
    Files.copy(original, copy); // by copy_file_range on Linux and clonefile on macOS
    if (!before.equals(Verification.stamp(original))) {
      throw new StoreException(
          "The file '" + original + "' changed while it was copied; run again when it is whole",
          true,
          null);
    }
    var posix = Files.getFileAttributeView(copy, PosixFileAttributeView.class);
    if (posix != null) {
      var permissions = posix.readAttributes().permissions();
      var ours = List.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
      if (permissions.addAll(ours)) {
        posix.setPermissions(permissions);
      }
    } else {
      var dos = Files.getFileAttributeView(copy, DosFileAttributeView.class);
      if (dos != null && dos.readAttributes().isReadOnly()) {
        dos.setReadOnly(false);
      }
    }
    return FileSum.read(copy);
  }

  /// Makes a file of its own of what may be another name of somebody else's file.
  static void unshare(Path file) throws IOException {
    var aside = file.resolveSibling("." + file.getFileName() + ".tmp");
    Files.deleteIfExists(aside);
    copy(file, aside);
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// Cuts a file that we were writing to what it held at a checkpoint, and gives its sum.
  ///
  /// - refuses it if it is shorter, or does not begin with what the checkpoint says
  static FileSum cut(Path file, FileSum kept) throws IOException {
    var size = Files.size(file);
    if (size < kept.bytes()) {
      throw damaged(file, "has " + size + " bytes, but its checkpoint says " + kept.bytes());
    }
    var now = FileSum.read(file, kept.bytes(), () -> false);
    if (!kept.fits(now)) {
      throw damaged(file, "does not hold what its checkpoint says (its checksum differs)");
    }
    if (size > kept.bytes()) {
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(kept.bytes());
      }
    }
    return now;
  }

  /// Takes over a whole file, which was finished before the checkpoint: it is never cut.
  static FileSum whole(Path file, FileSum kept) throws IOException {
    if (kept.crc32c() == null) {
      unshare(file); // the release before gave files of others a second name
    }
    var now = FileSum.read(file);
    if (!kept.fits(now)) {
      throw damaged(
          file,
          now.bytes() == kept.bytes()
              ? "does not hold what its checkpoint says (its checksum differs)"
              : "has " + now.bytes() + " bytes, but its checkpoint says " + kept.bytes());
    }
    return now;
  }

  private static StoreException damaged(Path file, String what) {
    return StoreException.refused(
        "The file '"
            + file
            + "' "
            + what
            + "; delete the folder '"
            + Durable.parent(Durable.parent(file))
            + "' to extract anew");
  }
}
