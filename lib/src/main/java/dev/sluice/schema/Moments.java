package dev.sluice.schema;

import dev.sluice.seam.Seam;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/// Points in time as options give them: a text, a day, or seconds since 1970.
@Seam
public final class Moments {
  private static final int DAY_LENGTH = 10;

  private Moments() {}

  /// The point in time; UTC where no zone is said.
  ///
  /// - `option`: what it is, for the message
  /// - fails with [IllegalArgumentException] if it is none
  public static Instant of(String option, Object value) {
    try {
      return value instanceof Number seconds ? ofSeconds(seconds) : ofText(String.valueOf(value));
    } catch (DateTimeException | ArithmeticException | NumberFormatException unreadable) {
      throw new IllegalArgumentException(
          "%s is '%s'; write it as 2026-01-31T12:00:00Z".formatted(option, value), unreadable);
    }
  }

  private static Instant ofSeconds(Number seconds) {
    var micros = new BigDecimal(seconds.toString()).movePointRight(6).longValueExact();
    return Instant.EPOCH.plusNanos(Math.multiplyExact(micros, 1_000L));
  }

  private static Instant ofText(String given) {
    var text = given.trim().replace(' ', 'T');
    if (text.length() <= DAY_LENGTH) {
      return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
    return text.matches(".*T.*(Z|z|[+-]\\d\\d(:?\\d\\d)?)")
        ? OffsetDateTime.parse(text.replaceFirst("([+-]\\d\\d)$", "$1:00")).toInstant()
        : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
  }
}
