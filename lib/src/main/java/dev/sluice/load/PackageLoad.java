package dev.sluice.load;

import dev.sluice.progress.StageProgress;
import dev.sluice.schema.TableSchema;
import dev.sluice.store.StoredJob;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The work of one package at the destination, within a transaction that somebody else begins and
/// ends: first all definitions, then the rows of every table, then dlt's own rows.
final class PackageLoad {
  private static final int BATCH_CHARACTERS = 200_000;

  /// How far it goes.
  enum Mode {
    /// All the way.
    LOAD,
    /// The same, but the effects of a merge are those that a person understands: a row under a
    /// known key is an update, though it is done by a delete and an insert.
    PLAN,
    /// Rows that are only added are counted, not read.
    COUNT
  }

  private final Database database;
  private final PackageContent content;
  private final Catalog catalog;
  private final List<String> drops;
  private final Migration migration;
  private final JobFiles files;
  private final StageProgress progress;
  private final Mode mode;
  private final Map<String, LoadRecord.Effect> effects = new LinkedHashMap<>();
  private final Map<String, Statement> statements = new LinkedHashMap<>();
  private final Map<String, Long> read = new LinkedHashMap<>();

  /// - `catalog`: what the destination has now
  PackageLoad(
      Database database,
      PackageContent content,
      Catalog catalog,
      long maxObjectBytes,
      StageProgress progress,
      Mode mode) {
    this.database = database;
    this.content = content;
    this.drops =
        content.untouched() ? content.dropped().stream().filter(catalog::has).toList() : List.of();
    this.catalog = catalog.without(drops);
    this.migration = Migration.of(this.catalog, content.schema(), content.tables());
    this.files = new JobFiles(database, content.source().loadId(), maxObjectBytes);
    this.progress = progress;
    this.mode = mode;
  }

  /// What it creates.
  Migration migration() {
    return migration;
  }

  /// What it did to each table.
  Map<String, LoadRecord.Effect> effects() {
    return effects;
  }

  /// The rows that its files had, by table.
  Map<String, Long> rows() {
    return read;
  }

  /// The statement that loaded a table; `began` is a reading of [System#nanoTime].
  record Statement(long began, Duration took) {}

  Optional<Statement> statement(String table) {
    return Optional.ofNullable(statements.get(table));
  }

  /// Does all of it.
  void run(Instant now) throws SQLException {
    define();
    for (var root : content.roots()) {
      switch (PackageContent.disposition(root)) {
        case "skip" -> {}
        case "append", "replace" -> {
          empty(root);
          insert(root);
        }
        case "merge" -> merge(root);
        default ->
            throw new LoadException(
                "Table '"
                    + root.name()
                    + "' has the write disposition '"
                    + PackageContent.disposition(root)
                    + "'; use append, replace, merge or skip");
      }
    }
    var system = new SystemRows(database, catalog);
    system.version(content.schema(), content.source().schema(), now);
    system.loaded(content.source().loadId(), content.schema(), now);
  }

  /// What drops and empties what a refresh asks for, and creates tables and columns.
  List<String> definitions() {
    var statements = new ArrayList<String>();
    for (var table : drops) statements.add("DROP TABLE " + catalog.table(table));
    statements.addAll(migration.statements());
    if (content.untouched())
      for (var table : content.truncated())
        if (catalog.has(table)) statements.add("DELETE FROM " + catalog.table(table));
    return statements;
  }

  private void define() throws SQLException {
    if (content.untouched() && !content.dropped().isEmpty())
      new SystemRows(database, catalog).forget(content.schema());
    execute(definitions());
  }

  private void execute(List<String> statements) throws SQLException {
    var batch = new StringBuilder();
    for (var statement : statements) {
      batch.append(statement).append(";\n");
      if (batch.length() > BATCH_CHARACTERS) {
        database.execute(batch.toString());
        batch.setLength(0);
      }
    }
    if (!batch.isEmpty()) database.execute(batch.toString());
  }

  /// Removes all rows of the tables of a chain that are replaced, with and without rows in this
  /// package: nested tables go with the root unless they have a disposition of their own.
  private void empty(TableSchema root) throws SQLException {
    var chain =
        content.schema().chain(root.name()).stream()
            .filter(table -> content.replaced(table))
            .toList();
    var begun =
        content.done().stream()
            .anyMatch(job -> chain.stream().anyMatch(t -> t.name().equals(job.table())));
    if (begun) return; // by dlt, which emptied the tables first
    for (var table : chain.reversed())
      if (catalog.has(table.name()) && !migration.created().contains(table.name()))
        note(
            root,
            table.name(),
            MergeStep.Effect.DELETE,
            database.update("DELETE FROM " + catalog.table(table.name())));
  }

  private void insert(TableSchema root) throws SQLException {
    for (var table : content.schema().chain(root.name())) {
      var jobs = content.jobs().get(table.name());
      if (jobs == null) continue;
      var rows = insert(table, catalog.table(table.name()), jobs);
      note(root, table.name(), MergeStep.Effect.INSERT, rows);
    }
  }

