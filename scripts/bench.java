///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION The million-row example in fresh JVMs: [ROWS] [--dlt PYTHON] [--runs N] [--shuffled]; or extract, normalize, nested, sources
//SOURCES ../lib/sluice.java
//SOURCES bench/Bench.java
import java.sql.DriverManager;

int rows = 1_000_000;
int runs = 3;
boolean shuffled;
String python;

// Measures the example of parallel_load.java as a user meets it: JBang and JVM start, all stages, gzip and fsync on.
void main(String... arguments) throws Exception {
  if (arguments.length > 0 && List.of("extract", "normalize", "nested", "sources").contains(arguments[0])) {
    var rest = Arrays.copyOfRange(arguments, 1, arguments.length);
    var command = Bench.script("bench/%s.java".formatted(arguments[0]), rest);
    System.exit(new ProcessBuilder(command).inheritIO().start().waitFor());
  }
  read(arguments);
  var folder = Files.createTempDirectory("sluice-bench");
  try {
    measure(folder);
  } finally {
    Bench.delete(folder);
  }
}

void read(String... arguments) {
  var rest = new ArrayDeque<>(List.of(arguments));
  while (!rest.isEmpty()) {
    switch (rest.pop()) {
      case "--dlt" -> python = rest.pop();
      case "--runs" -> runs = Integer.parseInt(rest.pop());
      case "--shuffled" -> shuffled = true;
      case String number -> rows = Integer.parseInt(number.replace("_", ""));
    }
  }
}

void measure(Path folder) throws Exception {
  var example = Bench.script("bench/example.java", shuffled ? new String[] {"" + rows, "shuffled"} : new String[] {"" + rows});
  var limit = Bench.script("bench/duckdb_read.java", folder.resolve("ours") + "/.dlt/pipelines/parallel_load/load/loaded/*/completed_jobs/table.*.jsonl*");
  var small = Bench.script("bench/example.java", "1000");
  Bench.warm(folder, example, small, Map.of());
  Bench.run(Bench.fresh(folder, "ours"), small); // what the first read of the limit finds
  Bench.run(Bench.fresh(folder, "limit"), limit);
  var ours = new ArrayList<Bench.Run>();
  var limits = new ArrayList<Bench.Run>();
  for (int run = 0; run < runs; run++) {
    ours.add(Bench.run(Bench.fresh(folder, "ours"), example));
    check(folder.resolve("ours/bench.duckdb"));
    limits.add(Bench.run(Bench.fresh(folder, "limit"), limit));
  }
  var our = Bench.median(ours);
  var duckdb = Bench.median(limits);
  IO.println("%,d rows%s, median of %d runs".formatted(rows, shuffled ? ", shuffled" : "", runs));
  IO.println("  Sluice          %6.2f s (cpu %.2f) = extract %.2f, normalize %.2f, load %.2f, start %.2f; %,.0f rows/s; peak %.0f MB"
      .formatted(our.seconds(), our.cpuSeconds(), our.figure("extract_s"), our.figure("normalize_s"), our.figure("load_s"),
          our.seconds() - our.figure("extract_s") - our.figure("normalize_s") - our.figure("load_s"), rows / our.seconds(), our.figure("peak_rss_mb")));
  IO.println("  DuckDB's read   %6.2f s (cpu %.2f), of the same rows from the same files, a JVM with nothing else".formatted(duckdb.seconds(), duckdb.cpuSeconds()));
  var parquet = dlt(folder, "parquet", our);
  var jsonl = dlt(folder, "jsonl", our);
  Bench.result("process_s", our.seconds(), "dlt_parquet_ratio", parquet, "dlt_jsonl_ratio", jsonl,
      "duckdb_limit_ratio", our.seconds() / duckdb.seconds(), "peak_rss_mb", Math.round(our.figure("peak_rss_mb")));
}

// How many times as long dlt takes in the same run; n/a without a Python that has dlt.
Object dlt(Path folder, String format, Bench.Run our) throws Exception {
  if (python == null) return "n/a";
  var command = new ArrayList<>(List.of(python, Bench.home().resolve("scripts/bench/parallel_load.py").toString(), "" + rows, format));
  if (shuffled) command.add("shuffled");
  var own = Bench.fresh(folder, "dlt-" + format);
  Files.createDirectories(own.resolve(".dlt"));
  Files.copy(Bench.home().resolve("scripts/.dlt/config.toml"), own.resolve(".dlt/config.toml"));
  var run = Bench.run(own, command);
  IO.println("  dlt, %-10s %6.2f s (cpu %.2f) = extract %.2f, normalize %.2f, load %.2f; %.1f times as long, %.1f times the cpu"
      .formatted(format, run.seconds(), run.cpuSeconds(), run.figure("extract_s"), run.figure("normalize_s"), run.figure("load_s"),
          run.seconds() / our.seconds(), run.cpuSeconds() / our.cpuSeconds()));
  return run.seconds() / our.seconds();
}

// A fast wrong result is none: every row is there once, with an id of its own.
void check(Path database) throws Exception {
  try (var connection = DriverManager.getConnection("jdbc:duckdb:" + database);
      var found = connection.createStatement().executeQuery(
          "SELECT count(*), count(DISTINCT \"row\"), count(DISTINCT _dlt_id) FROM parallel_load_dataset.\"table\"")) {
    found.next();
    for (int column = 1; column <= 3; column++) {
      if (found.getLong(column) != rows) throw new IllegalStateException("There must be %d rows, keys and ids, not %d".formatted(rows, found.getLong(column)));
    }
  }
}
