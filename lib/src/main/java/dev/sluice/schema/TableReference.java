package dev.sluice.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Columns of a table that name rows of another, with dlt's label and cardinality.
record TableReference(
    String table,
    List<String> columns,
    String referencedTable,
    List<String> referencedColumns,
    String label,
    String cardinality,
    Kind kind) {
  enum Kind {
    DECLARED,
    LOAD,
    PARENT,
    ROOT,
    VERSION
  }

  /// All of a schema in the order of its tables: parent, root, load, declared; those of the version
  /// table at the end.
  static List<TableReference> of(Schema schema) {
    var all = new ArrayList<TableReference>();
    var naming = schema.naming();
    var loads = naming.tableIdentifier(SystemTables.LOADS);
    var version = naming.tableIdentifier(SystemTables.VERSION);
    for (var table : schema.tables()) {
      parent(schema, table).ifPresent(all::add);
      root(schema, table).ifPresent(all::add);
      var loadId = naming.identifier("_dlt_load_id");
      if (table.column(loadId).isPresent())
        all.add(
            new TableReference(
                table.name(),
                List.of(loadId),
                loads,
                List.of(naming.identifier("load_id")),
                "_dlt_load",
                "many_to_one",
                Kind.LOAD));
      if (table.property("references") instanceof List<?> declared)
        for (var one : declared)
          if (one instanceof Map<?, ?> map) all.add(declared(table.name(), map));
    }
    if (schema.table(loads).isPresent() && schema.table(version).isPresent()) {
      all.add(
          new TableReference(
              version,
              List.of(naming.identifier("version_hash")),
              loads,
              List.of(naming.identifier("schema_version_hash")),
              "_dlt_schema_version",
              "one_to_many",
              Kind.VERSION));
      var name = List.of(naming.identifier("schema_name"));
      all.add(
          new TableReference(
              version, name, loads, name, "_dlt_schema_name", "many_to_many", Kind.VERSION));
    }
    return all;
  }

  private static Optional<TableReference> parent(Schema schema, TableSchema table) {
    return table
        .parent()
        .filter(name -> !name.isEmpty())
        .flatMap(schema::table)
        .flatMap(parent -> nested(schema, table, "parent_key", parent, "_dlt_parent", Kind.PARENT));
  }

  private static Optional<TableReference> root(Schema schema, TableSchema table) {
    return table.nested()
        ? nested(schema, table, "root_key", schema.root(table.name()), "_dlt_root", Kind.ROOT)
        : Optional.empty();
  }

  private static Optional<TableReference> nested(
      Schema schema, TableSchema table, String key, TableSchema above, String label, Kind kind) {
    var from = table.columnsWith(key);
    var to = above.columnsWith("row_key");
    if (to.isEmpty()) {
      // The ids of a history come again, so they are no key, but nested rows point to them.
      var id = above.column(schema.naming().identifier("_dlt_id"));
      to = id.stream().map(ColumnSchema::name).toList();
    }
    return from.isEmpty() || to.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TableReference(
                table.name(),
                List.of(from.getFirst()),
                above.name(),
                List.of(to.getFirst()),
                label,
                "many_to_one",
                kind));
  }

  private static TableReference declared(String table, Map<?, ?> map) {
    return new TableReference(
        map.get("table") instanceof String other ? other : table,
        texts(map.get("columns")),
        String.valueOf(map.get("referenced_table")),
        texts(map.get("referenced_columns")),
        map.get("label") instanceof String label ? label : "",
        map.get("cardinality") instanceof String cardinality ? cardinality : "one_to_many",
        Kind.DECLARED);
  }

  private static List<String> texts(@org.jspecify.annotations.Nullable Object list) {
    return list instanceof List<?> all ? all.stream().map(String::valueOf).toList() : List.of();
  }
}
