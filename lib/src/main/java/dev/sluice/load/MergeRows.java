package dev.sluice.load;

import static dev.sluice.load.MergeStep.Effect.DELETE;
import static dev.sluice.load.MergeStep.Effect.INSERT;
import static dev.sluice.load.MergeStep.Effect.PREPARE;
import static java.util.stream.Collectors.joining;

import dev.sluice.load.MergeStep.Effect;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// The steps of a merge as they come, and the clauses that the strategies share.
///
/// In all statements `d` is a table of the destination and `s` its staging table.
final class MergeRows {
  private final MergeContext context;
  private final List<MergeStep> steps = new ArrayList<>();
  private final List<Ident> temporary = new ArrayList<>();

  private MergeRows(MergeContext context) {
    this.context = context;
  }

  static MergeRows of(MergeContext context) {
    return new MergeRows(context);
  }

  void add(Effect effect, TableSchema table, String sql) {
    steps.add(new MergeStep(sql, table.name(), effect));
  }

  /// The steps, with temporary tables dropped at the end.
  List<MergeStep> steps() {
    for (var name : temporary) add(PREPARE, context.rootTable(), "DROP TABLE " + name);
    temporary.clear();
    return List.copyOf(steps);
  }

  /// Makes a temporary table from a query and returns its name.
  Ident temporary(String purpose, String query) {
    var name = Ident.of("temp", context.root() + " " + purpose);
    add(PREPARE, context.rootTable(), "CREATE TEMP TABLE %s AS %s".formatted(name, query));
    temporary.add(name);
    return name;
  }

  /// Inserts the staged rows for which all conditions hold.
  void insert(TableSchema table, String... conditions) {
    insert(INSERT, table, conditions);
  }

  /// Inserts the staged rows for which all conditions hold, with another effect.
  void insert(Effect effect, TableSchema table, String... conditions) {
    var columns = columns(table);
    add(
        effect,
        table,
        "INSERT INTO %s (%s) SELECT %s FROM %s _dlt_new%s"
            .formatted(
                context.destination(table),
                list(columns, ""),
                list(columns, "_dlt_new."),
                context.staging(table),
                where(conditions)));
  }

  /// Deletes the nested rows of the root rows whose keys the query gives, deepest tables first, so
  /// that the way up is there when it is needed.
  void deleteNested(String roots) {
    for (var table : context.nested().reversed())
      if (context.old(table))
        add(
            DELETE,
            table,
            "DELETE FROM %s AS _dlt_old%s"
                .formatted(
                    context.destination(table),
                    where(under(table, "_dlt_old.", roots, context::destination))));
  }

  /// That rows of a nested table, at the destination or in staging, belong to one of the root rows
  /// whose keys the query gives: by the root key, else up parent by parent.
  String under(TableSchema table, String prefix, String roots, Function<TableSchema, Ident> names) {
    var rootKey = MergeContext.columnWith(table, "root_key");
    // a key that was added just now is not filled yet when a preview looks
    boolean fresh =
        context.rootKeysAdded().contains(table.name())
            && names.apply(table).equals(context.destination(table));
    if (rootKey.isPresent() && !fresh)
      return "%s%s IN (%s)".formatted(prefix, Ident.of(rootKey.get().name()), roots);
    var parentKey = prefix + context.parentKey(table);
    var parent = context.parent(table);
    if (parent.name().equals(context.root())) return "%s IN (%s)".formatted(parentKey, roots);
    return "%s IN (SELECT %s FROM %s WHERE %s)"
        .formatted(
            parentKey,
            context.rowKey(parent),
            names.apply(parent),
            under(parent, "", roots, names));
  }

  /// That a staged row is the first of its key, by `dedup_sort` if there is one, then in the order
  /// of extraction or, if `last`, against it.
  String firstOfKey(
      TableSchema table, List<Ident> keys, Optional<ColumnSchema> sort, boolean last) {
    var rows = context.staging(table);
    var place = MergeContext.place(table);
    if (sort.isEmpty())
      return "_dlt_new.%s IN (SELECT %s(%s) FROM %s GROUP BY %s)"
          .formatted(place, last ? "max" : "min", place, rows, list(keys, ""));
    return "_dlt_new.%s IN (SELECT %s FROM %s QUALIFY row_number() OVER (PARTITION BY %s ORDER BY %s %s, %s%s) = 1)"
        .formatted(
            place,
            place,
            rows,
            list(keys, ""),
            Ident.of(sort.get().name()),
            "desc".equals(sort.get().property("dedup_sort")) ? "DESC" : "ASC",
            place,
            last ? " DESC" : "");
  }

