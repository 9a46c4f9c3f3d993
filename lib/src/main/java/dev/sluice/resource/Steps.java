package dev.sluice.resource;

import dev.sluice.pipe.Deferred;
import dev.sluice.pipe.Fn;
import dev.sluice.pipe.Step;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/// What resources do with rows, as steps that take pages too. They have no state, so that any
/// evaluation may use them.
final class Steps {
  private Steps() {}

  /// Each row to a row or none; a page stays one, unless nothing is left of it.
  @SuppressWarnings("unchecked")
  static <A, B> Step rows(Fn<A, B> function) {
    return (element, flow) -> {
      if (!(element instanceof List<?> page)) {
        return function.apply((A) element);
      }
      var rows = new ArrayList<Object>(page.size());
      for (var row : page) {
        var made = function.apply((A) row);
        if (made != null) {
          rows.add(made);
        }
      }
      return rows.isEmpty() && !page.isEmpty() ? null : rows;
    };
  }

  /// Keeps rows; an empty page passes.
  @SuppressWarnings("unchecked")
  static <T> Step filter(Fn<? super T, Boolean> keep) {
    return (element, flow) -> {
      if (!(element instanceof List<?> page)) {
        return keep.apply((T) element) ? element : null;
      }
      var rows = new ArrayList<Object>(page.size());
      for (var row : page) {
        if (keep.apply((T) row)) {
          rows.add(row);
        }
      }
      return rows.isEmpty() && !page.isEmpty() ? null : rows;
    };
  }

  /// Each row to a call.
  @SuppressWarnings("unchecked")
  static <A, B> Step deferred(Deferred<A, B> deferred) {
    return (element, flow) ->
        element instanceof List<?> page
            ? new Calls<>((Iterator<A>) page.iterator(), deferred)
            : deferred.call((A) element);
  }

  /// Each row to many.
  @SuppressWarnings("unchecked")
  static <A, B> Step expand(Fn<? super A, ? extends BaseStream<? extends B, ?>> function) {
    return (element, flow) ->
        element instanceof List<?> page
            ? new Streams<>((Iterator<A>) page.iterator(), function)
            : function.apply((A) element);
  }

  /// Each page to a page; a row alone is a page of one.
  @SuppressWarnings("unchecked")
  static <A, B> Step pages(Fn<? super List<A>, ? extends List<? extends B>> function) {
    return (element, flow) ->
        function.apply(element instanceof List<?> page ? (List<A>) page : List.of((A) element));
  }

  /// The calls for the rows of a page, made one by one.
  private record Calls<A, B>(Iterator<A> rows, Deferred<A, B> deferred)
      implements Iterator<Object> {
    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public Object next() {
      return deferred.call(rows.next());
    }
  }

  /// The streams of the rows of a page, opened one by one.
  private static final class Streams<A> implements Iterator<@Nullable Object> {
    private final Iterator<A> rows;
    private final Fn<? super A, ? extends BaseStream<?, ?>> function;

    Streams(Iterator<A> rows, Fn<? super A, ? extends BaseStream<?, ?>> function) {
      this.rows = rows;
      this.function = function;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public @Nullable Object next() {
      if (!rows.hasNext()) {
        throw new NoSuchElementException();
      }
      try {
        return function.apply(rows.next());
      } catch (RuntimeException failed) {
        throw failed;
      } catch (Exception failed) {
        throw Unchecked.thrown(failed);
      }
    }
  }
}
