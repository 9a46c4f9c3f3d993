package dev.sluice.sources;

import dev.sluice.load.Database;
import dev.sluice.load.Literal;
import dev.sluice.pipe.Out;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;

/// A file offered whole instead of row by row.
final class DirectFile {
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),(\\d+)\\)");

  private DirectFile() {}

  /// Offers the file; false if its rows must be read.
  static boolean offer(
      FileEntry file, Path path, FileFormat format, FileRows.Options options, Out<?> out)
      throws IOException {
    if (options.origin()) return false;
    return switch (format) {
      case PARQUET -> parquet(path, out);
      case CSV -> DirectCsv.offer(file, path, options, out);
      case JSONL, JSON -> false;
    };
  }

  /// What cannot be read here is left to who reads the rows, with its message.
  private static boolean parquet(Path path, Out<?> out) {
    long rows;
    List<ColumnSchema> columns;
    try (var connection = open(List.of(path));
        var statement = connection.createStatement()) {
      var from = Literal.path(path.toString());
      try (var described =
          statement.executeQuery("DESCRIBE SELECT * FROM read_parquet(" + from + ")")) {
        var found = new ArrayList<ColumnSchema>();
        while (described.next()) {
          var column =
              column(described.getString("column_name"), described.getString("column_type"));
          if (column.isEmpty()) return false;
          found.add(column.get());
        }
        columns = found;
      }
      try (var counted =
          statement.executeQuery(
              "SELECT sum(num_rows)::BIGINT FROM parquet_file_metadata(" + from + ")")) {
        counted.next();
        rows = counted.getLong(1);
      }
    } catch (SQLException unreadable) {
      return false;
    }
    return rows > 0 && out.file(path, rows, columns);
  }

  /// The column of a schema that is created with a type that holds the same; empty if there is
  /// none.
  static Optional<ColumnSchema> column(String name, String type) {
    var column = ColumnSchema.of(name);
    var decimal = DECIMAL.matcher(type);
    if (decimal.matches()) {
      return Optional.of(
          column
              .type(DataType.DECIMAL)
              .precision(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2))));
    }
    return switch (type) {
      case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER" ->
          Optional.of(column.type(DataType.BIGINT));
      case "DOUBLE" -> Optional.of(column.type(DataType.DOUBLE));
      case "BOOLEAN" -> Optional.of(column.type(DataType.BOOL));
      case "VARCHAR" -> Optional.of(column.type(DataType.TEXT));
      case "BLOB" -> Optional.of(column.type(DataType.BINARY));
      case "DATE" -> Optional.of(column.type(DataType.DATE));
      case "TIME" -> Optional.of(column.type(DataType.TIME));
      case "TIMESTAMP" -> Optional.of(column.type(DataType.TIMESTAMP).withoutTimezone());
      case "TIMESTAMP WITH TIME ZONE" -> Optional.of(column.type(DataType.TIMESTAMP));
      default -> Optional.empty();
    };
  }

  static Connection open(List<Path> files, String... settings) throws SQLException {
    return Database.reader(new Properties(), files, settings);
  }
}
