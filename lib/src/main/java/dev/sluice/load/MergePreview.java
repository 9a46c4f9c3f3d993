package dev.sluice.load;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A query with one row for each table of a chain and the columns `table_name`, `inserted`,
/// `updated`, `deleted`.
final class MergePreview {
  private final Map<String, String> parts = new LinkedHashMap<>();
  private final List<String> rows = new ArrayList<>();

  /// Names a query for use in the counts.
  void with(String name, String query) {
    parts.put(name, query);
  }

  /// Adds a table with its three counts.
  void row(String table, String inserted, String updated, String deleted) {
    rows.add(
        "SELECT %s AS table_name, %s AS inserted, %s AS updated, %s AS deleted"
            .formatted(Literal.text(table), inserted, updated, deleted));
  }

  String sql() {
    var with =
        parts.entrySet().stream()
            .map(part -> "%s AS MATERIALIZED (%s)".formatted(part.getKey(), part.getValue()))
            .collect(joining(", "));
    return (with.isEmpty() ? "" : "WITH " + with + " ") + String.join(" UNION ALL ", rows);
  }
}
