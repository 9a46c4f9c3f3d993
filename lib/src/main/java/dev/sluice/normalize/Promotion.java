package dev.sluice.normalize;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// Which wider type a column may take so that it holds a value it could not hold, and all before.
final class Promotion {
  /// From here on a double may skip whole numbers.
  static final long SAFE = 1_000_000_000_000_000L;

  private Promotion() {}

  /// The column with the wider type; null if there is none that loses nothing.
  static @Nullable ColumnSchema of(ColumnState column, Object value) {
    var form = column.form;
    if (form == null || column.schema.precision().isPresent()) {
      return null;
    }
    var wider =
        switch (form.type()) {
          case BIGINT -> number(column, value);
          case DATE -> isMoment(value) ? DataType.TIMESTAMP : null;
          default -> null;
        };
    return wider == null ? null : column.schema.type(wider);
  }

  private static @Nullable DataType number(ColumnState column, Object value) {
    return switch (value) {
      case Double number when !column.wide && number % 1 != 0 -> DataType.DOUBLE;
      case BigDecimal number when fits(number) -> DataType.DECIMAL;
      case BigInteger number when Coercion.typeOf(number) == DataType.WEI -> DataType.WEI;
      default -> null;
    };
  }

  /// Whether a column of this form holds the value as it is; if not, a variant keeps what dlt would
  /// round.
  static boolean exact(ColumnForm form, Object value) {
    return switch (form.type()) {
      case DOUBLE ->
          switch (value) {
            case Long number ->
                Math.abs(number) <= SAFE || same(number, BigDecimal.valueOf(number));
            case BigInteger number -> same(number, new BigDecimal(number));
            case BigDecimal number -> same(number, number);
            default -> true;
          };
      case WEI ->
          switch (value) {
            case Double number -> number % 1 == 0;
            case BigDecimal number -> number.stripTrailingZeros().scale() <= 0;
            default -> true;
          };
      case DECIMAL -> !(value instanceof Double number) || same(form, number);
      case DATE -> !isMoment(value);
      default -> true;
    };
  }

  /// Whether the shortest text of the number as a double is that of the number.
  private static boolean same(Number number, BigDecimal exact) {
    double floating = number.doubleValue();
    return Double.isFinite(floating) && BigDecimal.valueOf(floating).compareTo(exact) == 0;
  }

  private static boolean same(ColumnForm form, double number) {
    if (!Double.isFinite(number)) {
      return true; // which no decimal can be, so that it gets a variant anyway
    }
    var exact = BigDecimal.valueOf(number);
    var rounded = form.rounded(exact);
    return rounded != null && rounded.compareTo(exact) == 0;
  }

  /// Whether a day would lose the time of the value.
  private static boolean isMoment(Object value) {
    return value instanceof OffsetDateTime
        || value instanceof LocalDateTime
        || (value instanceof String text && IsoText.isTimestamp(text));
  }

  private static boolean fits(BigDecimal number) {
    var rounded = ColumnForm.of(ColumnSchema.of("", DataType.DECIMAL)).rounded(number);
    return rounded != null && rounded.compareTo(number) == 0;
  }
}
