package dev.sluice.load;

import dev.sluice.schema.Schema;
import dev.sluice.schema.State;
import dev.sluice.schema.SystemTables;
import dev.sluice.schema.TableSchema;
import dev.sluice.store.JobState;
import dev.sluice.store.StoredPackage;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// Takes the newest load back where that is exact: its rows go, what it retired is valid again, its
/// state goes, and its row in `_dlt_loads` says so, in one transaction.
final class Undo {
  /// The status of a load that was taken back; consumers look for 0.
  static final long UNDONE = 1;

  private final Database database;
  private final Catalog catalog;
  private final String pipeline;
  private final StoredPackage loaded;
  private final LoadRecord record;
  private final Schema schema;
  private final PackageContent content;

  Undo(Database database, Catalog catalog, String pipeline, StoredPackage loaded) {
    this.pipeline = pipeline;
    this.database = database;
    this.catalog = catalog;
    this.loaded = loaded;
    this.record = LoadRecord.of(loaded);
    this.schema = Schema.read(loaded.schema(), loaded.folder().resolve("schema.json"));
    this.content = PackageContent.of(loaded, record);
  }

  /// Removes what the load added, and gives the number of rows by table.
  Map<String, Long> run() throws SQLException {
    var status = new SystemRows(database, catalog).status(loaded.loadId());
    if (status.isPresent() && status.getAsLong() == UNDONE) return Map.of(); // by a run cut short
    requireNewest();
    requireReversible();
    database.execute("BEGIN TRANSACTION");
    try {
      var removed = remove();
      database.update(
          "UPDATE "
              + catalog.table(SystemTables.LOADS)
              + " SET status = "
              + UNDONE
              + " WHERE load_id = "
              + Literal.text(loaded.loadId()));
      database.execute("COMMIT");
      return removed;
    } catch (SQLException | RuntimeException failed) {
      Loading.rollback(database, failed);
      throw failed;
    }
  }

  private void requireNewest() throws SQLException {
    var newest =
        catalog.has(SystemTables.LOADS)
            ? database.text(
                "SELECT max(load_id) FROM "
                    + catalog.table(SystemTables.LOADS)
                    + " WHERE status = 0")
            : null;
    if (!loaded.loadId().equals(newest))
      throw refusal("it is not the newest load of the dataset, which is '" + newest + "'");
    // A clock that is behind gives a later load a lower id.
    var state = new SystemRows(database, catalog).newestState(pipeline);
    var base = Fence.base(loaded).map(State::version).orElse(0);
    if (state.isPresent()
        && !state.get().loadId().equals(loaded.loadId())
        && loaded.restorePoint().isPresent()
        && state.get().state().version() > base)
      throw refusal("load '" + state.get().loadId() + "' has gone on from its state");
  }

  private void requireReversible() {
    if (record.effects().isEmpty()) throw refusal("it was not loaded by this tool");
    if (loaded.jobs(JobState.COMPLETED).size() < record.jobs().size())
      throw refusal(
          "its job files are gone (load.delete_completed_jobs), so it could not be loaded again");
    if (!content.dropped().isEmpty() || !content.truncated().isEmpty())
      throw refusal("its refresh dropped or emptied tables");
    record
        .effects()
        .forEach((table, effect) -> {
          if (effect.replaces())
            throw refusal(
                "it "
                    + effect.disposition()
                    + "d rows of table '"
                    + table
                    + "' ("
                    + (effect.updated() + effect.deleted())
                    + " rows that were there are gone)");
        });
  }

  private Map<String, Long> remove() throws SQLException {
    var removed = new LinkedHashMap<String, Long>();
    var revived = new LinkedHashMap<String, Long>();
    var roots = new LinkedHashSet<String>();
    for (var table : record.effects().keySet()) roots.add(schema.root(table).name());
    for (var root : roots) {
      var sql = UndoSql.of(context(root));
      requireKnown(root, sql);
      for (var step : sql.steps()) {
        var rows = Math.max(0, database.update(step.sql()));
        switch (step.effect()) {
          case DELETE -> removed.merge(step.table(), rows, Long::sum);
          case UPDATE -> revived.merge(step.table(), rows, Long::sum);
          case PREPARE, INSERT, RETIRE -> {}
        }
      }
    }
    for (var effect : record.effects().entrySet()) {
      var table = effect.getKey();
      requireSame(table, removed.getOrDefault(table, 0L), effect.getValue().inserted(), "loaded");
      requireSame(table, revived.getOrDefault(table, 0L), effect.getValue().retired(), "retired");
    }
    return removed;
  }

  private void requireKnown(String root, UndoSql sql) throws SQLException {
    var effect = record.effects().get(root);
    if (effect != null && effect.retired() > 0 && !sql.endsAreKnown())
      throw refusal(
          "the boundary_timestamp of table '" + root + "' is not that of this load alone");
    var obstacle = sql.obstacle();
    if (obstacle.isPresent() && database.count(obstacle.get()) > 0)
      throw refusal("rows of table '" + root + "' have the ids of rows of other loads");
  }

  private void requireSame(String table, long found, long noted, String what) {
    if (found != noted)
      throw refusal(
          "table '%s' has %d rows that it %s, but there were %d; somebody changed the table since"
              .formatted(table, found, what, noted));
  }

  private MergeContext context(String root) {
    var chain =
        schema.chain(root).stream()
            .filter(table -> !table.isNew() && catalog.has(table.name()))
            .map(TableSchema::name)
            .toList();
    return new MergeContext(
        schema,
        root,
        chain,
        Set.of(),
        Set.of(),
        Set.of(),
        Map.of(),
        catalog::table,
        catalog::table,
        loaded.loadId(),
        content.createdAt());
  }

  private LoadException refusal(String why) {
    return new LoadException(
        "Load '" + loaded.loadId() + "' cannot be undone: " + why + "; nothing was changed");
  }
}
