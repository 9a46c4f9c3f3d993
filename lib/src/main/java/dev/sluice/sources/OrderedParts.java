package dev.sluice.sources;

import dev.sluice.seam.IoFault;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// Reads several streams of pages at once and gives their pages in the order of the parts, as if
/// they were read one after the other. A thread holds at most three pages: it waits until the parts
/// before its own are done.
final class OrderedParts<P> implements Iterator<P> {
  private static final int PAGES_AHEAD = 2;

  /// One part: a page is an answer, `END` the end, and a failure is thrown where it is read.
  private sealed interface Answer<P> {
    record Page<P>(P rows) implements Answer<P> {}

    record Failed<P>(Throwable cause) implements Answer<P> {}

    record End<P>() implements Answer<P> {}
  }

  private final ExecutorService threads;
  private final Iterator<BlockingQueue<Answer<P>>> parts;
  private final Runnable afterwards;
  private @Nullable BlockingQueue<Answer<P>> part;
  private @Nullable P page;
  private boolean closed;

  private OrderedParts(List<Callable<Stream<P>>> readers, int workers, Runnable afterwards) {
    this.afterwards = afterwards;
    this.threads =
        Executors.newFixedThreadPool(
            workers, Thread.ofPlatform().daemon().name("sluice-parts-", 0).factory());
    this.parts = readers.stream().map(this::start).toList().iterator();
  }

  /// - `afterwards`: done when the stream ends or is closed
  static <P> Stream<P> pages(List<Callable<Stream<P>>> readers, int workers, Runnable afterwards) {
    var parts = new OrderedParts<>(readers, workers, afterwards);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(parts, Spliterator.ORDERED), false)
        .onClose(parts::close);
  }

  /// The threads take parts in order, so that of all begun parts the first is always being read.
  private BlockingQueue<Answer<P>> start(Callable<Stream<P>> reader) {
    var queue = new ArrayBlockingQueue<Answer<P>>(PAGES_AHEAD);
    threads.execute(() -> {
      try {
        put(queue, read(reader, queue));
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    });
    return queue;
  }

  private static <P> Answer<P> read(Callable<Stream<P>> reader, BlockingQueue<Answer<P>> queue)
      throws InterruptedException {
    try (var pages = reader.call()) {
      for (var each = pages.iterator(); each.hasNext(); ) {
        put(queue, new Answer.Page<>(each.next()));
      }
      return new Answer.End<>();
    } catch (InterruptedException stopped) {
      throw stopped;
    } catch (Throwable failed) {
      return new Answer.Failed<>(failed);
    }
  }

  private static <P> void put(BlockingQueue<Answer<P>> queue, Answer<P> answer)
      throws InterruptedException {
    queue.put(answer);
  }

  @Override
  public boolean hasNext() {
    while (page == null && !closed) {
      if (part == null) {
        if (!parts.hasNext()) {
          close();
          return false;
        }
        part = parts.next();
      }
      switch (take(part)) {
        case Answer.Page<P>(var rows) -> page = rows;
        case Answer.End<P>() -> part = null;
        case Answer.Failed<P>(var cause) -> {
          close();
          if (cause instanceof RuntimeException unchecked) throw unchecked;
          if (cause instanceof Error error) throw error;
          throw new SourceFailed(
              "A part cannot be read: '"
                  + (cause instanceof IOException fault ? IoFault.said(fault) : cause.getMessage())
                  + "'",
              cause);
        }
      }
    }
    return page != null;
  }

  @Override
  public P next() {
    var next = hasNext() ? page : null;
    if (next == null) throw new NoSuchElementException();
    page = null;
    return next;
  }

  private Answer<P> take(BlockingQueue<Answer<P>> queue) {
    try {
      return queue.take();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      close();
      throw new SourceFailed("Reading was interrupted", stopped);
    }
  }

  /// Stops the threads and waits for them.
  private void close() {
    if (closed) return;
    closed = true;
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
        throw new SourceFailed("A thread that reads a part does not stop");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      afterwards.run();
    }
  }
}
