package dev.sluice.conformance;

import dev.sluice.conformance.Expectation.CursorState;
import dev.sluice.conformance.Expectation.Hints;
import dev.sluice.conformance.Expectation.Rows;
import dev.sluice.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/// Writes what was found in the form of a case, so that a better result can be read, judged and
/// kept.
final class Recording {
  private Recording() {}

  static String of(Case recorded, List<Expectation> found) {
    var json = new LinkedHashMap<String, Object>();
    json.put("name", recorded.name());
    json.put("about", recorded.about());
    json.put("ignore", new TreeSet<>(recorded.ignore()));
    json.put("expect", found.stream().map(Recording::after).toList());
    var text = new StringBuilder();
    write(text, json, "");
    return text.append('\n').toString();
  }

  private static Map<String, Object> after(Expectation found) {
    var after = new LinkedHashMap<String, Object>();
    found
        .error()
        .ifPresentOrElse(
            error ->
                after.put(
                    "error",
                    ordered("step", error.step(), "words", List.of(), "about", error.message())),
            () ->
                found
                    .schemas()
                    .ifPresent(all -> after.put("schema", each(all, Recording::schema))));
    found.tables().ifPresent(tables -> after.put("tables", each(tables, Recording::table)));
    found.loads().ifPresent(loads -> after.put("loads", loads));
    if (!found.state().isEmpty()) after.put("state", each(found.state(), Recording::cursor));
    return after;
  }

  private static Map<String, Object> schema(Map<String, Hints> tables) {
    return each(
        tables,
        hints -> {
          var table = each(hints.properties(), Json::loads);
          table.put("columns", hints.columns().stream().map(Recording::column).toList());
          return table;
        });
  }

  private static Map<String, Object> column(String text) {
    Map<String, Object> found = Json.loads(text);
    var column = new LinkedHashMap<String, Object>();
    for (var key : List.of("name", "data_type", "nullable")) column.put(key, found.get(key));
    column.putAll(found);
    return column;
  }

  private static Map<String, Object> table(Rows found) {
    var table = new LinkedHashMap<String, Object>();
    table.put("columns", found.columns());
    table.put("types", found.types());
    table.put("not_null", found.columns().stream().filter(found.notNull()::contains).toList());
    found
        .rows()
        .ifPresent(rows -> table.put("rows", rows.stream().map(Json::<Object>loads).toList()));
    return table;
  }

  private static Map<String, Object> cursor(CursorState found) {
    return ordered(
        "initial_value", Json.loads(found.initialValue()),
        "last_value", Json.loads(found.lastValue()),
        "boundary_rows", found.boundaryRows());
  }

  private static <A> Map<String, Object> each(Map<String, A> map, Function<A, Object> form) {
    var made = new LinkedHashMap<String, Object>();
    map.forEach((key, value) -> made.put(key, form.apply(value)));
    return made;
  }

  private static Map<String, Object> ordered(Object... keysAndValues) {
    var map = new LinkedHashMap<String, Object>();
    for (var i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  /// Objects and lists that are short stand on one line, as in the recorded cases.
  private static void write(StringBuilder text, Object value, String indent) {
    var line = Json.dumps(value);
    if (line.length() + indent.length() <= 120
        || !(value instanceof Map || value instanceof List)) {
      text.append(line);
      return;
    }
    var members = new ArrayList<Runnable>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, member) ->
          members.add(() -> {
            text.append(Json.dumps(key)).append(": ");
            write(text, member, indent + " ");
          }));
    } else {
      ((List<?>) value).forEach(member -> members.add(() -> write(text, member, indent + " ")));
    }
    text.append(value instanceof Map ? '{' : '[');
    for (var i = 0; i < members.size(); i++) {
      text.append(i == 0 ? "\n " : ",\n ").append(indent);
      members.get(i).run();
    }
    text.append('\n').append(indent).append(value instanceof Map ? '}' : ']');
  }
}
