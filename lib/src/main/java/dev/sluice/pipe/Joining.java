package dev.sluice.pipe;

import java.time.Duration;

/// Waits for threads that were told to end.
final class Joining {
  private Joining() {}

  /// Waits until the thread has ended or the time is over; true if the waiting thread was
  /// interrupted meanwhile.
  static boolean join(Thread thread, long endNanos) {
    var interrupted = false;
    while (thread.isAlive()) {
      var left = endNanos - System.nanoTime();
      if (left <= 0) {
        System.getLogger(Joining.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "Thread '"
                    + thread.getName()
                    + "' does not end when interrupted; it is left behind");
        break;
      }
      try {
        thread.join(Duration.ofNanos(left));
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    return interrupted;
  }
}
