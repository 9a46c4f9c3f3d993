package dev.sluice.pipe;

import java.util.List;
import java.util.stream.BaseStream;

/// Pages of rows as a stream, opened anew for each run. A page stays a page up to the file.
///
/// ```java
/// var paged = pages("paged", () -> api.pages("/users"));
/// ```
@FunctionalInterface
public interface Pages<T> {
  /// Opens the stream of pages.
  BaseStream<? extends List<? extends T>, ?> open() throws Exception;
}
