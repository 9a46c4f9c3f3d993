package dev.sluice.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.conformance.Expectation.Failure;
import dev.sluice.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What was recorded equals itself, and nothing that differs from it in one place.
class ComparisonTest {
  private static final Path CASES = Path.of("src/test/resources/conformance");

  /// Changes one thing in the state after a run; false if the run has no such thing.
  private record Change(String name, Predicate<Map<String, Object>> change) {}

  private static final List<Change> CHANGES =
      List.of(
          new Change("a value", ComparisonTest::changeValue),
          new Change("a null", ComparisonTest::removeValue),
          new Change("a row less", inRows(rows -> rows.remove(0) != null)),
          new Change("a row twice", inRows(rows -> rows.add(rows.getFirst()))),
          new Change("a type", inTable("types", types -> types.set(0, "UTINYINT") != null)),
          new Change("the order of columns", inTable("columns", ComparisonTest::turn)),
          new Change("a null allowed", inTable("not_null", names -> names.remove(0) != null)),
          new Change("a table more", after -> put(after, "tables", "another", Map.of())),
          new Change("a load less", in("loads", loads -> loads.remove(0) != null)),
          new Change("the schema's column order", inSchema("columns", ComparisonTest::turn)),
          new Change("a hint of a column", inSchema("columns", ComparisonTest::addHint)),
          new Change("a cursor", after -> changeCursor(after, "last_value", 4711L)),
          new Change("a cursor's start", after -> changeCursor(after, "initial_value", 4711L)),
          new Change("a boundary", after -> changeCursor(after, "boundary_rows", 4711L)),
          new Change("no cursor", after -> put(after, "state", "shop/x/y", Map.of())),
          new Change("the elements pulled", ComparisonTest::changePulled),
          new Change("the words of an error", ComparisonTest::addWord),
          new Change("no error", after -> after.remove("error") != null));

  @TestFactory
  Stream<DynamicTest> whatIsRecordedEqualsItself() throws IOException {
    return files()
        .map(file ->
            dynamicTest(
                file.getFileName().toString(),
                () -> {
                  var recorded = Case.read(file);
                  assertThat(CaseRunner.differences(recorded.expect(), asFound(recorded)))
                      .isEmpty();
                }));
  }

  @TestFactory
  Stream<DynamicTest> aChangedExpectationFails() {
    return CHANGES.stream()
        .map(change ->
            dynamicTest(
                change.name(),
                () -> {
                  var applied = 0;
                  for (var file : files().toList()) {
                    var found = asFound(Case.read(file));
                    for (var run = 0; run < found.size(); run++) {
                      Map<String, Object> json = Json.load(Files.newInputStream(file));
                      if (!change
                          .change()
                          .test(Tree.<Map<String, Object>>list(json.get("expect")).get(run))) {
                        continue;
                      }
                      applied++;
                      assertThat(CaseRunner.differences(Case.of(json).expect(), found))
                          .as("%s, run %d", file.getFileName(), run + 1)
                          .isNotEmpty();
                    }
                  }
                  assertThat(applied).isPositive();
                }));
  }

  @Test
  void valuesAreComparedByWhatTheyMean() {
    assertThat(rows("{\"$decimal\": \"1.10\"}")).isEqualTo(rows("{\"$decimal\": \"1.1\"}"));
    assertThat(rows("{\"$timestamp\": \"2024-01-02T03:00:00+00:00\"}"))
        .isEqualTo(rows("{\"$timestamp\": \"2024-01-02T05:00:00+02:00\"}"))
        .isNotEqualTo(rows("{\"$timestamp\": \"2024-01-02T03:00:00\"}"));
    assertThat(rows("{\"$json\": {\"a\": 1, \"b\": 2.0}}"))
        .isEqualTo(rows("{\"$json\": {\"b\": 2, \"a\": 1.0}}"));
    assertThat(rows("1")).isNotEqualTo(rows("1.0")).isNotEqualTo(rows("\"1\""));
    assertThat(rows("0.0")).isNotEqualTo(rows("-0.0"));
    assertThat(rows("{\"$repeat\": \"ab\", \"times\": 2}")).isEqualTo(rows("\"abab\""));
    assertThat(rows("null")).isEqualTo(Canonical.rows(List.of(Map.of()), java.util.Set.of()));
  }

  @Test
  void aFailedRunMayLeaveWhatWasThereBefore() {
    var before = after("{\"tables\": {\"t\": {\"rows\": [{\"id\": 1}]}}, \"loads\": [\"shop\"]}");
    var recorded =
        after(
            """
            {"error": {"step": "load", "words": ["t"]},
             "tables": {"t": {"rows": []}}, "loads": ["shop"]}\
            """);
    assertThat(Comparison.differences(recorded, before, failed("load", "T is full", before)))
        .isEmpty();
    assertThat(Comparison.differences(recorded, before, failed("extract", "t", recorded)))
        .isEmpty();
    assertThat(Comparison.differences(recorded, before, failed("load", "full", before)))
        .containsExactly("the message does not say 't': full");
    var half = after("{\"tables\": {\"t\": {\"rows\": [{\"id\": 2}]}}, \"loads\": [\"shop\"]}");
    assertThat(Comparison.differences(recorded, before, failed("load", "t", half)))
        .containsExactly(
            "tables.t: must have 0 rows, has 1", "tables.t: unexpected row  {\"id\": 2}");
  }

