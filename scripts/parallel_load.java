///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION A million rows, stage by stage, with files that rotate and three normalizing threads
//SOURCES ../lib/sluice.java
//CDS
//RUNTIME_OPTIONS -Dsluice.aot=true
//FILES dlt/config.toml=.dlt/config.toml
import static dev.sluice.Sluice.*;

// Loads a large table in parts: .dlt/config.toml rotates the files each 100,000 rows, so that stages work in parallel.
void main() {
  var table = resource("table", out -> {
    for (int start = 0; start < 1_000_000; start += 1_000) {
      var now = OffsetDateTime.now().toString();
      out.page(IntStream.range(start, start + 1_000)
          .mapToObj(id -> Map.of("row", id, "description", "this is row with id {_id}", "timestamp", now))
          .toList());
    }
  });
  var pipeline = pipeline("parallel_load").to(duckdb()).devMode();
  pipeline.extract(table);

  // we should have 11 files (10 pieces for `table` and 1 for state)
  IO.println(pipeline.extractedPackages());
  // normalize and print counts
  IO.println(pipeline.normalize(JSONL));
  // print jobs in load package (10 + 1 as above)
  var loadId = pipeline.normalizedPackages().getFirst().loadId();
  IO.println(pipeline.loadPackage(loadId).jobs());
  IO.println(pipeline.load());
}
