package dev.sluice.pipe;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Wakes the one thread that evaluates when another thread has something for it.
final class Signal {
  private final AtomicInteger raised = new AtomicInteger();
  private volatile @Nullable Thread waiter;

  /// To be taken before looking whether there is something.
  int ticket() {
    return raised.get();
  }

  /// Something is there.
  void raise() {
    raised.incrementAndGet();
    var sleeping = waiter;
    if (sleeping != null) {
      LockSupport.unpark(sleeping);
    }
  }

  /// Waits until something was raised after the ticket was taken, or the time is over.
  ///
  /// - `nanos`: 0 = no limit
  void await(int ticket, long nanos) throws InterruptedException {
    for (int spin = 0; spin < 50; spin++) {
      if (raised.get() != ticket) {
        return;
      }
      Thread.onSpinWait();
    }
    var end = System.nanoTime() + nanos;
    waiter = Thread.currentThread();
    try {
      while (raised.get() == ticket) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (nanos == 0) {
          LockSupport.park(this);
        } else {
          var left = end - System.nanoTime();
          if (left <= 0) {
            return;
          }
          LockSupport.parkNanos(this, left);
        }
      }
    } finally {
      waiter = null;
    }
  }
}
