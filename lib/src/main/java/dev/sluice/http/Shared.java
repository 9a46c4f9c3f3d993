package dev.sluice.http;

import org.jspecify.annotations.Nullable;

/// What all clients made from one share: connections, rate limits, the budget of retries.
record Shared(Transport transport, Hosts hosts, @Nullable Budget budget) {
  static Shared of(Settings settings) {
    return new Shared(new Transport(null), new Hosts(java.time.Duration.ZERO), null);
  }

  Shared with(Transport other) {
    return new Shared(other, hosts, budget);
  }

  Shared with(Hosts other) {
    return new Shared(transport, other, budget);
  }

  Shared with(Budget other) {
    return new Shared(transport, hosts, other);
  }
}
