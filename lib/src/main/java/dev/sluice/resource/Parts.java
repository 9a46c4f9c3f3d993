package dev.sluice.resource;

import dev.sluice.pipe.Fn;
import java.util.Iterator;
import java.util.List;
import java.util.stream.BaseStream;

/// Reads the parts of a resource one after the other.
final class Parts {
  private Parts() {}

  static <P, T> Iterable<Object> open(
      String name, List<P> parts, Fn<? super P, ? extends BaseStream<? extends T, ?>> rows) {
    Iterator<P> each = parts.iterator();
    return () -> Steps.streams(each, rows);
  }
}
