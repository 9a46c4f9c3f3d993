package dev.sluice.pipe;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// A generator on the stack: a head, a nested one, or an element's ways into several pipes.
final class Source {
  /// Says that nothing is there yet.
  static final Object NOTHING_YET = new Object();

  /// Says that no more elements come.
  static final Object END = new Object();

  /// Gives the next element: [#NOTHING_YET], [#END], null, or an element.
  interface Elements {
    @Nullable Object next() throws Exception;

    default void close() throws Exception {}
  }

  /// No elements.
  static final Elements NONE = () -> END;

  Elements elements;
  final Node node;
  final Origin origin;
  final int step;
  final @Nullable String table;
  final boolean initial;
  boolean closed;
  boolean unopened;

  Source(
      Elements elements,
      Node node,
      Origin origin,
      int step,
      @Nullable String table,
      boolean initial) {
    this.elements = elements;
    this.node = node;
    this.origin = origin;
    this.step = step;
    this.table = table;
    this.initial = initial;
    this.unopened = initial;
  }

  static Elements of(Iterator<?> iterator, @Nullable AutoCloseable owner) {
    return new Elements() {
      @Override
      public @Nullable Object next() {
        return iterator.hasNext() ? iterator.next() : END;
      }

      @Override
      public void close() throws Exception {
        if (owner != null) {
          owner.close();
        } else if (iterator instanceof AutoCloseable closeable) {
          closeable.close();
        }
      }
    };
  }
}
