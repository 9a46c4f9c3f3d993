package dev.sluice.store;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Locale;

/// Load ids are seconds since 1970 with a fraction; sorted as text they are in time order.
final class LoadIds {
  private static final long MILLION = 1_000_000;

  private LoadIds() {}

  static long micros(Instant now) {
    return Math.addExact(Math.multiplyExact(now.getEpochSecond(), MILLION), now.getNano() / 1_000);
  }

  /// The microseconds of a load id, rounded up; 0 for a folder that is none.
  static long micros(String loadId) {
    if (!loadId.matches("\\d{1,12}(\\.\\d{1,12})?")) {
      return 0;
    }
    return new BigDecimal(loadId)
        .movePointRight(6)
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }

  static String format(long micros) {
    return String.format(Locale.ROOT, "%d.%06d", micros / MILLION, micros % MILLION);
  }
}
