package dev.sluice.load;

import static dev.sluice.load.MergeStep.Effect.DELETE;
import static dev.sluice.load.MergeStep.Effect.PREPARE;
import static java.util.stream.Collectors.joining;

import dev.sluice.schema.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The strategies delete-insert and upsert: rows whose key is staged go, with all that is nested in
/// them; then the staged rows come, one of each primary key.
///
/// Upsert knows the primary key alone. It is no `UPDATE` and no `MERGE`: DuckDB takes seven times
/// as long to change 100,000 of 5,000,000 rows in place. Only what others keep in columns of their
/// own is put back by one. A key that is staged twice counts once: for delete-insert the first row,
/// as in dlt, for upsert the last, as if the rows came one by one; `dedup_sort` overrules both.
final class DeleteInsertSql {
  private final MergeContext context;
  private final TableSchema root;
  private final MergeRows rows;
  private final List<Ident> primary;
  private final List<Ident> merge;
  private final boolean upsert;

  private DeleteInsertSql(MergeContext context, boolean upsert) {
    this.context = context;
    this.root = context.rootTable();
    this.rows = MergeRows.of(context);
    this.primary =
        upsert ? rows.requiredPrimaryKey() : MergeContext.columnsWith(root, "primary_key");
    this.merge = upsert ? List.of() : MergeContext.columnsWith(root, "merge_key");
    this.upsert = upsert;
  }

  static DeleteInsertSql of(MergeContext context) {
    return new DeleteInsertSql(context, false);
  }

  static DeleteInsertSql upsert(MergeContext context) {
    return new DeleteInsertSql(context, true);
  }

  List<MergeStep> steps() {
    rows.fillRootKeys();
    var known = context.old(root) && !matches().isEmpty();
    var putBack = known && upsert ? foreign() : List.<MergeStep>of();
    if (known) delete();
    insert();
    putBack.forEach(step -> rows.add(step.effect(), context.table(step.table()), step.sql()));
    return rows.steps();
  }

  /// Saves the values of columns that the schema does not know, and says how they are put back.
  private List<MergeStep> foreign() {
    var putBack = new ArrayList<MergeStep>();
    for (var table : Stream.concat(Stream.of(root), context.nested().stream()).toList()) {
      var columns = context.foreign(table);
      if (columns.isEmpty() || !context.staged(table) || !context.old(table)) continue;
      var keys = table.equals(root) ? primary : List.of(context.rowKey(table));
      var name = context.destination(table);
      var saved =
          rows.temporary(
              "foreign of " + table.name(),
              "SELECT %s, %s FROM %s _dlt_old WHERE EXISTS (SELECT 1 FROM %s _dlt_new WHERE %s)"
                  .formatted(
                      MergeRows.list(keys, "_dlt_old."),
                      MergeRows.list(columns, "_dlt_old."),
                      name,
                      context.staging(table),
                      MergeRows.equal(keys)));
      var set = columns.stream().map(column -> "%s = _dlt_new.%s".formatted(column, column));
      putBack.add(
          new MergeStep(
              "UPDATE %s AS _dlt_old SET %s FROM %s _dlt_new WHERE %s"
                  .formatted(name, set.collect(joining(", ")), saved, MergeRows.equal(keys)),
              table.name(),
              PREPARE));
    }
    return putBack;
  }

