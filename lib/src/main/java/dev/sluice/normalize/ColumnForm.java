package dev.sluice.normalize;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// What every value of a column has to fit, taken from its schema once: type, limits, zone.
///
/// - `bits`: of a bigint, sign included
/// - `precision`, `scale`: digits of a decimal (38 and 9 unless declared) or wei (38 and 0)
/// - `timezone`: whether timestamps are instants
record ColumnForm(
    String name, DataType type, int bits, int precision, int scale, boolean timezone) {
  private static final int DIGITS = 38;
  private static final int DECIMAL_SCALE = 9;

  /// The form of a column that has a type.
  static ColumnForm of(ColumnSchema column) {
    var type =
        column
            .dataType()
            .orElseThrow(
                () -> new IllegalArgumentException("Column '" + column.name() + "' has no type"));
    return new ColumnForm(
        column.name(),
        type,
        column.precision().map(ColumnForm::integerBits).orElse(Long.SIZE),
        column.precision().orElse(DIGITS),
        column.scale().orElse(type == DataType.DECIMAL ? DECIMAL_SCALE : 0),
        column.timezone());
  }

  /// The sizes that whole numbers come in.
  private static int integerBits(int precision) {
    return precision <= 8
        ? 8
        : precision <= 16 ? 16 : precision <= 32 ? 32 : precision <= 64 ? 64 : 128;
  }

  /// Why a coerced value does not fit, or null if it does.
  @Nullable String misfit(Object value) {
    return switch (value) {
      case Long number when type == DataType.BIGINT ->
          bits >= Long.SIZE || number >> (bits - 1) == number >> (Long.SIZE - 1)
              ? null
              : tooLong(value);
      case BigInteger number when type == DataType.BIGINT ->
          number.bitLength() < bits ? null : tooLong(value);
      case BigDecimal number -> rounded(number) == null ? tooLong(value) : null;
      case BigInteger number -> rounded(new BigDecimal(number)) == null ? tooLong(value) : null;
      case Long number when type == DataType.WEI && precision - scale < 19 ->
          rounded(BigDecimal.valueOf(number)) == null ? tooLong(value) : null;
      case OffsetDateTime time -> inYears(time) ? null : outOfYears(value);
      case LocalDateTime time -> inYears(time.getYear()) ? null : outOfYears(value);
      case LocalDate date -> inYears(date.getYear()) ? null : outOfYears(value);
      default -> null;
    };
  }

  /// The decimal with the digits behind the point that the column has, rounded half up as the
  /// destination would; null if there are too many before it.
  @Nullable BigDecimal rounded(BigDecimal number) {
    if (number.signum() == 0) {
      return BigDecimal.ZERO.setScale(scale);
    }
    // First by magnitude: setting the scale of 1e1000000000 would fill the memory.
    if ((long) number.precision() - number.scale() > precision - scale) {
      return null;
    }
    if ((long) number.scale() - number.precision() > scale) {
      return BigDecimal.ZERO.setScale(scale);
    }
    var rounded = number.scale() == scale ? number : number.setScale(scale, RoundingMode.HALF_UP);
    return rounded.precision() > precision ? null : rounded;
  }

  private static boolean inYears(OffsetDateTime time) {
    try {
      return inYears(time.withOffsetSameInstant(ZoneOffset.UTC).getYear());
    } catch (DateTimeException beyond) {
      return false;
    }
  }

  private static boolean inYears(int year) {
    return year >= 1 && year <= 9999;
  }

  private static String outOfYears(Object value) {
    return CannotCoerce.show(value) + " is outside the years 1 to 9999";
  }

  private String tooLong(Object value) {
    var size =
        type == DataType.BIGINT
            ? bits + " bits"
            : "%s(%d,%d)".formatted(type.word(), precision, scale);
    return CannotCoerce.show(value) + " does not fit " + size;
  }
}
