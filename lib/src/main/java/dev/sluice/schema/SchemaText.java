package dev.sluice.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A schema as a file that people read and edit: dlt's dictionary without what can be told from it.
final class SchemaText {
  private static final List<String> PROCESSING = List.of("x-normalizer", "x-loader", "x-extractor");

  private SchemaText() {}

  static String yaml(Schema schema) {
    return YamlText.write(withoutDefaults(schema.toMap()));
  }

  /// The dictionary with names and defaults in place and the version that its content has.
  static Schema read(Map<String, Object> dictionary) {
    var complete = Schema.of(dictionary).toMap();
    SchemaVersion.bump(complete);
    return Schema.of(complete);
  }

  /// Without the names that stand as keys already, and without where it was imported from.
  static Map<String, Object> withoutDefaults(Map<String, Object> dictionary) {
    var clean = new LinkedHashMap<>(dictionary);
    clean.remove("imported_version_hash");
    var tables = new LinkedHashMap<String, Object>();
    each(
        dictionary.get("tables"),
        (name, table) -> {
          var copy = new LinkedHashMap<String, Object>();
          var columns = new LinkedHashMap<String, Object>();
          copy.put("columns", columns);
          table.forEach((key, value) -> {
            if (!key.equals("name") && !key.equals("columns")) copy.put(key, value);
          });
          each(
              table.get("columns"),
              (column, properties) -> {
                var hints = new LinkedHashMap<>(properties);
                hints.remove("name");
                columns.put(column, hints);
              });
          tables.put(name, copy);
        });
    clean.put("tables", tables);
    return clean;
  }

  /// Without what normalize and load noted about tables and columns; the version is that of the
  /// content left.
  static Map<String, Object> withoutProcessingHints(Schema schema) {
    var clean = new LinkedHashMap<>(schema.toMap());
    var tables = new LinkedHashMap<String, Object>();
    each(
        clean.get("tables"),
        (name, table) -> {
          var copy = new LinkedHashMap<>(table);
          copy.keySet().removeAll(PROCESSING);
          var columns = new LinkedHashMap<String, Object>();
          each(
              table.get("columns"),
              (column, properties) -> {
                var hints = new LinkedHashMap<>(properties);
                hints.remove("x-normalizer");
                columns.put(column, hints);
              });
          copy.put("columns", columns);
          tables.put(name, copy);
        });
    clean.put("tables", tables);
    SchemaVersion.bump(clean);
    return clean;
  }

  private interface Entry {
    void take(String name, Map<String, Object> properties);
  }

  private static void each(@org.jspecify.annotations.Nullable Object map, Entry entry) {
    if (map instanceof Map<?, ?> entries)
      entries.forEach((name, properties) -> {
        if (properties instanceof Map<?, ?> inner)
          entry.take(String.valueOf(name), Schema.strings(inner));
      });
  }
}
