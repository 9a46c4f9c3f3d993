///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Normalizes the rows of the example with one worker and with two, in one warmed JVM: [ROWS]
//SOURCES ../../lib/sluice.java
//SOURCES Bench.java
import static dev.sluice.Sluice.*;

// The same rows in files of a tenth each, by turns; the fastest of three runs counts.
void main(String... arguments) throws Exception {
  int rows = arguments.length > 0 ? Integer.parseInt(arguments[0].replace("_", "")) : 5_000_000;
  var folder = Files.createTempDirectory("sluice-bench");
  try {
    var one = Double.MAX_VALUE;
    var two = Double.MAX_VALUE;
    for (int run = 0; run < 4; run++) {
      var first = seconds(folder, 1, rows);
      var second = seconds(folder, 2, rows);
      if (run == 0) continue; // the JVM is warm from here on
      one = Math.min(one, first);
      two = Math.min(two, second);
    }
    IO.println("%,d rows: one worker %.2f s, two %.2f s".formatted(rows, one, two));
    Bench.result("normalize_two_vs_one", one / two);
  } finally {
    Bench.delete(folder);
  }
}

double seconds(Path folder, int workers, int rows) throws Exception {
  var pipeline = pipeline("workers" + workers).pipelinesDir(Bench.fresh(folder, "w" + workers)).to(duckdb(":memory:"))
      .setting("normalize.workers", workers).setting("data_writer.file_max_items", rows / 10);
  pipeline.extract(resource("table", out -> {
    for (int start = 0; start < rows; start += 1_000) {
      var now = OffsetDateTime.now().toString();
      out.page(IntStream.range(start, start + 1_000)
          .mapToObj(id -> Map.of("row", id, "description", "this is row with id {_id}", "timestamp", now))
          .toList());
    }
  }));
  var start = System.nanoTime();
  pipeline.normalize(JSONL);
  return (System.nanoTime() - start) / 1e9;
}
