package dev.sluice.load;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;

/// Types of columns in DuckDB, as dlt makes them.
final class DuckDbTypes {
  private static final int MAX_DIGITS = 38;
  private static final int DECIMAL_SCALE = 9;

  private DuckDbTypes() {}

  /// The type that a column is created with.
  static String of(ColumnSchema column) {
    return switch (type(column)) {
      case TEXT -> "VARCHAR";
      case DOUBLE -> "DOUBLE";
      case BOOL -> "BOOLEAN";
      case TIMESTAMP -> column.timezone() ? "TIMESTAMP WITH TIME ZONE" : timestamp(column);
      case BIGINT -> column.precision().map(bits -> integer(column, bits)).orElse("BIGINT");
      case BINARY -> "BLOB";
      case JSON -> "JSON";
      case DECIMAL -> decimal(column, DECIMAL_SCALE);
      case WEI -> decimal(column, 0);
      case DATE -> "DATE";
      case TIME -> "TIME";
    };
  }

  /// The type that a column of a jsonl file is read with: bytes come as base64, the rest as what it
  /// becomes.
  static String read(ColumnSchema column) {
    return switch (type(column)) {
      case BINARY -> "VARCHAR";
      case TIMESTAMP -> column.timezone() ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP";
      default -> of(column);
    };
  }

  /// What is inserted for a column of a jsonl file.
  static String expression(ColumnSchema column) {
    var name = Ident.of(column.name()).sql();
    return type(column) == DataType.BINARY ? "from_base64(" + name + ")" : name;
  }

  /// Whether values of the column can stand in an existing column of that DuckDB type.
  static boolean fits(ColumnSchema column, String existing) {
    var there = existing.toUpperCase(java.util.Locale.ROOT);
    if (there.startsWith("VARCHAR")) return type(column) != DataType.BINARY;
    return switch (type(column)) {
      case TEXT -> false;
      case JSON -> there.equals("JSON");
      case BINARY -> there.equals("BLOB");
      case BOOL -> there.equals("BOOLEAN");
      case TIME -> there.startsWith("TIME") && !there.startsWith("TIMESTAMP");
      case TIMESTAMP, DATE -> there.startsWith("TIMESTAMP") || there.equals("DATE");
      case BIGINT, DOUBLE, DECIMAL, WEI ->
          there.endsWith("INT")
              || there.endsWith("INTEGER")
              || there.equals("DOUBLE")
              || there.equals("FLOAT")
              || there.startsWith("DECIMAL");
    };
  }

  static DataType type(ColumnSchema column) {
    return column
        .dataType()
        .orElseThrow(() -> new LoadException("Column '" + column.name() + "' has no type"));
  }

  private static String integer(ColumnSchema column, int bits) {
    if (bits <= 8) return "TINYINT";
    if (bits <= 16) return "SMALLINT";
    if (bits <= 32) return "INTEGER";
    if (bits <= 64) return "BIGINT";
    if (bits <= 128) return "HUGEINT";
    throw new LoadException(
        "Column '"
            + column.name()
            + "' is a bigint of "
            + bits
            + " bits, but DuckDB has at most 128; declare it decimal, wei or text");
  }

  private static String decimal(ColumnSchema column, int scale) {
    return "DECIMAL("
        + column.precision().orElse(MAX_DIGITS)
        + ","
        + column.scale().orElse(scale)
        + ")";
  }

  private static String timestamp(ColumnSchema column) {
    int digits = column.precision().orElse(6);
    if (digits == 0) return "TIMESTAMP_S";
    if (digits <= 3) return "TIMESTAMP_MS";
    if (digits <= 6) return "TIMESTAMP";
    if (digits <= 9) return "TIMESTAMP_NS";
    throw new LoadException(
        "Column '"
            + column.name()
            + "' is a timestamp with "
            + digits
            + " digits, but DuckDB has at most 9; declare a lower precision");
  }
}
