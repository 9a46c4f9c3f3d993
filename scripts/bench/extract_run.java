///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION One extract in a JVM of its own, timed: calls|noop|turns COUNT
//SOURCES ../../lib/sluice.java
//SOURCES Bench.java
import static dev.sluice.Sluice.*;
import dev.sluice.resource.Source;

// extract.java starts it.
void main(String... arguments) throws Exception {
  // The first extract only loads classes.
  pipeline("warm").to(duckdb("bench.duckdb")).extract(chosen(arguments[0], 100));
  var source = chosen(arguments[0], Integer.parseInt(arguments[1]));
  var pipeline = pipeline("extract").to(duckdb("bench.duckdb"));
  var start = System.nanoTime();
  pipeline.extract(source);
  Bench.figures("extract_s", (System.nanoTime() - start) / 1e9, "peak_rss_mb", Bench.peakMegabytes());
}

Source chosen(String what, int count) {
  return switch (what) {
    case "calls" -> calls(count);
    case "noop" -> noop(count);
    default -> turns(count);
  };
}

// A slow service: 50 ms a call.
Source calls(int count) {
  var items = resource("items", () -> IntStream.range(0, count).boxed());
  return source("bench", items.transform("details", async(id -> {
    Thread.sleep(50);
    return Map.of("row", id);
  })));
}

// What a call costs that does nothing.
Source noop(int count) {
  var items = resource("items", () -> IntStream.range(0, count).boxed());
  return source("bench", items.transform("details", defer(id -> Map.of("row", id))));
}

// Twenty generators that push pages of 100 rows.
Source turns(int count) {
  return source("bench", IntStream.range(0, 20).mapToObj(number -> resource("table_" + number, out -> {
    for (int start = 0; start < count; start += 100) {
      out.page(IntStream.range(start, start + 100).mapToObj(row -> (Object) Map.of("row", row)).toList());
    }
  })).toArray(dev.sluice.resource.Resource[]::new));
}
