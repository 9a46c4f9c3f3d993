package dev.sluice.extract;

import dev.sluice.pipe.ReadyFile;
import dev.sluice.resource.Hints;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.SchemaEditor;
import dev.sluice.schema.TableSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Whether a file can go to its table as it is, and what its columns are there.
final class ReadyColumns {
  private static final List<String> TYPE = List.of("data_type", "precision", "scale", "timezone");
  private static final Set<String> ADDING = Set.of("append", "replace");

  private ReadyColumns() {}

  /// The columns of the file as the table has them; empty if its rows must be read: to be merged,
  /// to be checked by a contract, or since a name or a type would be another one.
  static Optional<ColumnSchema[]> of(
      SchemaEditor schema,
      ContractGate gate,
      String resource,
      String givenName,
      Hints hints,
      ReadyFile file) {
    if (hints.tableOf().isPresent()) {
      return Optional.empty();
    }
    var tables = DeclaredTables.of(schema, resource, givenName, hints.ofTable(givenName));
    var declared = tables.getFirst();
    if (tables.size() > 1
        || !ADDING.contains(String.valueOf(declared.property("write_disposition")))
        || !gate.evolves(declared)
        || schema.toSchema().settings().get("preferred_types") != null) {
      return Optional.empty();
    }
    var existing = schema.table(declared.name()).orElse(TableSchema.of(declared.name()));
    var columns = new ArrayList<ColumnSchema>();
    var names = new HashSet<String>();
    for (var column : file.columns()) {
      var name = column.name();
      var fits =
          column.complete()
              && names.add(name)
              && !name.startsWith("_dlt")
              && schema.naming().path(name).equals(name)
              && takes(existing, column)
              && takes(declared, column);
      if (!fits) {
        return Optional.empty();
      }
      columns.add(column.with("nullable", true));
    }
    return lacks(existing, names) || lacks(declared, names)
        ? Optional.empty()
        : Optional.of(columns.toArray(ColumnSchema[]::new));
  }

  private static boolean takes(TableSchema table, ColumnSchema column) {
    var known = table.column(column.name());
    return known.isEmpty()
        || (known.get().nullable()
            && (!known.get().complete()
                || TYPE.stream()
                    .allMatch(property ->
                        Objects.equals(
                            known.get().property(property), column.property(property)))));
  }

  /// Whether a column that must not be null is missing; the system's own are filled by the load.
  private static boolean lacks(TableSchema table, Set<String> names) {
    return table.columns().stream()
        .anyMatch(column ->
            !column.nullable()
                && !names.contains(column.name())
                && !column.name().startsWith("_dlt"));
  }
}
