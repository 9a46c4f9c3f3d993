package dev.sluice.load;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tables of a dataset as the destination has them, read at once. Names compare without case,
/// as DuckDB's do.
///
/// - `database`: the name of the file within DuckDB
/// - `exists`: whether the dataset is there
/// - `tables`: columns by lower-case name, by lower-case table, in order
record Catalog(
    String database, String dataset, boolean exists, Map<String, Map<String, Column>> tables) {
  /// A column that is there.
  record Column(String name, String type, boolean nullable) {}

  static Catalog of(Database connected, String dataset) throws SQLException {
    var tables = new LinkedHashMap<String, Map<String, Column>>();
    var name = Literal.text(dataset);
    String database;
    boolean exists;
    try (var statement = connected.connection().createStatement();
        var rows =
            statement.executeQuery(
                "SELECT current_database(), count(*) FROM duckdb_schemas() WHERE database_name ="
                    + " current_database() AND lower(schema_name) = lower("
                    + name
                    + ")")) {
      rows.next();
      database = rows.getString(1);
      exists = rows.getLong(2) > 0;
    }
    if (exists) {
      try (var statement = connected.connection().createStatement();
          var rows =
              statement.executeQuery(
                  "SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns() WHERE"
                      + " database_name = current_database() AND lower(schema_name) = lower("
                      + name
                      + ") ORDER BY table_oid, column_index")) {
        while (rows.next()) {
          var column = new Column(rows.getString(2), rows.getString(3), rows.getBoolean(4));
          tables
              .computeIfAbsent(lower(rows.getString(1)), table -> new LinkedHashMap<>())
              .put(lower(column.name()), column);
        }
      }
    }
    return new Catalog(database, dataset, exists, tables);
  }

  boolean has(String table) {
    return tables.containsKey(lower(table));
  }

  /// The columns of a table; none if it is not there.
  Map<String, Column> columns(String table) {
    return tables.getOrDefault(lower(table), Map.of());
  }

  @Nullable Column column(String table, String column) {
    return columns(table).get(lower(column));
  }

  /// The columns of a table that the database computes.
  Set<String> computed(Database connected, String table) throws SQLException {
    var found = new HashSet<String>();
    try (var statement = connected.connection().createStatement();
        var rows =
            statement.executeQuery(
                "SELECT column_name FROM information_schema.columns WHERE is_generated = 'ALWAYS' AND"
                    + " table_catalog = current_database() AND lower(table_schema) = lower("
                    + Literal.text(dataset)
                    + ") AND lower(table_name) = lower("
                    + Literal.text(table)
                    + ")")) {
      while (rows.next()) found.add(rows.getString(1));
    }
    return found;
  }

  /// The catalog without some tables, as it is after they are dropped.
  Catalog without(Iterable<String> dropped) {
    var rest = new LinkedHashMap<>(tables);
    for (var table : dropped) rest.remove(lower(table));
    return new Catalog(database, dataset, exists, rest);
  }

  /// A table's full name, quoted.
  Ident table(String table) {
    return Ident.of(database, dataset, table);
  }

  static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
