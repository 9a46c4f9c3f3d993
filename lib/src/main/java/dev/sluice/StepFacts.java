package dev.sluice;

import dev.sluice.extract.ExtractInfo;
import dev.sluice.load.LoadInfo;
import dev.sluice.normalize.NormalizeInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the trace keeps of a step's result: rows by table and what else was counted.
final class StepFacts {
  private StepFacts() {}

  static Map<String, Object> of(@Nullable Object info) {
    return switch (info) {
      case ExtractInfo extracted -> {
        var rows = new TreeMap<String, Long>();
        var setAside = 0L;
        for (var one : extracted.packages()) {
          for (var table : one.tables()) {
            rows.merge(table.name(), table.rows(), Long::sum);
            setAside += table.setAside();
          }
        }
        yield facts(extracted.packages().size(), rows, "rows set aside", setAside);
      }
      case NormalizeInfo normalized ->
          facts(
              normalized.packages().size(),
              normalized.rowCounts(),
              "rows set aside",
              normalized.packages().stream()
                  .flatMap(one -> one.quarantined().values().stream())
                  .mapToLong(Long::longValue)
                  .sum());
      case LoadInfo loaded ->
          facts(loaded.packages().size(), loaded.rows(), "failed jobs", loaded.failedJobs().size());
      case null, default -> Map.of();
    };
  }

  private static Map<String, Object> facts(
      int packages, Map<String, Long> rows, String name, long number) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("packages", packages);
    facts.put("rows", rows.values().stream().mapToLong(Long::longValue).sum());
    facts.put(name, number);
    rows.forEach((table, count) -> facts.put("rows of " + table, count));
    return facts;
  }
}
