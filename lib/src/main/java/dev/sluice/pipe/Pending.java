package dev.sluice.pipe;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A call under way, and the place in the pipes where its result goes on.
final class Pending {
  static final int RUNNING = 0;
  static final int DONE = 1;

  final Call call;
  final Node node;
  final Origin origin;
  final int step;
  final @Nullable String table;
  final AtomicInteger state = new AtomicInteger(RUNNING);
  volatile @Nullable Object result;
  volatile @Nullable Throwable failure;
  volatile @Nullable Runnable cancel;
  long deadline;
  @Nullable Pending older;
  @Nullable Pending newer;

  Pending(Call call, Node node, Origin origin, int step, @Nullable String table) {
    this.call = call;
    this.node = node;
    this.origin = origin;
    this.step = step;
    this.table = table;
  }
}
