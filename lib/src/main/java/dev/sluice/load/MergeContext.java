package dev.sluice.load;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.Schema;
import dev.sluice.schema.TableSchema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// All that the merge of one table chain needs to know.
///
/// - `schema`: of the package, complete
/// - `root`: the root table of the chain
/// - `tables`: those tables of the chain that the destination has, parents first, `root` among them
/// - `staged`: those that have a staging table; the others have no row in this package
/// - `created`: those that this package created, so that they hold no row yet
/// - `rootKeysAdded`: nested tables that had rows before this package gave them their root key
///   column; the merge fills it
/// - `foreign`: by table, columns that the destination has and the schema does not know; somebody
///   else fills them
/// - `destination`: table to its name at the destination
/// - `staging`: table to the name of the table that holds this package's rows, with the columns of
///   the destination table and in the order of extraction
/// - `loadId`, `createdAt`: of the package
record MergeContext(
    Schema schema,
    String root,
    List<String> tables,
    Set<String> staged,
    Set<String> created,
    Set<String> rootKeysAdded,
    Map<String, List<Ident>> foreign,
    Function<String, Ident> destination,
    Function<String, Ident> staging,
    String loadId,
    Instant createdAt) {
  MergeContext {
    tables = List.copyOf(tables);
    staged = Set.copyOf(staged);
    created = Set.copyOf(created);
    rootKeysAdded = Set.copyOf(rootKeysAdded);
    foreign = Map.copyOf(foreign);
    if (!tables.contains(root))
      throw new IllegalArgumentException(
          "Table '%s' cannot be merged: it is not among the tables %s of the destination"
              .formatted(root, tables));
  }

  /// The same tables some time after their load: all of them may hold rows of others.
  MergeContext settled() {
    return new MergeContext(
        schema,
        root,
        tables,
        Set.of(),
        Set.of(),
        Set.of(),
        Map.of(),
        destination,
        staging,
        loadId,
        createdAt);
  }

  TableSchema rootTable() {
    return table(root);
  }

  TableSchema table(String name) {
    return schema
        .table(name)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "Table '%s' cannot be merged: schema '%s' has no such table"
                    .formatted(name, schema.name())));
  }

  /// The tables below the root, parents first.
  List<TableSchema> nested() {
    return tables.stream().filter(name -> !name.equals(root)).map(this::table).toList();
  }

  boolean staged(TableSchema table) {
    return staged.contains(table.name());
  }

  /// Whether the destination may hold rows of before this package.
  boolean old(TableSchema table) {
    return !created.contains(table.name());
  }

  List<Ident> foreign(TableSchema table) {
    return foreign.getOrDefault(table.name(), List.of());
  }

  Ident destination(TableSchema table) {
    return destination.apply(table.name());
  }

  Ident staging(TableSchema table) {
    return staging.apply(table.name());
  }

  /// Whether a column of the table hides the `rowid` that DuckDB gives each row.
  static boolean hidesRowid(TableSchema table) {
    return table.completeColumns().stream()
        .anyMatch(column -> column.name().equalsIgnoreCase("rowid"));
  }

  /// What tells the staged rows of a table apart, in the order of extraction.
  static String place(TableSchema table) {
    return hidesRowid(table) ? "_dlt_place" : "rowid";
  }

  /// The columns of the destination that have the hint, in order.
  static List<Ident> columnsWith(TableSchema table, String hint) {
    return table.completeColumns().stream()
        .filter(column -> column.has(hint))
        .map(column -> Ident.of(column.name()))
        .toList();
  }

  static Optional<ColumnSchema> columnWith(TableSchema table, String hint) {
    return table.completeColumns().stream().filter(column -> column.has(hint)).findFirst();
  }

  /// The column that tells rows apart: `_dlt_id`, else a unique one, else a primary key of one
  /// column.
  Ident rowKey(TableSchema table) {
    for (var hint : List.of("row_key", "unique", "x-row-version")) {
      var column = columnWith(table, hint);
      if (column.isPresent()) return Ident.of(column.get().name());
    }
    var primary = columnsWith(table, "primary_key");
    if (primary.size() == 1) return primary.getFirst();
    throw new IllegalArgumentException(
        "Table '%s' cannot be merged: it has no row_key, no unique column and no primary key of one column; let normalize add '_dlt_id'"
            .formatted(table.name()));
  }

  Ident parentKey(TableSchema table) {
    return columnWith(table, "parent_key")
        .map(column -> Ident.of(column.name()))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "Table '%s' cannot be merged: it has no parent_key column such as '_dlt_parent_id'"
                    .formatted(table.name())));
  }

  TableSchema parent(TableSchema table) {
    return table(table.parent().orElseThrow());
  }
}
