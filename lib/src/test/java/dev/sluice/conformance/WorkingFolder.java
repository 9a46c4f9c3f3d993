package dev.sluice.conformance;

import dev.sluice.conformance.Expectation.CursorState;
import dev.sluice.conformance.Expectation.Hints;
import dev.sluice.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// Reads schemas and state where dlt and Sluice both keep them: `schemas/*.schema.json` and
/// `state.json` of a pipeline's working directory.
final class WorkingFolder {
  /// What a schema file says of a table or column beside what the cases record.
  private static final Set<String> UNRECORDED =
      Set.of("name", "columns", "description", "x-normalizer");

  private final Path folder;

  WorkingFolder(Path folder) {
    this.folder = folder;
  }

  Map<String, Map<String, Hints>> schemas(boolean systemTables) throws IOException {
    var schemas = new TreeMap<String, Map<String, Hints>>();
    var files = folder.resolve("schemas");
    if (!Files.exists(files)) return schemas;
    try (var all = Files.newDirectoryStream(files, "*.schema.json")) {
      for (var file : all) {
        Map<String, Object> schema = Json.load(Files.newInputStream(file));
        schemas.put(Tree.text(schema.get("name")), tables(schema, systemTables));
      }
    }
    return schemas;
  }

  private static Map<String, Hints> tables(Map<String, Object> schema, boolean systemTables) {
    var tables = new TreeMap<String, Hints>();
    Tree.<Map<String, Object>>map(schema.get("tables"))
        .forEach((name, table) -> {
          if (name.startsWith("_dlt") && !systemTables) return;
          var columns = new ArrayList<String>();
          Tree.<Map<String, Object>>map(table.get("columns"))
              .forEach((column, hints) -> columns.add(Canonical.text(column(column, hints))));
          tables.put(name, new Hints(properties(table), columns));
        });
    return tables;
  }

  private static Map<String, String> properties(Map<String, Object> table) {
    var properties = new TreeMap<String, String>();
    table.forEach((key, value) -> {
      if (isSet(key, value)) properties.put(key, Canonical.text(value));
    });
    return properties;
  }

  private static Map<String, Object> column(String name, Map<String, Object> hints) {
    var column = new LinkedHashMap<String, Object>();
    column.put("name", name);
    column.put("data_type", hints.get("data_type"));
    column.put("nullable", hints.getOrDefault("nullable", true));
    hints.forEach((key, value) -> {
      if (isSet(key, value)) column.put(key, value);
    });
    return column;
  }

  /// A hint that is false is as good as none, but for those that are true if nothing is said.
  private static boolean isSet(String key, Object value) {
    if (value == null || UNRECORDED.contains(key)) return false;
    return !value.equals(false) || key.equals("nullable") || key.equals("timezone");
  }

  Map<String, CursorState> state() throws IOException {
    var cursors = new TreeMap<String, CursorState>();
    var file = folder.resolve("state.json");
    if (!Files.exists(file)) return cursors;
    Map<String, Object> state = Json.load(Files.newInputStream(file));
    Tree.<Map<String, Object>>map(state.get("sources"))
        .forEach((source, ofSource) ->
            Tree.<Map<String, Object>>map(ofSource.get("resources"))
                .forEach((resource, ofResource) ->
                    Tree.<Map<String, Object>>map(ofResource.get("incremental"))
                        .forEach((path, cursor) ->
                            cursors.put(
                                String.join("/", source, resource, path), cursor(cursor)))));
    return cursors;
  }

  private static CursorState cursor(Map<String, Object> cursor) {
    return new CursorState(
        Canonical.text(untyped(cursor.get("initial_value"))),
        Canonical.text(untyped(cursor.get("last_value"))),
        cursor.get("unique_hashes") instanceof List<?> hashes ? hashes.size() : 0);
  }

  /// Text in the state begins with a private-use character if it is none.
  private static Object untyped(Object value) {
    if (!(value instanceof String text) || text.isEmpty()) return value;
    var rest = text.substring(1);
    return switch (text.charAt(0)) {
      case '\uF026' -> new BigDecimal(rest);
      case '\uF027' -> Markers.timestamp(rest);
      case '\uF028' -> LocalDate.parse(rest);
      case '\uF029' -> UUID.fromString(rest);
      case '\uF02D' -> LocalTime.parse(rest);
      default -> text;
    };
  }
}
