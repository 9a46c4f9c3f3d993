package dev.sluice.load;

import static dev.sluice.load.MergeStep.Effect.DELETE;
import static dev.sluice.load.MergeStep.Effect.RETIRE;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schema.RowIds;
import dev.sluice.schema.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// The recorded cases of merges, given to the SQL alone: what stands in staging is worked out from
/// the items.
class MergeCasesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> CASES =
      List.of(
          "merge_both_keys",
          "merge_compound_key",
          "merge_dedup_sort_desc",
          "merge_duplicates_in_load",
          "merge_hard_delete_bool",
          "merge_insert_only",
          "merge_merge_key",
          "merge_nested_shrinks",
          "merge_no_keys",
          "merge_primary_key",
          "merge_scd2",
          "merge_scd2_merge_key",
          "merge_scd2_reappears",
          "merge_upsert",
          "merge_upsert_duplicates",
          "merge_upsert_hard_delete",
          "switch_to_merge_nested");

  @TestFactory
  List<DynamicTest> mergesAsRecorded() {
    return CASES.stream().map(name -> DynamicTest.dynamicTest(name, () -> check(name))).toList();
  }

  private static void check(String name) throws Exception {
    var expected = read("/dev/sluice/load/" + name + ".json");
    if (expected.has("better")) expected = read("/better/" + name + ".json");
    try (var dataset = MergeDataset.open()) {
      for (int run = 0; run < expected.get("runs").size(); run++) {
        var resource = expected.at("/runs/%d/sources/0/resources/0".formatted(run));
        var state = expected.at("/expect/" + run);
        var schema = schema(state.at("/schema/shop"));
        var root = resource.get("name").asString();
        dataset.load(
            schema,
            root,
            rows(schema, root, resource.get("items"), "$load:" + (run + 1)),
            "$load:" + (run + 1),
            time(run + 1),
            (context, steps) -> {
              long foreseen = 0;
              for (var row : dataset.query(MergeSql.preview(context)))
                foreseen +=
                    ((Number) row.get("updated")).longValue()
                        + ((Number) row.get("deleted")).longValue();
              var counts = dataset.run(steps);
              assertThat(counts.getOrDefault(DELETE, 0L) + counts.getOrDefault(RETIRE, 0L))
                  .as("rows of before that %s touches", name)
                  .isEqualTo(foreseen);
              return counts;
            });
        for (var table : state.get("tables").propertyStream().toList())
          assertThat(rows(dataset.rows(table.getKey()), expected.get("ignore")))
              .as("%s, run %d, table %s", name, run + 1, table.getKey())
              .containsExactlyInAnyOrderElementsOf(
                  JSON.convertValue(
                      table.getValue().get("rows"),
                      new TypeReference<List<Map<String, Object>>>() {}));
      }
    }
  }

  private static JsonNode read(String resource) throws IOException {
    try (var stream = MergeCasesTest.class.getResourceAsStream(resource)) {
      return JSON.readTree(stream);
    }
  }

  private static Instant time(int load) {
    return Instant.parse("2026-01-0%dT10:00:00.000001Z".formatted(load));
  }

  private static List<Map<String, Object>> rows(List<Map<String, Object>> rows, JsonNode ignore) {
    var all = new ArrayList<Map<String, Object>>();
    for (var row : rows) {
      var copy = new TreeMap<String, Object>();
      row.forEach((column, value) -> {
        if (ignore.valueStream().noneMatch(name -> name.asString().equals(column)))
          copy.put(column, plain(value));
      });
      all.add(copy);
    }
    return all;
  }

  private static Object plain(Object value) {
    if (value instanceof Long number) return number.intValue();
    if (!(value instanceof OffsetDateTime time)) return value;
    for (int load = 1; load < 5; load++)
      if (time(load).equals(time.toInstant())) return "$load_time:" + load;
    return time;
  }

  private static Schema schema(JsonNode recorded) {
    var tables = new LinkedHashMap<String, Object>();
    recorded.forEachEntry((name, table) -> {
      var map = JSON.convertValue(table, new TypeReference<Map<String, Object>>() {});
      var columns =
          JSON.convertValue(
              table.get("columns"), new TypeReference<List<Map<String, Object>>>() {});
      map.put("name", name);
      map.put(
          "columns",
          columns.stream()
              .collect(
                  toMap(
                      column -> column.get("name"),
                      column -> column,
                      (one, other) -> one,
                      LinkedHashMap::new)));
      tables.put(name, map);
    });
    return Schema.of(Map.of("name", "shop", "tables", tables));
  }

  /// What normalize makes of flat items with lists of scalars.
  private static Map<String, List<Map<String, Object>>> rows(
      Schema schema, String root, JsonNode items, String loadId) throws IOException {
    var ids = RowIds.of(new Random(1));
    var tables = new LinkedHashMap<String, List<Map<String, Object>>>();
    var table = schema.table(root).orElseThrow();
    var flat = new ArrayList<JsonNode>();
    items.forEach(item -> {
      if (item.isArray()) item.forEach(flat::add);
      else flat.add(item);
    });
    for (var item : flat) {
      var row = new LinkedHashMap<String, Object>();
      item.forEachEntry((key, value) -> {
        if (!value.isArray()) row.put(key, JSON.convertValue(value, Object.class));
      });
      var strategy = String.valueOf(table.property("x-merge-strategy"));
      var hashed = new TreeMap<String, Object>(row);
      if (!strategy.equals("scd2"))
        hashed.keySet().removeIf(key -> !table.column(key).orElseThrow().has("primary_key"));
      row.putIfAbsent(
          "_dlt_id",
          strategy.equals("null") || strategy.equals("delete-insert")
              ? ids.random()
              : ids.hash(JSON.writeValueAsString(hashed).getBytes(StandardCharsets.UTF_8)));
      row.put("_dlt_load_id", loadId);
      tables.computeIfAbsent(root, name -> new ArrayList<>()).add(row);
      item.forEachEntry((key, value) -> {
        if (!value.isArray()) return;
        var nested = root + "__" + key;
        for (int i = 0; i < value.size(); i++) {
          var id = (String) row.get("_dlt_id");
          tables
              .computeIfAbsent(nested, name -> new ArrayList<>())
              .add(
                  Map.of(
                      "value", JSON.convertValue(value.get(i), Object.class),
                      "_dlt_parent_id", id,
                      "_dlt_root_id", id,
                      "_dlt_list_idx", i,
                      "_dlt_id", ids.nested(id, nested, i)));
        }
      });
    }
    return tables;
  }
}
