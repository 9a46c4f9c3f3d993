package dev.sluice.inspect;

import dev.sluice.config.Nearest;
import dev.sluice.schema.Schema;
import dev.sluice.schema.TableSchema;
import dev.sluice.seam.Seam;
import dev.sluice.store.JobState;
import dev.sluice.store.Stage;
import dev.sluice.store.StoredJob;
import dev.sluice.store.StoredPackage;
import dev.sluice.table.Cells;
import dev.sluice.table.Grid;
import dev.sluice.table.Tables;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tech.tablesaw.api.Table;

/// The data of one extract on its way to the destination, as it lies on disk.
///
/// ```java
/// var extracted = pipeline.extractedPackages().getFirst();
/// IO.println(extracted);                      // its tables, files, rows, bytes
/// IO.println(extracted.jobs());               // its files as a Tablesaw table
/// IO.println(extracted.rows("users", 20));    // what stands in them
/// IO.println(extracted.quarantine());         // rows that a contract kept back, and why
/// ```
///
/// It is a look at files: any script that knows the pipeline's folder and name may look at any
/// time, and nothing is changed. Tables hold at most 1,000 rows unless asked for more; decimals,
/// integers beyond 64 bits, bytes (in hex), lists and objects (as JSON) are text in them, and so is
/// a time finer than a millisecond.
public final class LoadPackage {
  /// How many rows a preview has unless told otherwise.
  public static final int PREVIEW_ROWS = 1000;

  private final StoredPackage stored;

  private LoadPackage(StoredPackage stored) {
    this.stored = stored;
  }

  @Seam
  public static LoadPackage of(StoredPackage stored) {
    return new LoadPackage(stored);
  }

  /// Its id: when the extract began, in seconds since 1970.
  public String loadId() {
    return stored.loadId();
  }

  /// How far it has come: `extracted`, `normalized` or `loaded`.
  public String stage() {
    return stored.stage().name().toLowerCase(Locale.ROOT);
  }

  /// How its load ended: `loaded` or `aborted`; empty while it is pending.
  public Optional<String> completion() {
    return stored.completion();
  }

  /// Its folder in the pipeline's working directory.
  public Path folder() {
    return stored.folder();
  }

  /// The files, by state and name: table, file, state, format, rows, bytes, retries.
  public Table jobs() {
    return Tables.of(PackageGrids.jobs(title("jobs"), stored.jobs()));
  }

  /// The files, by state and name.
  public List<Job> jobList() {
    var schema = readSchema();
    return stored.jobs().stream()
        .map(job -> Job.of(job, tableSchema(schema, job.table())))
        .toList();
  }

  /// The schema it was made with.
  public Schema schema() {
    return Schema.of(object(stored.schema(), "schema.json"));
  }

  /// The tables and columns that this package brought: table, column, type, nullable, hints.
  public Table schemaUpdates() {
    return Tables.of(PackageGrids.schemaUpdates(title("schema updates"), updates()));
  }

  /// Files, rows and bytes of each table.
  public Table rowCounts() {
    return Tables.of(PackageGrids.rowCounts(title("row counts"), stored.jobs()));
  }

  /// The names of its tables.
  public List<String> tables() {
    return stored.jobs().stream().map(StoredJob::table).distinct().sorted().toList();
  }

  /// What travels with it: when it was made, the pipeline's state, tables to drop or truncate.
  public Map<String, Object> state() {
    return stored.state().map(bytes -> object(bytes, "load_package_state.json")).orElse(Map.of());
  }

  /// The files that failed: table, file, message.
  public Table failed() {
    return Tables.of(PackageGrids.failed(title("failed jobs"), stored));
  }

  /// The messages of the files that failed, by file name.
  public Map<String, String> failedMessages() {
    var messages = new LinkedHashMap<String, String>();
    for (var job : stored.jobs(JobState.FAILED)) {
      messages.put(job.name().fileName(), stored.failure(job).orElse(""));
    }
    return messages;
  }

  /// The first 1,000 rows of a table.
  public Table rows(String table) {
    return rows(table, PREVIEW_ROWS);
  }

  /// The first rows of a table, at most `limit`; reading ends with the last of them.
  ///
  /// An extracted package holds rows as they were yielded, under the name of their root table.
  public Table rows(String table, long limit) {
    return Tables.of(rowGrid(table, limit));
  }

  /// Rows and values kept back because a contract or their form did not let them through: table,
  /// resource, file, line (the row's number in the extracted file), column, reason, value.
  public Table quarantine() {
    return quarantine(PREVIEW_ROWS);
  }

  /// The same, at most `limit` of them.
  public Table quarantine(long limit) {
    return Tables.of(Quarantine.read(title("quarantine"), stored.folder(), limit));
  }

  /// Rows of each table, as a picture.
  public Chart chart() {
    return BarChart.of(
        ChartColumns.of(
            PackageGrids.rowCounts("rows per table in " + loadId(), stored.jobs()),
            "table",
            "rows"));
  }

  /// Bytes of each file, as a picture.
  public Chart fileSizes() {
    return BarChart.of(
        ChartColumns.of(
            PackageGrids.jobs("file sizes in " + loadId(), stored.jobs()), "file", "bytes"),
        bytes -> Cells.bytes((long) bytes));
  }

  /// What is wrong with its files and what can be saved, a sentence each; empty if all is well.
  ///
  /// Sizes and descriptions are looked at, rows are not read.
  public List<String> problems() {
    return PackageCheck.problems(stored);
  }

  /// Its tables with files, rows and bytes, a line each.
  @Override
  public String toString() {
    return PackageText.of(stored);
  }

  Grid rowGrid(String table, long limit) {
    var jobs = stored.jobs().stream().filter(job -> job.table().equals(table)).toList();
    if (jobs.isEmpty()) {
      throw new IllegalArgumentException(
          "Package '"
              + loadId()
              + "' has no file of table '"
              + table
              + "'"
              + (stored.stage() == Stage.LOADED && tables().isEmpty()
                  ? "; its files were deleted after the load, its rows are in the destination"
                  : Nearest.hint(table, tables())));
    }
    return RowFiles.read(table, jobs, tableSchema(readSchema(), table), limit);
  }

  StoredPackage stored() {
    return stored;
  }

  Map<String, Object> updates() {
    return stored
        .schemaUpdates()
        .map(bytes -> object(bytes, "schema_updates.json"))
        .orElse(Map.of());
  }

  private String title(String what) {
    return loadId() + " " + what;
  }

  /// A preview gets by without a schema.
  private Optional<Schema> readSchema() {
    if (stored.stage() == Stage.EXTRACTED) {
      return Optional.empty();
    }
    try {
      return Optional.of(schema());
    } catch (RuntimeException unreadable) {
      return Optional.empty();
    }
  }

  private static Optional<TableSchema> tableSchema(Optional<Schema> schema, String table) {
    return schema.flatMap(found -> found.table(table));
  }

  private Map<String, Object> object(byte[] bytes, String file) {
    return PackageGrids.object(bytes, folder().resolve(file));
  }
}
