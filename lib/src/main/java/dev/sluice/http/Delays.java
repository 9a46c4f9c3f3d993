package dev.sluice.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// How long to wait before the next attempt.
final class Delays {
  private Delays() {}

  /// 1, 2, 4, 8, 16 s times the factor, never above the cap.
  static Duration backoff(int retry, Settings settings) {
    double seconds = settings.backoffFactor * Math.pow(2, Math.min(retry, 62) - 1);
    double cap = settings.maxRetryDelay.toMillis() / 1000.0;
    return Duration.ofMillis(Math.round(Math.min(seconds, cap) * 1000));
  }

  static Duration jittered(Duration delay, Settings settings) {
    if (settings.jitter <= 0) {
      return delay;
    }
    double more = delay.toMillis() * settings.jitter * settings.pace.random().nextDouble();
    return delay.plusMillis(Math.round(more));
  }

  /// What `Retry-After` asks for: seconds or a date. Empty if it is missing, unreadable or not in
  /// the future; then the usual wait holds. Numbers of any size count, so that nonsense is never
  /// undercut.
  static Optional<Duration> retryAfter(
      @org.jspecify.annotations.Nullable String header, Instant now) {
    if (header == null) {
      return Optional.empty();
    }
    var text = header.strip();
    Duration wait;
    if (text.matches("[0-9]+(\\.[0-9]+)?")) {
      double seconds = Math.min(Double.parseDouble(text), 1e12);
      wait = Duration.ofMillis((long) Math.ceil(seconds * 1000));
    } else {
      try {
        var date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
        wait = Duration.between(now, date.toInstant());
      } catch (DateTimeException e) {
        return Optional.empty(); // unreadable: as if it were not there
      }
    }
    return wait.isNegative() || wait.isZero() ? Optional.empty() : Optional.of(wait);
  }

  static String text(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis / 1000.0 + " s";
  }
}