  @Test
  void anEarlierStepMayFailButNoLaterOne() {
    var recorded = after("{\"error\": {\"step\": \"normalize\", \"words\": []}}");
    var found = failed("load", "late", CaseRunner.NOTHING);
    assertThat(Comparison.differences(recorded, CaseRunner.NOTHING, found))
        .containsExactly("failed in load, but must fail in normalize or earlier");
  }

  private static Stream<Path> files() throws IOException {
    try (var files = Files.list(CASES)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
    }
  }

  /// What was recorded, as a run would be found that made just that.
  private static List<Expectation> asFound(Case recorded) {
    return recorded.expect().stream()
        .map(after ->
            after
                .error()
                .map(error -> failed(error.step(), String.join(" ", error.words()), after))
                .orElse(after))
        .toList();
  }

  private static Expectation failed(String step, String message, Expectation there) {
    return new Expectation(
        there.schemas(),
        there.tables(),
        there.loads(),
        there.state(),
        there.pulled(),
        Optional.of(new Failure(step, List.of(), message)));
  }

  private static Expectation after(String json) {
    return Expectation.of(Json.loads(json), java.util.Set.of());
  }

  private static List<String> rows(String value) {
    var row = new LinkedHashMap<String, Object>();
    row.put("v", Markers.decode(Json.loads(value)));
    return Canonical.rows(List.of(row), java.util.Set.of());
  }

  private static boolean changeValue(Map<String, Object> after) {
    return inRows(rows -> rows.getFirst().replace("_dlt_load_id", "$load:9") != null).test(after);
  }

  private static boolean removeValue(Map<String, Object> after) {
    return inRows(rows -> rows.getFirst().remove("_dlt_load_id") != null).test(after);
  }

  private static boolean turn(List<Object> list) {
    if (list.size() < 2 || list.getFirst().equals(list.getLast())) return false;
    Collections.reverse(list);
    return true;
  }

  private static boolean addHint(List<Map<String, Object>> columns) {
    return columns.getFirst().put("x-new", true) == null;
  }

  private static boolean changeCursor(Map<String, Object> after, String key, Object value) {
    var cursors = Tree.<Map<String, Object>>map(after.get("state"));
    if (cursors.isEmpty()) return false;
    cursors.values().iterator().next().put(key, value);
    return true;
  }

  private static boolean changePulled(Map<String, Object> after) {
    if (!after.containsKey("pulled")) return false;
    Tree.<Long>map(after.get("pulled")).replaceAll((name, count) -> count + 1);
    return true;
  }

  private static boolean addWord(Map<String, Object> after) {
    if (!after.containsKey("error")) return false;
    return Tree.list(Tree.map(after.get("error")).get("words")).add("something else");
  }

  private static boolean put(
      Map<String, Object> after, String where, String key, Map<String, Object> value) {
    if (after.containsKey("error")) return false;
    var whole = new LinkedHashMap<>(Tree.map(after.get(where)));
    whole.put(key, value);
    after.put(where, whole);
    return true;
  }

  private static Predicate<Map<String, Object>> in(String key, Predicate<List<Object>> change) {
    return after -> {
      var list = Tree.list(after.get(key));
      return !list.isEmpty() && !after.containsKey("error") && change.test(list);
    };
  }

  private static Predicate<Map<String, Object>> inRows(
      Predicate<List<Map<String, Object>>> change) {
    return inTable("rows", change);
  }

  /// Changes the first table whose list of that name is not empty.
  private static <T> Predicate<Map<String, Object>> inTable(String key, Predicate<List<T>> change) {
    return after -> !after.containsKey("error") && inFirst(tables(after, "tables"), key, change);
  }

  private static <T> Predicate<Map<String, Object>> inSchema(
      String key, Predicate<List<T>> change) {
    return after -> {
      var tables = new ArrayList<Map<String, Object>>();
      Tree.<Map<String, Map<String, Object>>>map(after.get("schema"))
          .values()
          .forEach(schema -> tables.addAll(schema.values()));
      return inFirst(tables, key, change);
    };
  }

  private static List<Map<String, Object>> tables(Map<String, Object> after, String key) {
    return List.copyOf(Tree.<Map<String, Object>>map(after.get(key)).values());
  }

  private static <T> boolean inFirst(
      List<Map<String, Object>> tables, String key, Predicate<List<T>> change) {
    for (var table : tables) {
      var list = Tree.<T>list(table.get(key));
      if (!list.isEmpty() && change.test(list)) return true;
    }
    return false;
  }
}
