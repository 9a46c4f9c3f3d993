package dev.sluice.load;

import dev.sluice.json.Json;
import dev.sluice.schema.Schema;
import dev.sluice.schema.TableSchema;
import dev.sluice.store.JobState;
import dev.sluice.store.Stage;
import dev.sluice.store.StoredJob;
import dev.sluice.store.StoredPackage;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A normalized package, read: its schema, the jobs that have to be loaded, and what is to be
/// dropped or emptied first.
///
/// - `jobs`: by table, in the order of the schema
/// - `done`: jobs that another tool has loaded already
/// - `dropped`, `truncated`: tables that a refresh names
record PackageContent(
    StoredPackage source,
    Schema schema,
    Instant createdAt,
    Map<String, List<StoredJob>> jobs,
    List<StoredJob> done,
    List<String> dropped,
    List<String> truncated) {
  private static final long ORDERED_ROWS = 250_000;
  private static final char TIMESTAMP_MARK = '\uF027';

  /// Reads a package.
  ///
  /// - `record`: what an earlier attempt of ours noted about it
  /// - fails with [LoadException] if another tool left jobs half loaded
  static PackageContent of(StoredPackage source, LoadRecord record) {
    if (source.stage() == Stage.NORMALIZED && source.completion().isEmpty()) source.requireWhole();
    else source.requireFiles();
    var file = source.folder().resolve("schema.json");
    var schema =
        source.unverified().isPresent()
            ? Schema.verified(source.schema(), file)
            : Schema.read(source.schema(), file);
    Map<String, Object> state =
        source.state().map(Json::<Map<String, Object>>loadb).orElse(Map.of());
    var byTable = new LinkedHashMap<String, List<StoredJob>>();
    var done = new ArrayList<StoredJob>();
    var unclear = new ArrayList<String>();
    for (var job : source.jobs()) {
      if (record.took(job) || job.state() == JobState.NEW)
        byTable.computeIfAbsent(job.table(), table -> new ArrayList<>()).add(job);
      else if (job.state() == JobState.COMPLETED || committedByDlt(source, job)) done.add(job);
      else unclear.add(job.name().fileName());
    }
    if (!unclear.isEmpty())
      throw new LoadException(
          "Package '"
              + source.loadId()
              + "' was begun by another tool, which may or may not have loaded "
              + unclear.size()
              + " of its jobs: '"
              + String.join("', '", unclear)
              + "'; finish the package with that tool, or move these files to completed_jobs (loaded)"
              + " or new_jobs (not loaded) in '"
              + source.folder()
              + "'");
    return new PackageContent(
        source,
        schema,
        createdAt(source, state),
        inOrder(source, schema, byTable),
        done,
        tables(state, "dropped_tables"),
        tables(state, "truncated_tables"));
  }

  /// The root tables that have jobs to load, in the order of the schema.
  List<TableSchema> roots() {
    var roots = new LinkedHashSet<String>();
    for (var table : jobs.keySet()) roots.add(schema.root(table).name());
    return schema.tables().stream().filter(table -> roots.contains(table.name())).toList();
  }

  /// The write disposition of a root table: `append`, `replace`, `merge`, `skip`.
  static String disposition(TableSchema root) {
    return root.property("write_disposition") instanceof String word ? word : "append";
  }

  /// Whether the rows of a table are replaced: by its own disposition, or else its parent's.
  boolean replaced(TableSchema table) {
    var own = table.property("write_disposition");
    if (own != null) return own.equals("replace");
    return table.parent().flatMap(schema::table).filter(this::replaced).isPresent();
  }

  /// The tables of a chain that hold or held rows, parents first.
  List<TableSchema> chain(TableSchema root) {
    return schema.chain(root.name()).stream()
        .filter(table -> !table.isNew() && (table.seenData() || jobs.containsKey(table.name())))
        .toList();
  }

  /// All tables that must stand at the destination.
  Set<String> tables() {
    var tables = new LinkedHashSet<String>();
    for (var table : schema.tables()) if (schema.isSystem(table.name())) tables.add(table.name());
    for (var root : roots())
      switch (disposition(root)) {
        case "skip" -> {}
        case "merge" -> chain(root).forEach(table -> tables.add(table.name()));
        default ->
            schema.chain(root.name()).stream()
                .filter(table -> jobs.containsKey(table.name()))
                .forEach(table -> tables.add(table.name()));
      }
    for (var name : truncated) if (schema.table(name).isPresent()) tables.add(name);
    return tables;
  }

  /// Whether nothing of this package is at the destination yet.
  boolean untouched() {
    return done.isEmpty();
  }

  /// Whether a table of it is merged.
  boolean merges() {
    return roots().stream().anyMatch(root -> disposition(root).equals("merge"));
  }

  /// Whether its rows are so many that all threads had better insert at once, in no fixed order,
  /// which takes a third less time. A merge takes the first or the last of equal keys, and needs
  /// the order of the files.
  boolean large() {
    return !merges()
        && allJobs().stream().mapToLong(job -> job.rows().orElse(0)).sum() > ORDERED_ROWS;
  }

  /// All jobs to load.
  List<StoredJob> allJobs() {
    return jobs.values().stream().flatMap(List::stream).toList();
  }

  private static Map<String, List<StoredJob>> inOrder(
      StoredPackage source, Schema schema, Map<String, List<StoredJob>> byTable) {
    var ordered = new LinkedHashMap<String, List<StoredJob>>();
    for (var table : schema.tables()) {
      var jobs = byTable.remove(table.name());
      if (jobs != null) ordered.put(table.name(), jobs);
    }
    if (!byTable.isEmpty())
      throw new LoadException(
          "Package '"
              + source.loadId()
              + "' has files of the tables "
              + byTable.keySet()
              + ", which its schema '"
              + schema.name()
              + "' does not have; drop the package with dropPendingPackages() and extract again");
    return ordered;
  }

  /// dlt notes the end of a job there before it moves the file.
  private static boolean committedByDlt(StoredPackage source, StoredJob job) {
    return job.state() == JobState.STARTED
        && source
            .file(".pending_transitions/" + job.name().fileName())
            .map(note -> new String(note, java.nio.charset.StandardCharsets.UTF_8))
            .filter(note -> note.contains("\"completed\""))
            .isPresent();
  }

  private static List<String> tables(Map<String, Object> state, String key) {
    if (!(state.get(key) instanceof List<?> all)) return List.of();
    var names = new ArrayList<String>();
    for (var entry : all) {
      if (entry instanceof Map<?, ?> table && table.get("name") instanceof String name)
        names.add(name);
      else if (entry instanceof String name) names.add(name);
    }
    return names;
  }

  /// When the package was made: as it says itself, else by its load id.
  private static Instant createdAt(StoredPackage source, Map<String, Object> state) {
    if (state.get("created_at") instanceof String text) {
      var plain = text.indexOf(TIMESTAMP_MARK) == 0 ? text.substring(1) : text;
      try {
        return OffsetDateTime.parse(plain).toInstant();
      } catch (DateTimeException unreadable) {
        // The load id says it as well.
      }
    }
    try {
      var micros = new java.math.BigDecimal(source.loadId()).movePointRight(6).longValue();
      return Instant.EPOCH.plus(micros, java.time.temporal.ChronoUnit.MICROS);
    } catch (NumberFormatException strange) {
      return Instant.EPOCH;
    }
  }
}
