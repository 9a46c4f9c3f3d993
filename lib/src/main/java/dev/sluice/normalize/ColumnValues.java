package dev.sluice.normalize;

import dev.sluice.parquet.Column;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/// Coerced values as those of a Parquet column. What [ValueWriter] refuses is refused here too.
final class ColumnValues {
  private static final int DIGITS = 38;

  private ColumnValues() {}

  /// Writes a value that [Coercion] made for this column, and gives the number of its bytes.
  ///
  /// - fails with [IllegalArgumentException] naming column and value if it does not fit; nothing is
  ///   written then
  static int write(Column to, int row, ColumnForm column, Object value) {
    return switch (column.type()) {
      case TEXT -> bytes(to, row, utf8(column, (String) value));
      case JSON -> json(to, row, column, value);
      case BINARY -> bytes(to, row, (byte[]) value);
      case BOOL -> whole(to, row, (Boolean) value ? 1 : 0);
      case DOUBLE -> {
        to.floating(row, (Double) value);
        yield 8;
      }
      case BIGINT -> bigint(to, row, column, value);
      case DECIMAL, WEI -> decimal(to, row, ValueWriter.rounded(column, value).unscaledValue());
      case TIMESTAMP -> timestamp(to, row, column, value);
      case DATE -> {
        ValueWriter.require(column, value);
        yield whole(to, row, ((LocalDate) value).toEpochDay());
      }
      case TIME -> whole(to, row, ((LocalTime) value).toNanoOfDay() / 1000);
    };
  }

  private static int whole(Column to, int row, long value) {
    to.whole(row, value);
    return 8;
  }

  private static int bytes(Column to, int row, byte[] bytes) {
    to.bytes(row, bytes, 0, bytes.length);
    return bytes.length + 4;
  }

  private static int decimal(Column to, int row, BigInteger unscaled) {
    to.decimal(row, unscaled);
    return 16;
  }

  private static byte[] utf8(ColumnForm column, String text) {
    try {
      var encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      var bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException half) {
      throw ValueWriter.halfAPair(column, text);
    }
  }

  private static int json(Column to, int row, ColumnForm column, Object value) {
    var out = new ByteSink(256);
    ValueWriter.write(out, column, value);
    to.bytes(row, out.bytes, 0, out.length);
    return out.length + 4;
  }

  private static int bigint(Column to, int row, ColumnForm column, Object value) {
    ValueWriter.require(column, value);
    if (column.bits() <= Long.SIZE) {
      return whole(to, row, ((Number) value).longValue());
    }
    var wide = value instanceof BigInteger big ? big : BigInteger.valueOf((Long) value);
    if (new BigDecimal(wide).precision() > DIGITS) {
      throw ValueWriter.refused(
          column,
          CannotCoerce.show(value),
          "Parquet takes " + DIGITS + " digits; load this table from jsonl");
    }
    return decimal(to, row, wide);
  }

  private static int timestamp(Column to, int row, ColumnForm column, Object value) {
    ValueWriter.require(column, value);
    var time =
        value instanceof OffsetDateTime zoned
            ? zoned.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()
            : (LocalDateTime) value;
    return whole(to, row, MomentText.micros(time));
  }
}
