package dev.sluice.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schema.Schema;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Random merges that the real dlt 1.31 has done, with what stood in its staging tables and what
/// was there after each load: the same rows come out of ours.
///
/// Keys that are staged twice are in it for delete-insert alone, where dlt keeps the first; where
/// we do better than dlt (`lib/src/test/resources/better`), the inputs keep away.
class MergeReplayTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TestFactory
  List<DynamicTest> mergesAsDltDid() throws Exception {
    var tests = new ArrayList<DynamicTest>();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(getClass().getResourceAsStream("dlt-merges.jsonl")),
                StandardCharsets.UTF_8))) {
      for (String line; (line = lines.readLine()) != null; ) {
        var recorded = JSON.readTree(line);
        tests.add(
            DynamicTest.dynamicTest(
                recorded.get("seed") + " " + recorded.get("hints"), () -> replay(recorded)));
      }
    }
    assertThat(tests).hasSizeGreaterThan(30);
    return tests;
  }

  private static void replay(JsonNode recorded) throws Exception {
    var tables = Map.<String, Object>of();
    try (var dataset = MergeDataset.open()) {
      for (var run : recorded.get("runs")) {
        if (run.has("tables"))
          tables =
              JSON.convertValue(run.get("tables"), new TypeReference<Map<String, Object>>() {});
        var staged = new LinkedHashMap<String, List<Map<String, Object>>>();
        run.get("staged").forEachEntry((table, rows) -> staged.put(table, rows(rows)));
        dataset.load(
            Schema.of(Map.of("name", "shop", "tables", tables)),
            "t",
            staged,
            run.get("load_id").asString(),
            OffsetDateTime.parse(run.get("created_at").asString()).toInstant());
        for (var table : run.get("rows").propertyStream().toList())
          assertThat(dataset.rows(table.getKey()).stream().map(MergeReplayTest::plain))
              .as("%s, load %s, table %s", recorded.get("seed"), run.get("load_id"), table.getKey())
              .containsExactlyInAnyOrderElementsOf(
                  rows(table.getValue()).stream().map(MergeReplayTest::plain).toList());
      }
    }
  }

  private static List<Map<String, Object>> rows(JsonNode recorded) {
    return recorded
        .valueStream()
        .<Map<String, Object>>map(row -> {
          var map = new TreeMap<String, Object>();
          row.forEachEntry((column, value) ->
              map.put(
                  column,
                  value.has("$timestamp")
                      ? OffsetDateTime.parse(value.get("$timestamp").asString())
                      : JSON.convertValue(value, Object.class)));
          return map;
        })
        .toList();
  }

  /// Values as they compare: whole numbers alike, times by instant.
  private static Map<String, Object> plain(Map<String, Object> row) {
    var map = new TreeMap<String, Object>();
    row.forEach((column, value) ->
        map.put(
            column,
            switch (value) {
              case Integer number -> (Object) number.longValue();
              case OffsetDateTime time -> time.toInstant();
              default -> value;
            }));
    return map;
  }
}
