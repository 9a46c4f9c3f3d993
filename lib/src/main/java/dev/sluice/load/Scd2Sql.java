package dev.sluice.load;

import static dev.sluice.load.MergeStep.Effect.INSERT;
import static dev.sluice.load.MergeStep.Effect.RETIRE;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.Moments;
import dev.sluice.schema.TableSchema;
import java.time.Instant;
import java.util.List;

/// The strategy scd2: every version of a row stays, with the time from which and to which it held.
///
/// Versions meet by the hash of their content. An active version that is not staged retires, with a
/// merge key only if its key is staged; a staged version that is not active begins. Nested rows are
/// only added.
final class Scd2Sql {
  private final MergeContext context;
  private final TableSchema root;
  private final Ident from;
  private final Ident to;
  private final Ident version;

  private Scd2Sql(MergeContext context) {
    this.context = context;
    this.root = context.rootTable();
    this.from = column("x-valid-from");
    this.to = column("x-valid-to");
    this.version = column("x-row-version");
  }

  static Scd2Sql of(MergeContext context) {
    return new Scd2Sql(context);
  }

  List<MergeStep> steps() {
    var rows = MergeRows.of(context).fillRootKeys();
    if (context.old(root))
      rows.add(
          RETIRE,
          root,
          "UPDATE %s AS _dlt_old SET %s = %s%s"
              .formatted(context.destination(root), to, boundary(), absent()));
    rows.add(INSERT, root, begin());
    for (var table : context.nested())
      if (context.staged(table)) rows.insert(table, rows.unknown(table));
    return rows.steps();
  }

  /// Counts what the steps would do; a version that retires is an update.
  String preview() {
    var rows = MergeRows.of(context);
    var preview = new MergePreview();
    preview.row(
        root.name(),
        "(SELECT count(*) FROM %s _dlt_new%s)".formatted(context.staging(root), isNew()),
        context.old(root)
            ? "(SELECT count(*) FROM %s _dlt_old%s)".formatted(context.destination(root), absent())
            : "0",
        "0");
    for (var table : context.nested())
      preview.row(
          table.name(),
          context.staged(table)
              ? "(SELECT count(*) FROM %s _dlt_new%s)"
                  .formatted(context.staging(table), MergeRows.where(rows.unknown(table)))
              : "0",
          "0",
          "0");
    return preview.sql();
  }

  /// Makes the versions that the load retired active again.
  String revive() {
    return "UPDATE %s SET %s = %s WHERE %s = %s"
        .formatted(context.destination(root), to, activeMark(), to, boundary());
  }

  /// Whether the time of the load alone tells which versions it retired.
  boolean hasOwnBoundary() {
    return root.property("x-boundary-timestamp") != null;
  }

  /// The active versions that are not staged and, with a merge key, whose key is.
  private String absent() {
    var staging = context.staging(root);
    var merge = MergeContext.columnsWith(root, "merge_key");
    return MergeRows.where(
        active("_dlt_old."),
        "NOT EXISTS (SELECT 1 FROM %s _dlt_new WHERE %s)"
            .formatted(staging, MergeRows.equal(List.of(version))),
        merge.isEmpty()
            ? ""
            : "EXISTS (SELECT 1 FROM %s _dlt_new WHERE %s)"
                .formatted(staging, MergeRows.equal(merge)));
  }

  /// The staged versions that are not active.
  private String isNew() {
    return MergeRows.where(
        context.old(root)
            ? "NOT EXISTS (SELECT 1 FROM %s _dlt_old WHERE %s AND %s)"
                .formatted(
                    context.destination(root),
                    MergeRows.equal(List.of(version)),
                    active("_dlt_old."))
            : "");
  }

  private String begin() {
    var columns =
        MergeRows.columns(root).stream()
            .filter(column -> !column.equals(from) && !column.equals(to))
            .toList();
    return "INSERT INTO %s (%s, %s, %s) SELECT %s, %s, %s FROM %s _dlt_new%s"
        .formatted(
            context.destination(root),
            MergeRows.list(columns, ""),
            from,
            to,
            MergeRows.list(columns, "_dlt_new."),
            boundary(),
            activeMark(),
            context.staging(root),
            isNew());
  }

  private String active(String prefix) {
    var mark = activeMark();
    return prefix + to + (mark.equals("NULL") ? " IS NULL" : " = " + mark);
  }

  private String activeMark() {
    return MergeContext.columnWith(root, "x-active-record-timestamp")
        .map(column -> column.property("x-active-record-timestamp"))
        .map(value -> Literal.instant(instant("active_record_timestamp", value)))
        .orElse("NULL");
  }

  private String boundary() {
    var own = root.property("x-boundary-timestamp");
    return Literal.instant(own == null ? context.createdAt() : instant("boundary_timestamp", own));
  }

  private Ident column(String hint) {
    return MergeContext.columnWith(root, hint)
        .map(ColumnSchema::name)
        .map(Ident::of)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "Table '%s' cannot be merged by scd2: it has no column with the hint '%s'"
                    .formatted(root.name(), hint)));
  }

  private Instant instant(String option, Object value) {
    return Moments.of("Option %s of table '%s'".formatted(option, root.name()), value);
  }
}
