package dev.sluice.normalize;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What a normalize did, package by package; its text is the report.
///
/// ```java
/// var info = pipeline.normalize();
/// IO.println(info);                           // rows of each table, new columns, what was set aside
/// long users = info.rowCounts().get("users");
/// ```
public record NormalizeInfo(String pipeline, List<NormalizedPackage> packages) {
  /// A package that is ready to be loaded.
  ///
  /// - `rowCounts`: rows by table, those of nested tables too
  /// - `files`: the load files
  /// - `newColumns`: what the load will add at the destination, by table: `name type`
  /// - `variants`: columns made because values did not fit, by table
  /// - `nullOnly`: columns that held nothing but nulls and are not created, by table
  /// - `quarantined`: rows that a contract set aside, by table
  /// - `quarantinedValues`: single values that a contract set aside, by table
  /// - `jobs`: the extracted files, and who read them when
  public record NormalizedPackage(
      String loadId,
      String schema,
      int schemaVersion,
      Map<String, Long> rowCounts,
      List<LoadFile> files,
      Map<String, List<String>> newColumns,
      Map<String, List<String>> variants,
      Map<String, List<String>> nullOnly,
      Map<String, Long> quarantined,
      Map<String, Long> quarantinedValues,
      List<Job> jobs,
      Instant startedAt,
      Duration took) {}

  /// An extracted file; `worker` is the thread that read it, or `again` if an earlier file's new
  /// columns had overtaken it.
  public record Job(
      String table, String file, String worker, Instant startedAt, Duration elapsed) {}

  /// A file to load, with its rows and its size on disk.
  public record LoadFile(String name, String table, long rows, long bytes) {}

  /// Load ids in the order of loading.
  public List<String> loadIds() {
    return packages.stream().map(NormalizedPackage::loadId).toList();
  }

  /// Rows by table, over all packages.
  public Map<String, Long> rowCounts() {
    var counts = new TreeMap<String, Long>();
    packages.forEach(
        one -> one.rowCounts().forEach((table, rows) -> counts.merge(table, rows, Long::sum)));
    return counts;
  }

  /// Whether there was nothing to normalize.
  public boolean isEmpty() {
    return packages.isEmpty();
  }

  /// The report.
  @Override
  public String toString() {
    if (packages.isEmpty()) {
      return "Nothing to normalize in pipeline " + pipeline;
    }
    var text = new StringBuilder();
    for (var one : packages) {
      report(text, one);
    }
    return text.toString().stripTrailing();
  }

  private void report(StringBuilder text, NormalizedPackage one) {
    long rows = one.rowCounts.values().stream().mapToLong(Long::longValue).sum();
    long bytes = one.files.stream().mapToLong(LoadFile::bytes).sum();
    text.append(
        String.format(
            Locale.ROOT,
            "Normalized package %s of pipeline %s (schema %s, version %d): %,d rows into %d files (%s) in %.1f s%n",
            one.loadId,
            pipeline,
            one.schema,
            one.schemaVersion,
            rows,
            one.files.size(),
            size(bytes),
            one.took.toMillis() / 1e3));
    one.rowCounts.forEach((table, count) ->
        text.append(String.format(Locale.ROOT, "- %s: %,d row(s)%n", table, count)));
    lists(text, "new in", one.newColumns, "");
    lists(text, "variants in", one.variants, "; their values did not fit the column's type");
    lists(text, "only nulls in", one.nullOnly, "; not created, declare a type to have them");
    one.quarantined.forEach((table, count) ->
        text.append(
            String.format(
                Locale.ROOT, "  set aside: %,d row(s) of %s, see quarantine%n", count, table)));
    one.quarantinedValues.forEach((table, count) ->
        text.append(
            String.format(
                Locale.ROOT, "  set aside: %,d value(s) of %s, see quarantine%n", count, table)));
    text.append("  not loaded yet").append(System.lineSeparator());
  }

  private static void lists(
      StringBuilder text, String what, Map<String, List<String>> tables, String remark) {
    tables.forEach((table, columns) -> {
      var shown = columns.size() > 12 ? columns.subList(0, 12) : columns;
      text.append("  ")
          .append(what)
          .append(' ')
          .append(table)
          .append(": ")
          .append(String.join(", ", shown))
          .append(columns.size() > 12 ? " and " + (columns.size() - 12) + " more" : "")
          .append(remark)
          .append(System.lineSeparator());
    });
  }

  private static String size(long bytes) {
    return bytes < 100_000
        ? String.format(Locale.ROOT, "%.1f KB", bytes / 1e3)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
