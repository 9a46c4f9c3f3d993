import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.InflaterInputStream;

/// What stands at the destination, read by DuckDB itself, without the library that is tested.
///
/// - `rows`: the texts of the rows of each table, sorted; empty if there is no dataset
/// - `schema`: `table.column type` of all columns
/// - `loads`: load ids in `_dlt_loads`, with their status
/// - `unknownLoads`: load ids of rows that `_dlt_loads` does not have
/// - `state`: what the newest state says: how far orders, customers and events came
record Look(
    Map<String, List<String>> rows, List<String> schema, List<String> loads, List<String> unknownLoads, Map<String, String> state) {
  /// The content of the database, of a copy: reading would replay its WAL otherwise.
  static Look at(Path database, Path scratch) throws IOException, SQLException {
    if (!Files.exists(database)) {
      return new Look(Map.of(), List.of(), List.of(), List.of(), Map.of());
    }
    var folder = Files.createTempDirectory(scratch, "look");
    try {
      var copy = folder.resolve("copy.duckdb");
      Files.copy(database, copy, StandardCopyOption.REPLACE_EXISTING);
      var wal = wal(database);
      if (Files.exists(wal)) {
        Files.copy(wal, wal(copy));
      }
      try (var connection = DriverManager.getConnection("jdbc:duckdb:" + copy)) {
        return of(connection);
      }
    } finally {
      Trees.delete(folder);
    }
  }

  static Path wal(Path database) {
    return database.resolveSibling(database.getFileName() + ".wal");
  }

  private static Look of(Connection connection) throws SQLException {
    var tables = texts(connection, "SELECT table_name FROM duckdb_tables() WHERE schema_name = '%s' ORDER BY 1".formatted(Workload.DATASET));
    if (tables.isEmpty()) {
      return new Look(Map.of(), List.of(), List.of(), List.of(), Map.of());
    }
    try (var statement = connection.createStatement()) {
      statement.execute("SET schema = '" + Workload.DATASET + "'");
    }
    var rows = new LinkedHashMap<String, List<String>>();
    for (var query : Workload.queries().entrySet()) {
      rows.put(query.getKey(), tables.contains(query.getKey()) ? texts(connection, query.getValue()).stream().sorted().toList() : List.of());
    }
    var schema =
        texts(
            connection,
            "SELECT table_name || '.' || column_name || ' ' || data_type FROM duckdb_columns() WHERE schema_name = '%s' ORDER BY 1"
                .formatted(Workload.DATASET));
    var loads = tables.contains("_dlt_loads") ? texts(connection, "SELECT load_id || ' ' || status FROM _dlt_loads ORDER BY 1") : List.<String>of();
    var unknown = new ArrayList<String>();
    for (var table : List.of("orders", "customers", "events", "_dlt_pipeline_state")) {
      if (tables.contains(table) && tables.contains("_dlt_loads")) {
        unknown.addAll(texts(connection, "SELECT DISTINCT _dlt_load_id FROM %s ANTI JOIN _dlt_loads l ON l.load_id = _dlt_load_id".formatted(table)));
      }
    }
    return new Look(rows, schema, loads, unknown, tables.contains("_dlt_pipeline_state") ? state(connection) : Map.of());
  }

  private static Map<String, String> state(Connection connection) throws SQLException {
    var newest = texts(connection, "SELECT state FROM _dlt_pipeline_state ORDER BY version DESC LIMIT 1");
    if (newest.isEmpty()) {
      return Map.of();
    }
    try (var stream = new InflaterInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(newest.getFirst())))) {
      return progress(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException damaged) {
      return Map.of("damaged", damaged.toString());
    }
  }

  /// How far a state says that the resources came.
  static Map<String, String> progress(String stateJson) throws IOException {
    var found = new TreeMap<String, String>();
    var resources = new tools.jackson.databind.json.JsonMapper().readTree(stateJson).path("sources").path(Workload.PIPELINE).path("resources");
    found.put("orders", resources.path("orders").path("next").toString());
    found.put("customers", resources.path("customers").path("round").toString());
    found.put("events", resources.path("events").path("incremental").path("at").path("last_value").toString());
    return found;
  }

  private static List<String> texts(Connection connection, String query) throws SQLException {
    var texts = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var found = statement.executeQuery(query)) {
      while (found.next()) {
        texts.add(found.getString(1));
      }
    }
    return texts;
  }

  /// Which round's rows these are exactly; -1 if they are of none.
  int round() {
    for (var round = 0; round <= Workload.ROUNDS; round++) {
      if (difference(round).isEmpty()) {
        return round;
      }
    }
    return -1;
  }

  /// How the rows differ from those of a round, a sentence a table.
  List<String> difference(int round) {
    var sentences = new ArrayList<String>();
    Workload.rows(round).forEach((table, wanted) -> {
      var found = rows.getOrDefault(table, List.of());
      if (found.equals(wanted)) {
        return;
      }
      var missing = new ArrayList<>(wanted);
      var extra = new ArrayList<>(found);
      for (var row : found) {
        missing.remove(row);
      }
      for (var row : wanted) {
        extra.remove(row);
      }
      sentences.add(
          "%s has %d rows instead of %d: %d missing%s, %d too many%s"
              .formatted(table, found.size(), wanted.size(), missing.size(), first(missing), extra.size(), first(extra)));
    });
    return sentences;
  }

  private static String first(List<String> rows) {
    return rows.isEmpty() ? "" : " ('" + rows.getFirst() + "')";
  }
}
