package dev.sluice.load;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// What a merge should make of a table chain, row by row in plain Java: the rules without the SQL.
///
/// - `strategy`, `primaryKey`, `mergeKey`, `hardDelete`, `dedupSort`: hints of the root table;
///   blank if not given
record MergeModel(
    String strategy, String primaryKey, String mergeKey, String hardDelete, String dedupSort) {
  /// Rows of a table, without nulls.
  static final class Rows extends ArrayList<Map<String, Object>> {
    private static final long serialVersionUID = 1;

    void removeUnder(Set<Object> roots) {
      removeIf(row -> roots.contains(row.get("_dlt_root_id")));
    }

    Set<Object> values(String column) {
      return stream()
          .map(row -> row.get(column))
          .filter(Objects::nonNull)
          .collect(Collectors.toSet());
    }
  }

  /// Merges staged rows into those that are there; `root` names the root table.
  void merge(String root, Map<String, Rows> tables, Map<String, Rows> staged, Object time) {
    switch (strategy) {
      case "delete-insert" -> replace(root, tables, staged, mergeKey, false);
      case "upsert" -> replace(root, tables, staged, "", true);
      case "insert-only" -> insertOnly(root, tables, staged);
      case "scd2" -> history(root, tables, staged, time);
      default -> throw new IllegalArgumentException(strategy);
    }
  }

  private void replace(
      String root,
      Map<String, Rows> tables,
      Map<String, Rows> staged,
      String mergeKey,
      boolean last) {
    var rows = staged.get(root);
    var old = new HashSet<Object>();
    tables
        .get(root)
        .removeIf(row -> {
          boolean goes =
              List.of(primaryKey, mergeKey).stream()
                  .anyMatch(key -> !key.isEmpty() && rows.values(key).contains(row.get(key)));
          if (goes) old.add(row.get("_dlt_id"));
          return goes;
        });
    tables.forEach((name, table) -> table.removeUnder(old));
    var kept = new Rows();
    kept.addAll(primaryKey.isEmpty() ? rows : once(rows, primaryKey, last));
    kept.removeIf(this::isDeletion);
    tables.get(root).addAll(kept);
    insertNested(root, tables, staged, kept.values("_dlt_id"), last);
  }

  private void insertOnly(String root, Map<String, Rows> tables, Map<String, Rows> staged) {
    var rows = staged.get(root);
    var known = tables.get(root).values(primaryKey);
    var fresh = new Rows();
    for (var row : once(rows, primaryKey, false))
      if (!isDeletion(row) && !known.contains(row.get(primaryKey))) fresh.add(row);
    var roots = fresh.values("_dlt_id");
    for (var row : rows)
      if (!isDeletion(row) && tables.get(root).values("_dlt_id").contains(row.get("_dlt_id")))
        roots.add(row.get("_dlt_id"));
    tables.get(root).addAll(fresh);
    insertNested(root, tables, staged, roots, false);
    // what was there already is not inserted again
    tables.forEach((name, table) -> {
      if (name.equals(root)) return;
      var seen = new HashSet<Object>();
      table.removeIf(row -> !seen.add(row.get("_dlt_id")));
    });
  }

  private void history(
      String root, Map<String, Rows> tables, Map<String, Rows> staged, Object time) {
    var rows = staged.get(root);
    var active = new HashSet<Object>();
    for (var row : tables.get(root)) {
      if (row.containsKey("valid_to")) continue;
      boolean absent = !rows.values("_dlt_id").contains(row.get("_dlt_id"));
      if (absent && (mergeKey.isEmpty() || rows.values(mergeKey).contains(row.get(mergeKey))))
        row.put("valid_to", time);
      else active.add(row.get("_dlt_id"));
    }
    for (var row : rows)
      if (!active.contains(row.get("_dlt_id"))) {
        var version = new LinkedHashMap<>(row);
        version.put("valid_from", time);
        tables.get(root).add(version);
      }
    staged.forEach((name, nested) -> {
      if (name.equals(root)) return;
      var there = tables.get(name).values("_dlt_id");
      for (var row : nested) if (!there.contains(row.get("_dlt_id"))) tables.get(name).add(row);
    });
  }

  private void insertNested(
      String root,
      Map<String, Rows> tables,
      Map<String, Rows> staged,
      Set<Object> roots,
      boolean last) {
    staged.forEach((name, nested) -> {
      if (name.equals(root)) return;
      var candidates = new Rows();
      for (var row : nested) if (roots.contains(row.get("_dlt_root_id"))) candidates.add(row);
      tables.get(name).addAll(once(candidates, "_dlt_id", last, ""));
    });
  }

  private Rows once(Rows rows, String key, boolean last) {
    return once(rows, key, last, dedupSort);
  }

  private static Rows once(Rows rows, String key, boolean last, String dedupSort) {
    var order = new ArrayList<>(rows);
    if (last) java.util.Collections.reverse(order);
    if (!dedupSort.isEmpty()) {
      Comparator<Long> values = Comparator.naturalOrder();
      if (dedupSort.equals("desc")) values = values.reversed();
      order.sort(
          Comparator.comparing(
              (Map<String, Object> row) -> (Long) row.get("sort"), Comparator.nullsLast(values)));
    }
    var seen = new HashSet<Object>();
    var result = new Rows();
    for (var row : order) if (seen.add(row.get(key))) result.add(row);
    return result;
  }

  private boolean isDeletion(Map<String, Object> row) {
    return switch (hardDelete) {
      case "bool" -> Boolean.TRUE.equals(row.get("gone"));
      case "text" -> row.get("gone") != null;
      default -> false;
    };
  }
}
