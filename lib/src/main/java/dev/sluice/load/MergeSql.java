package dev.sluice.load;

import dev.sluice.schema.WriteDisposition.Strategy;
import java.util.List;

/// The SQL by which the staged rows of a table chain and the rows at the destination become one, as
/// DuckDB takes it. All statements run in order, within one transaction.
///
/// None compares row by row or with OR: keys meet in hash joins, and rows already found are named
/// by their `rowid`, which does not change within a transaction.
final class MergeSql {
  private MergeSql() {}

  /// The statements that merge, in order.
  static List<String> statements(MergeContext context) {
    return steps(context).stream().map(MergeStep::sql).toList();
  }

  /// The statements that merge, each with what its update count counts.
  static List<MergeStep> steps(MergeContext context) {
    if (!context.staged().contains(context.root())) return List.of();
    return switch (strategy(context)) {
      case DELETE_INSERT -> DeleteInsertSql.of(context).steps();
      case UPSERT -> DeleteInsertSql.upsert(context).steps();
      case INSERT_ONLY -> InsertOnlySql.of(context).steps();
      case SCD2 -> Scd2Sql.of(context).steps();
    };
  }

  /// A query that counts what the merge would do, to be run before it: a row for each table of the
  /// chain with `table_name`, `inserted`, `updated`, `deleted`.
  static String preview(MergeContext context) {
    if (!context.staged().contains(context.root())) {
      var nothing = new MergePreview();
      for (var table : context.tables()) nothing.row(table, "0", "0", "0");
      return nothing.sql();
    }
    return switch (strategy(context)) {
      case DELETE_INSERT -> DeleteInsertSql.of(context).preview();
      case UPSERT -> DeleteInsertSql.upsert(context).preview();
      case INSERT_ONLY -> InsertOnlySql.of(context).preview();
      case SCD2 -> Scd2Sql.of(context).preview();
    };
  }

  /// The statements that take a load back, after whatever disposition added its rows; `staged` and
  /// `created` of the context do not matter. See [UndoSql] for when that is exact.
  static List<MergeStep> undo(MergeContext context) {
    return UndoSql.of(context).steps();
  }

  /// Adds a link column that must not be null to a table that holds rows; [#steps(MergeContext)]
  /// then fills it, if the table is among the `rootKeysAdded`.
  ///
  /// DuckDB adds no column that is not null to a table with rows, nor makes a column not null whose
  /// rows were updated in the same transaction, so a default stands in between.
  static List<String> addKeyColumn(Ident table, Ident column) {
    var alter = "ALTER TABLE %s ".formatted(table);
    return List.of(
        alter + "ADD COLUMN %s VARCHAR DEFAULT ''".formatted(column),
        alter + "ALTER COLUMN %s SET NOT NULL".formatted(column),
        alter + "ALTER COLUMN %s DROP DEFAULT".formatted(column));
  }

  /// How the root table is merged: its `x-merge-strategy`.
  static Strategy strategy(MergeContext context) {
    var word = context.rootTable().property("x-merge-strategy");
    if (word == null) return Strategy.DELETE_INSERT;
    for (var strategy : Strategy.values()) if (strategy.word().equals(word)) return strategy;
    throw new IllegalArgumentException(
        "Table '%s' has the merge strategy '%s'; use delete-insert, upsert, insert-only or scd2"
            .formatted(context.root(), word));
  }
}
