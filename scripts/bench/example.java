///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION The example of parallel_load.java with its stages timed: ROWS [shuffled]
//SOURCES ../../lib/sluice.java
//CDS
//RUNTIME_OPTIONS -Dsluice.aot=true
//SOURCES Bench.java
//FILES dlt/config.toml=../.dlt/config.toml
import static dev.sluice.Sluice.*;

// One run of the million-row example in a JVM of its own; bench.java starts it.
void main(String... arguments) throws Exception {
  int rows = Integer.parseInt(arguments[0]);
  boolean shuffled = arguments.length > 1 && arguments[1].equals("shuffled");
  var table = resource("table", out -> {
    for (int start = 0; start < rows; start += 1_000) {
      var now = OffsetDateTime.now().toString();
      out.page(IntStream.range(start, Math.min(start + 1_000, rows))
          .mapToObj(id -> shuffled ? shuffled(id, now) : Map.of("row", id, "description", "this is row with id {_id}", "timestamp", now))
          .toList());
    }
  });
  var pipeline = pipeline("parallel_load").to(duckdb("bench.duckdb"));
  var start = System.nanoTime();
  pipeline.extract(table);
  var extracted = System.nanoTime();
  pipeline.normalize(JSONL);
  var normalized = System.nanoTime();
  pipeline.load();
  var loaded = System.nanoTime();
  Bench.figures(
      "extract_s", (extracted - start) / 1e9,
      "normalize_s", (normalized - extracted) / 1e9,
      "load_s", (loaded - normalized) / 1e9,
      "peak_rss_mb", Bench.peakMegabytes());
}

// The same row with its keys in another order each time, and a nested surprise in row 500,001.
Map<String, Object> shuffled(int id, String now) {
  var keys = new ArrayList<>(List.of("row", "description", "timestamp"));
  Collections.shuffle(keys, new Random(id));
  var row = new LinkedHashMap<String, Object>();
  for (var key : keys) {
    row.put(key, switch (key) { case "row" -> id; case "timestamp" -> now; default -> "this is row with id {_id}"; });
  }
  if (id == 500_000) row.put("surprise", Map.of("kind", "nested", "list", List.of(Map.of("a", 1), Map.of("b", "two"))));
  return row;
}
