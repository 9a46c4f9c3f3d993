package dev.sluice.inspect;

import dev.sluice.table.Cells;
import dev.sluice.table.Grid;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;

/// The rows of a query.
final class ResultRows {
  private ResultRows() {}

  /// At most `limit` rows.
  static Grid read(String title, ResultSet rows, long limit) throws SQLException {
    var meta = rows.getMetaData();
    var names = new ArrayList<String>();
    var columns = new ArrayList<List<@Nullable Object>>();
    for (var column = 1; column <= meta.getColumnCount(); column++) {
      names.add(meta.getColumnLabel(column));
      columns.add(new ArrayList<>());
    }
    for (var row = 0L; row < limit && rows.next(); row++) {
      for (var column = 0; column < columns.size(); column++) {
        columns.get(column).add(Cells.of(value(rows, column + 1)));
      }
    }
    return new Grid(title, names, columns);
  }

  private static @Nullable Object value(ResultSet rows, int column) throws SQLException {
    var value = rows.getObject(column);
    return value instanceof Timestamp ? rows.getObject(column, LocalDateTime.class) : plain(value);
  }

  private static @Nullable Object plain(@Nullable Object value) throws SQLException {
    return switch (value) {
      case null -> null;
      case Blob blob -> blob.getBytes(1, (int) Math.min(blob.length(), Integer.MAX_VALUE - 16));
      case Timestamp timestamp -> timestamp.toLocalDateTime();
      case Date date -> date.toLocalDate();
      case Time time -> time.toLocalTime();
      case Array array -> list((Object[]) array.getArray());
      case DuckDBStruct struct -> object(struct.getMap());
      case Struct struct -> list(struct.getAttributes());
      case Map<?, ?> map -> object(map);
      default -> value;
    };
  }

  private static List<@Nullable Object> list(@Nullable Object[] values) throws SQLException {
    var list = new ArrayList<@Nullable Object>(values.length);
    for (var value : values) {
      list.add(within(value));
    }
    return list;
  }

  private static Map<String, @Nullable Object> object(Map<?, ?> map) throws SQLException {
    var object = new LinkedHashMap<String, @Nullable Object>();
    for (var entry : map.entrySet()) {
      object.put(String.valueOf(entry.getKey()), within(entry.getValue()));
    }
    return object;
  }

  /// Inside lists and objects, what JSON has no word for is text.
  private static @Nullable Object within(@Nullable Object value) throws SQLException {
    return switch (plain(value)) {
      case null -> null;
      case String text -> text;
      case Number number -> number;
      case Boolean bool -> bool;
      case Map<?, ?> map -> map;
      case List<?> list -> list;
      case Object other -> Cells.text(Cells.of(other));
    };
  }
}
