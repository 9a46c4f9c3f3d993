package dev.sluice.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// One load at a time into a destination, within this process. The entry stands in the system
/// properties, the one table that all class loaders share; its release may come from any thread.
final class LoadLock {
  private static final String PROPERTY = "dev.sluice.load:";

  private LoadLock() {}

  /// Waits for the destination; run the result to give it free.
  static Runnable acquire(Target target) {
    if (target.destination().place() instanceof Destination.Memory(var memory)) {
      try {
        if (!memory.loading.tryLock(target.lockTimeout().toNanos(), TimeUnit.NANOSECONDS))
          throw inUse(target, "another thread");
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new LoadException(
            "Interrupted while waiting for the database in memory", true, interrupted);
      }
      return memory.loading::unlock;
    }
    var property = PROPERTY + realPath(target.file().orElseThrow());
    var holder = "thread '" + Thread.currentThread().getName() + "'";
    var deadline = System.nanoTime() + target.lockTimeout().toNanos();
    Object other;
    while ((other = System.getProperties().putIfAbsent(property, holder)) != null) {
      if (System.nanoTime() >= deadline) throw inUse(target, String.valueOf(other));
      Database.pause("the DuckDB file '" + target.location() + "'");
    }
    return () -> System.getProperties().remove(property);
  }

  private static LoadException inUse(Target target, String holder) {
    return new LoadException(
        "The destination '"
            + target.location()
            + "' is being loaded by "
            + holder
            + " of this process; waited "
            + target.lockTimeout().toMillis() / 1000.0
            + " s; let it finish, or set load.lock_timeout higher",
        true,
        null);
  }

  private static Path realPath(Path file) {
    try {
      if (Files.exists(file)) return file.toRealPath();
      var folder = file.getParent();
      return folder == null || !Files.exists(folder)
          ? file
          : folder.toRealPath().resolve(file.getFileName());
    } catch (IOException unreadable) {
      return file;
    }
  }
}
