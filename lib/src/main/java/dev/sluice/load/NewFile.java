package dev.sluice.load;

import dev.sluice.seam.IoFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes a DuckDB file: under another name, closed, and then put in place, since a file whose
/// creation was cut short never opens again.
///
/// - one process at a time, by a lock file that is there no longer than the making
/// - a `.wal` that lies where the file will be is of a file that is gone. DuckDB deletes it when it
///   makes a file itself, but would replay it into one that it finds. It may be all that is left of
///   rows of a file that is put back later, so it is moved aside, which is said
final class NewFile {
  /// Files made here can be opened by every DuckDB from 1.0 on.
  private static final String STORAGE_VERSION = "v1.0.0";

  private static final long POLL_MILLIS = 25;
  private static final int MAX_LOCK_BYTES = 1 << 20;

  private final Path file;

  private NewFile(Path file) {
    this.file = file;
  }

  /// Makes the file if it is not there; gives what is worth knowing about what lay there.
  static List<String> makeIfMissing(Path file, Duration timeout) {
    var made = new NewFile(file);
    if (Files.exists(file)) {
      made.removeLeft();
      return List.of();
    }
    return made.alone(timeout);
  }

  private List<String> alone(Duration timeout) {
    var lockFile = beside("creating");
    var deadline = System.nanoTime() + timeout.toNanos();
    try {
      var folder = file.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      while (true) {
        try (var channel =
                FileChannel.open(
                    lockFile,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            var lock = tryLock(channel)) {
          if (lock != null && isStill(lockFile, channel)) {
            try {
              return make();
            } finally {
              Files.deleteIfExists(lockFile);
            }
          }
        }
        if (System.nanoTime() >= deadline) {
          throw new LoadException(
              "The DuckDB file '%s' is being made by another process; waited %s s; let it finish, or set load.lock_timeout higher"
                  .formatted(file, timeout.toMillis() / 1000.0),
              true,
              null);
        }
        Thread.sleep(POLL_MILLIS);
      }
    } catch (IOException failed) {
      throw new LoadException(
          "Cannot create the DuckDB file '" + file + "': " + IoFault.said(failed, file),
          IoFault.passes(failed),
          failed);
    } catch (SQLException failed) {
      throw new LoadException(
          "Cannot create the DuckDB file '"
              + file
              + "': "
              + Database.firstLine(String.valueOf(failed.getMessage())),
          false,
          failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new LoadException("Interrupted while waiting for '" + file + "'", true, interrupted);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException ofThisProcess) {
      return null;
    }
  }

  /// Whether what is locked is what others would open: its last holder may have deleted it since.
  /// Told by a size that is ours alone, as opening it once more and closing it would give the lock
  /// free.
  private static boolean isStill(Path lockFile, FileChannel channel) throws IOException {
    var size = 1 + ThreadLocalRandom.current().nextInt(MAX_LOCK_BYTES);
    channel.truncate(0);
    channel.write(ByteBuffer.allocate(1), size - 1L);
    try {
      return Files.size(lockFile) == size;
    } catch (NoSuchFileException deleted) {
      return false;
    }
  }

  private List<String> make() throws IOException, SQLException {
    removeDrafts();
    if (Files.exists(file)) {
      return List.of();
    }
    var draft = beside(ProcessHandle.current().pid() + ".new");
    var properties = new Properties();
    properties.setProperty("storage_compatibility_version", STORAGE_VERSION);
    try (var connection = DuckDb.open("jdbc:duckdb:" + draft, properties);
        var statement = connection.createStatement()) {
      statement.execute("CHECKPOINT");
    }
    try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    var warnings = moveWalAside();
    putInPlace(draft);
    return warnings;
  }

  private List<String> moveWalAside() throws IOException {
    var wal = beside("wal");
    if (!Files.exists(wal)) {
      return List.of();
    }
    var number = 1;
    while (Files.exists(beside("wal." + number + ".stale"))) {
      number++;
    }
    var aside = beside("wal." + number + ".stale");
    Files.move(wal, aside);
    syncFolder(); // or a power cut brings it back beside the new file
    return List.of(
        "'%s' lay there without its DuckDB file, which was deleted or moved: a new file was made, and the .wal was moved to '%s', as it is of the old one; if you put that back, put this beside it under its old name, else delete it"
            .formatted(wal, aside.getFileName()));
  }

  /// What a process left beside the file that died when it was made, and not before.
  private void removeLeft() {
    removeDrafts();
    try {
      Files.deleteIfExists(beside("creating"));
    } catch (IOException e) {
      System.getLogger(NewFile.class.getName())
          .log(System.Logger.Level.DEBUG, "The lock of '" + file + "' stays", e);
    }
  }

  /// What processes left behind that died while they created the file; one that had our number is
  /// dead as well.
  private void removeDrafts() {
    var folder = file.getParent();
    if (folder == null) {
      return;
    }
    var name = Pattern.compile(Pattern.quote(file.getFileName() + ".") + "(\\d+)\\.new(\\.wal)?");
    try (var entries =
        Files.newDirectoryStream(
            folder, entry -> name.matcher(String.valueOf(entry.getFileName())).matches())) {
      for (var entry : entries) {
        var owner = name.matcher(String.valueOf(entry.getFileName()));
        if (owner.matches() && !isOfOther(Long.parseLong(owner.group(1)))) {
          Files.deleteIfExists(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException | NumberFormatException e) {
      // Nobody needs them, but nobody is hurt by them either.
      System.getLogger(NewFile.class.getName())
          .log(System.Logger.Level.DEBUG, "Drafts of '" + file + "' stay", e);
    }
  }

  private static boolean isOfOther(long process) {
    return process != ProcessHandle.current().pid()
        && ProcessHandle.of(process).filter(ProcessHandle::isAlive).isPresent();
  }

  /// Never over a file that somebody else made meanwhile.
  private void putInPlace(Path draft) throws IOException {
    try {
      Files.createLink(file, draft);
      Files.deleteIfExists(draft);
    } catch (FileAlreadyExistsException taken) {
      Files.deleteIfExists(draft);
    } catch (UnsupportedOperationException | FileSystemException noLinks) {
      if (Files.exists(file)) {
        Files.deleteIfExists(draft);
      } else {
        Files.move(draft, file);
      }
    }
    syncFolder();
  }

  private void syncFolder() throws IOException {
    var folder = file.getParent();
    if (folder != null) {
      try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private Path beside(String ending) {
    return file.resolveSibling(file.getFileName() + "." + ending);
  }
}
