package dev.sluice.http;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// A clock that moves only when somebody sleeps, and remembers for how long.
final class FakeTime {
  static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private final List<Duration> slept = new ArrayList<>();
  private Instant now = START;

  Pace pace() {
    return pace(() -> 0);
  }

  Pace pace(RandomGenerator random) {
    return new Pace(this::now, this::sleep, random);
  }

  synchronized Instant now() {
    return now;
  }

  synchronized void sleep(Duration duration) {
    slept.add(duration);
    now = now.plus(duration);
  }

  /// The waits in seconds.
  synchronized List<Double> slept() {
    return slept.stream().map(d -> d.toMillis() / 1000.0).toList();
  }
}
