package dev.sluice.conformance;

import dev.sluice.conformance.Expectation.Rows;
import dev.sluice.conformance.Markers.JsonContent;
import dev.sluice.json.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Looks at a DuckDB file with plain JDBC: what a load left there, whoever loaded it.
final class Destination {
  private static final String DATASET = "data";

  /// The tables of the dataset, and the sources of its finished loads.
  record Content(Map<String, Rows> tables, List<String> loads) {}

  private final Connection connection;
  private final Set<String> ignore;

  /// Load id, or time of creation, → the name that the cases have for it.
  private final Map<Object, String> placeholders = new HashMap<>();

  private Destination(Connection connection, Set<String> ignore) {
    this.connection = connection;
    this.ignore = ignore;
  }

  static Content look(Path database, Set<String> ignore, boolean systemTables) throws SQLException {
    if (!Files.exists(database)) return new Content(Map.of(), List.of());
    try (var connection = DriverManager.getConnection("jdbc:duckdb:" + database)) {
      return new Destination(connection, ignore).content(systemTables);
    }
  }

  private Content content(boolean systemTables) throws SQLException {
    var columns = columns();
    var loads = columns.containsKey("_dlt_loads") ? loads() : List.<String>of();
    var tables = new TreeMap<String, Rows>();
    for (var table : columns.entrySet()) {
      var system = table.getKey().startsWith("_dlt");
      if (system && !systemTables) continue;
      tables.put(table.getKey(), table(table.getKey(), table.getValue(), !system));
    }
    return new Content(tables, loads);
  }

  private record Column(String name, String type, boolean notNull) {}

  private Map<String, List<Column>> columns() throws SQLException {
    var tables = new TreeMap<String, List<Column>>();
    query(
        """
        SELECT table_name, column_name, data_type, NOT is_nullable FROM duckdb_columns()
        WHERE database_name = current_database() AND schema_name = '%s'
        ORDER BY table_name, column_index\
        """
            .formatted(DATASET),
        row ->
            tables
                .computeIfAbsent(row.getString(1), name -> new ArrayList<>())
                .add(new Column(row.getString(2), row.getString(3), row.getBoolean(4))));
    return tables;
  }

  private List<String> loads() throws SQLException {
    var finished = new ArrayList<String>();
    query(
        "SELECT load_id, schema_name, status FROM %s._dlt_loads ORDER BY load_id"
            .formatted(DATASET),
        row -> {
          var number = placeholders.size() / 2 + 1;
          placeholders.put(row.getString(1), "$load:" + number);
          placeholders.put(createdAt(row.getString(1)), "$load_time:" + number);
          if (row.getLong(3) == 0) finished.add(row.getString(2));
        });
    return finished;
  }

  /// A load id is the time of its creation in seconds, for dlt a double; destinations keep
  /// microseconds.
  private static Instant createdAt(String loadId) {
    var seconds = new BigDecimal(Double.parseDouble(loadId));
    var micros = seconds.movePointRight(6).setScale(0, RoundingMode.HALF_EVEN);
    return Instant.EPOCH.plusNanos(Math.multiplyExact(micros.longValueExact(), 1_000L));
  }

  private Rows table(String name, List<Column> columns, boolean withRows) throws SQLException {
    var notNull = new LinkedHashSet<String>();
    columns.stream().filter(Column::notNull).forEach(column -> notNull.add(column.name()));
    return new Rows(
        columns.stream().map(Column::name).toList(),
        columns.stream().map(Column::type).toList(),
        notNull,
        withRows ? Optional.of(Canonical.rows(rows(name, columns), ignore)) : Optional.empty());
  }

  private List<Map<String, Object>> rows(String table, List<Column> columns) throws SQLException {
    var rows = new ArrayList<Map<String, Object>>();
    query(
        "SELECT * FROM %s.\"%s\"".formatted(DATASET, table.replace("\"", "\"\"")),
        result -> {
          var row = new LinkedHashMap<String, Object>();
          for (var i = 0; i < columns.size(); i++) {
            row.put(columns.get(i).name(), value(result, i + 1, columns.get(i).type()));
          }
          rows.add(row);
        });
    return rows;
  }

  private Object value(ResultSet row, int index, String type) throws SQLException {
    if (type.equals("JSON")) {
      var text = row.getString(index);
      return text == null ? null : new JsonContent(Json.loads(text));
    }
    var value = row.getObject(index);
    return switch (value) {
      case Blob blob -> blob.getBytes(1, (int) blob.length());
      case String text -> placeholders.getOrDefault(text, text);
      case OffsetDateTime moment
          when placeholders.get(moment.toInstant()) instanceof String placeholder ->
          placeholder;
      case java.sql.Timestamp local -> local.toLocalDateTime();
      case null, default -> value;
    };
  }

  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  private void query(String sql, RowReader reader) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      while (rows.next()) reader.read(rows);
    }
  }
}
