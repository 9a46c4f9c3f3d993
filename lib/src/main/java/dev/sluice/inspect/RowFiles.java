package dev.sluice.inspect;

import dev.sluice.json.JsonStreams;
import dev.sluice.json.TypedJson;
import dev.sluice.schema.TableSchema;
import dev.sluice.seam.IoFault;
import dev.sluice.store.JobReader;
import dev.sluice.store.StoreException;
import dev.sluice.store.StoredJob;
import dev.sluice.table.Cells;
import dev.sluice.table.Grid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// The first rows of a table's files: reading ends with the last row asked for, however large the
/// files are.
///
/// A file that breaks off is shown as far as it goes, and the title says where it broke.
final class RowFiles {
  private final String title;
  private final Optional<TableSchema> schema;
  private final long limit;
  private final Grid.Builder grid;
  private final List<String> broken = new ArrayList<>();

  private RowFiles(String title, Optional<TableSchema> schema, long limit) {
    this.title = title;
    this.schema = schema;
    this.limit = limit;
    this.grid = Grid.of(title);
  }

  static Grid read(String title, List<StoredJob> jobs, Optional<TableSchema> schema, long limit) {
    if (limit < 0) {
      throw new IllegalArgumentException(
          "The number of rows must not be negative, but is " + limit);
    }
    var reader = new RowFiles(title, schema, limit);
    var parquet = jobs.stream().filter(job -> job.name().format().equals("parquet")).toList();
    if (!parquet.isEmpty()) {
      return ParquetFiles.read(
          note(title, limit, jobs, -1), parquet.stream().map(StoredJob::file).toList(), limit);
    }
    for (var job : jobs) {
      if (reader.full()) {
        break;
      }
      reader.read(job);
    }
    return reader.inOrder(reader.grid.build(reader.title(jobs)));
  }

  private boolean full() {
    return grid.rows() >= limit;
  }

  private void read(StoredJob job) {
    var format = job.name().format();
    if (!format.equals("jsonl") && !format.equals("typed-jsonl")) {
      throw new IllegalArgumentException(
          "The file '"
              + job.file()
              + "' is "
              + format
              + "; rows can be shown of jsonl, typed-jsonl and parquet files");
    }
    var before = grid.rows();
    try (var stream = JobReader.open(job.file());
        var json = JsonStreams.parser(stream)) {
      read(json, format.equals("typed-jsonl"));
    } catch (StoreException | IllegalArgumentException | JacksonException | IOException e) {
      broken.add(
          "'"
              + job.name().fileName()
              + "' breaks after row "
              + Cells.count(grid.rows() - before)
              + ": "
              + (e instanceof IOException fault
                  ? IoFault.said(fault, job.file())
                  : e.getMessage()));
    }
  }

  /// A line of typed-jsonl is a list of rows or a row; of jsonl, a row.
  private void read(JsonParser json, boolean typed) {
    while (!full()) {
      var token = json.nextToken();
      if (token == null) {
        return;
      }
      if (token == JsonToken.START_ARRAY && typed) {
        while (!full() && json.nextToken() != JsonToken.END_ARRAY) {
          row(TypedJson.read(json));
        }
      } else {
        row(typed ? TypedJson.read(json) : JsonStreams.read(json));
      }
    }
  }

  private void row(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> object)) {
      grid.row(java.util.Collections.singletonMap("value", value));
      return;
    }
    var row = new LinkedHashMap<String, @Nullable Object>();
    object.forEach((name, cell) -> row.put(String.valueOf(name), decoded((String) name, cell)));
    grid.row(row);
  }

  private @Nullable Object decoded(String column, @Nullable Object value) {
    return schema
        .flatMap(table -> table.column(column))
        .map(found -> LoadValues.decode(found, value))
        .orElse(value);
  }

  private Grid inOrder(Grid rows) {
    if (schema.isEmpty()) {
      return rows;
    }
    var names = new LinkedHashSet<String>();
    schema.get().columns().stream()
        .map(column -> column.name())
        .filter(rows.names()::contains)
        .forEach(names::add);
    names.addAll(rows.names());
    var at = new LinkedHashMap<String, List<@Nullable Object>>();
    for (var i = 0; i < rows.names().size(); i++) {
      at.put(rows.names().get(i), rows.columns().get(i));
    }
    return new Grid(
        rows.title(),
        List.copyOf(names),
        names.stream().map(name -> at.getOrDefault(name, List.of())).toList());
  }

  private String title(List<StoredJob> jobs) {
    var noted = note(title, limit, jobs, grid.rows());
    return broken.isEmpty() ? noted : noted + " – " + String.join("; ", broken);
  }

  /// `users (1,000 of 1,000,000 rows)`.
  static String note(String title, long limit, List<StoredJob> jobs, long shown) {
    var counted = jobs.stream().allMatch(job -> job.rows().isPresent());
    var total = jobs.stream().mapToLong(job -> job.rows().orElse(0)).sum();
    if (counted) {
      return note(title, shown < 0 ? Math.min(limit, total) : shown, total);
    }
    return shown >= 0 && shown < limit
        ? note(title, shown, shown)
        : title + " (at most " + Cells.count(limit, "row") + ")";
  }

  static String note(String title, long shown, long total) {
    return shown == total
        ? title + " (" + Cells.count(total, "row") + ")"
        : title + " (" + Cells.count(shown) + " of " + Cells.count(total, "row") + ")";
  }
}
