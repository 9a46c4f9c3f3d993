package dev.sluice.load;

import static dev.sluice.load.MergeStep.Effect.DELETE;
import static dev.sluice.load.MergeStep.Effect.UPDATE;

import dev.sluice.schema.TableSchema;
import dev.sluice.schema.WriteDisposition.Strategy;
import java.util.List;
import java.util.Optional;

/// Takes back what a load added to a table chain: its root rows, by load id, and all that is nested
/// in them; for scd2 also the end that it put to older versions.
///
/// That is exact for a load of which no step that [MergeStep.Effect#replaces()] touched a row, if
/// [#obstacle()] finds nothing.
final class UndoSql {
  private final MergeContext context;
  private final TableSchema root;
  private final Ident loadId;
  private final boolean scd2;

  private UndoSql(MergeContext context) {
    this.context = context;
    this.root = context.rootTable();
    this.loadId =
        root.column(context.schema().naming().identifier("_dlt_load_id"))
            .map(column -> Ident.of(column.name()))
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "The load '%s' of table '%s' cannot be undone: its rows do not have the column '_dlt_load_id'"
                        .formatted(context.loadId(), root.name())));
    this.scd2 =
        "merge".equals(root.property("write_disposition"))
            && MergeSql.strategy(context) == Strategy.SCD2;
  }

  static UndoSql of(MergeContext context) {
    return new UndoSql(context.settled());
  }

  List<MergeStep> steps() {
    var rows = MergeRows.of(context);
    var name = context.destination(root);
    if (!context.nested().isEmpty())
      rows.deleteNested("SELECT id FROM " + rows.temporary("gone", gone()));
    rows.add(
        DELETE, root, "DELETE FROM %s AS _dlt_old WHERE %s".formatted(name, ours("_dlt_old.")));
    if (scd2) rows.add(UPDATE, root, Scd2Sql.of(context).revive());
    return rows.steps();
  }

  /// A query that gives the number of root rows by which the load cannot be told from others: of
  /// the same id, while it is the id that leads to the nested rows. Empty if there is no doubt.
  Optional<String> obstacle() {
    if (scd2 || context.nested().isEmpty()) return Optional.empty();
    return Optional.of(
        "SELECT count(*) FROM %s _dlt_old WHERE %s AND %s"
            .formatted(context.destination(root), ours("_dlt_old."), othersHaveId("EXISTS")));
  }

  /// Whether nothing but the load itself says which versions it ended.
  boolean endsAreKnown() {
    return !scd2 || !Scd2Sql.of(context).hasOwnBoundary();
  }

  /// Ids of the load's root rows, but those that a row of another load has too: a version that came
  /// back shares its nested rows with the one that was there before.
  private String gone() {
    return "SELECT _dlt_old.%s AS id FROM %s _dlt_old WHERE %s AND %s"
        .formatted(
            context.rowKey(root),
            context.destination(root),
            ours("_dlt_old."),
            othersHaveId("NOT EXISTS"));
  }

  private String ours(String prefix) {
    return "%s%s = %s".formatted(prefix, loadId, Literal.text(context.loadId()));
  }

  private String othersHaveId(String exists) {
    var id = context.rowKey(root);
    return "%s (SELECT 1 FROM %s _dlt_other WHERE _dlt_other.%s = _dlt_old.%s AND _dlt_other.%s <> %s)"
        .formatted(
            exists, context.destination(root), id, id, loadId, Literal.text(context.loadId()));
  }
}
