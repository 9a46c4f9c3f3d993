package dev.sluice.load;

import static dev.sluice.load.MergeStep.Effect.DELETE;

import dev.sluice.schema.TableSchema;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The strategy delete-insert: rows whose primary key or merge key is staged go, with all that is
/// nested in them; then the staged rows come, one of each primary key.
final class DeleteInsertSql {
  private final MergeContext context;
  private final MergeRows rows;
  private final List<Ident> primary;
  private final List<Ident> merge;

  private DeleteInsertSql(MergeContext context) {
    this.context = context;
    this.rows = MergeRows.of(context).fillRootKeys();
    this.primary = MergeContext.columnsWith(context.rootTable(), "primary_key");
    this.merge = MergeContext.columnsWith(context.rootTable(), "merge_key");
  }

  static List<MergeStep> steps(MergeContext context) {
    var sql = new DeleteInsertSql(context);
    if (context.old(context.rootTable())) sql.delete();
    sql.insert();
    return sql.rows.steps();
  }

  private void delete() {
    var root = context.rootTable();
    var name = context.destination(root);
    // a statement for each key: one with OR would compare every row with every other
    var matches =
        Stream.of(primary, merge)
            .filter(keys -> !keys.isEmpty())
            .map(keys ->
                "EXISTS (SELECT 1 FROM %s s WHERE %s)"
                    .formatted(context.staging(root), MergeRows.equal(keys)))
            .toList();
    if (matches.isEmpty()) return;
    if (context.nested().stream().noneMatch(context::old)) {
      for (var match : matches)
        rows.add(DELETE, root, "DELETE FROM %s AS d WHERE %s".formatted(name, match));
      return;
    }
    var id = context.rowKey(root);
    var old =
        rows.temporary(
            "old",
            matches.stream()
                .map(match ->
                    "SELECT d.rowid AS place, d.%s AS id FROM %s d WHERE %s"
                        .formatted(id, name, match))
                .reduce((one, other) -> one + " UNION " + other)
                .orElseThrow());
    rows.deleteNested("SELECT id FROM " + old);
    rows.add(
        DELETE, root, "DELETE FROM %s WHERE rowid IN (SELECT place FROM %s)".formatted(name, old));
  }

  private void insert() {
    var root = context.rootTable();
    var first =
        primary.isEmpty() || rows.deduplicated()
            ? ""
            : rows.firstOfKey(root, primary, MergeContext.columnWith(root, "dedup_sort"), false);
    var alive = rows.isNoDeletion("s.");
    var nested = context.nested().stream().filter(context::staged).toList();
    if (nested.isEmpty()) {
      rows.insert(root, first, alive);
      return;
    }
    if (first.isEmpty() && alive.isEmpty()) {
      rows.insert(root);
      for (var table : nested) rows.insert(table, firstOfId(table));
      return;
    }
    var kept =
        rows.temporary(
            "kept",
            "SELECT s.rowid AS place, s.%s AS id FROM %s s%s"
                .formatted(
                    context.rowKey(root), context.staging(root), MergeRows.where(first, alive)));
    rows.insert(root, "s.rowid IN (SELECT place FROM %s)".formatted(kept));
    for (var table : nested)
      rows.insert(
          table,
          rows.under(table, "s.", "SELECT id FROM " + kept, context::staging),
          firstOfId(table));
  }

  private String firstOfId(TableSchema table) {
    return rows.deduplicated()
        ? ""
        : rows.firstOfKey(table, List.of(context.rowKey(table)), Optional.empty(), false);
  }
}
