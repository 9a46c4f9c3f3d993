package dev.sluice.normalize;

import dev.sluice.schema.DataType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// From a row with objects and lists in it to flat columns, and the lists that become tables.
///
/// Columns come in dlt's order: own scalars first, then those of nested objects, the last object
/// first. Where two keys mean one column, dlt keeps the later value; here the later one gets a
/// column of its own.
final class Flattening {
  /// A flat row.
  ///
  /// - `sources`: the path of a column's key, for columns whose key is not their name
  record Flat(
      Map<String, @Nullable Object> row,
      Map<List<String>, List<?>> lists,
      Map<String, String> sources) {}

  private record Level(Map<?, ?> row, int depth, List<String> path, List<String> keys) {}

  private final Names names;
  private final Tables tables;
  private final Inference inference;

  Flattening(Names names, Tables tables, Inference inference) {
    this.names = names;
    this.tables = tables;
    this.inference = inference;
  }

  Flat flatten(String table, Map<?, ?> source, int depth) {
    var flat = new Flat(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    var state = tables.find(table);
    var stack = new ArrayDeque<Level>();
    stack.push(new Level(source, depth, List.of(), List.of()));
    while (!stack.isEmpty()) {
      var level = stack.pop();
      for (var entry : level.row.entrySet()) {
        var key = (String) entry.getKey();
        var value = entry.getValue();
        var name = names.column(key);
        var column = names.joined(level.path, name);
        boolean container = value instanceof Map || value instanceof List;
        boolean whole = !container || keptWhole(state, column, level.depth);
        if (!whole && value instanceof Map<?, ?> map) {
          stack.push(
              new Level(
                  map, level.depth - 1, Names.plus(level.path, name), Names.plus(level.keys, key)));
        } else if (!whole && value instanceof List<?> list) {
          putList(flat.lists, Names.plus(level.path, names.table(key)), list);
        } else {
          put(state, flat, column, key, level.keys, value);
        }
      }
    }
    return flat;
  }

  /// Whether an object or list stays a JSON value.
  boolean keptWhole(@Nullable TableState table, String column, int depth) {
    if (depth <= 0) {
      return true;
    }
    var known = table == null ? null : table.column(column);
    if (known != null && known.form != null) {
      return known.form.type() == DataType.JSON;
    }
    return inference.preferred(column) == DataType.JSON;
  }

  /// The path of keys to a column, as it is kept for columns that had to be renamed.
  static String sourceKey(List<String> keys, String key) {
    return keys.isEmpty() ? key : String.join("/", keys) + "/" + key;
  }

  private void put(
      @Nullable TableState table,
      Flat flat,
      String column,
      String key,
      List<String> keys,
      @Nullable Object value) {
    var name = column;
    if (table != null && !table.renamed.isEmpty()) {
      name = table.renamed.getOrDefault(sourceKey(keys, key), column);
    }
    if (flat.row.containsKey(name)) {
      if (value == null) {
        return; // a null takes nothing away
      }
      if (flat.row.get(name) != null) {
        name = free(table, flat.row, column, sourceKey(keys, key));
        flat.sources.put(name, sourceKey(keys, key));
      }
    }
    flat.row.put(name, value);
  }

  /// A name for a column whose own is taken: `name_2`, `name_3` and so on.
  String free(@Nullable TableState table, Map<String, ?> taken, String column, String sourceKey) {
    for (int number = 2; ; number++) {
      var name = names.column(column + "_" + number);
      var known = table == null ? null : table.column(name);
      if (!taken.containsKey(name)
          && (known == null || sourceKey.equals(known.schema.property(TableState.SOURCE_KEY)))) {
        return name;
      }
    }
  }

  private static void putList(Map<List<String>, List<?>> lists, List<String> path, List<?> list) {
    var name = path;
    for (int number = 2; lists.containsKey(name); number++) {
      name = new ArrayList<>(path);
      name.set(path.size() - 1, path.getLast() + "_" + number);
    }
    lists.put(name, list);
  }
}
