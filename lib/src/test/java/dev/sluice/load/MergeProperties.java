package dev.sluice.load;

import static dev.sluice.load.MergeStep.Effect.DELETE;
import static dev.sluice.load.MergeStep.Effect.INSERT;
import static dev.sluice.load.MergeStep.Effect.RETIRE;
import static dev.sluice.load.MergeStep.Effect.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.load.MergeModel.Rows;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.Schema;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Random merges, by SQL and by a model in plain Java: the same rows, the previewed counts, and an
/// undo that brings back what was there.
class MergeProperties {
  private static final List<String> CHAIN = List.of("t", "t__l", "t__l__m");

  @Property(tries = 150)
  void deleteInsert(@ForAll long seed) throws SQLException {
    var random = new Random(seed);
    var keys = random.nextInt(4);
    check(
        random,
        new MergeModel(
            "delete-insert",
            (keys & 1) == 0 ? "" : "key",
            (keys & 2) == 0 ? "" : "day",
            hardDelete(random),
            dedupSort(random)));
  }

  @Property(tries = 100)
  void upsert(@ForAll long seed) throws SQLException {
    var random = new Random(seed);
    check(random, new MergeModel("upsert", "key", "", hardDelete(random), dedupSort(random)));
  }

  @Property(tries = 100)
  void insertOnly(@ForAll long seed) throws SQLException {
    var random = new Random(seed);
    check(random, new MergeModel("insert-only", "key", "", hardDelete(random), dedupSort(random)));
  }

  @Property(tries = 100)
  void scd2(@ForAll long seed) throws SQLException {
    var random = new Random(seed);
    check(random, new MergeModel("scd2", "", random.nextBoolean() ? "" : "day", "", ""));
  }

  private static void check(Random random, MergeModel model) throws SQLException {
    boolean rootKey = random.nextBoolean();
    int depth = random.nextInt(4) - 1; // one in two without nested tables
    var tables = new TreeMap<String, Rows>();
    for (var name : CHAIN.subList(0, Math.max(1, depth + 1))) tables.put(name, new Rows());
    var schema = schema(model, tables.keySet().stream().toList(), rootKey);
    try (var dataset = MergeDataset.open()) {
      for (int load = 1; load <= 4; load++) {
        var staged = rows(random, model, load, tables.size());
        var before = rows(dataset, tables, load > 1);
        var time = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(load);
        var counts =
            dataset.load(
                schema,
                "t",
                staged,
                "load " + load,
                time,
                (context, steps) -> {
                  var preview = preview(dataset, context);
                  var done = dataset.run(steps);
                  assertPreview(model, preview, done);
                  return done;
                });
        model.merge("t", tables, staged, time);
        var after = rows(dataset, tables, true);
        for (var table : tables.keySet())
          assertThat(after.get(table))
              .as("%s, load %d, table %s", model, load, table)
              .containsExactlyInAnyOrderElementsOf(visible(tables.get(table), rootKey));
        if (counts.keySet().stream().anyMatch(e -> e.replaces() && counts.get(e) > 0)) continue;
        dataset.inTransaction(() -> {
          dataset.run(MergeSql.undo(dataset.last()));
          var undone = rows(dataset, tables, true);
          for (var table : tables.keySet())
            assertThat(undone.get(table))
                .as("%s without its newest load, table %s", model, table)
                .containsExactlyInAnyOrderElementsOf(before.getOrDefault(table, List.of()));
        });
      }
    }
  }

  private static void assertPreview(
      MergeModel model, Map<String, Long> preview, Map<MergeStep.Effect, Long> done) {
    long inserted = done.getOrDefault(INSERT, 0L);
    var expected = new ArrayList<Long>();
    switch (model.strategy()) {
      case "scd2" -> expected.addAll(List.of(inserted, done.getOrDefault(RETIRE, 0L), 0L));
      case "insert-only" ->
          expected.addAll(List.of(inserted + done.getOrDefault(UPDATE, 0L), 0L, 0L));
      default -> {
        long updated = preview.get("updated");
        expected.addAll(
            List.of(inserted - updated, updated, done.getOrDefault(DELETE, 0L) - updated));
      }
    }
    assertThat(List.of(preview.get("inserted"), preview.get("updated"), preview.get("deleted")))
        .as("%s: inserted, updated, deleted", model)
        .isEqualTo(expected);
  }

  private static Map<String, Long> preview(MergeDataset dataset, MergeContext context)
      throws SQLException {
    var sums = new TreeMap<String, Long>();
    for (var row : dataset.query(MergeSql.preview(context)))
      for (var count : List.of("inserted", "updated", "deleted"))
        sums.merge(count, ((Number) row.get(count)).longValue(), Long::sum);
    return sums;
  }

  private static Map<String, List<Map<String, Object>>> rows(
      MergeDataset dataset, Map<String, Rows> tables, boolean there) throws SQLException {
    var all = new TreeMap<String, List<Map<String, Object>>>();
    if (there)
      for (var table : tables.keySet()) {
        var rows = dataset.rows(table);
        for (var row : rows)
          row.replaceAll(
              (column, value) -> value instanceof OffsetDateTime time ? time.toInstant() : value);
        all.put(table, rows);
      }
    return all;
  }

