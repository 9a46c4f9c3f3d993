package dev.sluice.resource;

import dev.sluice.pipe.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Ends a generator after so many elements or so much time; elements that come later are dropped.
final class LimitStep implements Step {
  private final Limit limit;
  private final long started = System.nanoTime();
  private long count;
  private boolean exhausted;

  LimitStep(Limit limit) {
    this.limit = limit;
  }

  @Override
  public @Nullable Object apply(Object element, Flow flow) {
    if (exhausted) {
      return null;
    }
    count += limit.countsRows() && element instanceof List<?> page ? page.size() : 1;
    var items = limit.items();
    var time = limit.time();
    if ((items != null && count >= items)
        || (time != null && System.nanoTime() - started > time.toNanos())) {
      exhausted = true;
      flow.closeGenerator();
    }
    return items != null && items == 0 ? null : element;
  }

  @Override
  public boolean closes() {
    return true;
  }
}
