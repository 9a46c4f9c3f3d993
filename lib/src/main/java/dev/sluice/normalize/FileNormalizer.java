package dev.sluice.normalize;

import dev.sluice.parquet.Scratch;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.LoadFileFormat;
import dev.sluice.schema.RowIds;
import dev.sluice.schema.Schema;
import dev.sluice.schema.TableSchema;
import dev.sluice.store.Compressor;
import dev.sluice.store.JobReader;
import dev.sluice.store.PackageDraft;
import dev.sluice.store.StoredJob;
import dev.sluice.store.StoredPackage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// One extracted file normalized against a schema: new files and changes of the schema come of it,
/// and nothing else is touched.
final class FileNormalizer {
  /// A table that the file changed: its new columns, in order.
  record Change(TableSchema partial, boolean created) {}

  /// What came of a file.
  ///
  /// - `seen`: the tables of the schema that it was normalized against
  /// - `rows`: rows written, by table
  record Result(
      StoredJob source,
      List<Change> changes,
      Map<String, Long> rows,
      Map<String, Optional<TableSchema>> seen,
      List<StoredJob> files,
      Map<String, Set<String>> nullOnly,
      Set<String> wide,
      Quarantine quarantine,
      long extractedRows) {
    Result files(List<StoredJob> renamed) {
      return new Result(
          source, changes, rows, seen, renamed, nullOnly, wide, quarantine, extractedRows);
    }
  }

  private static final int ROWS_BETWEEN_LOOKS = 256;

  private final StoredPackage extracted;
  private final PackageDraft draft;
  private final StoredJob job;
  private final NormalizeSettings settings;
  private final Compressor compressor;
  private final BooleanSupplier cancelled;
  private final java.util.function.LongConsumer progress;

  private final Names names;
  private final Tables tables;
  private final Quarantine quarantine;
  private final Inference inference;
  private final RowRules rules;
  private final CompiledRows compiled;
  private final String rootTable;
  private final LoadFileFormat format;
  private final Scratch scratch;
  private final Map<String, Long> rowCounts = new TreeMap<>();

  FileNormalizer(
      StoredPackage extracted,
      PackageDraft draft,
      StoredJob job,
      Schema schema,
      Function<String, Optional<TableSchema>> known,
      Predicate<String> wide,
      NormalizeSettings settings,
      Compressor compressor,
      Scratch scratch,
      RandomGenerator random,
      Instant now,
      BooleanSupplier cancelled,
      java.util.function.LongConsumer progress) {
    this.extracted = extracted;
    this.draft = draft;
    this.job = job;
    this.settings = settings;
    this.compressor = compressor;
    this.scratch = scratch;
    this.cancelled = cancelled;
    this.progress = progress;
    names = new Names(schema.naming());
    rootTable = known.apply(job.table()).isPresent() ? job.table() : names.table(job.table());
    format = format(known.apply(rootTable));
    tables = new Tables(schema, known, wide, this::sink, names);
    quarantine = new Quarantine(draft, job.name());
    inference = new Inference(schema, now);
    var ids = RowIds.of(random);
    rules =
        new RowRules(
            names, tables, inference, quarantine, settings.promote(), ids, extracted.loadId());
    compiled =
        new CompiledRows(
            names, tables, inference, ids, rootTable, extracted.loadId(), settings.promote());
  }

  private LoadFileFormat format(Optional<TableSchema> root) {
    return root.isPresent()
            && root.get().property("file_format") instanceof String word
            && (word.equals("jsonl") || word.equals("parquet"))
        ? NormalizeSettings.format("The file format of table '" + rootTable + "'", word)
        : settings.format();
  }

  private RowSink sink(String table) {
    return switch (format) {
      case JSONL -> new JsonSink(() -> draft.writer(table, "jsonl", settings.writer(), compressor));
      case PARQUET -> new ColumnSink(draft, table, settings.writer(), compressor, scratch);
    };
  }

  /// Normalizes the file.
  ///
  /// - fails with [CannotNormalize], which names package, file and row; its files are then as they
  ///   happen to be
  Result run() {
    if (job.name().format().equals("parquet")) {
      return ready();
    }
    if (!job.name().format().equals("typed-jsonl")) {
      throw new CannotNormalize(
          "The extracted file '%s' of package %s is of format '%s', which is not read here; extract rows (typed-jsonl)"
              .formatted(job.name().fileName(), extracted.loadId(), job.name().format()));
    }
    boolean done = false;
    try (var file = JobReader.open(job);
        var rows = new RowBytes(file.content())) {
      boolean lines = readRows(file, rows);
      file.requireWritten();
      handleNoRows(lines);
      quarantine.finish();
      var result = result(rows.row);
      requireBalance(rows.row);
      done = true;
      return result;
    } catch (CannotNormalize refused) {
      throw refused.at("package " + extracted.loadId() + ", file '" + job.name().fileName() + "'");
    } finally {
      if (!done) {
        discard();
      }
    }
  }

