///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Loads a file of nested events with its stages timed: FILE
//SOURCES ../../lib/sluice.java
//SOURCES Bench.java
import static dev.sluice.Sluice.*;
import dev.sluice.json.Json;

// One run over nested documents in a JVM of its own; nested.java starts it.
void main(String... arguments) throws Exception {
  var events = resource("events", out -> {
    try (var lines = Files.newBufferedReader(Path.of(arguments[0]))) {
      for (var page = page(lines); !page.isEmpty(); page = page(lines)) out.page(page);
    }
  });
  var pipeline = pipeline("events").to(duckdb("bench.duckdb"));
  var start = System.nanoTime();
  pipeline.extract(events);
  var extracted = System.nanoTime();
  pipeline.normalize(JSONL);
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

List<Map<String, Object>> page(BufferedReader lines) throws IOException {
  var page = new ArrayList<Map<String, Object>>();
  for (String line; page.size() < 1_000 && (line = lines.readLine()) != null; ) page.add(Json.loads(line));
  return page;
}
