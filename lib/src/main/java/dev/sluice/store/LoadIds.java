package dev.sluice.store;

import java.time.Instant;

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
    int point = loadId.indexOf('.');
    if (point < 0) {
      return Long.parseLong(loadId) * MILLION;
    }
    long fraction = Long.parseLong((loadId.substring(point + 1) + "000000000000").substring(0, 12));
    return Long.parseLong(loadId.substring(0, point)) * MILLION + Math.ceilDiv(fraction, MILLION);
  }

  static String format(long micros) {
    // Millions behind the one are six digits with all their zeros.
    return micros / MILLION + "." + Long.toString(MILLION + micros % MILLION).substring(1);
  }
}
