package dev.sluice.pipe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Runs deferred calls, so many at a time; threads are made when first needed and gone after
/// [#close()].
///
/// Only the evaluating thread submits and takes. A slot is taken while a call is queued or running;
/// results that were not taken yet need none.
final class Pool implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final PipeSettings settings;
  private final Signal signal;
  private final ArrayBlockingQueue<Pending> queue;
  private final List<Thread> workers = new ArrayList<>();
  private final AtomicInteger used = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger idle = new AtomicInteger();
  private @Nullable Pending oldest;
  private @Nullable Pending newest;
  private long virtualThreads;
  private volatile boolean closed;

  Pool(PipeSettings settings, Signal signal) {
    this.settings = settings;
    this.signal = signal;
    this.queue = new ArrayBlockingQueue<>(settings.maxParallelItems());
  }

  boolean isEmpty() {
    return oldest == null;
  }

  boolean isFull() {
    return used.get() >= settings.maxParallelItems();
  }

  /// To be called when not [#isFull()].
  void submit(Pending pending) {
    used.incrementAndGet();
    link(pending);
    switch (pending.call.place()) {
      case POOL -> queued(pending);
      case VIRTUAL_THREAD -> {
        var thread =
            Thread.ofVirtual()
                .name("sluice-async-" + ++virtualThreads)
                .unstarted(() -> run(pending));
        pending.cancel = thread::interrupt;
        thread.start();
      }
      case ELSEWHERE -> awaited(pending);
    }
  }

  /// The oldest call that is done, taken out; null if none is.
  @Nullable Pending takeDone() {
    if (done.get() == 0) {
      return null;
    }
    for (var pending = oldest; pending != null; pending = pending.newer) {
      if (pending.state.get() == Pending.DONE) {
        done.decrementAndGet();
        unlink(pending);
        return pending;
      }
    }
    return null;
  }

  /// The oldest call that is not done; null if there is none.
  @Nullable Pending running() {
    for (var pending = oldest; pending != null; pending = pending.newer) {
      if (pending.state.get() == Pending.RUNNING) {
        return pending;
      }
    }
    return null;
  }

  /// How long until a future is late, in nanoseconds; 0 = never.
  ///
  /// A future that is late becomes one that failed.
  long patience() {
    if (settings.futuresTimeout().isZero()) {
      return 0;
    }
    for (var pending = oldest; pending != null; pending = pending.newer) {
      if (pending.call.place() == Deferred.Place.ELSEWHERE
          && pending.state.get() == Pending.RUNNING) {
        var left = pending.deadline - System.nanoTime();
        if (left > 0) {
          return left;
        }
        cancel(pending);
        finish(
            pending,
            null,
            new java.util.concurrent.TimeoutException(
                "not completed after "
                    + settings.futuresTimeout().toMillis() / 1000.0
                    + " s (setting 'extract.futures_timeout')"));
        return 1;
      }
    }
    return 0;
  }

  /// Cancels what runs and waits until it has ended.
  @Override
  public void close() {
    closed = true;
    queue.clear();
    for (var pending = oldest; pending != null; pending = pending.newer) {
      cancel(pending);
    }
    for (var worker : workers) {
      worker.interrupt();
    }
    var interrupted = false;
    var end = System.nanoTime() + PATIENCE.toNanos();
    for (var worker : workers) {
      interrupted |= Joining.join(worker, end);
    }
    // virtual threads say themselves that they have ended
    while (used.get() > 0 && System.nanoTime() < end && waitsForVirtualThreads()) {
      var ticket = signal.ticket();
      if (used.get() == 0) {
        break;
      }
      try {
        signal.await(ticket, Math.max(1, end - System.nanoTime()));
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    oldest = null;
    newest = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean waitsForVirtualThreads() {
    for (var pending = oldest; pending != null; pending = pending.newer) {
      if (pending.call.place() == Deferred.Place.VIRTUAL_THREAD
          && pending.state.get() == Pending.RUNNING) {
        return true;
      }
    }
    return false;
  }

  private void queued(Pending pending) {
    queue.add(pending);
    if (workers.size() < settings.workers() && idle.get() < queue.size()) {
      workers.add(
          Thread.ofPlatform()
              .daemon()
              .name("sluice-extract-" + (workers.size() + 1))
              .start(this::work));
    }
  }

  private void work() {
    while (!closed) {
      Pending pending;
      idle.incrementAndGet();
      try {
        pending = queue.take();
      } catch (InterruptedException ended) {
        continue; // by close, or by a call that left its thread interrupted
      } finally {
        idle.decrementAndGet();
      }
      var self = Thread.currentThread();
      pending.cancel = self::interrupt;
      if (closed) {
        finish(pending, null, new CancellationException());
        return;
      }
      run(pending);
      if (!closed) {
        Thread.interrupted();
      }
    }
  }

  private void run(Pending pending) {
    try {
      finish(pending, pending.call.body().call(), null);
    } catch (Throwable failed) {
      finish(pending, null, failed);
    }
  }

  private void awaited(Pending pending) {
    CompletionStage<?> stage;
    try {
      stage = (CompletionStage<?>) pending.call.body().call();
    } catch (Throwable failed) {
      finish(pending, null, failed);
      return;
    }
    if (stage == null) {
      finish(pending, null, null);
      return;
    }
    pending.deadline = System.nanoTime() + settings.futuresTimeout().toNanos();
    pending.cancel =
        () -> {
          try {
            stage.toCompletableFuture().cancel(true);
          } catch (UnsupportedOperationException itsOwner) {
            // only its owner can end it
          }
        };
    stage.whenComplete((result, failure) -> finish(pending, result, cause(failure)));
  }

  private void finish(Pending pending, @Nullable Object result, @Nullable Throwable failure) {
    pending.result = result;
    pending.failure = failure;
    if (pending.state.compareAndSet(Pending.RUNNING, Pending.DONE)) {
      pending.cancel = null;
      done.incrementAndGet();
      used.decrementAndGet();
      signal.raise();
    }
  }

  private static void cancel(Pending pending) {
    var cancel = pending.cancel;
    if (cancel != null && pending.state.get() == Pending.RUNNING) {
      cancel.run();
    }
  }

  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    return (failure instanceof CompletionException || failure instanceof ExecutionException)
            && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private void link(Pending pending) {
    pending.older = newest;
    if (newest == null) {
      oldest = pending;
    } else {
      newest.newer = pending;
    }
    newest = pending;
  }

  private void unlink(Pending pending) {
    if (pending.older == null) {
      oldest = pending.newer;
    } else {
      pending.older.newer = pending.newer;
    }
    if (pending.newer == null) {
      newest = pending.older;
    } else {
      pending.newer.older = pending.older;
    }
  }
}
