///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Merges 100,000 changed rows into a large table, and does the same by hand in SQL: ROWS
//SOURCES ../../lib/sluice.java
//SOURCES Bench.java
import static dev.sluice.Sluice.*;
import java.sql.DriverManager;

// Times the load of a merge against the statements a person would write, both from the same load file into the same table.
void main(String... arguments) throws Exception {
  int rows = Integer.parseInt(arguments[0]);
  int step = rows / 100_000;
  var pipeline = pipeline("merge").to(duckdb("bench.duckdb"));
  pipeline.run(users(rows, 1, "old").merge("id"));
  pipeline.extract(users(100_000, step, "new").merge("id"));
  pipeline.normalize(JSONL);
  Files.copy(Path.of("bench.duckdb"), Path.of("hand.duckdb"));
  // The files are gone from there once they are loaded.
  var files = Files.createDirectory(Path.of("files"));
  try (var all = Files.find(Path.of(".dlt/pipelines/merge/load/normalized"), 3, (path, is) -> path.getFileName().toString().startsWith("users."))) {
    for (var file : all.toList()) Files.copy(file, files.resolve(file.getFileName()));
  }

  var start = System.nanoTime();
  pipeline.load();
  var loaded = System.nanoTime();
  byHand();
  Bench.figures("load_s", (loaded - start) / 1e9, "sql_s", (System.nanoTime() - loaded) / 1e9);
  if (!sum("bench.duckdb").equals(sum("hand.duckdb"))) throw new IllegalStateException("The two merges made different tables");
}

Iterable<Map<String, Object>> rows(int count, int step, String version) {
  return () -> IntStream.range(0, count)
      .mapToObj(i -> Map.<String, Object>of("id", (long) i * step, "name", "user " + i * step, "version", version, "score", i / 4.0))
      .iterator();
}

dev.sluice.resource.Resource<Map<String, Object>> users(int count, int step, String version) {
  return resource("users", () -> rows(count, step, version));
}

void byHand() throws Exception {
  try (var connection = DriverManager.getConnection("jdbc:duckdb:hand.duckdb"); var statement = connection.createStatement()) {
    statement.execute("BEGIN");
    statement.execute("""
        CREATE TEMP TABLE changed AS SELECT * FROM read_json('files/*', format = 'newline_delimited', columns = {
          id: 'BIGINT', name: 'VARCHAR', version: 'VARCHAR', score: 'DOUBLE', _dlt_load_id: 'VARCHAR', _dlt_id: 'VARCHAR'})""");
    statement.execute("DELETE FROM merge_dataset.users WHERE id IN (SELECT id FROM changed)");
    statement.execute("INSERT INTO merge_dataset.users BY NAME SELECT * FROM changed");
    statement.execute("COMMIT");
    statement.execute("CHECKPOINT");
  }
}

String sum(String database) throws Exception {
  try (var connection = DriverManager.getConnection("jdbc:duckdb:" + database);
      var row = connection.createStatement().executeQuery(
          "SELECT count(*), sum(hash(id, name, version, score)), count(*) FILTER (version = 'new') FROM merge_dataset.users")) {
    row.next();
    return row.getString(1) + " " + row.getString(2) + " " + row.getString(3);
  }
}
