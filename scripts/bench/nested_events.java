///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Loads a file of nested events with its stages timed: FILE [jsonl|parquet]
//SOURCES ../../lib/sluice.java
//SOURCES Bench.java
//CDS
//RUNTIME_OPTIONS -Dsluice.aot=true
import static dev.sluice.Sluice.*;
import dev.sluice.schema.LoadFileFormat;
import dev.sluice.sources.Filesystem;

// One run over nested documents in a JVM of its own; nested.java starts it.
void main(String... arguments) throws Exception {
  var file = Path.of(arguments[0]);
  var format = LoadFileFormat.valueOf(arguments.length > 1 ? arguments[1].toUpperCase() : "JSONL");
  var events = Filesystem.of(file.getParent(), file.getFileName().toString()).rows("events");
  var pipeline = pipeline("events").to(duckdb("bench.duckdb"));
  var start = System.nanoTime();
  pipeline.extract(events);
  var extracted = System.nanoTime();
  pipeline.normalize(format);
  var normalized = System.nanoTime();
  pipeline.load();
  var loaded = System.nanoTime();
  Bench.figures(
      "extract_s", (extracted - start) / 1e9,
      "normalize_s", (normalized - extracted) / 1e9,
      "load_s", (loaded - normalized) / 1e9,
      "peak_rss_mb", Bench.peakMegabytes(),
      "rows", Bench.rows(Path.of("bench.duckdb"), "events_dataset"));
}
