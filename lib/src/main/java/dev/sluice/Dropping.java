package dev.sluice;

import dev.sluice.resource.Resource;
import dev.sluice.resource.Source;
import dev.sluice.schema.Schema;
import dev.sluice.schema.TableSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeSet;

/// Resources to be dropped, as sources that give no rows: refreshed, their tables and state go.
final class Dropping {
  private Dropping() {}

  /// The names of all resources with tables.
  static List<String> all(List<Schema> schemas) {
    return schemas.stream()
        .flatMap(schema -> schema.dataTables().stream())
        .flatMap(table -> table.resource().stream())
        .distinct()
        .toList();
  }

  static List<Source> sources(List<Schema> schemas, List<String> resources) {
    var bySource = new LinkedHashMap<String, List<Resource<?>>>();
    var known = new TreeSet<String>();
    for (var schema : schemas) {
      for (var table : schema.dataTables()) {
        table.resource().ifPresent(known::add);
      }
    }
    for (var name : resources) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "There is no resource '%s' with tables; there are %s".formatted(name, known));
      }
      for (var schema : schemas) {
        if (schema.dataTables().stream().anyMatch(table -> feeds(table, name))) {
          bySource
              .computeIfAbsent(schema.name(), source -> new ArrayList<>())
              .add(Resource.of(name, () -> List.<Object>of()));
        }
      }
    }
    return bySource.entrySet().stream()
        .map(entry -> Source.of(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static boolean feeds(TableSchema table, String resource) {
    return table.resource().filter(resource::equals).isPresent();
  }
}
