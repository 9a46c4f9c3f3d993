package dev.sluice.load;

import static dev.sluice.load.MergeStep.Effect.DELETE;
import static dev.sluice.load.MergeStep.Effect.UPDATE;
import static java.util.stream.Collectors.joining;

import dev.sluice.schema.TableSchema;
import java.util.List;
import java.util.Optional;

/// The strategies upsert and insert-only: a row of a known primary key is updated, or left as it
/// is; others are inserted.
///
/// A key that is staged twice counts once: the last row for upsert, the first for insert-only, as
/// if they came one by one. `dedup_sort` overrules both.
final class UpsertSql {
  private final MergeContext context;
  private final MergeRows rows;
  private final TableSchema root;
  private final List<Ident> primary;
  private final boolean update;

  private UpsertSql(MergeContext context, boolean update) {
    this.context = context;
    this.rows = MergeRows.of(context).fillRootKeys();
    this.root = context.rootTable();
    this.primary = MergeContext.columnsWith(root, "primary_key");
    this.update = update;
    if (primary.isEmpty())
      throw new IllegalArgumentException(
          "Table '%s' cannot be merged by %s: it has no primary key; declare one, or use delete-insert"
              .formatted(root.name(), MergeSql.strategy(context).word()));
  }

  static List<MergeStep> upsert(MergeContext context) {
    var sql = new UpsertSql(context, true);
    sql.merge();
    return sql.rows.steps();
  }

  static List<MergeStep> insertOnly(MergeContext context) {
    var sql = new UpsertSql(context, false);
    sql.merge();
    return sql.rows.steps();
  }

  private void merge() {
    var name = context.destination(root);
    var once =
        rows.deduplicated()
            ? ""
            : rows.firstOfKey(root, primary, MergeContext.columnWith(root, "dedup_sort"), update);
    if (!context.old(root) && context.nested().stream().noneMatch(context::staged)) {
      rows.insert(root, once, rows.isNoDeletion("s."));
      return;
    }
    // every staged row that counts, with the row of its key at the destination, if there is one
    var pairs =
        rows.temporary(
            "pairs",
            "SELECT s.rowid AS staged, s.%s AS id, %s AS gone, d.rowid AS place, d.%s AS old FROM %s s LEFT JOIN %s d ON %s%s"
                .formatted(
                    context.rowKey(root),
                    rows.isDeletion("s.").orElse("false"),
                    context.rowKey(root),
                    context.staging(root),
                    name,
                    MergeRows.equal(primary),
                    MergeRows.where(once)));
    if (update && context.old(root)) {
      rows.deleteNested("SELECT old FROM %s WHERE old IS NOT NULL".formatted(pairs));
      if (rows.isDeletion("").isPresent())
        rows.add(
            DELETE,
            root,
            "DELETE FROM %s WHERE rowid IN (SELECT place FROM %s WHERE gone)"
                .formatted(name, pairs));
      rows.add(
          UPDATE,
          root,
          "UPDATE %s AS d SET %s FROM %s s, %s p WHERE d.rowid = p.place AND s.rowid = p.staged AND NOT p.gone"
              .formatted(
                  name,
                  MergeRows.columns(root).stream()
                      .filter(column -> !primary.contains(column))
                      .map(column -> "%s = s.%s".formatted(column, column))
                      .collect(joining(", ")),
                  context.staging(root),
                  pairs));
    }
    rows.insert(
        root,
        "s.rowid IN (SELECT staged FROM %s WHERE place IS NULL AND NOT gone)".formatted(pairs));
    for (var table : context.nested()) if (context.staged(table)) nested(table, pairs);
  }

  private void nested(TableSchema table, Ident pairs) {
    var id = context.rowKey(table);
    var once =
        rows.deduplicated() ? "" : rows.firstOfKey(table, List.of(id), Optional.empty(), update);
    if (update) {
      rows.insert(
          table,
          rows.under(
              table, "s.", "SELECT id FROM %s WHERE NOT gone".formatted(pairs), context::staging),
          once);
      return;
    }
    var unknown =
        context.old(table)
            ? "NOT EXISTS (SELECT 1 FROM %s d WHERE %s)"
                .formatted(context.destination(table), MergeRows.equal(List.of(id)))
            : "";
    if (context.old(root))
      rows.insert(
          UPDATE,
          table,
          rows.under(
              table,
              "s.",
              "SELECT id FROM %s WHERE NOT gone AND old = id".formatted(pairs),
              context::staging),
          once,
          unknown);
    rows.insert(
        table,
        rows.under(
            table,
            "s.",
            "SELECT id FROM %s WHERE NOT gone AND place IS NULL".formatted(pairs),
            context::staging),
        once,
        unknown);
  }
}
