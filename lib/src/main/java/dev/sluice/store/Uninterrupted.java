package dev.sluice.store;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// File work that an interrupt must not end half-way.
///
/// An interrupt closes the channel that its thread works on. So work that this happens to is done
/// once more, by a thread that nobody knows and nobody can interrupt; what was to be interrupted
/// finds out afterwards, by the flag of its thread. Without an interrupt it costs nothing.
final class Uninterrupted {
  private Uninterrupted() {}

  /// What can be done again from its start, for it may have been begun before.
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  static void run(Work work) throws IOException {
    var interrupted = Thread.interrupted();
    try {
      work.run();
    } catch (ClosedChannelException closed) {
      if (!Thread.interrupted()) {
        throw closed;
      }
      interrupted = true;
      aside(work);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void aside(Work work) throws IOException {
    var task =
        new FutureTask<@Nullable Void>(() -> {
          work.run();
          return null;
        });
    Thread.ofPlatform().name("sluice-uninterrupted").start(task);
    await(task);
  }

  /// Waits for file work to its end, and throws what it threw.
  static void await(Future<?> work) throws IOException {
    var interrupted = false;
    try {
      while (true) {
        try {
          work.get();
          return;
        } catch (InterruptedException later) {
          interrupted = true;
        }
      }
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case IOException io -> throw io;
        case RuntimeException known -> throw known;
        case Error error -> throw error;
        case null, default -> throw new IOException(failed.getCause());
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
