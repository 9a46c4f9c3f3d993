package dev.sluice.sources;

import dev.sluice.schema.DataType;
import java.sql.Types;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a database's column type means for us: how its values are read, and the type of the hint.
enum SqlKind {
  BOOL(DataType.BOOL),
  SMALLINT(DataType.BIGINT),
  BIGINT(DataType.BIGINT),
  /// Whole numbers beyond 64 bits.
  HUGE(DataType.DECIMAL),
  REAL(DataType.DOUBLE),
  DOUBLE(DataType.DOUBLE),
  DECIMAL(DataType.DECIMAL),
  TEXT(DataType.TEXT),
  BINARY(DataType.BINARY),
  DATE(DataType.DATE),
  TIME(DataType.TIME),
  ZONED_TIME(DataType.TIME),
  TIMESTAMP(DataType.TIMESTAMP),
  INSTANT(DataType.TIMESTAMP),
  JSON(DataType.JSON),
  LIST(DataType.JSON),
  STRUCT(DataType.JSON),
  /// Values say themselves what they are (SQLite).
  DYNAMIC(null),
  UNMAPPED(null);

  private static final Set<String> POSTGRES_TEXT =
      Set.of(
          "inet", "cidr", "macaddr", "macaddr8", "bit", "varbit", "money", "uuid", "xml", "name");

  private final @Nullable DataType dataType;

  SqlKind(@Nullable DataType dataType) {
    this.dataType = dataType;
  }

  /// The type of the column's hint; empty if normalize should see for itself.
  Optional<DataType> dataType() {
    return Optional.ofNullable(dataType);
  }

  static SqlKind of(Dialect dialect, int jdbcType, String typeName) {
    var name = typeName.toLowerCase(Locale.ROOT);
    return switch (dialect) {
      case SQLITE -> DYNAMIC;
      case POSTGRES -> postgres(jdbcType, name);
      case DUCKDB -> duckdb(jdbcType, name);
      case MYSQL, OTHER -> standard(jdbcType, name);
    };
  }

  private static SqlKind postgres(int jdbcType, String name) {
    if (POSTGRES_TEXT.contains(name)) return TEXT;
    return switch (name) {
      case "json", "jsonb" -> JSON;
      case "timestamptz" -> INSTANT;
      case "timetz" -> ZONED_TIME;
      case "hstore" -> STRUCT;
      default -> standard(jdbcType, name);
    };
  }

  private static SqlKind duckdb(int jdbcType, String name) {
    if (name.endsWith("]")) return LIST;
    if (name.startsWith("struct") || name.startsWith("map") || name.startsWith("union")) {
      return STRUCT;
    }
    if (name.startsWith("enum")) return TEXT;
    return switch (name) {
      case "hugeint", "uhugeint", "ubigint", "bignum", "varint" -> HUGE;
      case "utinyint", "usmallint", "uinteger" -> BIGINT;
      case "json" -> JSON;
      case "uuid", "bit" -> TEXT;
      case "timestamp with time zone" -> INSTANT;
      case "time with time zone" -> ZONED_TIME;
      case "timestamp_ns", "timestamp_ms", "timestamp_s" -> TIMESTAMP;
      case "float" -> REAL;
      case "interval" -> UNMAPPED;
      default -> standard(jdbcType, name);
    };
  }

  /// By the type's number in [java.sql.Types], for drivers that keep to it.
  private static SqlKind standard(int jdbcType, String name) {
    return switch (jdbcType) {
      case Types.BIT, Types.BOOLEAN -> BOOL;
      case Types.TINYINT, Types.SMALLINT -> SMALLINT;
      case Types.INTEGER, Types.BIGINT -> name.endsWith("unsigned") ? HUGE : BIGINT;
      case Types.REAL -> REAL;
      case Types.FLOAT, Types.DOUBLE -> DOUBLE;
      case Types.NUMERIC, Types.DECIMAL -> DECIMAL;
      case Types.CHAR,
          Types.VARCHAR,
          Types.LONGVARCHAR,
          Types.NCHAR,
          Types.NVARCHAR,
          Types.LONGNVARCHAR,
          Types.CLOB,
          Types.NCLOB,
          Types.SQLXML,
          Types.ROWID ->
          name.equals("json") ? JSON : TEXT;
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> BINARY;
      case Types.DATE -> DATE;
      case Types.TIME -> TIME;
      case Types.TIME_WITH_TIMEZONE -> ZONED_TIME;
      case Types.TIMESTAMP -> TIMESTAMP;
      case Types.TIMESTAMP_WITH_TIMEZONE -> INSTANT;
      case Types.ARRAY -> LIST;
      case Types.STRUCT -> STRUCT;
      default -> name.equals("json") ? JSON : UNMAPPED;
    };
  }

  /// What the declared type of a SQLite column says, by its affinity rules and a few more words;
  /// the values may be anything all the same.
  static Optional<DataType> declaredInSqlite(String declared) {
    var name = declared.toUpperCase(Locale.ROOT);
    if (name.contains("BOOL")) return Optional.of(DataType.BOOL);
    if (name.contains("INT")) return Optional.of(DataType.BIGINT);
    if (name.contains("CHAR") || name.contains("CLOB") || name.contains("TEXT")) {
      return Optional.of(DataType.TEXT);
    }
    if (name.contains("BLOB")) return Optional.of(DataType.BINARY);
    if (name.contains("REAL") || name.contains("FLOA") || name.contains("DOUB")) {
      return Optional.of(DataType.DOUBLE);
    }
    if (name.contains("DEC") || name.contains("NUMERIC")) return Optional.of(DataType.DECIMAL);
    if (name.contains("DATETIME") || name.contains("TIMESTAMP")) {
      return Optional.of(DataType.TIMESTAMP);
    }
    if (name.contains("DATE")) return Optional.of(DataType.DATE);
    if (name.contains("TIME")) return Optional.of(DataType.TIME);
    return name.contains("JSON") ? Optional.of(DataType.JSON) : Optional.empty();
  }
}
