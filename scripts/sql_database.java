///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Tables of a database: all rows first, then only the new ones
//SOURCES ../lib/sluice.java
//DEPS org.xerial:sqlite-jdbc:3.53.4.0
import static dev.sluice.Sluice.*;
import dev.sluice.sources.SqlDatabase;
import java.sql.DriverManager;

// Any database with a JDBC driver is a source: its columns and keys become hints, and a cursor becomes WHERE.
void main() throws Exception {
  sql("DROP TABLE IF EXISTS orders",
      "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer VARCHAR(20), total DECIMAL(8,2), placed DATETIME, card TEXT)",
      "INSERT INTO orders VALUES (1, 'Ada', 12.5, '2026-01-01 10:00:00', '4711'), (2, 'Bob', 7, '2026-01-02 11:00:00', '4712')");
  var orders = SqlDatabase.of("jdbc:sqlite:sql_database.sqlite").without("card").table("orders", incremental("id", 0));
  var pipeline = pipeline("sql_database").to(duckdb("sql_database.duckdb"));
  IO.println(pipeline.run(orders.merge()));

  sql("INSERT INTO orders VALUES (3, 'Eve', 99, '2026-01-03 12:00:00', '4713')");
  IO.println(pipeline.run(orders.merge()));   // asks for id >= 2 and loads order 3 alone
  IO.println(pipeline.sql("select id, customer, total, placed from orders order by id"));
}

void sql(String... statements) throws Exception {
  try (var connection = DriverManager.getConnection("jdbc:sqlite:sql_database.sqlite"); var statement = connection.createStatement()) {
    for (var sql : statements) statement.execute(sql);
  }
}
