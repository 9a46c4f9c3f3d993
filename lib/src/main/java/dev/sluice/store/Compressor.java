package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What the writers of one run share: background threads that compress and write, and a bound on
/// the bytes that all of them buffer. A writer has at most one flush under way, so the queue is
/// bounded.
///
/// `try (var compressor = Compressor.threads(1)) { … }`; `Compressor.inline()` has no thread.
@Seam
public final class Compressor implements AutoCloseable {
  private static final long MAX_BUFFERED_BYTES = 64L << 20;

  private final @Nullable ExecutorService threads;
  private final ConcurrentLinkedDeque<Block> idle = new ConcurrentLinkedDeque<>();
  private final AtomicLong buffered = new AtomicLong();

  private Compressor(@Nullable ExecutorService threads) {
    this.threads = threads;
  }

  /// Compresses and writes in `count` platform threads, joined by `close()`.
  public static Compressor threads(int count) {
    var number = new AtomicInteger();
    return new Compressor(
        Executors.newFixedThreadPool(
            count,
            task -> {
              var thread = new Thread(task, "sluice-writer-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            }));
  }

  /// Compresses and writes in the thread that appends.
  public static Compressor inline() {
    return new Compressor(null);
  }

  Future<?> submit(Callable<@Nullable Void> task) {
    if (threads != null) {
      return threads.submit(task);
    }
    var now = new FutureTask<@Nullable Void>(task);
    now.run();
    return now;
  }

  static void await(Future<?> task) {
    try {
      task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("Interrupted while writing job files", true, e);
    }
  }

  /// Grants more buffer space; refuses when all writers together hold too much, unless it `must`.
  public boolean grow(long bytes, boolean must) {
    if (buffered.addAndGet(bytes) <= MAX_BUFFERED_BYTES || must) {
      return true;
    }
    buffered.addAndGet(-bytes);
    return false;
  }

  /// Gives buffer space back.
  public void release(long bytes) {
    buffered.addAndGet(-bytes);
  }

  Block borrowBlock() {
    var block = idle.poll();
    return block == null ? new Block() : block;
  }

  void giveBack(Block block) {
    idle.push(block);
  }

  @Override
  public void close() {
    if (threads != null) {
      threads.close();
    }
    idle.forEach(Block::close);
    idle.clear();
  }
}
