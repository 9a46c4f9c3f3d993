package dev.sluice.parquet;

import dev.sluice.seam.Seam;

/// How the values of a column are stored.
///
/// - `size`: bits of an integer, digits of a decimal, else 0
/// - `scale`: digits of a decimal after the point, else 0
@Seam
public record ParquetType(Kind kind, int size, int scale) {
  /// What a value is.
  public enum Kind {
    /// Text in UTF-8.
    TEXT,
    /// Bytes without a meaning.
    BYTES,
    /// True or false.
    BOOLEAN,
    /// A signed integer of 8, 16, 32 or 64 bits.
    INTEGER,
    /// A double.
    DOUBLE,
    /// A decimal of up to 38 digits, in 16 bytes.
    DECIMAL,
    /// Days since 1970-01-01.
    DATE,
    /// Microseconds since midnight.
    TIME,
    /// Microseconds since 1970-01-01, of no time zone.
    TIMESTAMP,
    /// Microseconds since 1970-01-01 in UTC.
    INSTANT
  }

  /// Text in UTF-8.
  public static final ParquetType TEXT = new ParquetType(Kind.TEXT, 0, 0);

  /// Bytes without a meaning.
  public static final ParquetType BYTES = new ParquetType(Kind.BYTES, 0, 0);

  /// True or false.
  public static final ParquetType BOOLEAN = new ParquetType(Kind.BOOLEAN, 0, 0);

  /// A double.
  public static final ParquetType DOUBLE = new ParquetType(Kind.DOUBLE, 0, 0);

  /// Days since 1970-01-01.
  public static final ParquetType DATE = new ParquetType(Kind.DATE, 0, 0);

  /// Microseconds since midnight.
  public static final ParquetType TIME = new ParquetType(Kind.TIME, 0, 0);

  /// Microseconds since 1970-01-01, of no time zone.
  public static final ParquetType TIMESTAMP = new ParquetType(Kind.TIMESTAMP, 0, 0);

  /// Microseconds since 1970-01-01 in UTC.
  public static final ParquetType INSTANT = new ParquetType(Kind.INSTANT, 0, 0);

  /// Only what Parquet knows: integers of 8, 16, 32 or 64 bits, decimals of 1 to 38 digits.
  public ParquetType {
    var known =
        switch (kind) {
          case INTEGER -> (size == 8 || size == 16 || size == 32 || size == 64) && scale == 0;
          case DECIMAL -> size >= 1 && size <= 38 && scale >= 0 && scale <= size;
          default -> size == 0 && scale == 0;
        };
    if (!known) {
      throw new IllegalArgumentException(
          "Parquet has no %s of size %d and scale %d".formatted(kind, size, scale));
    }
  }

  /// A signed integer of 8, 16, 32 or 64 bits.
  public static ParquetType integer(int bits) {
    return new ParquetType(Kind.INTEGER, bits, 0);
  }

  /// A decimal of `precision` digits, `scale` of them after the point.
  public static ParquetType decimal(int precision, int scale) {
    return new ParquetType(Kind.DECIMAL, precision, scale);
  }

  /// Bytes of a value while it is gathered; 0 if they vary. A boolean takes one until its page is
  /// made.
  int width() {
    return switch (kind) {
      case TEXT, BYTES -> 0;
      case BOOLEAN -> 1;
      case INTEGER -> size == 64 ? Long.BYTES : Integer.BYTES;
      case DATE -> Integer.BYTES;
      case DOUBLE, TIME, TIMESTAMP, INSTANT -> Long.BYTES;
      case DECIMAL -> 2 * Long.BYTES;
    };
  }
}
