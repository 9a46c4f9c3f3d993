package dev.sluice.resource;

import dev.sluice.pipe.Fn;
import dev.sluice.pipe.PipeException;
import dev.sluice.seam.IoFault;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/// Reads the parts of a resource side by side and gives their rows in the order of the parts.
///
/// Each part under way has a buffer; a reader waits when that is full, and none begins a part that
/// is too far ahead of the one whose turn it is.
final class Parts<P> implements Iterator<Object>, AutoCloseable {
  private static final int CHUNK = 128;
  private static final int CHUNKS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String resource;
  private final List<? extends P> parts;
  private final Fn<? super P, ? extends BaseStream<?, ?>> rows;
  private final int readers;
  private final List<Thread> threads = new ArrayList<>();

  // Guarded by this object.
  private final Map<Integer, Deque<List<Object>>> buffers = new HashMap<>();
  private final Map<Integer, Boolean> done = new HashMap<>();
  private int current;
  private int begun;
  private @Nullable PipeException failure;
  private boolean closed;

  private Iterator<Object> chunk = List.of().iterator();

  Parts(
      String resource,
      List<? extends P> parts,
      Fn<? super P, ? extends BaseStream<?, ?>> rows,
      int readers) {
    this.resource = resource;
    this.parts = parts;
    this.rows = rows;
    this.readers = readers;
  }

  @Override
  public boolean hasNext() {
    while (!chunk.hasNext()) {
      try {
        var next = nextChunk();
        if (next == null) {
          return false;
        }
        chunk = next.iterator();
      } catch (InterruptedException interrupted) {
        throw Unchecked.thrown(interrupted);
      }
    }
    return true;
  }

  @Override
  public Object next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return chunk.next();
  }

  /// Ends the readers and waits for them.
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    threads.forEach(Thread::interrupt);
    var end = System.nanoTime() + PATIENCE.toNanos();
    try {
      for (var thread : threads) {
        thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized @Nullable List<Object> nextChunk() throws InterruptedException {
    if (threads.isEmpty()) {
      for (int i = 0; i < Math.min(readers, parts.size()); i++) {
        threads.add(
            Thread.ofPlatform()
                .daemon()
                .name("sluice-" + resource + "-" + (i + 1))
                .start(this::read));
      }
    }
    while (true) {
      if (failure != null) {
        throw failure;
      }
      if (current == parts.size()) {
        return null;
      }
      var buffer = buffers.get(current);
      if (buffer != null && !buffer.isEmpty()) {
        notifyAll();
        return buffer.remove();
      }
      if (done.containsKey(current)) {
        buffers.remove(current);
        done.remove(current);
        current++;
        notifyAll();
      } else {
        wait();
      }
    }
  }

  private void read() {
    try {
      for (int part = begin(); part >= 0; part = begin()) {
        read(part);
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized int begin() throws InterruptedException {
    while (!closed && failure == null && begun < parts.size() && begun >= current + 2 * readers) {
      wait();
    }
    if (closed || failure != null || begun == parts.size()) {
      return -1;
    }
    buffers.put(begun, new ArrayDeque<>());
    return begun++;
  }

  private void read(int part) throws InterruptedException {
    try (var stream = rows.apply(parts.get(part))) {
      var chunk = new ArrayList<Object>();
      for (var each = stream.iterator(); each.hasNext(); ) {
        Object row = each.next();
        if (row == null) {
          continue;
        }
        chunk.add(row);
        if (chunk.size() == CHUNK || row instanceof List) {
          put(part, chunk);
          chunk = new ArrayList<>();
        }
      }
      if (!chunk.isEmpty()) {
        put(part, chunk);
      }
      synchronized (this) {
        done.put(part, true);
        notifyAll();
      }
    } catch (InterruptedException ended) {
      throw ended;
    } catch (Throwable failed) {
      synchronized (this) {
        if (failure == null && !closed) {
          failure =
              new PipeException(
                  resource,
                  "Resource '"
                      + resource
                      + "' failed on part '"
                      + parts.get(part)
                      + "': "
                      + said(failed),
                  failed);
        }
        notifyAll();
      }
    }
  }

  private static String said(Throwable failed) {
    var fault = IoFault.of(failed);
    return fault == null ? failed.getClass().getSimpleName() + ": " + failed.getMessage() : fault;
  }

  private synchronized void put(int part, List<Object> chunk) throws InterruptedException {
    var buffer = buffers.get(part);
    while (!closed && failure == null && buffer != null && buffer.size() >= CHUNKS) {
      wait();
    }
    if (closed || failure != null || buffer == null) {
      throw new InterruptedException();
    }
    buffer.add(chunk);
    notifyAll();
  }
}
