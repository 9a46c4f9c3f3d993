package dev.sluice.conformance;

import dev.sluice.conformance.Expectation.CursorState;
import dev.sluice.conformance.Expectation.Failure;
import dev.sluice.conformance.Expectation.Hints;
import dev.sluice.conformance.Expectation.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Finds the differences between what was recorded and what is there, each in one readable line.
final class Comparison {
  private static final List<String> STEPS = List.of("extract", "normalize", "load");

  private final List<String> differences = new ArrayList<>();

  private Comparison() {}

  /// @param before what was there before the run: a failed run may leave exactly that
  static List<String> differences(Expectation expected, Expectation before, Expectation found) {
    var comparison = new Comparison();
    comparison.compare(expected, before, found);
    return List.copyOf(comparison.differences);
  }

  private void compare(Expectation expected, Expectation before, Expectation found) {
    if (expected.error().isPresent()) {
      compareFailed(expected, expected.error().get(), before, found);
      return;
    }
    if (found.error().isPresent()) {
      var error = found.error().get();
      differ("%s failed: %s", error.step(), error.message());
      return;
    }
    expected.schemas().ifPresent(schemas -> schemas(schemas, found.schemas().orElse(Map.of())));
    expected.tables().ifPresent(tables -> tables(tables, found.tables().orElse(Map.of())));
    expected.loads().ifPresent(loads -> same("loads", loads, found.loads().orElse(List.of())));
    state(expected.state(), found.state());
    expected
        .pulled()
        .forEach((resource, count) ->
            same("pulled." + resource, count, found.pulled().getOrDefault(resource, 0L)));
  }

  private void compareFailed(
      Expectation expected, Failure error, Expectation before, Expectation found) {
    if (found.error().isEmpty()) {
      differ("the run succeeded, but must fail in %s: %s", error.step(), error.message());
      return;
    }
    var failure = found.error().get();
    if (STEPS.indexOf(failure.step()) > STEPS.indexOf(error.step())) {
      differ("failed in %s, but must fail in %s or earlier", failure.step(), error.step());
    }
    for (var word : error.words()) {
      if (!failure.message().toLowerCase(Locale.ROOT).contains(word.toLowerCase(Locale.ROOT))) {
        differ("the message does not say '%s': %s", word, failure.message());
      }
    }
    var there = withoutError(found);
    var asRecorded = differences(ofDestination(expected), before, there);
    var untouched = differences(ofDestination(before), before, there).isEmpty();
    if (!untouched) differences.addAll(asRecorded);
  }

  private static Expectation ofDestination(Expectation full) {
    return new Expectation(
        Optional.empty(), full.tables(), full.loads(), Map.of(), Map.of(), Optional.empty());
  }

  private static Expectation withoutError(Expectation found) {
    return new Expectation(
        found.schemas(), found.tables(), found.loads(), Map.of(), found.pulled(), Optional.empty());
  }

  private void schemas(
      Map<String, Map<String, Hints>> expected, Map<String, Map<String, Hints>> found) {
    keys("schema", expected, found);
    expected.forEach((source, tables) -> {
      if (!found.containsKey(source)) return;
      keys("schema." + source, tables, found.get(source));
      tables.forEach((name, hints) -> {
        var other = found.get(source).get(name);
        if (other == null) return;
        var path = "schema." + source + "." + name;
        properties(path, hints.properties(), other.properties());
        list(path + ".columns", hints.columns(), other.columns());
      });
    });
  }

  private void properties(String path, Map<String, String> expected, Map<String, String> found) {
    var names = new TreeSet<>(expected.keySet());
    names.addAll(found.keySet());
    for (var name : names) {
      same(
          path + "." + name,
          expected.getOrDefault(name, "nothing"),
          found.getOrDefault(name, "nothing"));
    }
  }

  private void tables(Map<String, Rows> expected, Map<String, Rows> found) {
    keys("tables", expected, found);
    expected.forEach((name, table) -> {
      var other = found.get(name);
      if (other == null) return;
      var path = "tables." + name;
      list(path + ".columns", table.columns(), other.columns());
      list(path + ".types", table.types(), other.types());
      same(
          path + ".not_null",
          new TreeSet<>(table.notNull()).toString(),
          new TreeSet<>(other.notNull()).toString());
      table.rows().ifPresent(rows -> rows(path, rows, other.rows().orElse(List.of())));
    });
  }

  private void rows(String path, List<String> expected, List<String> found) {
    var missing = without(expected, found);
    var unexpected = without(found, expected);
    if (expected.size() != found.size()) {
      differ("%s: must have %d rows, has %d", path, expected.size(), found.size());
    }
    missing.forEach(row -> differ("%s: missing row     %s", path, shortened(row)));
    unexpected.forEach(row -> differ("%s: unexpected row  %s", path, shortened(row)));
  }

  /// What is left of a multiset when another is taken away.
  private static List<String> without(List<String> all, List<String> taken) {
    var rest = new ArrayList<>(all);
    taken.forEach(rest::remove);
    return rest;
  }

  private void state(Map<String, CursorState> expected, Map<String, CursorState> found) {
    expected.forEach((path, cursor) -> {
      var other = found.get(path);
      if (other == null) {
        differ("state: nothing is remembered for '%s', only for %s", path, found.keySet());
        return;
      }
      same("state." + path + ".initial_value", cursor.initialValue(), other.initialValue());
      same("state." + path + ".last_value", cursor.lastValue(), other.lastValue());
      same("state." + path + ".boundary_rows", cursor.boundaryRows(), other.boundaryRows());
    });
    found.keySet().stream()
        .filter(path -> !expected.containsKey(path))
        .forEach(path -> differ("state: '%s' is remembered, but must not be", path));
  }

  private void keys(String path, Map<String, ?> expected, Map<String, ?> found) {
    expected.keySet().stream()
        .filter(key -> !found.containsKey(key))
        .forEach(key -> differ("%s: '%s' is missing", path, key));
    found.keySet().stream()
        .filter(key -> !expected.containsKey(key))
        .forEach(key -> differ("%s: '%s' must not be there", path, key));
  }

  private void list(String path, List<String> expected, List<String> found) {
    if (expected.equals(found)) return;
    for (var i = 0; i < Math.max(expected.size(), found.size()); i++) {
      var wanted = i < expected.size() ? expected.get(i) : "nothing";
      var actual = i < found.size() ? found.get(i) : "nothing";
      same(path + "[" + i + "]", wanted, actual);
    }
  }

  private void same(String path, Object expected, Object found) {
    if (!expected.equals(found)) {
      differ(
          "%s: must be %s, is %s",
          path, shortened(expected.toString()), shortened(found.toString()));
    }
  }

  private static String shortened(String text) {
    return text.length() <= 500 ? text : text.substring(0, 400) + "… (" + text.length() + ")";
  }

  private void differ(String message, Object... values) {
    differences.add(message.formatted(values));
  }
}
