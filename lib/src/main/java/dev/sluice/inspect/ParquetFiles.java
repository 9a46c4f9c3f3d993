package dev.sluice.inspect;

import dev.sluice.load.Database;
import dev.sluice.load.Literal;
import dev.sluice.table.Grid;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/// Rows of parquet files, read by DuckDB in memory.
final class ParquetFiles {
  private ParquetFiles() {}

  static Grid read(String title, List<Path> files, long limit) {
    var names =
        files.stream()
            .map(file -> Literal.path(file.toString()))
            .collect(Collectors.joining(", ", "[", "]"));
    try (var connection = Database.reader(new Properties(), files);
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT * FROM read_parquet(" + names + ", union_by_name = true) LIMIT " + limit)) {
      return ResultRows.read(title, rows, limit);
    } catch (SQLException e) {
      throw new IllegalArgumentException(
          "Cannot read the parquet file '" + files.getFirst() + "': " + e.getMessage(), e);
    }
  }
}
