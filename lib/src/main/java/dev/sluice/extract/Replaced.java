package dev.sluice.extract;

import dev.sluice.resource.Resource;
import dev.sluice.resource.Source;
import dev.sluice.schema.SchemaEditor;
import dev.sluice.schema.WriteDisposition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Resources whose rows take the place of all before.
final class Replaced {
  private Replaced() {}

  /// A replaced table whose resource gave no rows is emptied by a file without rows.
  static void empty(Source source, SchemaEditor schema, PackageWriter writer) {
    var withRows = writer.tablesWithRows();
    for (var resource : source.selected()) {
      if (!is(resource)) {
        continue;
      }
      var dispositions = nestedDispositions(resource, schema);
      for (var name : List.copyOf(schema.tableNames())) {
        var table = schema.table(name).orElseThrow();
        if (table.nested()
            || !table.seenData()
            || withRows.contains(name)
            || !table.resource().equals(Optional.of(resource.name()))
            || !dispositions.getOrDefault(name, "replace").equals("replace")) {
          continue;
        }
        if (!"replace".equals(table.property("write_disposition"))) {
          schema.property(name, "write_disposition", WriteDisposition.replace().word());
        }
        writer.emptyFile(resource, name);
      }
    }
  }

  /// What the tables of nested hints declare for themselves: they need not be replaced with the
  /// resource's own.
  private static Map<String, String> nestedDispositions(Resource<?> resource, SchemaEditor schema) {
    var hints = resource.hints();
    if (hints.nested().isEmpty() || hints.tableOf().isPresent()) {
      return Map.of();
    }
    var table = hints.table().orElse(resource.name());
    var declared = new LinkedHashMap<String, String>();
    DeclaredTables.of(schema, resource.name(), table, hints).stream()
        .skip(1)
        .filter(nested -> nested.property("write_disposition") != null)
        .forEach(nested ->
            declared.put(nested.name(), String.valueOf(nested.property("write_disposition"))));
    return declared;
  }

  static boolean is(Resource<?> resource) {
    return resource
        .hints()
        .disposition()
        .filter(WriteDisposition.Replace.class::isInstance)
        .isPresent();
  }
}
