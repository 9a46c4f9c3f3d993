package dev.sluice.load;

import static dev.sluice.load.MergeStep.Effect.INSERT;
import static dev.sluice.load.MergeStep.Effect.UPDATE;

import dev.sluice.schema.TableSchema;
import java.util.List;

/// The strategy insert-only: rows whose primary key is unknown come, once each; known ones stay as
/// they are, but for elements that their lists did not have.
final class InsertOnlySql {
  private final MergeContext context;
  private final TableSchema root;
  private final MergeRows rows;
  private final List<Ident> primary;

  private InsertOnlySql(MergeContext context) {
    this.context = context;
    this.root = context.rootTable();
    this.rows = MergeRows.of(context);
    this.primary = rows.requiredPrimaryKey();
  }

  static InsertOnlySql of(MergeContext context) {
    return new InsertOnlySql(context);
  }

  List<MergeStep> steps() {
    rows.fillRootKeys();
    var nested = context.nested().stream().filter(context::staged).toList();
    if (nested.isEmpty()) {
      rows.insert(root, conditions());
      return rows.steps();
    }
    var fresh = rows.temporary("fresh", fresh());
    if (context.old(root)) {
      var known = rows.temporary("known", known());
      for (var table : nested) rows.insert(UPDATE, table, nested(table, "SELECT id FROM " + known));
    }
    rows.insert(
        root, "_dlt_new.%s IN (SELECT place FROM %s)".formatted(MergeContext.place(root), fresh));
    for (var table : nested) rows.insert(INSERT, table, nested(table, "SELECT id FROM " + fresh));
    return rows.steps();
  }

  /// Counts what the steps would do; list elements that known rows gain are inserts of their table.
  String preview() {
    var preview = new MergePreview();
    preview.with("fresh", fresh());
    preview.row(root.name(), "(SELECT count(*) FROM fresh)", "0", "0");
    for (var table : context.nested())
      preview.row(
          table.name(),
          context.staged(table)
              ? "(SELECT count(*) FROM %s _dlt_new%s)"
                  .formatted(
                      context.staging(table),
                      MergeRows.where(
                          nested(
                              table,
                              context.old(root)
                                  ? "SELECT id FROM fresh UNION ALL " + known()
                                  : "SELECT id FROM fresh")))
              : "0",
          "0",
          "0");
    return preview.sql();
  }

  private String fresh() {
    return "SELECT _dlt_new.%s AS place, %s AS id FROM %s _dlt_new%s"
        .formatted(
            MergeContext.place(root),
            rows.idOrNull(root, "_dlt_new."),
            context.staging(root),
            MergeRows.where(conditions()));
  }

  private String[] conditions() {
    return new String[] {
      rows.deduplicated()
          ? ""
          : rows.firstOfKey(root, primary, MergeContext.columnWith(root, "dedup_sort"), false),
      rows.isNoDeletion("_dlt_new."),
      context.old(root)
          ? "NOT EXISTS (SELECT 1 FROM %s _dlt_old WHERE %s)"
              .formatted(context.destination(root), MergeRows.equal(primary))
          : ""
    };
  }

  /// Ids of the staged rows that are known under the same id, so that nested rows find them.
  private String known() {
    var id = context.rowKey(root);
    return "SELECT DISTINCT _dlt_new.%s AS id FROM %s _dlt_new JOIN %s _dlt_old ON %s AND _dlt_old.%s = _dlt_new.%s%s"
        .formatted(
            id,
            context.staging(root),
            context.destination(root),
            MergeRows.equal(primary),
            id,
            id,
            MergeRows.where(rows.isNoDeletion("_dlt_new.")));
  }

  private String[] nested(TableSchema table, String roots) {
    return new String[] {
      rows.under(table, "_dlt_new.", roots, context::staging),
      rows.firstOfId(table, false),
      rows.unknown(table)
    };
  }
}
