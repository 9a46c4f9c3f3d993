package dev.sluice.http;

import java.util.LinkedHashSet;

/// Notices when requests run in a circle: at once if it is of the last 100,000, and a longer one
/// after at most three rounds (Brent's way: one request is kept, and changed for a later one after
/// 1, 2, 4, ... requests). So memory stays bounded however many pages there are.
final class Circle {
  private static final int MOST = 100_000;

  private final int most;
  private final LinkedHashSet<Long> recent = new LinkedHashSet<>();
  private long kept;
  private long since;
  private long until = 1;

  Circle() {
    this(MOST);
  }

  Circle(int most) {
    this.most = most;
  }

  /// Whether this request was asked before.
  boolean closes(long request) {
    if (!recent.add(request) || (until > 1 && request == kept)) {
      return true;
    }
    if (recent.size() > most) {
      recent.removeFirst();
    }
    if (++since == until) {
      kept = request;
      since = 0;
      until *= 2;
    }
    return false;
  }
}
