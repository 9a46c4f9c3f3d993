package dev.sluice.extract;

import dev.sluice.schema.SchemaEditor;
import dev.sluice.schema.TableSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a run forgets of a source before it extracts: dlt's three modes.
///
/// - `NONE`: nothing
/// - `DROP_SOURCES`: all tables of the source, its schema and its state
/// - `DROP_RESOURCES`: the tables and state of the resources that are extracted
/// - `DROP_DATA`: the rows of those tables, and their state
enum Refresh {
  NONE,
  DROP_SOURCES,
  DROP_RESOURCES,
  DROP_DATA;

  static Refresh of(@Nullable String word) {
    if (word == null) {
      return NONE;
    }
    for (var mode : values()) {
      if (mode.word().equals(word)) {
        return mode;
      }
    }
    throw new IllegalArgumentException(
        "'%s' is no refresh mode; use drop_sources, drop_resources or drop_data".formatted(word));
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Forgets, in the schema and the state of the source.
  ///
  /// - returns what the load has to know: entries of the package's state
  Map<String, Object> forget(
      SchemaEditor schema, Collection<String> resources, Map<String, @Nullable Object> state) {
    if (this == NONE) {
      return Map.of();
    }
    var tables = new ArrayList<TableSchema>();
    for (var name : List.copyOf(schema.tableNames())) {
      var table = schema.table(name).orElseThrow();
      if (!name.startsWith("_dlt")
          && (this == DROP_SOURCES || resources.contains(resourceOf(schema, table)))) {
        tables.addFirst(table);
      }
    }
    if (this == DROP_SOURCES) {
      state.keySet().retainAll(Set.of("resources"));
    }
    if (state.get("resources") instanceof Map<?, ?> states) {
      states.keySet().removeIf(name -> this == DROP_SOURCES || resources.contains(name));
    }
    var loaded =
        tables.stream().filter(TableSchema::seenData).map(TableSchema::dictionary).toList();
    var packageState = new LinkedHashMap<String, Object>();
    packageState.put("refresh", word());
    if (!loaded.isEmpty()) {
      packageState.put(this == DROP_DATA ? "truncated_tables" : "dropped_tables", loaded);
    }
    if (this != DROP_DATA) {
      schema.drop(tables.stream().map(TableSchema::name).toList());
    }
    return packageState;
  }

  private static String resourceOf(SchemaEditor schema, TableSchema table) {
    var root = table;
    while (root.nested()) {
      var parent = root.parent().flatMap(schema::table);
      if (parent.isEmpty()) {
        break;
      }
      root = parent.get();
    }
    return root.resource().orElse(root.name());
  }

  /// The tables that two parts of a source forget; all else is the same for both.
  static Object both(Object earlier, Object later) {
    return earlier instanceof List<?> one && later instanceof List<?> other
        ? Stream.concat(one.stream(), other.stream()).distinct().toList()
        : later;
  }
}
