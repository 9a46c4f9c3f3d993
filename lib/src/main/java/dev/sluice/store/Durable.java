package dev.sluice.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// File operations that hold after a power cut: what is returned from is on the disk. An interrupt
/// ends none of them.
final class Durable {
  private static final int SYNC_THREADS = 4;
  private static final Pattern ASIDE = Pattern.compile("\\..+\\.tmp");

  private Durable() {}

  /// Replaces a file: writes beside it, syncs, renames, syncs the folder.
  static void replace(Path target, byte[] content) {
    var folder = parent(target);
    var aside = folder.resolve("." + target.getFileName() + ".tmp");
    try {
      try {
        writeSynced(aside, content);
        Chaos.change("rename", target);
        Files.move(
            aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        deleteLeft(aside, e);
        throw StoreException.io("write", target, e, aside);
      }
      syncFolder(folder);
    } catch (IOException e) {
      throw StoreException.io("write", target, e);
    }
  }

  private static void deleteLeft(Path aside, IOException failed) {
    try {
      Files.deleteIfExists(aside);
    } catch (IOException stays) {
      failed.addSuppressed(stays);
    }
  }

  /// Deletes what a process that was killed while it replaced a file of this folder has left.
  static void deleteAsides(Path folder) throws IOException {
    for (var name : PipelineFolder.list(folder)) {
      if (ASIDE.matcher(name).matches()) {
        Files.deleteIfExists(folder.resolve(name));
      }
    }
  }

  static void writeSynced(Path file, byte[] content) throws IOException {
    Chaos.change("write", file);
    Uninterrupted.run(() -> {
      try (var channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        writeFully(channel, ByteBuffer.wrap(content));
        Chaos.change("sync", file);
        channel.force(true);
      }
    });
  }

  static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// Renames within one file system; the caller syncs the folders.
  static void move(Path from, Path to) throws IOException {
    Chaos.change("rename", to);
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /// Creates a folder and those above it that are missing.
  static void createFolders(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    createFolders(parent(folder));
    Files.createDirectories(folder);
    syncFolder(parent(folder));
  }

  static void syncFile(Path file) throws IOException {
    Chaos.change("sync", file);
    Uninterrupted.run(() -> force(file, StandardOpenOption.WRITE));
  }

  private static void force(Path path, StandardOpenOption how) throws IOException {
    try (var channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  static void syncFolder(Path folder) throws IOException {
    Chaos.change("sync", folder);
    try {
      Uninterrupted.run(() -> force(folder, StandardOpenOption.READ));
    } catch (AccessDeniedException e) {
      if (!folder.getFileSystem().getSeparator().equals("\\")) {
        throw e; // only Windows cannot open a folder, and it orders renames itself
      }
    }
  }

  /// Syncs every file and folder below a folder, and the folder itself.
  static void syncTree(Path root) throws IOException {
    var files = new ArrayList<Path>();
    var folders = new ArrayList<Path>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files.add(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            folders.add(folder);
            return FileVisitResult.CONTINUE;
          }
        });
    syncFiles(files);
    for (var folder : folders) {
      syncFolder(folder);
    }
  }

  private static void syncFiles(List<Path> files) throws IOException {
    if (files.size() < 2 * SYNC_THREADS) {
      for (var file : files) {
        syncFile(file);
      }
      return;
    }
    // a sync mostly waits for the disk, and syncs under way together share its journal
    try (var threads = Executors.newFixedThreadPool(SYNC_THREADS)) {
      var syncs = new ArrayList<Future<?>>();
      for (var file : files) {
        syncs.add(
            threads.submit(() -> {
              syncFile(file);
              return null;
            }));
      }
      for (var sync : syncs) {
        Uninterrupted.await(sync);
      }
    }
  }

  /// Deletes a file or a folder with all it holds; follows no link; does nothing if it is not
  /// there.
  static void deleteTree(Path path) throws IOException {
    if (!Files.exists(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Chaos.change("deletion", file);
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  static Path parent(Path path) {
    var parent = path.getParent();
    if (parent == null) {
      throw StoreException.refused("The path '" + path + "' has no folder; give an absolute path");
    }
    return parent;
  }
}
