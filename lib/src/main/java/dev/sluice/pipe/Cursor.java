package dev.sluice.pipe;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How far an incremental resource has come.
///
/// ```java
/// var events = resource("events", incremental("updated_at", "2026-01-01"), since -> api.rows("/events", "since", since.lastValue()));
/// ```
public interface Cursor<C> {
  /// The path of the cursor in a row, like `updated_at` or `meta.at`.
  String path();

  /// The highest value so far (or what the reducer chose), less the lag: where to read from. Null
  /// only if there is no state and no initial value.
  @Nullable C lastValue();

  /// What [#lastValue()] was when this run began.
  @Nullable C startValue();

  /// Where a backfill ends.
  Optional<C> endValue();
}
