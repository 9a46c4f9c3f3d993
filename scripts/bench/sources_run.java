///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION One read of a source in a JVM of its own, timed: postgres URL | parquet FILE | csv FILE | duckdb FILE
//SOURCES ../../lib/sluice.java
//SOURCES Bench.java
//DEPS org.postgresql:postgresql:42.7.13
import static dev.sluice.Sluice.*;
import dev.sluice.config.Secret;
import dev.sluice.resource.Resource;
import dev.sluice.sources.*;
import java.sql.DriverManager;

// sources.java starts it.
void main(String... arguments) throws Exception {
  var start = System.nanoTime();
  var file = Path.of(arguments[1]);
  switch (arguments[0]) {
    case "postgres" -> load(start, SqlDatabase.of(arguments[1], "bench", Secret.of("")).table("orders"));
    case "duckdb" -> limit(start, file);
    default -> load(start, Filesystem.of(file.getParent(), file.getFileName().toString()).direct().rows("orders"));
  }
}

void load(long start, Resource<?> orders) throws Exception {
  var pipeline = pipeline("sources").to(duckdb("bench.duckdb"));
  pipeline.extract(orders);
  var extracted = System.nanoTime();
  pipeline.normalize();
  var normalized = System.nanoTime();
  pipeline.load();
  var loaded = System.nanoTime();
  Bench.figures("total_s", (loaded - start) / 1e9, "extract_s", (extracted - start) / 1e9, "normalize_s", (normalized - extracted) / 1e9,
      "load_s", (loaded - normalized) / 1e9, "peak_rss_mb", Bench.peakMegabytes());
}

// The limit for files: DuckDB reads them into a table, and nothing else is done.
void limit(long start, Path file) throws Exception {
  try (var connection = DriverManager.getConnection("jdbc:duckdb:limit.duckdb"); var statement = connection.createStatement()) {
    statement.execute("CREATE TABLE orders AS SELECT * FROM '%s'".formatted(file));
    statement.execute("CHECKPOINT");
  }
  Bench.figures("total_s", (System.nanoTime() - start) / 1e9);
}
