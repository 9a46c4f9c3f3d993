package dev.sluice.parquet;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What DuckDB reads in a Parquet file, as text.
final class ReadBack {
  private ReadBack() {}

  /// Name and type of each column.
  static List<String> schema(Path file) throws SQLException {
    return column("SELECT column_name || ' ' || column_type FROM (DESCRIBE FROM '%s')", file);
  }

  /// One expression over the columns, for each row in order.
  static List<String> values(Path file, String expression) throws SQLException {
    return column("SELECT CAST(" + expression + " AS VARCHAR) FROM '%s'", file);
  }

  /// One expression over what DuckDB says about the column chunks.
  static List<String> chunks(Path file, String expression) throws SQLException {
    return column(
        "SELECT CAST("
            + expression
            + " AS VARCHAR) FROM parquet_metadata('%s') ORDER BY row_group_id, column_id",
        file);
  }

  private static List<String> column(String sql, Path file) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      var values = new ArrayList<String>();
      try (var rows = statement.executeQuery(sql.formatted(file))) {
        while (rows.next()) {
          values.add(rows.getString(1));
        }
      }
      return values;
    }
  }
}
