package dev.sluice;

import dev.sluice.extract.ExtractInfo;
import dev.sluice.load.LoadInfo;
import dev.sluice.normalize.NormalizeInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the trace keeps of a step's result: rows by table and what else was counted.
final class StepFacts {
  private static final int MAX_JOBS = 1_000;

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
      case NormalizeInfo normalized -> {
        var facts =
            facts(
                normalized.packages().size(),
                normalized.rowCounts(),
                "rows set aside",
                normalized.packages().stream()
                    .flatMap(one -> one.quarantined().values().stream())
                    .mapToLong(Long::longValue)
                    .sum());
        facts.put(
            "jobs",
            normalized.packages().stream()
                .flatMap(one -> one.jobs().stream())
                .limit(MAX_JOBS)
                .map(job ->
                    job(job.worker(), job.table(), job.file(), job.startedAt(), job.elapsed()))
                .toList());
        yield facts;
      }
      case LoadInfo loaded -> {
        var facts =
            facts(
                loaded.packages().size(), loaded.rows(), "failed jobs", loaded.failedJobs().size());
        facts.put("jobs", statements(loaded));
        yield facts;
      }
      case null, default -> Map.of();
    };
  }

  /// One statement loads all files of a table.
  private static List<Map<String, Object>> statements(LoadInfo loaded) {
    var statements = new LinkedHashMap<List<?>, Map<String, Object>>();
    for (var job : loaded.jobs()) {
      if (!job.elapsed().isZero()) {
        statements.putIfAbsent(
            List.of(job.table(), job.startedAt()),
            job("", job.table(), job.file(), job.startedAt(), job.elapsed()));
      }
    }
    return statements.values().stream().limit(MAX_JOBS).toList();
  }

  /// In dlt's words, as far as it has them.
  private static Map<String, Object> job(
      String worker, String table, String file, Instant startedAt, Duration elapsed) {
    var job = new LinkedHashMap<String, Object>();
    job.put("job_id", file);
    job.put("table_name", table);
    job.put("started_at", startedAt.toString());
    job.put("finished_at", startedAt.plus(elapsed).toString());
    if (!worker.isEmpty()) {
      job.put("worker", worker);
    }
    return job;
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
