package dev.sluice.http;

/// Retries that stand ready for a whole client.
final class Budget {
  private static final double EARNED_BY_AN_ANSWER = 0.1;
  private final int size;
  private double ready;

  Budget(int size) {
    this.size = size;
    this.ready = size;
  }

  synchronized boolean take() {
    if (ready < 1) {
      return false;
    }
    ready--;
    return true;
  }

  synchronized void answered() {
    ready = Math.min(size, ready + EARNED_BY_AN_ANSWER);
  }
}