  /// A file that was handed over ready goes on as it is; extract has put its columns into the
  /// schema.
  private Result ready() {
    long rows =
        job.rows()
            .orElseThrow(() ->
                new CannotNormalize(
                    "The extracted file '%s' of package %s does not stand in the manifest; extract again"
                        .formatted(job.name().fileName(), extracted.loadId())));
    var table = tables.require(rootTable, "");
    addSystemColumn(table, names.loadId, settings.addLoadId());
    addSystemColumn(table, names.id, settings.addId());
    rowCounts.put(rootTable, rows);
    quarantine.finish();
    var result = result(rows);
    for (var column : table.columns.values()) {
      // Nobody has looked at the numbers.
      if (column.form != null && column.form.type() == DataType.BIGINT) {
        result.wide().add(Tables.wideKey(rootTable, column.name()));
      }
    }
    result.files().add(draft.take(job, rootTable));
    progress.accept(rows);
    return result;
  }

  private void addSystemColumn(TableState table, String name, boolean wanted) {
    if (wanted && !tables.isComplete(table.name, name)) {
      tables.put(table, inference.column(name, DataType.TEXT, false));
    }
  }

  /// No row may be lost on the way: what was extracted is normalized or set aside.
  private void requireBalance(long read) {
    if (job.rows().isPresent() && job.rows().getAsLong() != read) {
      throw new CannotNormalize(
          "%d rows were extracted, but the file holds %d; it was changed or cut off: drop the package and extract again"
              .formatted(job.rows().getAsLong(), read));
    }
    long written = rowCounts.getOrDefault(rootTable, 0L);
    long setAside = quarantine.rows().getOrDefault(rootTable, 0L);
    if (written + setAside != read) {
      throw new CannotNormalize(
          "%d rows were extracted, but %d are normalized and %d set aside; this is a bug, please report it"
              .formatted(read, written, setAside));
    }
  }

  private boolean readRows(JobReader.Checked file, RowBytes rows) {
    try {
      return readRows(rows);
    } catch (RuntimeException refused) {
      if (!cancelled.getAsBoolean()) {
        file.requireWritten(); // what is wrong with a row may be what happened to the file
      }
      throw refused;
    }
  }

  private boolean readRows(RowBytes rows) {
    try {
      long reported = 0;
      while (rows.next()) {
        int end = compiled.take(rows);
        if (end < 0) {
          end = rows.skip();
          rules.take(rootTable, RawJson.read(rows.bytes, rows.start, end - rows.start), rows.row);
        }
        rows.end(end);
        tables.keepRows();
        if (rows.row - reported >= ROWS_BETWEEN_LOOKS) {
          progress.accept(rows.row - reported);
          reported = rows.row;
          if (cancelled.getAsBoolean()) {
            throw new CannotNormalize("Cancelled, since another file failed");
          }
        }
      }
      progress.accept(rows.row - reported);
      return rows.limit > 0 || rows.row > 0;
    } catch (CannotNormalize refused) {
      throw refused.at("row " + Math.max(1, rows.row));
    }
  }

  /// A file without rows creates or empties its table all the same.
  private void handleNoRows(boolean lines) {
    var root = tables.find(rootTable);
    if (root == null || root.sink.used()) {
      return;
    }
    boolean seenData = root.known != null && root.known.seenData();
    if (lines && !seenData) {
      return;
    }
    if (!seenData) {
      rules.touch(rootTable);
    }
    var table = tables.require(rootTable, "");
    table.sink.ensureFile(table.columns.values());
  }

  private Result result(long extractedRows) {
    var changes = new ArrayList<Change>();
    var files = new ArrayList<StoredJob>();
    var wide = new TreeSet<String>();
    var nullOnly = new LinkedHashMap<String, Set<String>>();
    for (var table : tables.all()) {
      if (!table.added.isEmpty()) {
        var partial = table.known == null ? table.fresh : TableSchema.of(table.name);
        if (table.known != null && table.known.parent().isPresent()) {
          partial = partial.with("parent", table.known.parent().get());
        }
        changes.add(
            new Change(
                partial.columns(table.addedColumns().toArray(ColumnSchema[]::new)),
                table.known == null));
      }
      for (var column : table.columns.values()) {
        if (column.wide) {
          wide.add(Tables.wideKey(table.name, column.name()));
        }
      }
      if (!table.nullOnly.isEmpty()) {
        nullOnly.put(table.name, table.nullOnly);
      }
      if (table.sink.used()) {
        rowCounts.put(table.name, table.sink.rows());
        files.addAll(table.sink.finish());
      }
    }
    return new Result(
        job, changes, rowCounts, tables.seen(), files, nullOnly, wide, quarantine, extractedRows);
  }

  private void discard() {
    for (var table : tables.all()) {
      table.sink.discard();
    }
    quarantine.discard();
  }
}
