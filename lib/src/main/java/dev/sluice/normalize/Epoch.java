package dev.sluice.normalize;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/// Numbers as seconds since 1970, rounded to microseconds as Python does.
final class Epoch {
  private static final long FIRST = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
  private static final long LAST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
  private static final double MICROS = 1e6;

  private Epoch() {}

  static OffsetDateTime of(long seconds) throws CannotCoerce {
    return of(seconds, 0, seconds);
  }

  static OffsetDateTime of(double seconds) throws CannotCoerce {
    if (!(Math.abs(seconds) < 1e12)) {
      throw CannotCoerce.of(seconds, "timestamp");
    }
    var whole = (long) seconds;
    var micros = Math.rint((seconds - whole) * MICROS);
    if (micros >= MICROS) {
      return of(whole + 1, (long) (micros - MICROS), seconds);
    }
    return micros < 0
        ? of(whole - 1, (long) (micros + MICROS), seconds)
        : of(whole, (long) micros, seconds);
  }

  private static OffsetDateTime of(long seconds, long micros, Object value) throws CannotCoerce {
    if (seconds < FIRST || seconds > LAST) {
      throw CannotCoerce.of(value, "timestamp: outside the years 1 to 9999 as seconds since 1970");
    }
    return Instant.ofEpochSecond(seconds, 1000 * micros).atOffset(ZoneOffset.UTC);
  }
}
