package dev.sluice.pipe;

import java.util.stream.BaseStream;

/// Rows since a cursor.
///
/// ```java
/// var events = resource("events", incremental("updated_at", "2026-01-01"), since -> api.rows("/events", "since", since.lastValue()));
/// ```
@FunctionalInterface
public interface From<C, T> {
  /// Opens the rows that are new since the cursor.
  BaseStream<? extends T, ?> open(C cursor) throws Exception;
}
