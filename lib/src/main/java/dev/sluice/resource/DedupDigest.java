package dev.sluice.resource;

import dev.sluice.json.CanonicalJson;
import dev.sluice.schema.Digests;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How rows at the last value are known again: dlt's digest of their key or content, so that either
/// tool knows those of the other.
///
/// Today's digests have 12 characters and take times as microseconds; those that dlt wrote before
/// 1.29 have 20 and take times as text.
final class DedupDigest {
  private static final int BYTES = 9;
  private static final int LEGACY_BYTES = 15;
  private static final int LEGACY_LENGTH = 20;

  private DedupDigest() {}

  static boolean isLegacy(String digest) {
    return digest.length() == LEGACY_LENGTH;
  }

  static String of(@Nullable Object value, boolean legacy) {
    return Digests.shake128(
        CanonicalJson.bytes(plain(value, legacy), true), legacy ? LEGACY_BYTES : BYTES);
  }

  /// The value as untyped JSON has it.
  private static @Nullable Object plain(@Nullable Object value, boolean legacy) {
    return switch (value) {
      case null -> null;
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, below) -> copy.put(String.valueOf(key), plain(below, legacy)));
        yield copy;
      }
      case List<?> list -> {
        var copy = new ArrayList<@Nullable Object>(list.size());
        list.forEach(below -> copy.add(plain(below, legacy)));
        yield copy;
      }
      case Record row -> plain(Fields.all(row), legacy);
      // The zeros of 1e1000000000 would fill the memory.
      case BigDecimal decimal ->
          Math.abs((long) decimal.scale()) > 10_000 ? decimal.toString() : decimal.toPlainString();
      case UUID uuid -> uuid.toString();
      case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
      case Instant time -> time(time, legacy);
      case OffsetDateTime time -> time(time.toInstant(), legacy);
      case ZonedDateTime time -> time(time.toInstant(), legacy);
      case LocalDateTime time -> time(time.toInstant(ZoneOffset.UTC), legacy);
      case java.sql.Timestamp time ->
          time(time.toLocalDateTime().toInstant(ZoneOffset.UTC), legacy);
      case java.time.LocalDate date -> date.toString();
      case java.time.LocalTime time -> time.toString();
      default -> value;
    };
  }

  private static Object time(Instant time, boolean legacy) {
    return legacy
        ? time.truncatedTo(ChronoUnit.MICROS).toString()
        : (Object) ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
