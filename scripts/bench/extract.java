///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION The extract engine: slow calls in parallel, calls that do nothing, round robin against fifo: [--dlt PYTHON]
//SOURCES Bench.java
//DEPS org.duckdb:duckdb_jdbc:2.0.0.1
//JAVA 25+

String python;

// Measures how much of the ideal parallel calls reach, what a call costs, and what taking turns costs; dlt does the same beside.
void main(String... arguments) throws Exception {
  if (arguments.length > 1 && arguments[0].equals("--dlt")) python = arguments[1];
  var folder = Files.createTempDirectory("sluice-bench");
  try {
    ours(folder, "calls", 10, Map.of());
    var calls = ours(folder, "calls", 1_000, Map.of("EXTRACT__MAX_PARALLEL_ITEMS", "20"));
    var noop = ours(folder, "noop", 1_000_000, Map.of());
    var fifo = ours(folder, "turns", 50_000, Map.of("EXTRACT__NEXT_ITEM_MODE", "fifo"));
    var turns = ours(folder, "turns", 50_000, Map.of("EXTRACT__NEXT_ITEM_MODE", "round_robin"));
    var dltNoop = python == null ? null : dlt(folder, "noop", 100_000, Map.of());
    if (python != null) {
      dlt(folder, "calls", 1_000, Map.of("EXTRACT__MAX_PARALLEL_ITEMS", "20"));
      dlt(folder, "turns", 50_000, Map.of("EXTRACT__NEXT_ITEM_MODE", "round_robin"));
    }
    var perSecond = 1_000_000 / noop.figure("extract_s");
    Bench.result("deferred_vs_ideal", calls.figure("extract_s") / 2.5, "noop_per_s", Math.round(perSecond),
        "round_robin_vs_fifo", turns.figure("extract_s") / fifo.figure("extract_s"),
        "dlt_ratio", dltNoop == null ? "n/a" : perSecond / (100_000 / dltNoop.figure("extract_s")));
  } finally {
    Bench.delete(folder);
  }
}

Bench.Run ours(Path folder, String what, int count, Map<String, String> settings) throws Exception {
  var run = Bench.run(Bench.fresh(folder, "ours"), Bench.script("bench/extract_run.java", what, "" + count), settings);
  IO.println("  Sluice  %-6s %,10d %-42s %6.2f s, peak %.0f MB".formatted(what, count, settings, run.figure("extract_s"), run.figure("peak_rss_mb")));
  return run;
}

Bench.Run dlt(Path folder, String what, int count, Map<String, String> settings) throws Exception {
  var script = Bench.home().resolve("scripts/bench/extract_run.py").toString();
  var run = Bench.run(Bench.fresh(folder, "dlt"), List.of(python, script, what, "" + count), settings);
  IO.println("  dlt     %-6s %,10d %-42s %6.2f s".formatted(what, count, settings, run.figure("extract_s")));
  return run;
}
