package dev.sluice.http;

import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Time and chance: what the clock says, how to wait, where randomness comes from.
record Pace(InstantSource clock, Sleeper sleeper, RandomGenerator random) {
  static final Pace REAL =
      new Pace(
          InstantSource.system(),
          duration -> Thread.sleep(duration),
          new java.security.SecureRandom());

  @FunctionalInterface
  interface Sleeper {
    void sleep(Duration duration) throws InterruptedException;
  }
}
