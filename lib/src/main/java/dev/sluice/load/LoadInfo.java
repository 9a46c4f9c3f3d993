package dev.sluice.load;

import dev.sluice.seam.Seam;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What a load did: packages with their jobs, rows and times.
///
/// ```java
/// var info = pipeline.load();
/// IO.println(info);
/// IO.println(info.rows().get("users"));
/// ```
///
/// - `destination`, `location`: the kind of place and where it is; no secret
/// - `packages`: in the order they were loaded; empty if nothing was pending
public record LoadInfo(
    String pipeline,
    String destination,
    String location,
    String dataset,
    Instant startedAt,
    Instant finishedAt,
    List<Loaded> packages) {
  /// A package that is at the destination.
  ///
  /// - `state`: `loaded`
  /// - `alreadyLoaded`: an earlier run had committed it, this one only put its folder away
  /// - `rows`: that its files had, by table
  /// - `newColumns`: columns added at the destination, by table
  /// - `warnings`: what is worth knowing but stopped nothing
  public record Loaded(
      String loadId,
      String schema,
      String state,
      Instant completedAt,
      Duration elapsed,
      boolean alreadyLoaded,
      List<Job> jobs,
      Map<String, Long> rows,
      Map<String, List<String>> newColumns,
      List<String> warnings) {
    Loaded warned(String warning) {
      return new Loaded(
          loadId,
          schema,
          state,
          completedAt,
          elapsed,
          alreadyLoaded,
          jobs,
          rows,
          newColumns,
          Stream.concat(warnings.stream(), Stream.of(warning)).toList());
    }

    /// With more warnings, before its own.
    Loaded warned(List<String> more) {
      var all = Stream.concat(more.stream(), warnings.stream()).toList();
      return new Loaded(
          loadId, schema, state, completedAt, elapsed, alreadyLoaded, jobs, rows, newColumns, all);
    }
  }

  /// One file of a package.
  ///
  /// - `state`: `completed` or `failed`
  /// - `rows`: empty if another tool wrote the file
  /// - `bytes`: of the file, compressed
  /// - `startedAt`: of that statement
  /// - `elapsed`: of the statement that loaded it, which loads all files of its table
  /// - `failure`: why it failed
  public record Job(
      String table,
      String file,
      String state,
      OptionalLong rows,
      long bytes,
      Instant startedAt,
      Duration elapsed,
      Optional<String> failure) {}

  /// The load ids of the packages.
  public List<String> loadIds() {
    return packages.stream().map(Loaded::loadId).toList();
  }

  /// Rows loaded by table, over all packages, dlt's own tables among them.
  public Map<String, Long> rows() {
    var rows = new TreeMap<String, Long>();
    for (var done : packages)
      done.rows().forEach((table, count) -> rows.merge(table, count, Long::sum));
    return rows;
  }

  /// All jobs, in order.
  public List<Job> jobs() {
    return packages.stream().flatMap(done -> done.jobs().stream()).toList();
  }

  /// The jobs that failed; a load with one throws, so that a result has none.
  public List<Job> failedJobs() {
    return jobs().stream().filter(job -> job.state().equals("failed")).toList();
  }

  /// Whether anything was loaded.
  public boolean loadedAnything() {
    return !packages.isEmpty();
  }

  /// The same with a warning to its last package.
  @Seam
  public LoadInfo warned(String warning) {
    var all = new ArrayList<>(packages);
    all.set(all.size() - 1, all.getLast().warned(warning));
    return new LoadInfo(
        pipeline, destination, location, dataset, startedAt, finishedAt, List.copyOf(all));
  }

  /// How long it took.
  public Duration elapsed() {
    return Duration.between(startedAt, finishedAt);
  }

  /// The report.
  @Override
  public String toString() {
    var text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "Pipeline %s load step completed in %.2f seconds%n%d load package(s) were loaded to"
                    + " destination %s and into dataset %s%nThe %s destination used %s to store data",
                pipeline,
                elapsed().toNanos() / 1e9,
                packages.size(),
                destination,
                dataset,
                destination,
                location));
    for (var done : packages) {
      text.append(
          String.format(
              Locale.ROOT,
              "%nLoad package %s is %s and contains %s",
              done.loadId(),
              done.state().toUpperCase(Locale.ROOT),
              failed(done)));
      if (done.alreadyLoaded()) text.append("; it had been committed by an earlier run");
      var files = new TreeMap<String, long[]>();
      for (var job : done.jobs()) {
        var sums = files.computeIfAbsent(job.table(), table -> new long[2]);
        sums[0]++;
        sums[1] += job.bytes();
      }
      files.forEach((table, sums) ->
          text.append(
              String.format(
                  Locale.ROOT,
                  "%n  %s: %,d rows in %d %s, %s",
                  table,
                  done.rows().getOrDefault(table, 0L),
                  sums[0],
                  sums[0] == 1 ? "file" : "files",
                  size(sums[1]))));
      for (var warning : done.warnings()) text.append(String.format("%n  %s", warning));
    }
    return text.toString();
  }

  private static String failed(Loaded done) {
    var count = done.jobs().stream().filter(job -> job.state().equals("failed")).count();
    return count == 0 ? "no failed jobs" : count + " failed jobs";
  }

  private static String size(long bytes) {
    if (bytes < 1_000) return bytes + " B";
    if (bytes < 1_000_000) return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
