package dev.sluice.normalize;

import dev.sluice.store.PackageDraft;
import dev.sluice.store.StoredJob;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Load files in Parquet, made by DuckDB from those in JSON. All columns that the table has at the
/// end of the extracted file are in each of them, so that none has to be begun for a new column.
final class ParquetFiles implements AutoCloseable {
  private static final int SMALLEST_OBJECT = 16 << 20;

  private final PackageDraft draft;
  private @Nullable Connection connection;

  ParquetFiles(PackageDraft draft) {
    this.draft = draft;
  }

  /// Makes the Parquet file and removes the other.
  StoredJob convert(StoredJob json, Collection<ColumnState> columns, int longestRow) {
    var name = draft.newJob(json.table(), "parquet", false);
    var target = draft.jobPath(name);
    try (Statement statement = connection().createStatement()) {
      statement.execute(
          "COPY (SELECT %s FROM read_json(%s, format = 'newline_delimited', auto_detect = false, maximum_object_size = %d, columns = {%s})) TO %s (FORMAT parquet, COMPRESSION zstd)"
              .formatted(
                  selected(columns),
                  literal(json.file().toString()),
                  Math.max(SMALLEST_OBJECT, longestRow + 1024),
                  read(columns),
                  literal(target.toString())));
    } catch (SQLException failed) {
      throw new CannotNormalize(
          "Cannot write table '%s' as Parquet: %s; use the format jsonl"
              .formatted(json.table(), failed.getMessage()),
          failed);
    }
    var parquet = draft.register(name, json.rows().orElse(0));
    draft.discard(json);
    return parquet;
  }

  private Connection connection() throws SQLException {
    var open = connection;
    if (open == null) {
      open = DriverManager.getConnection("jdbc:duckdb:");
      connection = open;
      try (var statement = open.createStatement()) {
        statement.execute("SET threads = 1");
        statement.execute("SET preserve_insertion_order = true");
        statement.execute("SET TimeZone = 'UTC'");
      }
    }
    return open;
  }

  private static String selected(Collection<ColumnState> columns) {
    var selected = new ArrayList<String>();
    for (var form : forms(columns)) {
      var name = quoted(form.name());
      selected.add(
          switch (form.type()) {
            case BINARY -> "from_base64(" + name + ") AS " + name;
            case JSON -> "CAST(" + name + " AS VARCHAR) AS " + name;
            default -> name;
          });
    }
    return String.join(", ", selected);
  }

  private static String read(Collection<ColumnState> columns) {
    return forms(columns).stream()
        .map(form -> literal(form.name()) + ": " + literal(type(form)))
        .collect(Collectors.joining(", "));
  }

  private static List<ColumnForm> forms(Collection<ColumnState> columns) {
    var forms = new ArrayList<ColumnForm>();
    for (var column : columns) {
      if (column.form != null) {
        forms.add(column.form);
      }
    }
    return forms;
  }

  private static String type(ColumnForm form) {
    return switch (form.type()) {
      case TEXT, BINARY -> "VARCHAR";
      case DOUBLE -> "DOUBLE";
      case BOOL -> "BOOLEAN";
      case TIMESTAMP -> form.timezone() ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP";
      case BIGINT ->
          switch (form.bits()) {
            case 8 -> "TINYINT";
            case 16 -> "SMALLINT";
            case 32 -> "INTEGER";
            case 64 -> "BIGINT";
            // HUGEINT would become a double in the file, and lose digits.
            default -> "DECIMAL(38,0)";
          };
      case JSON -> "JSON";
      case DECIMAL, WEI -> "DECIMAL(%d,%d)".formatted(form.precision(), form.scale());
      case DATE -> "DATE";
      case TIME -> "TIME";
    };
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  @Override
  public void close() {
    var open = connection;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException ignored) {
        // Nothing is kept in it.
      }
    }
  }
}
