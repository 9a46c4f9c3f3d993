import static dev.sluice.Sluice.duckdb;
import static dev.sluice.Sluice.pipeline;
import static dev.sluice.Sluice.resource;

import dev.sluice.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Many runs in one process and one run of many rows: open files, threads, heap and disk stay flat.
final class Soak {
  private static final int RUNS = 200;

  /// The first runs load classes, compile them and open what stays open.
  private static final int WARM = 40;

  private static final int PAGE = 1_000;

  private Soak() {}

  /// Runs both in processes of their own, the second with a heap of 256 MB.
  ///
  /// - returns whether nothing grew and every row came
  static boolean run(Worker.Start start, long rows) throws IOException, InterruptedException {
    var small = told("%d runs in one process".formatted(RUNS), start, Map.of("do", "soak", "runs", RUNS), 600);
    var large = told("%,d rows with -Xmx256m".formatted(rows), start, Map.of("do", "soak", "rows", rows), 3_600);
    System.out.println("%d passed, %d failed".formatted((small ? 1 : 0) + (large ? 1 : 0), (small ? 0 : 1) + (large ? 0 : 1)));
    return small && large;
  }

  private static boolean told(String what, Worker.Start start, Map<String, Object> command, long seconds) throws IOException, InterruptedException {
    var folder = Files.createDirectories(start.scratch().resolve("soak"));
    var began = System.nanoTime();
    try (var process = start.options("-Xmx256m").in(folder)) {
      var whole = new LinkedHashMap<>(command);
      whole.put("folder", folder.toString());
      var answer = process.await(process.send(whole), seconds).orElseGet(Bed::died);
      var problems = answer.get("problems") instanceof List<?> said ? said : List.of(Bed.message(answer));
      System.out.println("%s, %.1f s: %s".formatted(what, (System.nanoTime() - began) / 1e9, answer.getOrDefault("figures", "")));
      problems.forEach(problem -> System.out.println("FAILED " + problem));
      return problems.isEmpty();
    } finally {
      Trees.delete(folder);
    }
  }

  /// What the process under test does.
  static Map<String, Object> of(Map<String, Object> command) {
    var folder = Path.of(String.valueOf(command.get("folder")));
    try {
      return command.get("runs") instanceof Number runs ? many(folder, runs.intValue()) : large(folder, ((Number) command.get("rows")).longValue());
    } catch (IOException | RuntimeException failed) {
      return Map.of("problems", List.of(String.valueOf(failed)));
    }
  }

  /// What a process holds.
  private record Held(long handles, long threads, long heapKilobytes) {
    static Held now() throws IOException {
      for (var i = 0; i < 3; i++) {
        System.gc();
      }
      var runtime = Runtime.getRuntime();
      return new Held(entries("/proc/self/fd"), entries("/proc/self/task"), (runtime.totalMemory() - runtime.freeMemory()) / 1024);
    }

    private static long entries(String folder) throws IOException {
      try (Stream<Path> all = Files.list(Path.of(folder))) {
        return all.count();
      }
    }
  }

  private static Map<String, Object> many(Path folder, int runs) throws IOException {
    var problems = new ArrayList<String>();
    Held warm = null;
    for (var run = 1; run <= runs; run++) {
      var id = run;
      pipelineIn(folder).run(resource("numbers", () -> List.of(Map.of("id", id, "tags", List.of("a", "b")))));
      if (run == WARM) {
        warm = Held.now();
      }
    }
    var end = Held.now();
    grew(problems, "open files", warm.handles(), end.handles(), 2);
    grew(problems, "threads", warm.threads(), end.threads(), 2);
    // A tenth, or two megabytes: what 160 runs leave would be more if each left a buffer of 16 KB.
    grew(problems, "kilobytes of heap", warm.heapKilobytes(), end.heapKilobytes(), Math.max(2_048, warm.heapKilobytes() / 10));
    var found = pipelineIn(folder).dataset().rowCount("numbers");
    if (found != runs) {
      problems.add("numbers has %d rows instead of %d".formatted(found, runs));
    }
    left(problems, folder);
    return Map.of("problems", problems, "figures", "after %d runs %s, at the end %s".formatted(WARM, warm, end));
  }

  private static Map<String, Object> large(Path folder, long rows) throws IOException {
    var problems = new ArrayList<String>();
    run(folder.resolve("warm"), PAGE); // loads the classes and opens their jars
    var before = Held.now();
    run(folder, rows);
    var end = Held.now();
    grew(problems, "open files", before.handles(), end.handles(), 2);
    grew(problems, "threads", before.threads(), end.threads(), 2);
    grew(problems, "kilobytes of heap", before.heapKilobytes(), end.heapKilobytes(), 16 * 1_024);
    var sums = pipelineIn(folder).sql("select count(*) as n, count(distinct id) as ids, max(id) as last from numbers");
    var said = sums.row(0).getLong("n") + " " + sums.row(0).getLong("ids") + " " + sums.row(0).getLong("last");
    if (!said.equals(rows + " " + rows + " " + (rows - 1))) {
      problems.add("numbers has count, distinct ids and the last of " + said + " instead of " + rows);
    }
    left(problems, folder);
    return Map.of("problems", problems, "figures", "before %s, at the end %s, %,d MB on disk".formatted(before, end, size(folder) >> 20));
  }

  private static void run(Path folder, long rows) {
    pipelineIn(folder)
        .setting("load.delete_completed_jobs", true)
        .run(resource("numbers", out -> {
          for (long at = 0; at < rows; at += PAGE) {
            var begin = at;
            out.page(IntStream.range(0, (int) Math.min(PAGE, rows - at)).mapToObj(i -> Map.of("id", begin + i, "text", "row " + (begin + i))).toList());
          }
        }));
  }

  private static Pipeline pipelineIn(Path folder) {
    return pipeline("soak").to(duckdb(folder.resolve("soak.duckdb"))).pipelinesDir(folder.resolve("pipelines"));
  }

  private static void grew(List<String> problems, String what, long before, long after, long allowed) {
    if (after > before + allowed) {
      problems.add("%s grew from %d to %d".formatted(what, before, after));
    }
  }

  private static void left(List<String> problems, Path folder) throws IOException {
    for (var file : Trees.files(folder)) {
      if (file.toString().matches(".*(\\.tmp|\\.new|\\.wal|/\\.commit/.*|/load/new/.*)")) {
        problems.add("a file is left behind: " + file);
      }
    }
  }

  private static long size(Path folder) throws IOException {
    var bytes = 0L;
    for (var file : Trees.files(folder)) {
      bytes += Files.size(folder.resolve(file));
    }
    return bytes;
  }
}