  /// Counts what the steps would do: a row under a known primary key is an update.
  String preview() {
    var preview = new MergePreview();
    var staged = context.staging(root);
    var kept = MergeRows.where(first(), rows.isNoDeletion("_dlt_new."));
    var name = context.destination(root);
    var replaced = context.old(root) && !matches().isEmpty();
    var known = replaced && !primary.isEmpty() ? matches().getFirst() : "";
    preview.with(
        "kept",
        "SELECT %s AS id, %s AS known FROM %s _dlt_new%s"
            .formatted(
                rows.idOrNull(root, "_dlt_new."),
                known.isEmpty()
                    ? "false"
                    : "EXISTS (SELECT 1 FROM %s _dlt_old WHERE %s)"
                        .formatted(name, MergeRows.equal(primary)),
                staged,
                kept));
    preview.with("old", replaced ? old() : "SELECT 0 AS place, NULL AS id WHERE false");
    preview.row(
        root.name(),
        "(SELECT count(*) FROM kept WHERE NOT known)",
        "(SELECT count(*) FROM kept WHERE known)",
        "(SELECT count(*) FROM old) - (SELECT count(*) FROM kept WHERE known)");
    for (var table : context.nested())
      preview.row(
          table.name(),
          context.staged(table)
              ? "(SELECT count(*) FROM %s _dlt_new%s)"
                  .formatted(
                      context.staging(table),
                      MergeRows.where(
                          selective()
                              ? rows.under(
                                  table, "_dlt_new.", "SELECT id FROM kept", context::staging)
                              : "",
                          rows.firstOfId(table, upsert)))
              : "0",
          "0",
          replaced && context.old(table)
              ? "(SELECT count(*) FROM %s _dlt_old%s)"
                  .formatted(
                      context.destination(table),
                      MergeRows.where(
                          rows.under(
                              table, "_dlt_old.", "SELECT id FROM old", context::destination)))
              : "0");
    return preview.sql();
  }

  private void delete() {
    var name = context.destination(root);
    if (context.nested().stream().noneMatch(context::old)) {
      // a statement for each key: one with OR would compare every row with every other
      for (var match : matches())
        rows.add(DELETE, root, "DELETE FROM %s AS _dlt_old WHERE %s".formatted(name, match));
      return;
    }
    var old = rows.temporary("old", old());
    rows.deleteNested("SELECT id FROM " + old);
    if (MergeContext.hidesRowid(root))
      for (var match : matches())
        rows.add(DELETE, root, "DELETE FROM %s AS _dlt_old WHERE %s".formatted(name, match));
    else
      rows.add(
          DELETE,
          root,
          "DELETE FROM %s WHERE rowid IN (SELECT place FROM %s)".formatted(name, old));
  }

  private void insert() {
    var alive = rows.isNoDeletion("_dlt_new.");
    var nested = context.nested().stream().filter(context::staged).toList();
    if (nested.isEmpty()) {
      rows.insert(root, first(), alive);
      return;
    }
    if (!selective()) {
      rows.insert(root);
      for (var table : nested) rows.insert(table, rows.firstOfId(table, upsert));
      return;
    }
    var kept =
        rows.temporary(
            "kept",
            "SELECT _dlt_new.%s AS place, _dlt_new.%s AS id FROM %s _dlt_new%s"
                .formatted(
                    MergeContext.place(root),
                    context.rowKey(root),
                    context.staging(root),
                    MergeRows.where(first(), alive)));
    rows.insert(
        root, "_dlt_new.%s IN (SELECT place FROM %s)".formatted(MergeContext.place(root), kept));
    for (var table : nested)
      rows.insert(
          table,
          rows.under(table, "_dlt_new.", "SELECT id FROM " + kept, context::staging),
          rows.firstOfId(table, upsert));
  }

  /// Place and id of the rows of before whose key is staged.
  private String old() {
    return matches().stream()
        .map(match ->
            "SELECT %s AS place, %s AS id FROM %s _dlt_old WHERE %s"
                .formatted(
                    MergeContext.hidesRowid(root) ? "NULL" : "_dlt_old.rowid",
                    rows.idOrNull(root, "_dlt_old."),
                    context.destination(root),
                    match))
        .reduce((one, other) -> one + " UNION " + other)
        .orElseThrow();
  }

  /// That a row of before has a staged key: a condition for the primary key, then one for the merge
  /// key, as far as there are such keys.
  private List<String> matches() {
    return Stream.of(primary, merge)
        .filter(keys -> !keys.isEmpty())
        .map(keys ->
            "EXISTS (SELECT 1 FROM %s _dlt_new WHERE %s)"
                .formatted(context.staging(root), MergeRows.equal(keys)))
        .toList();
  }

  private String first() {
    return primary.isEmpty() || rows.deduplicated()
        ? ""
        : rows.firstOfKey(root, primary, MergeContext.columnWith(root, "dedup_sort"), upsert);
  }

  /// Whether some staged root rows may not be inserted, so that nested rows must be asked for their
  /// root.
  private boolean selective() {
    return !first().isEmpty() || !rows.isNoDeletion("").isEmpty();
  }
}
