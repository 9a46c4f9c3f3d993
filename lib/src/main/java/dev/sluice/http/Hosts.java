package dev.sluice.http;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What each host allows, for all threads together: an even pace if one was set, and what the host
/// itself says in `X-RateLimit-Remaining`, `X-RateLimit-Reset` and `Retry-After`.
final class Hosts {
  private static final long OLDEST_EPOCH_SECONDS =
      1_000_000_000L; // smaller numbers are seconds to go
  private static final long OLDEST_EPOCH_MILLIS = 1_000_000_000_000L;

  private final Duration spacing;
  private final Map<String, Limit> limits = new HashMap<>();

  private static final class Limit {
    Instant next = Instant.MIN;
    Instant pausedUntil = Instant.MIN;
    Instant reset = Instant.MIN;
    long remaining = Long.MAX_VALUE;
  }

  Hosts(Duration spacing) {
    this.spacing = spacing;
  }

  /// How long the caller must wait before its request; its place in the queue is taken by asking.
  synchronized Duration reserve(String host, Instant now) {
    var limit = limits.computeIfAbsent(host, h -> new Limit());
    var at = later(now, later(limit.next, limit.pausedUntil));
    if (limit.remaining != Long.MAX_VALUE) {
      if (!now.isBefore(limit.reset)) {
        limit.remaining = Long.MAX_VALUE;
      } else if (limit.remaining <= 0) {
        at = later(at, limit.reset);
      } else {
        limit.remaining--;
      }
    }
    limit.next = at.plus(spacing);
    return Duration.between(now, at);
  }

  /// Learns from an answer.
  synchronized void learn(String host, Map<String, List<String>> headers, Instant now) {
    var remaining = number(headers, "X-RateLimit-Remaining", "RateLimit-Remaining");
    var reset = number(headers, "X-RateLimit-Reset", "RateLimit-Reset");
    if (remaining == null || reset == null) {
      return;
    }
    var limit = limits.computeIfAbsent(host, h -> new Limit());
    var until = instant(reset, now);
    // answers come out of order: within one window the smallest count is the newest
    boolean sameWindow =
        limit.remaining != Long.MAX_VALUE && !until.isAfter(limit.reset.plusSeconds(1));
    limit.remaining = sameWindow ? Math.min(limit.remaining, remaining) : remaining;
    limit.reset = until;
  }

  synchronized void pause(String host, Instant until) {
    var limit = limits.computeIfAbsent(host, h -> new Limit());
    limit.pausedUntil = later(limit.pausedUntil, until);
  }

  private static Instant instant(long reset, Instant now) {
    if (reset >= OLDEST_EPOCH_MILLIS) {
      return Instant.ofEpochMilli(reset);
    }
    return reset >= OLDEST_EPOCH_SECONDS ? Instant.ofEpochSecond(reset) : now.plusSeconds(reset);
  }

  private static @Nullable Long number(Map<String, List<String>> headers, String... names) {
    for (var name : names) {
      var values = headers.getOrDefault(name, List.of());
      if (!values.isEmpty() && values.get(0).strip().matches("[0-9]{1,15}(\\.[0-9]+)?")) {
        return (long) Double.parseDouble(values.get(0).strip());
      }
    }
    return null;
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
