package dev.sluice.load;

import dev.sluice.config.Config;
import dev.sluice.json.Json;
import dev.sluice.progress.Progress;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.Schema;
import dev.sluice.schema.SchemaEditor;
import dev.sluice.schema.State;
import dev.sluice.schema.SystemTables;
import dev.sluice.schema.TableSchema;
import dev.sluice.store.Compressor;
import dev.sluice.store.FileSum;
import dev.sluice.store.FolderUpdate;
import dev.sluice.store.StoredPackage;
import dev.sluice.store.WorkingDirectory;
import dev.sluice.store.WriterSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A pipeline called `shop` whose normalized packages a test writes by hand, and its dataset
/// `data`.
final class Packages implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");

  final Path folder;
  final WorkingDirectory directory;
  final Map<String, String> environment = new LinkedHashMap<>();
  Destination destination = Destination.duckdb();

  Packages(Path folder) {
    this.folder = folder;
    this.directory =
        WorkingDirectory.open(folder.resolve("pipelines"), "shop", Duration.ZERO, new Random(7));
  }

  Config config() {
    return Config.of(environment, folder, null).pipeline("shop");
  }

  Target target() {
    return Target.of("shop", destination, "data", folder, config());
  }

  Loading loading() {
    return Loading.of(directory, target(), config(), Progress.none(), InstantSource.fixed(NOW));
  }

  /// A package with these tables; rows are JSON lines, one file for each list.
  Draft draft(String loadId) {
    return new Draft(loadId);
  }

  final class Draft {
    private final String loadId;
    private final SchemaEditor editor = SchemaEditor.of(Schema.of("shop"), 0);
    private final Map<String, List<List<String>>> files = new LinkedHashMap<>();
    private final Map<String, Object> state = new LinkedHashMap<>();

    Draft(String loadId) {
      this.loadId = loadId;
      state.put("created_at", "2026-01-02T03:04:05.000001+00:00");
    }

    Draft table(TableSchema table, String... rows) {
      editor.update(table.with("x-normalizer", Map.of("seen-data", true)));
      return file(table.name(), rows);
    }

    /// One more file.
    Draft file(String table, String... rows) {
      files.computeIfAbsent(table, name -> new ArrayList<>()).add(List.of(rows));
      return this;
    }

    /// A table that the schema knows, without a file.
    Draft known(TableSchema table) {
      editor.update(table.with("x-normalizer", Map.of("seen-data", true)));
      return this;
    }

    Draft state(String key, Object value) {
      state.put(key, value);
      return this;
    }

    /// The row of the pipeline state, as extract and normalize write it.
    Draft pipelineState(State state) {
      editor.update(SystemTables.state());
      editor.update(
          TableSchema.of(SystemTables.STATE)
              .columns(ColumnSchema.of("_dlt_id", DataType.TEXT).notNull()));
      var row = new LinkedHashMap<String, Object>(state.row(loadId, NOW));
      row.put("created_at", NOW.toString());
      row.put("_dlt_id", "s" + state.version());
      return file(SystemTables.STATE, Json.dumps(row));
    }

    StoredPackage commit() {
      var extracted =
          directory.commitExtract(List.of(directory.draftExtract(loadId)), FolderUpdate.none());
      var draft = directory.draftNormalize(extracted.getFirst());
      try (var compressor = Compressor.inline()) {
        files.forEach((table, all) -> {
          for (var rows : all) {
            if (rows.isEmpty()) {
              var name = draft.newJob(table, "jsonl", false);
              write(draft.jobPath(name), new byte[0]);
              draft.register(name, 0, new FileSum(0, "00000000"));
              continue;
            }
            try (var writer = draft.writer(table, "jsonl", WriterSettings.defaults(), compressor)) {
              for (var row : rows) {
                var bytes = row.getBytes(StandardCharsets.UTF_8);
                writer.append(bytes, 0, bytes.length);
              }
              writer.finish();
            }
          }
        });
      }
      draft.schema(Json.dumpb(editor.toSchema().toMap()));
      draft.state(Json.dumpb(state));
      return directory.commitNormalize(draft, FolderUpdate.none());
    }
  }

  private static void write(Path file, byte[] content) {
    try {
      java.nio.file.Files.write(file, content);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// Rows of a query as text, a row each.
  List<String> query(String sql) {
    try (var database = Database.read(target());
        var statement = database.connection().createStatement();
        var rows = statement.executeQuery(sql)) {
      var all = new ArrayList<String>();
      var columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        var row = new ArrayList<String>();
        for (var i = 1; i <= columns; i++) row.add(String.valueOf(rows.getString(i)));
        all.add(String.join("|", row));
      }
      return all;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void execute(String sql) {
    try (var database = Database.read(target())) {
      database.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static TableSchema table(String name, ColumnSchema... columns) {
    return TableSchema.of(name)
        .columns(columns)
        .columns(
            ColumnSchema.of("_dlt_load_id", DataType.TEXT).notNull(),
            ColumnSchema.of("_dlt_id", DataType.TEXT).notNull().unique().with("row_key", true))
        .with("write_disposition", "append")
        .with("resource", name);
  }

  static TableSchema nested(String name, String parent, ColumnSchema... columns) {
    return TableSchema.of(name)
        .columns(columns)
        .columns(
            ColumnSchema.of("_dlt_parent_id", DataType.TEXT).notNull().with("parent_key", true),
            ColumnSchema.of("_dlt_list_idx", DataType.BIGINT).notNull(),
            ColumnSchema.of("_dlt_id", DataType.TEXT).notNull().unique().with("row_key", true))
        .with("parent", parent);
  }

  static String row(int id, String loadId) {
    return "{\"id\":%d,\"_dlt_load_id\":\"%s\",\"_dlt_id\":\"r%d\"}".formatted(id, loadId, id);
  }

  @Override
  public void close() {
    directory.close();
  }
}
