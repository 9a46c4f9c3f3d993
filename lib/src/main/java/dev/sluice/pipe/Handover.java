package dev.sluice.pipe;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A generator in a thread of its own that hands its elements over one at a time: it goes on only
/// when the next one is asked for, so that it does not run ahead.
///
/// A change of threads costs more than many an element. So once a generator has shown, over many
/// elements, that it makes one in microseconds, it makes a few in a row; unless a step may close
/// it.
///
/// A parallelized one is asked for the next element as soon as one is taken, and so is ahead by
/// one; meanwhile it has nothing yet.
final class Handover implements Source.Elements {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int SPINS = 500;
  private static final Object NULL = new Object();

  // How many elements come one by one; then how long one in a row may take, and all of a row.
  private static final int ONE_BY_ONE = 16;
  private static final long ELEMENT_NANOS = 50_000;
  private static final long ROW_NANOS = 1_000_000;
  private static final int ROW_LENGTH = 64;

  private final Head.Push head;
  private final String name;
  private final Signal signal;
  private final @Nullable Semaphore permits;
  private @Nullable Thread thread;
  private final boolean rows;
  private final ArrayDeque<Object> row = new ArrayDeque<>();
  private long elements;
  private long goingSince;
  private long elementSince;
  private boolean asked;

  // Who may go on; the slot and the failure are written before it and read after it.
  private volatile boolean generating;
  private @Nullable Object slot;
  private @Nullable Throwable failure;
  private volatile @Nullable Thread consumer;
  private volatile boolean generatorParked;
  private volatile boolean emitting;
  private volatile boolean closed;

  /// - `permits`: how many parallelized generators run at once; null = not parallelized
  /// - `closable`: whether a step may close it
  Handover(
      Head.Push head, String name, Signal signal, @Nullable Semaphore permits, boolean closable) {
    this.head = head;
    this.name = name;
    this.signal = signal;
    this.permits = permits;
    this.rows = permits == null && !closable;
  }

  @Override
  public @Nullable Object next() throws Exception {
    if (!asked) {
      ask();
    }
    if (generating) {
      if (permits != null) {
        return Source.NOTHING_YET;
      }
      awaitElement();
    }
    if (!row.isEmpty()) {
      return taken(row.poll());
    }
    asked = false;
    var element = slot;
    slot = null;
    if (element == Source.END) {
      asked = true;
      if (failure instanceof Exception exception) {
        throw exception;
      }
      if (failure instanceof Error error) {
        throw error;
      }
      slot = Source.END;
      return element;
    }
    if (permits != null && !(element instanceof Checkpoint)) {
      ask();
    }
    return taken(element);
  }

  private static @Nullable Object taken(@Nullable Object element) {
    return element == NULL ? null : element;
  }

  @Override
  public void close() {
    closed = true;
    var running = thread;
    if (running == null) {
      return;
    }
    if (!emitting) {
      running.interrupt();
    }
    generating = true;
    LockSupport.unpark(running);
    if (Joining.join(running, System.nanoTime() + PATIENCE.toNanos())) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask() {
    asked = true;
    generating = true;
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("sluice-" + name).unstarted(this::generate);
      thread.start();
    } else if (generatorParked) {
      LockSupport.unpark(thread);
    }
  }

  private void awaitElement() throws InterruptedException {
    for (int spin = 0; spin < SPINS; spin++) {
      if (!generating) {
        return;
      }
      Thread.onSpinWait();
    }
    consumer = Thread.currentThread();
    try {
      while (generating) {
        LockSupport.park(this);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    } finally {
      consumer = null;
    }
  }

  private void generate() {
    try {
      acquire();
      head.generator().run(new Emitter(head.memory(), this::emit));
    } catch (Abandoned done) {
      // nobody wants more
    } catch (Throwable failed) {
      failure = failed;
    }
    handOver(Source.END);
  }

  private void emit(@Nullable Object element) {
    var next = element == null ? NULL : element;
    if (rows && isQuick(next)) {
      row.add(next);
      return;
    }
    emitting = true;
    handOver(next);
    awaitTurn();
    goingSince = System.nanoTime();
    elementSince = goingSince;
    if (closed) {
      throw new Abandoned();
    }
    acquire();
    emitting = false;
  }

  /// Whether the element was made so fast that it may wait for the next one.
  private boolean isQuick(Object element) {
    if (++elements <= ONE_BY_ONE || element instanceof Checkpoint || element instanceof Offered) {
      return false;
    }
    var now = System.nanoTime();
    var quick =
        now - elementSince < ELEMENT_NANOS
            && now - goingSince < ROW_NANOS
            && row.size() < ROW_LENGTH;
    elementSince = now;
    return quick;
  }

  private void handOver(Object element) {
    if (permits != null) {
      permits.release();
    }
    if (closed) {
      return;
    }
    slot = element;
    generating = false;
    var waiting = consumer;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
    if (permits != null) {
      signal.raise();
    }
  }

  private void awaitTurn() {
    for (int spin = 0; spin < SPINS; spin++) {
      if (generating || closed) {
        return;
      }
      Thread.onSpinWait();
    }
    var interrupted = false;
    generatorParked = true;
    while (!generating && !closed) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    generatorParked = false;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void acquire() {
    if (permits != null) {
      permits.acquireUninterruptibly();
    }
  }
}
