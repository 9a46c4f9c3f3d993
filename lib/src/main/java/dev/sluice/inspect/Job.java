package dev.sluice.inspect;

import dev.sluice.schema.TableSchema;
import dev.sluice.store.StoredJob;
import dev.sluice.table.Cells;
import dev.sluice.table.Tables;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import tech.tablesaw.api.Table;

/// A file of a load package: rows of one table on their way.
///
/// ```java
/// for (var job : pipeline.normalizedPackages().getFirst().jobList()) {
///   IO.println(job);           // users.5f0a2c.0.jsonl.gz: 1,000 rows, 12.3 kB, new
///   IO.println(job.rows(10));  // a Tablesaw table
/// }
/// ```
public final class Job {
  private final StoredJob stored;
  private final Optional<TableSchema> schema;

  private Job(StoredJob stored, Optional<TableSchema> schema) {
    this.stored = stored;
    this.schema = schema;
  }

  static Job of(StoredJob stored, Optional<TableSchema> schema) {
    return new Job(stored, schema);
  }

  /// The table whose rows it holds.
  public String table() {
    return stored.table();
  }

  /// The name of the file.
  public String fileName() {
    return stored.name().fileName();
  }

  /// `typed-jsonl` (extracted), `jsonl` or `parquet` (normalized).
  public String format() {
    return stored.name().format();
  }

  /// `new`, `started`, `completed` or `failed`.
  public String state() {
    return stored.state().name().toLowerCase(Locale.ROOT);
  }

  /// How often loading it was tried again.
  public int retries() {
    return stored.name().retry();
  }

  /// How many rows it holds; empty if another tool wrote it.
  public OptionalLong rowCount() {
    return stored.rows();
  }

  /// Its size on disk.
  public long bytes() {
    return stored.bytes();
  }

  /// Where it is now; loading moves it from folder to folder.
  public Path file() {
    return stored.file();
  }

  /// The first 1,000 rows.
  public Table rows() {
    return rows(LoadPackage.PREVIEW_ROWS);
  }

  /// The first rows, at most `limit`.
  public Table rows(long limit) {
    return Tables.of(RowFiles.read(fileName(), List.of(stored), schema, limit));
  }

  @Override
  public String toString() {
    return fileName()
        + ": "
        + (rowCount().isPresent() ? Cells.count(rowCount().getAsLong(), "row") + ", " : "")
        + Cells.bytes(bytes())
        + ", "
        + state();
  }
}
