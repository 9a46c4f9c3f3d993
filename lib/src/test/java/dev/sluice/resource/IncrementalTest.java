package dev.sluice.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.json.Json;
import dev.sluice.json.TypedJson;
import dev.sluice.pipe.PipeException;
import dev.sluice.pipe.PipeSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

class IncrementalTest {
  record Event(int id, Instant at) {}

  private Map<String, Object> state = new LinkedHashMap<>();

  /// What dlt 1.31 does in the same runs: `rows` are the ids that it kept.
  static Stream<Map<String, Object>> cases() throws IOException {
    try (var in = IncrementalTest.class.getResourceAsStream("incremental.jsonl")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines().map(line -> Json.<Map<String, Object>>loads(line)).toList().stream();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  @SuppressWarnings("unchecked")
  void rowsAndStateAreThoseOfDlt(Map<String, Object> one) throws Exception {
    var incremental = Incremental.of((Map<String, ?>) decoded(one.get("incremental")));
    var runs = (List<List<Object>>) one.get("runs");
    for (int run = 0; run < runs.size(); run++) {
      var items = (List<Object>) decoded(runs.get(run));
      var expected = ((List<Map<String, Object>>) one.get("expect")).get(run);
      var pulled = new AtomicInteger();
      Resource<Object> events =
          Resource.<Object>of("events", () -> items.stream().peek(item -> pulled.incrementAndGet()))
              .incremental(incremental);
      if (one.get("primary_key") instanceof List<?> key) {
        events = events.primaryKey(key.toArray(String[]::new));
      } else if (one.get("primary_key") instanceof String key) {
        events = events.primaryKey(key);
      }
      if (expected.containsKey("error")) {
        var failing = events;
        assertThatThrownBy(() -> ids(failing))
            .hasMessageContainingAll(
                ((List<String>) one.get("error")).toArray(CharSequence[]::new));
        return;
      }
      assertThat(ids(events)).as("run " + run).isEqualTo(expected.get("rows"));
      if (expected.containsKey("pulled")) {
        assertThat(pulled.get()).isEqualTo(((Number) expected.get("pulled")).intValue());
      }
      if (expected.get("state") instanceof Map<?, ?> wanted) {
        var cursor = cursor(incremental.path());
        assertThat(cursor.get("initial_value")).isEqualTo(decoded(wanted.get("initial_value")));
        assertThat(cursor.get("last_value")).isEqualTo(decoded(wanted.get("last_value")));
        assertThat((List<String>) cursor.get("unique_hashes"))
            .as("run " + run)
            .containsExactlyInAnyOrderElementsOf((List<String>) wanted.get("hashes"));
      }
    }
  }

  @Test
  void theGeneratorSeesWhereToReadFrom() throws Exception {
    var seen = new ArrayList<Object>();
    for (int run = 0; run < 2; run++) {
      int last = run + 1;
      evaluate(
          Resource.of(
              "events",
              Incremental.of("at", Instant.EPOCH),
              since -> {
                seen.add(since.lastValue());
                return Stream.of(new Event(last, Instant.ofEpochSecond(last)));
              }));
    }
    assertThat(seen).containsExactly(Instant.EPOCH, Instant.ofEpochSecond(1));
    assertThat(cursor("at").get("last_value"))
        .isEqualTo(OffsetDateTime.parse("1970-01-01T00:00:02Z"));
  }

  @Test
  void aPushingGeneratorAsksForItsCursor() throws Exception {
    var seen = new ArrayList<Object>();
    var resource =
        Resource.of(
                "events",
                out -> {
                  seen.add(out.cursor("at").lastValue());
                  out.row(Map.of("at", 5));
                  seen.add(out.cursor("at").lastValue());
                  assertThatThrownBy(() -> out.cursor("other"))
                      .hasMessage(
                          "Resource 'events' has no cursor 'other'; declare it with"
                              + " .incremental(incremental(\"other\", ..))");
                })
            .incremental(Incremental.of("at", 1));
    evaluate(resource);
    assertThat(seen).containsExactly(1, 5);
  }

  @Test
  void aReducerOfItsOwnDecidesWhatCountsAsLater() throws Exception {
    var shortest =
        Incremental.of("at", "aaaa")
            .reducer(values ->
                values.stream().min((a, b) -> Integer.compare(a.length(), b.length())).get());
    assertThat(
            ids(
                Resource.of(
                        "events",
                        () ->
                            List.of(
                                Map.of("id", 1L, "at", "bbb"),
                                Map.of("id", 2L, "at", "ccccc"),
                                Map.of("id", 3L, "at", "dd")))
                    .incremental(shortest)))
        .containsExactly(1L, 3L);
    assertThat(cursor("at").get("last_value")).isEqualTo("dd");
  }

  @Test
  void aCursorOfAnotherTypeThanStoredIsAnError() throws Exception {
    var numbers =
        Resource.of("events", () -> List.of(Map.of("at", 5))).incremental(Incremental.of("at"));
    evaluate(numbers);
    var texts =
        Resource.of("events", () -> List.of(Map.of("at", "2024-01-01")))
            .incremental(Incremental.of("at"));
    assertThatThrownBy(() -> evaluate(texts))
        .isInstanceOf(PipeException.class)
        .hasMessageContaining(
            "Cursor 'at' of resource 'events' holds '2024-01-01' (text), but its last value is '5'"
                + " (a number); convert the rows");
  }

  @Test
  void backfillsNeedARangeThatIsOne() {
    assertThatThrownBy(() -> evaluate(events(Incremental.<Integer>of("at").endValue(4))))
        .hasMessage(
            "Cursor 'at' of resource 'events' has the end value '4' but no initial value; a"
                + " backfill needs both");
    assertThatThrownBy(() -> evaluate(events(Incremental.of("at", 5).endValue(4))))
        .hasMessage(
            "Cursor 'at' of resource 'events' has the initial value '5', which lies behind the end"
                + " value '4'; swap them");
    assertThatThrownBy(() -> evaluate(events(Incremental.of("at", List.of(1)).lag(1))))
        .hasMessageContaining("a lag needs numbers, dates or times, not '[1]'");
    assertThatThrownBy(() -> Incremental.of("a..b")).hasMessageContaining("'a..b' is no path");
    assertThatThrownBy(() -> Incremental.of(Map.of("cursor_path", "at", "row_order", "up")))
        .hasMessage(
            "Parameter 'row_order' of an incremental cursor is 'up', but must be one of asc, desc");
  }

  @Test
  void mapsComeBeforeTheCursorHoweverTheyAreDeclared() throws Exception {
    var events =
        Resource.of(
                "events", () -> List.<Map<String, Object>>of(Map.of("id", 1L), Map.of("id", 2L)))
            .incremental(Incremental.of("at"))
            .map(row -> Map.of("id", row.get("id"), "at", row.get("id")))
            .limit(1);
    assertThat(ids(events)).containsExactly(1L);
    assertThat(cursor("at").get("last_value")).isEqualTo(1L);
  }

  @Test
  void aTransformerHasACursorToo() throws Exception {
    for (var expected : List.of(List.of(1L, 2L), List.of())) {
      var details =
          Resource.of("items", () -> List.of(1L, 2L))
              .transform("details", id -> Map.of("id", id, "at", id))
              .incremental(Incremental.of("at"));
      assertThat(ids(details)).isEqualTo(expected);
    }
  }

  @Test
  void manyRowsAtTheLastValueAreKnownInBoundedMemory() throws Exception {
    assertThat(evaluate(boundary(IntStream.range(0, 21_000)))).hasSize(21_000);
    var cursor = cursor("at");
    assertThat((List<?>) cursor.get("unique_hashes")).isEmpty();
    assertThat((List<?>) cursor.get("boundary_blocks"))
        .hasSizeLessThanOrEqualTo(Boundary.MOST + 20);
    assertThat(evaluate(boundary(IntStream.range(0, 21_000)))).as("the same again").isEmpty();
    assertThat(evaluate(boundary(IntStream.range(0, 21_010)))).as("ten more").hasSize(10);
    assertThat(evaluate(boundary(IntStream.range(0, 21_010)))).isEmpty();
    assertThat(evaluate(boundary(IntStream.range(0, 15_000)))).as("fewer").hasSizeLessThan(16);
    assertThat(evaluate(boundary(IntStream.range(0, 21_010)))).isEmpty();
    assertThat(evaluate(boundary(IntStream.range(5, 21_010))))
        .as("in another order: better twice than lost")
        .hasSizeGreaterThan(20_000);
    assertThat(
            evaluate(
                Resource.of("events", () -> List.of(Map.of("id", 1, "at", 8)))
                    .incremental(Incremental.of("at"))))
        .hasSize(1);
    assertThat((List<?>) cursor("at").get("unique_hashes")).hasSize(1);
    assertThat(cursor("at")).doesNotContainKey("boundary_blocks");
  }

  @Test
  void aBoundaryMayOutgrowItsDigestsInALaterRun() throws Exception {
    assertThat(evaluate(boundary(IntStream.range(0, 9_000)))).hasSize(9_000);
    assertThat(evaluate(boundary(IntStream.range(0, 12_000)))).hasSize(3_000);
    assertThat((List<?>) cursor("at").get("unique_hashes")).isEmpty();
    assertThat(evaluate(boundary(IntStream.range(0, 12_001)))).hasSize(1);
    assertThat(evaluate(boundary(IntStream.range(0, 12_001)))).isEmpty();
  }

  @Test
  void aResumedRunStillKnowsWhereItBegan() throws Exception {
    evaluate(Resource.of("events", () -> rowsAt(3)).incremental(Incremental.of("at")));
    var rows = new Rows();
    Resource<Object> cutOff =
        Resource.of(
                "events",
                out -> {
                  out.page(rowsAt(9));
                  out.checkpoint("1");
                  throw new IllegalStateException("cut off");
                })
            .incremental(Incremental.of("at"));
    assertThatThrownBy(() -> evaluate(cutOff, rows)).hasMessageContaining("cut off");
    state = stored(rows.checkpoints.getFirst().state());
    Resource<Object> goesOn =
        Resource.of("events", out -> out.page(rowsAt(5, 3, 2, 10)))
            .incremental(Incremental.of("at"));
    assertThat(ids(goesOn)).containsExactly(5L, 10L);
    assertThat(cursor("at"))
        .containsOnlyKeys("initial_value", "last_value", "unique_hashes", "start_value");
    assertThat(cursor("at").get("last_value")).isEqualTo(10L);
    assertThat(cursor("at").get("start_value")).isEqualTo(3L);
  }

  private static List<Map<String, Object>> rowsAt(long... values) {
    return Arrays.stream(values)
        .mapToObj(at -> Map.<String, Object>of("id", at, "at", at))
        .toList();
  }

  @Test
  void stateOfABackfillIsNotKept() throws Exception {
    assertThat(evaluate(events(Incremental.of("at", 0).endValue(9)))).hasSize(1);
    assertThat(state).isEmpty();
  }

  private static Resource<Map<String, Integer>> boundary(IntStream ids) {
    var rows = ids.mapToObj(id -> Map.of("id", id, "at", 7)).toList();
    return Resource.of("events", () -> rows).incremental(Incremental.of("at"));
  }

  private static Resource<?> events(Incremental<?> incremental) {
    return Resource.of("events", () -> List.of(Map.of("id", 1L, "at", 5))).incremental(incremental);
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> cursor(String path) {
    var resources = (Map<String, Object>) state.get("resources");
    var events = (Map<String, Object>) resources.get("events");
    return (Map<String, Object>) ((Map<String, Object>) events.get("incremental")).get(path);
  }

  private List<Object> ids(Resource<?> resource) throws Exception {
    return evaluate(resource).stream().<Object>map(row -> ((Map<?, ?>) row).get("id")).toList();
  }

  /// Evaluates with the state, and writes and reads it as a file has it.
  private List<Object> evaluate(Resource<?> resource) throws Exception {
    return evaluate(resource, new Rows());
  }

  private List<Object> evaluate(Resource<?> resource, Rows rows) throws Exception {
    var settings = PipeSettings.defaults();
    Evaluation.run(
        Source.of("shop", resource),
        new EvaluationContext() {
          @Override
          public Map<String, Object> sourceState() {
            return state;
          }

          @Override
          public PipeSettings settings() {
            return settings;
          }
        },
        rows);
    state = stored(state);
    return rows.all;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> stored(Map<String, Object> state) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new JsonFactory().createGenerator(ObjectWriteContext.empty(), bytes)) {
      TypedJson.write(out, state);
    }
    try (var in = new JsonFactory().createParser(ObjectReadContext.empty(), bytes.toByteArray())) {
      return (Map<String, Object>) TypedJson.read(in);
    }
  }

  private static Object decoded(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(IncrementalTest::decoded).toList();
    }
    if (!(value instanceof Map<?, ?> map)) {
      return value;
    }
    if (map.get("$timestamp") instanceof String time) {
      return time.matches(".*([+-]\\d\\d:\\d\\d|Z)")
          ? OffsetDateTime.parse(time)
          : (Object) LocalDateTime.parse(time);
    }
    if (map.get("$date") instanceof String date) {
      return LocalDate.parse(date);
    }
    if (map.get("$decimal") instanceof String decimal) {
      return new BigDecimal(decimal);
    }
    var copy = new LinkedHashMap<String, Object>();
    map.forEach((key, below) -> copy.put((String) key, decoded(below)));
    return copy;
  }
}
