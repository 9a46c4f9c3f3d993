package dev.sluice.pipe;

import java.util.stream.BaseStream;

/// Rows as a stream, opened anew for each run and closed at its end.
///
/// ```java
/// var items = resource("items", () -> IntStream.range(0, 10).boxed());
/// ```
@FunctionalInterface
public interface Rows<T> {
  /// Opens the stream. An element may also be a page (a List of rows), a nested Iterator or stream,
  /// or null (nothing yet: another resource has its turn).
  BaseStream<? extends T, ?> open() throws Exception;
}
