package dev.sluice.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One user of a working directory at a time, across processes and within one.
///
/// The operating system forgets a process's lock on a file as soon as that process closes *any*
/// handle of the file. So the lock file is opened once and never read, the holder's name stands in
/// another file, and a second opener in this JVM is caught before it opens the file: by an entry in
/// the system properties, the one table that all class loaders share.
final class FolderLock implements AutoCloseable {
  static final String LOCK_FILE = ".sluice.lock";
  static final String HOLDER_FILE = ".sluice.holder";
  private static final String PROPERTY = "dev.sluice.lock:";
  private static final long POLL_MILLIS = 25;

  private final String property;
  private final FileChannel channel;
  private final FileLock lock;

  private FolderLock(String property, FileChannel channel, FileLock lock) {
    this.property = property;
    this.channel = channel;
    this.lock = lock;
  }

  static FolderLock acquire(Path folder, String pipeline, Duration timeout) {
    var holder =
        "process "
            + ProcessHandle.current().pid()
            + ", thread '"
            + Thread.currentThread().getName()
            + "'";
    var deadline = System.nanoTime() + timeout.toNanos();
    try {
      var property = PROPERTY + folder.toRealPath().toUri();
      String other;
      while ((other = putIfAbsent(property, holder)) != null) {
        pauseOrRefuse(deadline, folder, pipeline, timeout, "this " + other);
      }
      try {
        return new Attempt(folder, pipeline, timeout, deadline, property).lock(holder);
      } catch (IOException | RuntimeException | Error e) {
        System.getProperties().remove(property);
        throw e;
      }
    } catch (IOException e) {
      throw StoreException.io("lock the working directory", folder, e);
    }
  }

  private static @Nullable String putIfAbsent(String property, String holder) {
    return (String) System.getProperties().putIfAbsent(property, holder);
  }

  private record Attempt(
      Path folder, String pipeline, Duration timeout, long deadline, String property) {
    FolderLock lock(String holder) throws IOException {
      var channel =
          FileChannel.open(
              folder.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        while (true) {
          var lock = tryLock(channel);
          if (lock != null) {
            // Only the name, for whoever waits: nothing depends on it after a power cut.
            var name = folder.resolve(HOLDER_FILE);
            Uninterrupted.run(() -> Files.write(name, holder.getBytes(StandardCharsets.UTF_8)));
            return new FolderLock(property, channel, lock);
          }
          pauseOrRefuse(deadline, folder, pipeline, timeout, null);
        }
      } catch (IOException | RuntimeException | Error e) {
        try {
          channel.close();
        } catch (IOException open) {
          e.addSuppressed(open);
        }
        throw e;
      }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
      try {
        return channel.tryLock();
      } catch (OverlappingFileLockException e) {
        return null;
      }
    }
  }

  private static void pauseOrRefuse(
      long deadline, Path folder, String pipeline, Duration timeout, @Nullable String known) {
    if (System.nanoTime() >= deadline) {
      throw new StoreException(
          "Pipeline '"
              + pipeline
              + "' is in use by "
              + (known == null ? holderOf(folder) : known)
              + " ('"
              + folder
              + "'); waited "
              + timeout.toMillis() / 1000.0
              + " s; let it finish, or set extract.lock_timeout higher",
          true,
          null);
    }
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(
          "Interrupted while waiting for pipeline '" + pipeline + "'", true, e);
    }
  }

  private static String holderOf(Path folder) {
    try {
      return Files.readString(folder.resolve(HOLDER_FILE));
    } catch (IOException e) {
      return "another process";
    }
  }

  @Override
  public void close() {
    try (channel) {
      lock.release();
    } catch (IOException e) {
      throw StoreException.io("release the lock of", property, e);
    } finally {
      System.getProperties().remove(property);
    }
  }
}