  private static List<Map<String, Object>> visible(Rows rows, boolean rootKey) {
    var all = new ArrayList<Map<String, Object>>();
    for (var row : rows) {
      var copy = new TreeMap<>(row);
      if (!rootKey) copy.remove("_dlt_root_id");
      all.add(copy);
    }
    return all;
  }

  private static Map<String, Rows> rows(Random random, MergeModel model, int load, int tables) {
    var staged = new LinkedHashMap<String, Rows>();
    staged.put("t", new Rows());
    for (int i = random.nextInt(8); i > 0; i--) {
      var row = new LinkedHashMap<String, Object>();
      row.put("key", (long) random.nextInt(6));
      row.put("day", (long) random.nextInt(3));
      if (random.nextInt(4) > 0) row.put("sort", (long) random.nextInt(3));
      if (model.hardDelete().equals("bool") && random.nextBoolean())
        row.put("gone", random.nextBoolean());
      if (model.hardDelete().equals("text") && random.nextInt(3) == 0) row.put("gone", "yes");
      var elements = new ArrayList<Integer>();
      for (int n = tables > 1 ? random.nextInt(3) : 0; n > 0; n--)
        elements.add(tables > 2 ? random.nextInt(3) : 0);
      var id =
          switch (model.strategy()) {
            case "delete-insert" -> "r%d.%d".formatted(load, i);
            case "scd2" -> "v" + row + elements;
            default -> "k" + row.get("key");
          };
      row.put("_dlt_id", id);
      row.put("_dlt_load_id", "load " + load);
      staged.get("t").add(row);
      for (int n = 0; n < elements.size(); n++) {
        var element = nested(id, id, n, random.nextInt(9), model);
        staged.computeIfAbsent("t__l", name -> new Rows()).add(element);
        for (int m = 0; m < elements.get(n); m++)
          staged
              .computeIfAbsent("t__l__m", name -> new Rows())
              .add(nested(id, (String) element.get("_dlt_id"), m, random.nextInt(9), model));
      }
    }
    return staged;
  }

  private static Map<String, Object> nested(
      String root, String parent, int index, int value, MergeModel model) {
    var row = new LinkedHashMap<String, Object>();
    row.put("value", model.strategy().equals("scd2") ? 0L : (long) value);
    row.put("_dlt_root_id", root);
    row.put("_dlt_parent_id", parent);
    row.put("_dlt_list_idx", (long) index);
    row.put("_dlt_id", parent + "/" + index);
    return row;
  }

  private static Schema schema(MergeModel model, List<String> names, boolean rootKey) {
    var tables = new LinkedHashMap<String, Object>();
    for (var name : names) {
      var columns = new ArrayList<ColumnSchema>();
      if (name.equals("t")) {
        if (model.strategy().equals("scd2")) {
          columns.add(ColumnSchema.of("valid_from", DataType.TIMESTAMP).with("x-valid-from", true));
          columns.add(ColumnSchema.of("valid_to", DataType.TIMESTAMP).with("x-valid-to", true));
        }
        columns.add(
            ColumnSchema.of("key", DataType.BIGINT).with("primary_key", hint(model.primaryKey())));
        columns.add(
            ColumnSchema.of("day", DataType.BIGINT).with("merge_key", hint(model.mergeKey())));
        columns.add(
            ColumnSchema.of("sort", DataType.BIGINT)
                .with("dedup_sort", model.dedupSort().isEmpty() ? null : model.dedupSort()));
        if (!model.hardDelete().isEmpty())
          columns.add(
              ColumnSchema.of("gone", DataType.of(model.hardDelete()).orElseThrow()).hardDelete());
      } else {
        columns.add(ColumnSchema.of("value", DataType.BIGINT));
        if (rootKey)
          columns.add(
              ColumnSchema.of("_dlt_root_id", DataType.TEXT).notNull().with("root_key", true));
        columns.add(
            ColumnSchema.of("_dlt_parent_id", DataType.TEXT).notNull().with("parent_key", true));
        columns.add(ColumnSchema.of("_dlt_list_idx", DataType.BIGINT).notNull());
      }
      var id = ColumnSchema.of("_dlt_id", DataType.TEXT).notNull();
      columns.add(
          name.equals("t") && model.strategy().equals("scd2")
              ? id.with("x-row-version", true)
              : id.with("row_key", true));
      if (name.equals("t")) columns.add(ColumnSchema.of("_dlt_load_id", DataType.TEXT).notNull());
      var map = new LinkedHashMap<String, Object>();
      map.put("name", name);
      if (name.equals("t")) {
        map.put("write_disposition", "merge");
        map.put("x-merge-strategy", model.strategy());
      } else {
        map.put("parent", name.substring(0, name.lastIndexOf("__")));
      }
      var byName = new LinkedHashMap<String, Object>();
      for (var column : columns) byName.put(column.name(), column.properties());
      map.put("columns", byName);
      tables.put(name, map);
    }
    return Schema.of(Map.of("name", "shop", "tables", tables));
  }

  private static Object hint(String key) {
    return !key.isEmpty();
  }

  private static String hardDelete(Random random) {
    return List.of("", "bool", "text").get(random.nextInt(3));
  }

  private static String dedupSort(Random random) {
    return List.of("", "asc", "desc").get(random.nextInt(3));
  }
}
