///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION DuckDB alone reads load files of the example into a new table: GLOB
//SOURCES ../../lib/sluice.java
//SOURCES Bench.java
import java.sql.DriverManager;

// The limit of the example: a JVM of its own in which DuckDB reads the same rows from the same files, and nothing else is done.
void main(String... arguments) throws Exception {
  var start = System.nanoTime();
  try (var connection = DriverManager.getConnection("jdbc:duckdb:limit.duckdb");
      var statement = connection.createStatement()) {
    statement.execute(
        """
        CREATE TABLE "table" AS SELECT * FROM read_json('%s', format = 'newline_delimited', columns = {
          "row": 'BIGINT', "description": 'VARCHAR', "timestamp": 'TIMESTAMPTZ', "_dlt_load_id": 'VARCHAR', "_dlt_id": 'VARCHAR'})"""
            .formatted(arguments[0]));
    statement.execute("CHECKPOINT");
    try (var count = statement.executeQuery("SELECT count(*) FROM \"table\"")) {
      count.next();
      Bench.figures("read_s", (System.nanoTime() - start) / 1e9, "rows", count.getLong(1));
    }
  }
}
