package dev.sluice.normalize;

import dev.sluice.schema.ColumnSchema;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;

/// Coerced values as the bytes of a load file. What it writes can be loaded; what cannot be is
/// refused here, since one such value would block the whole package later.
///
/// - text, date, time, binary (base64): JSON strings
/// - bigint: a number; decimal and wei: strings of digits, rounded to the scale of the column
/// - double: a number, or the strings `NaN`, `Infinity`, `-Infinity`
/// - timestamp: `2024-01-02T03:04:05.000006Z` in UTC, without `Z` if the column has no zone
/// - json: the value itself
final class ValueWriter {
  private ValueWriter() {}

  /// Writes a value that [Coercion] made for this column.
  ///
  /// - fails with [IllegalArgumentException] naming column and value if it does not fit
  static void write(ByteSink out, ColumnSchema column, Object value) {
    write(out, ColumnForm.of(column), value);
  }

  /// As [#write(ByteSink, ColumnSchema, Object)], for a column prepared once.
  static void write(ByteSink out, ColumnForm column, Object value) {
    switch (column.type()) {
      case TEXT -> text(out, column, (String) value);
      case BIGINT -> bigint(out, column, value);
      case DOUBLE -> JsonText.floating(out, (Double) value);
      case BOOL -> out.ascii((Boolean) value ? "true" : "false");
      case DECIMAL, WEI -> JsonText.quoted(out, rounded(column, value).toPlainString());
      case TIMESTAMP -> timestamp(out, column, value);
      case DATE -> date(out, column, (LocalDate) value);
      case TIME -> JsonText.quoted(out, PlainText.iso((LocalTime) value));
      case BINARY -> JsonText.quoted(out, BinaryText.base64((byte[]) value));
      case JSON -> json(out, column, value);
    }
  }

  private static void text(ByteSink out, ColumnForm column, String text) {
    if (!out.utf8(text)) {
      throw halfAPair(column, text);
    }
  }

  static IllegalArgumentException halfAPair(ColumnForm column, String text) {
    return refused(
        column, CannotCoerce.show(text), "half a surrogate pair is no text; repair or drop it");
  }

  private static void bigint(ByteSink out, ColumnForm column, Object value) {
    require(column, value);
    if (value instanceof Long number) {
      out.number(number);
    } else {
      out.ascii(value.toString());
    }
  }

  /// A decimal or wei with as many digits behind the point as its column has.
  static BigDecimal rounded(ColumnForm column, Object value) {
    var number =
        switch (value) {
          case BigDecimal decimal -> decimal;
          case BigInteger whole -> new BigDecimal(whole);
          default -> BigDecimal.valueOf((Long) value);
        };
    require(column, number);
    return Objects.requireNonNull(column.rounded(number));
  }

  private static void timestamp(ByteSink out, ColumnForm column, Object value) {
    require(column, value);
    var time =
        value instanceof OffsetDateTime zoned
            ? zoned.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()
            : (LocalDateTime) value;
    MomentText.write(out, time, column.timezone());
  }

  private static void date(ByteSink out, ColumnForm column, LocalDate date) {
    require(column, date);
    JsonText.quoted(out, PlainText.iso(date));
  }

  private static void json(ByteSink out, ColumnForm column, Object value) {
    int start = out.length;
    try {
      JsonText.write(out, value);
    } catch (IllegalArgumentException unwritable) {
      out.length = start;
      throw refused(column, CannotCoerce.show(value), String.valueOf(unwritable.getMessage()));
    }
  }

  static void require(ColumnForm column, Object value) {
    var misfit = column.misfit(value);
    if (misfit != null) {
      throw new IllegalArgumentException(
          "Column '%s' is %s, but %s; declare a wider type or send it as text"
              .formatted(column.name(), column.type().word(), misfit));
    }
  }

  static IllegalArgumentException refused(ColumnForm column, String value, String why) {
    return new IllegalArgumentException(
        "Column '%s' is %s, but holds %s: %s"
            .formatted(column.name(), column.type().word(), value, why));
  }
}
