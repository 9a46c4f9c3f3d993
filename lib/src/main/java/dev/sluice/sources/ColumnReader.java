package dev.sluice.sources;

import dev.sluice.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Struct;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;

/// Reads one column of the current row as the plainest Java value that loses nothing.
interface ColumnReader {
  @Nullable Object read(ResultSet rows, int column) throws SQLException;

  static ColumnReader of(SqlKind kind) {
    return switch (kind) {
      case BOOL ->
          (rows, column) -> {
            var value = rows.getBoolean(column);
            return rows.wasNull() ? null : value;
          };
      case SMALLINT, BIGINT ->
          (rows, column) -> {
            var value = rows.getLong(column);
            return rows.wasNull() ? null : value;
          };
      case REAL ->
          (rows, column) -> {
            var value = rows.getFloat(column);
            return rows.wasNull() ? null : (Object) widened(value);
          };
      case DOUBLE ->
          (rows, column) -> {
            var value = rows.getDouble(column);
            return rows.wasNull() ? null : value;
          };
      case TEXT, UNMAPPED -> ResultSet::getString;
      case BINARY -> (rows, column) -> plain(rows.getObject(column));
      case DATE -> (rows, column) -> rows.getObject(column, LocalDate.class);
      case TIME -> (rows, column) -> rows.getObject(column, LocalTime.class);
      case ZONED_TIME -> (rows, column) -> plain(rows.getObject(column, OffsetTime.class));
      case TIMESTAMP -> (rows, column) -> rows.getObject(column, LocalDateTime.class);
      case INSTANT -> (rows, column) -> plain(rows.getObject(column, OffsetDateTime.class));
      case JSON ->
          (rows, column) -> {
            var text = rows.getString(column);
            return text == null ? null : Json.<@Nullable Object>loads(text);
          };
      case HUGE, DECIMAL, LIST, STRUCT, DYNAMIC -> (rows, column) -> plain(rows.getObject(column));
    };
  }

  /// What a driver hands out, as values that JSON knows; within lists and structs too.
  static @Nullable Object plain(@Nullable Object value) throws SQLException {
    return switch (value) {
      case null -> null;
      case String text -> text;
      case BigDecimal number -> number;
      case BigInteger number -> number;
      case Double number -> number;
      case Float number -> widened(number);
      case Number number -> number;
      case Boolean flag -> flag;
      case byte[] bytes -> bytes;
      case ByteBuffer buffer -> {
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        yield bytes;
      }
      case Blob blob -> blob.getBytes(1, Math.toIntExact(blob.length()));
      case Clob clob -> clob.getSubString(1, Math.toIntExact(clob.length()));
      case UUID id -> id.toString();
      case OffsetDateTime time -> time.withOffsetSameInstant(ZoneOffset.UTC);
      case OffsetTime time -> time.withOffsetSameInstant(ZoneOffset.UTC).toLocalTime();
      case java.sql.Timestamp time -> time.toLocalDateTime();
      case java.sql.Date day -> day.toLocalDate();
      case java.sql.Time time -> time.toLocalTime();
      case Array array -> list((Object[]) array.getArray());
      case DuckDBStruct struct -> map(struct.getMap());
      case Struct struct -> list(struct.getAttributes());
      case Map<?, ?> map -> map(map);
      case Object[] array -> list(array);
      default -> value;
    };
  }

  /// By its digits: 0.1f is 0.1 and not 0.10000000149.
  private static double widened(float value) {
    return Float.isFinite(value) ? Double.parseDouble(Float.toString(value)) : value;
  }

  private static Object list(@Nullable Object[] items) throws SQLException {
    var list = new ArrayList<@Nullable Object>(Arrays.asList(items));
    for (int at = 0; at < list.size(); at++) list.set(at, plain(list.get(at)));
    return list;
  }

  private static Object map(Map<?, ?> entries) throws SQLException {
    var map = new LinkedHashMap<String, @Nullable Object>();
    for (var entry : entries.entrySet()) {
      map.put(String.valueOf(entry.getKey()), plain(entry.getValue()));
    }
    return map;
  }
}
