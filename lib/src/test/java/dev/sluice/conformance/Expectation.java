package dev.sluice.conformance;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What is there after a run, recorded or found: both sides of a comparison have this form.
///
/// @param schemas source → table → its hints and columns; empty where it is not compared
/// @param tables what the destination holds; empty where it is not compared
/// @param loads the source names of the finished loads
/// @param state "source/resource/cursor path" → the cursor
/// @param pulled resource → elements read; what is not recorded is not compared
/// @param error that the run failed, and how
public record Expectation(
    Optional<Map<String, Map<String, Hints>>> schemas,
    Optional<Map<String, Rows>> tables,
    Optional<List<String>> loads,
    Map<String, CursorState> state,
    Map<String, Long> pulled,
    Optional<Failure> error) {

  /// The hints of a table and its columns in order, each as canonical text.
  public record Hints(Map<String, String> properties, List<String> columns) {}

  /// A table of the destination; rows as sorted canonical texts, absent for system tables.
  public record Rows(
      List<String> columns, List<String> types, Set<String> notNull, Optional<List<String>> rows) {}

  /// What is remembered of an incremental cursor; values as canonical texts.
  public record CursorState(String initialValue, String lastValue, long boundaryRows) {}

  /// A failed run. `words` stand in the message of a recorded failure; a found one has its message.
  public record Failure(String step, List<String> words, String message) {}

  static Expectation of(Map<String, Object> json, Set<String> ignore) {
    return new Expectation(
        Optional.ofNullable(json.get("schema")).map(Expectation::schemas),
        Optional.ofNullable(json.get("tables")).map(tables -> tables(tables, ignore)),
        Optional.ofNullable(json.get("loads")).map(Tree::<String>list),
        state(json.get("state")),
        pulled(json.get("pulled")),
        Optional.ofNullable(json.get("error")).map(Expectation::failure));
  }

  private static Map<String, Map<String, Hints>> schemas(Object json) {
    var schemas = new TreeMap<String, Map<String, Hints>>();
    Tree.<Map<String, Object>>map(json)
        .forEach((source, tables) -> {
          var hints = new TreeMap<String, Hints>();
          tables.forEach((name, table) -> hints.put(name, hints(Tree.map(table))));
          schemas.put(source, hints);
        });
    return schemas;
  }

  private static Hints hints(Map<String, Object> table) {
    var properties = new TreeMap<String, String>();
    table.forEach((key, value) -> {
      if (!key.equals("columns")) properties.put(key, Canonical.text(value));
    });
    return new Hints(
        properties, Tree.list(table.get("columns")).stream().map(Canonical::text).toList());
  }

  private static Map<String, Rows> tables(Object json, Set<String> ignore) {
    var tables = new TreeMap<String, Rows>();
    Tree.<Map<String, Object>>map(json)
        .forEach((name, table) -> {
          var rows =
              Optional.ofNullable(table.get("rows"))
                  .map(Markers::decode)
                  .map(Tree::<Map<String, Object>>list)
                  .map(list -> Canonical.rows(list, ignore));
          tables.put(
              name,
              new Rows(
                  Tree.list(table.get("columns")),
                  Tree.list(table.get("types")),
                  Set.copyOf(Tree.<String>list(table.get("not_null"))),
                  rows));
        });
    return tables;
  }

  private static Map<String, CursorState> state(Object json) {
    var state = new TreeMap<String, CursorState>();
    Tree.<Map<String, Object>>map(json)
        .forEach((path, cursor) ->
            state.put(
                path,
                new CursorState(
                    Canonical.text(Markers.decode(cursor.get("initial_value"))),
                    Canonical.text(Markers.decode(cursor.get("last_value"))),
                    cursor.get("boundary_rows") instanceof Number size ? size.longValue() : 0)));
    return state;
  }

  private static Map<String, Long> pulled(Object json) {
    var pulled = new TreeMap<String, Long>();
    Tree.<Number>map(json).forEach((name, count) -> pulled.put(name, count.longValue()));
    return pulled;
  }

  private static Failure failure(Object json) {
    var error = Tree.map(json);
    return new Failure(
        Tree.text(error.get("step")),
        Tree.list(error.get("words")),
        error.get("about") instanceof String about ? about : "");
  }
}
