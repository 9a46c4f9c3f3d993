package dev.sluice.load;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.Schema;
import dev.sluice.schema.TableSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What has to be created so that the tables of a schema stand at the destination: tables and
/// columns are added, never changed or dropped.
///
/// - `statements`: in order
/// - `added`: new columns by table, those of new tables among them
/// - `created`: the tables that are new
/// - `rootKeysAdded`: the tables that were there and get the column that links to the root row
record Migration(
    List<String> statements,
    Map<String, List<ColumnSchema>> added,
    Set<String> created,
    Set<String> rootKeysAdded) {
  /// The way from what is there to the schema, for the given tables.
  ///
  /// - fails with [LoadException] if a column is there with a type that does not hold the new
  ///   values
  static Migration of(Catalog catalog, Schema schema, Collection<String> tables) {
    var statements = new ArrayList<String>();
    var added = new LinkedHashMap<String, List<ColumnSchema>>();
    var created = new LinkedHashSet<String>();
    var rootKeysAdded = new LinkedHashSet<String>();
    if (!catalog.exists())
      statements.add("CREATE SCHEMA " + Ident.of(catalog.database(), catalog.dataset()));
    requireDistinct("tables", "schema '" + schema.name() + "'", tables);
    for (var table : schema.tables()) {
      if (!tables.contains(table.name())) continue;
      var columns = table.completeColumns();
      if (columns.isEmpty()) continue;
      requireDistinct(
          "columns",
          "table '" + table.name() + "'",
          columns.stream().map(ColumnSchema::name).toList());
      if (!catalog.has(table.name())) {
        statements.add(create(catalog.table(table.name()), columns));
        added.put(table.name(), columns);
        created.add(table.name());
        continue;
      }
      var missing = new ArrayList<ColumnSchema>();
      for (var column : columns) {
        var existing = catalog.column(table.name(), column.name());
        if (existing == null) missing.add(column);
        else requireFit(table, column, existing.type());
      }
      for (var column : missing) {
        var name = catalog.table(table.name());
        if (column.has("root_key") && !column.nullable()) {
          statements.addAll(MergeSql.addKeyColumn(name, Ident.of(column.name())));
          rootKeysAdded.add(table.name());
        } else {
          // Rows that came as a ready file have none of dlt's own columns.
          var own = column.name().toLowerCase(Locale.ROOT).startsWith("_dlt");
          statements.add(
              "ALTER TABLE "
                  + name
                  + " ADD COLUMN "
                  + definition(own ? column.with("nullable", true) : column));
        }
      }
      if (!missing.isEmpty()) added.put(table.name(), missing);
    }
    return new Migration(statements, added, created, rootKeysAdded);
  }

  /// `CREATE TABLE name (columns)`.
  static String create(Ident name, List<ColumnSchema> columns) {
    return "CREATE TABLE "
        + name
        + columns.stream().map(Migration::definition).collect(Collectors.joining(", ", " (", ")"));
  }

  private static String definition(ColumnSchema column) {
    return Ident.of(column.name())
        + " "
        + DuckDbTypes.of(column)
        + (column.nullable() ? "" : " NOT NULL");
  }

  private static void requireFit(TableSchema table, ColumnSchema column, String existing) {
    if (DuckDbTypes.fits(column, existing)) return;
    throw new LoadException(
        "Column '"
            + column.name()
            + "' of table '"
            + table.name()
            + "' is "
            + existing
            + " at the destination, but the schema says "
            + DuckDbTypes.type(column).word()
            + "; take back the changed type, rename the column, or load the table anew with refresh");
  }

  private static void requireDistinct(String what, String where, Collection<String> names) {
    var seen = new HashMap<String, String>();
    for (var name : names) {
      var other = seen.put(Catalog.lower(name), name);
      if (other != null && !other.equals(name))
        throw new LoadException(
            "The "
                + what
                + " '"
                + other
                + "' and '"
                + name
                + "' of "
                + where
                + " differ only in case, which DuckDB does not tell apart; rename one, or use the"
                + " naming convention snake_case");
    }
  }
}