  private long insert(TableSchema table, Ident target, List<StoredJob> jobs) throws SQLException {
    var start = System.nanoTime();
    var known = jobs.stream().allMatch(job -> job.rows().isPresent());
    var expected = jobs.stream().mapToLong(job -> job.rows().orElse(0)).sum();
    if (mode == Mode.COUNT && known) return expected;
    var rows = files.insert(table, target, jobs);
    statements.put(table.name(), new Statement(start, Duration.ofNanos(System.nanoTime() - start)));
    if (known && rows != expected)
      throw new LoadException(
          "Table '"
              + table.name()
              + "' would get "
              + rows
              + " rows, but its "
              + jobs.size()
              + " files of package '"
              + content.source().loadId()
              + "' hold "
              + expected
              + "; the files in '"
              + content.source().folder()
              + "' were changed or damaged: drop the package with dropPendingPackages() and extract"
              + " again");
    read.merge(table.name(), rows, Long::sum);
    progress.tally("rows").add(rows);
    progress.tally("files").add(jobs.size());
    progress.loaded(
        content.source().loadId(),
        table.name(),
        jobs.size(),
        rows,
        Duration.ofNanos(System.nanoTime() - start));
    return rows;
  }

  /// The rows go into temporary tables, and from there by the SQL of the merge.
  private void merge(TableSchema root) throws SQLException {
    var chain = content.chain(root).stream().map(TableSchema::name).toList();
    requireNotBegun(root, chain);
    var staged = new LinkedHashSet<String>();
    for (var name : chain) {
      var jobs = content.jobs().get(name);
      if (jobs == null) continue;
      var table = content.schema().table(name).orElseThrow();
      var columns = table.completeColumns().stream().map(column -> column.with("nullable", true));
      database.execute(
          Migration.create(staging(name), columns.toList()).replaceFirst("TABLE", "TEMP TABLE"));
      insert(table, staging(name), jobs);
      if (MergeContext.hidesRowid(table)) number(staging(name));
      staged.add(name);
    }
    var context =
        new MergeContext(
            content.schema(),
            root.name(),
            chain,
            staged,
            migration.created(),
            migration.rootKeysAdded(),
            foreign(root, chain),
            catalog::table,
            PackageLoad::staging,
            content.source().loadId(),
            content.createdAt());
    if (mode == Mode.PLAN) foresee(root, context);
    for (var step : MergeSql.steps(context)) {
      var rows = Math.max(0, database.update(step.sql()));
      if (mode != Mode.PLAN) note(root, step.table(), step.effect(), rows);
    }
    for (var name : staged) database.execute("DROP TABLE " + staging(name));
  }

  private void number(Ident table) throws SQLException {
    database.execute(
        "CREATE OR REPLACE TEMP TABLE %s AS SELECT *, row_number() OVER () AS _dlt_place FROM %s"
            .formatted(table, table));
  }

  /// Columns of an upsert's tables that somebody else added, but for those that are computed.
  private Map<String, List<Ident>> foreign(TableSchema root, List<String> chain)
      throws SQLException {
    var found = new LinkedHashMap<String, List<Ident>>();
    if (!"upsert".equals(root.property("x-merge-strategy"))) return found;
    for (var name : chain) {
      var unknown = new LinkedHashMap<>(catalog.columns(name));
      for (var column : content.schema().table(name).orElseThrow().completeColumns())
        unknown.remove(Catalog.lower(column.name()));
      if (unknown.isEmpty()) continue;
      var computed = catalog.computed(database, name);
      found.put(
          name,
          unknown.values().stream()
              .map(Catalog.Column::name)
              .filter(column -> !computed.contains(column))
              .map(Ident::of)
              .toList());
    }
    return found;
  }

  private void foresee(TableSchema root, MergeContext context) throws SQLException {
    try (var statement = database.connection().createStatement();
        var rows = statement.executeQuery(MergeSql.preview(context))) {
      while (rows.next()) {
        var table = rows.getString("table_name");
        note(root, table, MergeStep.Effect.INSERT, rows.getLong("inserted"));
        note(root, table, MergeStep.Effect.UPDATE, rows.getLong("updated"));
        note(root, table, MergeStep.Effect.DELETE, rows.getLong("deleted"));
      }
    }
  }

  private void requireNotBegun(TableSchema root, List<String> chain) {
    var done = content.done().stream().filter(job -> chain.contains(job.table())).toList();
    if (!done.isEmpty())
      throw new LoadException(
          "Package '"
              + content.source().loadId()
              + "' was begun by another tool, which has staged rows of the merged table '"
              + root.name()
              + "' already ('"
              + done.getFirst().name().fileName()
              + "'); finish the package with that tool");
  }

  private static Ident staging(String table) {
    return Ident.of("temp", "staged " + table);
  }

  private void note(TableSchema root, String table, MergeStep.Effect kind, long rows) {
    var before =
        effects.getOrDefault(table, LoadRecord.Effect.none(PackageContent.disposition(root)));
    effects.put(table, before.plus(kind, rows));
  }
}