  /// That a staged nested row is the first, or if `last` the last, of its id.
  String firstOfId(TableSchema table, boolean last) {
    return deduplicated()
        ? ""
        : firstOfKey(table, List.of(context.rowKey(table)), Optional.empty(), last);
  }

  /// That the destination has no row of the id of a staged nested row.
  String unknown(TableSchema table) {
    return context.old(table)
        ? "NOT EXISTS (SELECT 1 FROM %s _dlt_old WHERE %s)"
            .formatted(context.destination(table), equal(List.of(context.rowKey(table))))
        : "";
  }

  /// The primary key of the root table, for strategies that cannot do without.
  List<Ident> requiredPrimaryKey() {
    var primary = MergeContext.columnsWith(context.rootTable(), "primary_key");
    if (primary.isEmpty())
      throw new IllegalArgumentException(
          "Table '%s' cannot be merged by %s: it has no primary key; declare one, or use delete-insert"
              .formatted(context.root(), MergeSql.strategy(context).word()));
    return primary;
  }

  /// The row key of the root table if its chain has nested tables, which need it.
  String idOrNull(TableSchema root, String prefix) {
    return context.nested().isEmpty() ? "NULL" : prefix + context.rowKey(root);
  }

  /// Whether the source says that staging holds no key twice.
  boolean deduplicated() {
    return Boolean.TRUE.equals(context.rootTable().property("x-stage-data-deduplicated"));
  }

  /// That a staged root row is no order to delete; blank if the table knows no such orders.
  String isNoDeletion(String prefix) {
    return deletionColumn()
        .map(column ->
            prefix + Ident.of(column.name()) + (isFlag(column) ? " IS NOT TRUE" : " IS NULL"))
        .orElse("");
  }

  /// Columns in a list, each with the prefix.
  static String list(List<Ident> columns, String prefix) {
    return columns.stream().map(column -> prefix + column).collect(joining(", "));
  }

  /// `d` and `s` agree in all columns; null equals nothing.
  static String equal(List<Ident> columns) {
    return columns.stream()
        .map(column -> "_dlt_old.%s = _dlt_new.%s".formatted(column, column))
        .collect(joining(" AND "));
  }

  static List<Ident> columns(TableSchema table) {
    return table.completeColumns().stream().map(column -> Ident.of(column.name())).toList();
  }

  /// A WHERE clause of those conditions that are not blank.
  static String where(String... conditions) {
    var all =
        Stream.of(conditions).filter(condition -> !condition.isEmpty()).collect(joining(" AND "));
    return all.isEmpty() ? "" : " WHERE " + all;
  }

  /// Gives nested rows that are older than their root key column the id of their root: parents
  /// first, each row from its parent.
  MergeRows fillRootKeys() {
    for (var table : context.nested()) {
      var rootKey = MergeContext.columnWith(table, "root_key");
      if (!context.rootKeysAdded().contains(table.name()) || rootKey.isEmpty()) continue;
      var parent = context.parent(table);
      var set =
          "UPDATE %s AS _dlt_old SET %s = "
              .formatted(context.destination(table), Ident.of(rootKey.get().name()));
      if (parent.name().equals(context.root())) {
        add(PREPARE, table, set + "_dlt_old." + context.parentKey(table));
      } else {
        var above = MergeContext.columnWith(parent, "root_key").orElseThrow();
        add(
            PREPARE,
            table,
            "%s_dlt_up.%s FROM %s _dlt_up WHERE _dlt_up.%s = _dlt_old.%s"
                .formatted(
                    set,
                    Ident.of(above.name()),
                    context.destination(parent),
                    context.rowKey(parent),
                    context.parentKey(table)));
      }
    }
    return this;
  }

  private Optional<ColumnSchema> deletionColumn() {
    return MergeContext.columnWith(context.rootTable(), "hard_delete");
  }

  private static boolean isFlag(ColumnSchema column) {
    return column.dataType().filter(DataType.BOOL::equals).isPresent();
  }
}
