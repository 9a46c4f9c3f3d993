package dev.sluice.load;

import dev.sluice.json.Json;
import dev.sluice.schema.Schema;
import dev.sluice.schema.SystemTables;
import dev.sluice.schema.TableSchema;
import dev.sluice.store.JobState;
import dev.sluice.store.StoredPackage;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Takes the newest load back where that is exact: its rows go, what it retired is valid again, its
/// state goes, and its row in `_dlt_loads` says so, in one transaction.
final class Undo {
  /// The status of a load that was taken back; consumers look for 0.
  static final long UNDONE = 1;

  private final Database database;
  private final Catalog catalog;
  private final StoredPackage loaded;
  private final LoadRecord record;
  private final Schema schema;
  private final PackageContent content;

  Undo(Database database, Catalog catalog, StoredPackage loaded) {
    this.database = database;
    this.catalog = catalog;
    this.loaded = loaded;
    this.record = LoadRecord.of(loaded);
    this.schema = Schema.of(Json.<Map<String, Object>>loadb(loaded.schema()));
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
      database.execute("ROLLBACK");
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
    var roots = new HashSet<String>();
    for (var table : record.effects().keySet()) roots.add(schema.root(table).name());
    for (var root : schema.tables()) {
      if (!roots.contains(root.name())) continue;
      var chain =
          schema.chain(root.name()).stream().filter(table -> catalog.has(table.name())).toList();
      for (var table : chain.reversed()) {
        var effect = record.effects().get(table.name());
        var rows =
            database.update(
                "DELETE FROM " + catalog.table(table.name()) + " WHERE " + ofThisLoad(table, root));
        var expected = effect == null ? 0 : effect.inserted();
        if (rows != expected)
          throw refusal(
              "table '"
                  + table.name()
                  + "' has "
                  + rows
                  + " rows of it, but it loaded "
                  + expected
                  + "; somebody changed the table since");
        removed.put(table.name(), rows);
        if (effect != null && effect.retired() > 0) revive(root, effect.retired());
      }
    }
    return removed;
  }

  /// Nested rows belong to the load of the row that holds them; deepest tables go first.
  private String ofThisLoad(TableSchema table, TableSchema root) {
    if (table.name().equals(root.name()) || table.parent().isEmpty()) {
      if (table.column("_dlt_load_id").isEmpty())
        throw refusal("table '" + table.name() + "' has no column '_dlt_load_id'");
      return "_dlt_load_id = " + Literal.text(loaded.loadId());
    }
    var parent = schema.table(table.parent().orElseThrow()).orElseThrow();
    var parentKey =
        MergeContext.columnWith(table, "parent_key")
            .orElseThrow(() -> refusal("table '" + table.name() + "' has no parent key"));
    var rowKey =
        MergeContext.columnWith(parent, "row_key")
            .orElseThrow(() -> refusal("table '" + parent.name() + "' has no row key"));
    return Ident.of(parentKey.name())
        + " IN (SELECT "
        + Ident.of(rowKey.name())
        + " FROM "
        + catalog.table(parent.name())
        + " WHERE "
        + ofThisLoad(parent, root)
        + ")";
  }

  private void revive(TableSchema root, long expected) throws SQLException {
    var context =
        new MergeContext(
            schema,
            root.name(),
            List.of(root.name()),
            Set.of(),
            Set.of(),
            Set.of(),
            catalog::table,
            catalog::table,
            loaded.loadId(),
            content.createdAt());
    var rows = database.update(Scd2Sql.revive(context));
    if (rows != expected)
      throw refusal(
          "table '"
              + root.name()
              + "' has "
              + rows
              + " rows that it retired, but there were "
              + expected
              + "; somebody changed the table since");
  }

  private LoadException refusal(String why) {
    return new LoadException(
        "Load '" + loaded.loadId() + "' cannot be undone: " + why + "; nothing was changed");
  }
}
