///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Ten rows into DuckDB
//SOURCES ../lib/sluice.java
//CDS
import static dev.sluice.Sluice.*;

// The smallest pipeline: rows from anywhere, a name for their table, a file of DuckDB.
void main() {
  var users = resource("users", () -> IntStream.rangeClosed(1, 10).mapToObj(id -> Map.of("id", id, "name", "user " + id)));
  var pipeline = pipeline("hello").to(duckdb("hello.duckdb"));
  IO.println(pipeline.run(users.replace()));
  IO.println(pipeline.sql("select id, name from users order by id"));
}
