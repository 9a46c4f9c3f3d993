package dev.sluice.sources;

import static dev.sluice.sources.SqlReaderTest.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.JdbcUrlTest;
import dev.sluice.config.Secret;
import dev.sluice.resource.Incremental;
import dev.sluice.schema.ColumnSchema;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SqlDatabaseTest {
  @TempDir Path folder;

  private static SqlDatabase postgres(String schema, String... statements) throws Exception {
    var server = Postgres.running();
    server.inNewSchema(schema, statements);
    return SqlDatabase.of(server.url(), server.user(), Secret.of("secret")).in(schema);
  }

  private String sqlite(String... statements) throws Exception {
    var url = "jdbc:sqlite:" + folder.resolve("test.sqlite");
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      for (var sql : statements) statement.execute(sql);
    }
    return url;
  }

  private static List<Long> numbers(List<Map<String, Object>> rows, String column) {
    return rows.stream().map(row -> ((Number) row.get(column)).longValue()).toList();
  }

  @Test
  void aTableHasItsRowsItsTypesAndItsKey() throws Exception {
    var orders =
        postgres(
                "shop_types",
                """
                CREATE TABLE orders (
                  id bigint PRIMARY KEY, small smallint NOT NULL, name varchar(20), code char(3),
                  price numeric(12,2), free numeric, weight float8, paid boolean, at timestamptz,
                  wall timestamp, day date, time time, doc jsonb, list int[], bytes bytea, id2 uuid, mood text)
                """,
                "INSERT INTO orders (id, small, name) VALUES (1, 2, 'x')")
            .table("orders");
    assertThat(orders.hints().columns())
        .extracting(ColumnSchema::toString)
        .containsExactly(
            "id bigint not null",
            "small bigint not null",
            "name text",
            "code text",
            "price decimal(12,2)",
            "free decimal",
            "weight double",
            "paid bool",
            "at timestamp",
            "wall timestamp",
            "day date",
            "time time",
            "doc json",
            "list json",
            "bytes binary",
            "id2 text",
            "mood text");
    assertThat(orders.hints().columns())
        .filteredOn(column -> column.properties().containsKey("timezone"))
        .extracting(ColumnSchema::name, ColumnSchema::timezone)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("at", true),
            org.assertj.core.groups.Tuple.tuple("wall", false));
    assertThat(orders.hints().primaryKey()).contains(List.of("id"));
    assertThat(new Evaluated().rows(orders).getFirst())
        .containsEntry("id", 1L)
        .containsEntry("small", 2L)
        .containsEntry("name", "x")
        .containsEntry("paid", null);
  }

  @Test
  void detailDecidesWhichHintsThereAre() throws Exception {
    var database =
        postgres(
            "shop_detail",
            "CREATE TABLE t (id bigint PRIMARY KEY, small smallint, name varchar(20), price numeric(12,2))");
    assertThat(database.detail(SqlDatabase.Detail.MINIMAL).table("t").hints().columns())
        .extracting(ColumnSchema::properties)
        .containsExactly(
            map("name", "id", "nullable", false),
            map("name", "small", "nullable", true),
            map("name", "name", "nullable", true),
            map("name", "price", "nullable", true));
    assertThat(database.detail(SqlDatabase.Detail.FULL_WITH_PRECISION).table("t").hints().columns())
        .extracting(ColumnSchema::toString)
        .containsExactly(
            "id bigint not null", "small bigint(32)", "name text(20)", "price decimal(12,2)");
  }

  @Test
  void columnsAreChosenByName() throws Exception {
    var database =
        postgres(
            "shop_columns",
            "CREATE TABLE t (id int PRIMARY KEY, a int, span interval)",
            "INSERT INTO t VALUES (1, 2, '1 day')");
    assertThat(new Evaluated().rows(database.only("id", "a").table("t")))
        .containsExactly(map("id", 1L, "a", 2L));
    assertThat(new Evaluated().rows(database.without("span", "id").table("t")))
        .containsExactly(map("a", 2L));
    assertThat(database.without("id").table("t").hints().primaryKey()).isEmpty();
    assertThatThrownBy(() -> database.without("idd").table("t"))
        .hasMessage("Table 't' has no column 'idd'; it has 'id', 'a', 'span'");
    assertThatThrownBy(() -> new Evaluated().rows(database.table("t")))
        .rootCause()
        .hasMessageStartingWith("Column 'span' of table 't' has type 'interval'");
  }

  @Test
  void anUnknownTableIsAnErrorThatNamesTheOthers() throws Exception {
    var database = postgres("shop_unknown", "CREATE TABLE a (id int)", "CREATE TABLE b (id int)");
    assertThatThrownBy(() -> database.table("c"))
        .hasMessage("Schema 'shop_unknown' has no table or view 'c'; it has 'a', 'b'");
  }

  @Test
  void namesThatNeedQuotesAreQuoted() throws Exception {
    var database =
        postgres(
            "shop_quotes",
            "CREATE TABLE \"Or\"\"der %s\" (\"Sele\"\"ct\" int PRIMARY KEY)",
            "INSERT INTO \"Or\"\"der %s\" VALUES (1)");
    assertThat(new Evaluated().rows(database.table("Or\"der %s")))
        .containsExactly(map("Sele\"ct", 1L));
  }

  @Test
  void aCursorBecomesWhereAndOrder() throws Exception {
    var database =
        postgres(
            "shop_cursor",
            "CREATE TABLE events (id int PRIMARY KEY, at timestamptz)",
            "INSERT INTO events SELECT n, timestamptz '2026-01-01Z' + n * interval '1 day' FROM generate_series(9, 0, -1) n");
    var events =
        database.table(
            "events",
            Incremental.of("at", Instant.parse("2026-01-04T00:00:00Z"))
                .rowOrder(Incremental.Order.ASC));
    var runs = new Evaluated();
    assertThat(numbers(runs.rows(events), "id")).containsExactly(3L, 4L, 5L, 6L, 7L, 8L, 9L);
    assertThat(runs.rows(events)).isEmpty();
    try (var connection = Postgres.running().connect();
        var statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO shop_cursor.events VALUES (10, '2026-01-10Z'), (11, '2026-02-01Z'), (12, '2025-01-01Z')");
    }
    assertThat(numbers(runs.rows(events), "id")).containsExactly(10L, 11L);
  }

  @Test
  void onlyRowsInTheRangeLeaveTheServer() throws Exception {
    var database =
        postgres(
            "shop_range",
            "CREATE TABLE events (id int PRIMARY KEY)",
            "INSERT INTO events SELECT n FROM generate_series(0, 9) n",
            "CREATE VIEW seen AS SELECT id, 1 / (CASE WHEN id BETWEEN 3 AND 6 THEN 1 ELSE 0 END) AS x FROM events");
    var backfill = database.table("seen", Incremental.of("id", 3L).endValue(6L));
    assertThat(numbers(new Evaluated().rows(backfill), "id")).containsExactly(3L, 4L, 5L);
    var down = database.only("id").table("seen", Incremental.of("id", 2L).min());
    assertThat(numbers(new Evaluated().rows(down), "id")).containsExactly(0L, 1L, 2L);
  }

  @Test
  void rowsWithoutTheCursorAreReadIfTheyAreWanted() throws Exception {
    var database =
        postgres(
            "shop_missing",
            "CREATE TABLE events (id int, at int)",
            "INSERT INTO events VALUES (1, 1), (2, NULL), (3, 3)");
    var all = Incremental.of("at", 2L).onMissing(Incremental.Missing.INCLUDE);
    assertThat(numbers(new Evaluated().rows(database.table("events", all)), "id"))
        .containsExactly(2L, 3L);
    var some = Incremental.of("at").onMissing(Incremental.Missing.EXCLUDE);
    assertThat(numbers(new Evaluated().rows(database.table("events", some)), "id"))
        .containsExactly(1L, 3L);
  }

  @Test
  void aTableInPartsIsWholeAndInOrder() throws Exception {
    var database =
        postgres(
            "shop_parts",
            "CREATE TABLE big (id bigint PRIMARY KEY, n int)",
            "INSERT INTO big SELECT n * n, n FROM generate_series(1, 20000) n",
            "CREATE TABLE few (id int)",
            "INSERT INTO few VALUES (NULL), (7), (NULL)",
            "CREATE TABLE none (id int)");
    var parts = database.pageRows(1_000).partitioned("id", 4);
    assertThat(numbers(new Evaluated().rows(parts.table("big")), "n"))
        .isEqualTo(LongStream.rangeClosed(1, 20_000).boxed().toList());
    assertThat(new Evaluated().rows(parts.table("few")))
        .containsExactly(map("id", null), map("id", null), map("id", 7L));
    assertThat(new Evaluated().rows(parts.table("none"))).isEmpty();
  }

  @Test
  void allPartsSeeOneStateOfTheTable() throws Exception {
    var database =
        postgres(
            "shop_snapshot",
            "CREATE TABLE t (id int PRIMARY KEY)",
            "INSERT INTO t SELECT n FROM generate_series(1, 5000) n");
    var seen = new ArrayList<Long>();
    for (var row : database.pageRows(100).partitioned("id", 2).table("t")) {
      if (seen.isEmpty()) {
        try (var connection = Postgres.running().connect();
            var statement = connection.createStatement()) {
          statement.execute("UPDATE shop_snapshot.t SET id = id + 10000 WHERE id > 4000");
          statement.execute("DELETE FROM shop_snapshot.t WHERE id = 3999");
        }
      }
      seen.add((Long) row.get("id"));
    }
    assertThat(seen).isEqualTo(LongStream.rangeClosed(1, 5_000).boxed().toList());
  }

  @Test
  void aPartThatFailsEndsTheRead() throws Exception {
    var database =
        postgres(
            "shop_failing",
            "CREATE TABLE t (id int PRIMARY KEY)",
            "INSERT INTO t SELECT n FROM generate_series(1, 1000) n",
            "CREATE VIEW v AS SELECT id, 1 / (900 - id) AS x FROM t");
    assertThatThrownBy(
            () -> new Evaluated().rows(database.pageRows(100).partitioned("id", 3).table("v")))
        .rootCause()
        .hasMessageContaining("division by zero");
  }

  @Test
  void partsNeedAWholeNumber() throws Exception {
    var database = postgres("shop_text", "CREATE TABLE t (name text)");
    assertThatThrownBy(() -> new Evaluated().rows(database.partitioned("name", 2).table("t")))
        .rootCause()
        .hasMessage(
            "Column 'name' of table 't' is text, but a table is read in parts by a whole number;"
                + " name one, or read it in one");
  }

  @Test
  void aQueryTakesParametersAndCursors() throws Exception {
    var database =
        postgres(
            "shop_query",
            "CREATE TABLE t (id int, at timestamptz)",
            "INSERT INTO t SELECT n, timestamptz '2026-01-01Z' + n * interval '1 day' FROM generate_series(0, 9) n");
    assertThat(
            new Evaluated()
                .rows(
                    database.query(
                        "q",
                        "SELECT id FROM shop_query.t WHERE id > ? AND id < ? ORDER BY 1",
                        2,
                        5)))
        .containsExactly(map("id", 3L), map("id", 4L));
    var since =
        database.query(
            "q",
            Incremental.of("at", Instant.parse("2026-01-08T00:00:00Z")),
            "SELECT id, at, ':cursor' AS text FROM shop_query.t WHERE at >= :cursor ORDER BY at");
    var runs = new Evaluated();
    assertThat(numbers(runs.rows(since), "id")).containsExactly(7L, 8L, 9L);
    assertThat(runs.rows(since)).isEmpty();
    assertThatThrownBy(
            () -> new Evaluated().rows(database.query("q", Incremental.of("at"), "SELECT 1 AS at")))
        .rootCause()
        .hasMessage(
            "Query 'q' has no ':cursor', so it would read everything at each run; compare a column with it");
  }

  @Test
  void aLimitIsOneOfTheQuery() throws Exception {
    var database =
        postgres(
            "shop_limit",
            "CREATE TABLE t (id int PRIMARY KEY)",
            "INSERT INTO t SELECT n FROM generate_series(1, 100) n",
            "CREATE VIEW v AS SELECT id, 1 / (4 - id) AS x FROM t");
    assertThat(new Evaluated().rows(database.limit(3).table("v"))).hasSize(3);
  }

  @Test
  void aSchemaIsASourceOfItsTables() throws Exception {
    var database =
        postgres(
            "shop_schema",
            "CREATE TABLE a (id int PRIMARY KEY)",
            "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a)",
            "CREATE VIEW v AS SELECT * FROM b");
    assertThat(database.schema().name()).isEqualTo("shop_schema");
    assertThat(database.schema().resources().keySet()).containsExactly("a", "b");
    assertThat(database.views().schema().resources().keySet()).containsExactly("a", "b", "v");
    assertThat(new Evaluated().rows(database.table("v"))).isEmpty();
  }

  @Test
  void sqliteIsReadWithTheTypesItDeclares() throws Exception {
    var table =
        SqlDatabase.of(
                sqlite(
                    "CREATE TABLE orders (id INTEGER PRIMARY KEY, name VARCHAR(20), price DECIMAL(8,2), paid BOOLEAN, at DATETIME, day DATE, doc JSON, bytes BLOB, anything)",
                    "INSERT INTO orders VALUES (1, 'x', 1.5, 1, '2026-01-02 03:04:05', '2026-01-02', '{}', x'CA', 'y')"))
            .table("orders");
    assertThat(table.hints().columns())
        .extracting(ColumnSchema::toString)
        .containsExactly(
            "id bigint",
            "name text",
            "price decimal(8,2)",
            "paid bool",
            "at timestamp",
            "day date",
            "doc json",
            "bytes binary",
            "anything null");
    assertThat(table.hints().primaryKey()).contains(List.of("id"));
    assertThat(new Evaluated().rows(table).getFirst())
        .containsEntry("id", 1)
        .containsEntry("price", 1.5)
        .containsEntry("at", "2026-01-02 03:04:05")
        .containsEntry("anything", "y");
  }

  @Test
  void sqliteCursorsAndPartsWorkToo() throws Exception {
    var database =
        SqlDatabase.of(
            sqlite(
                "CREATE TABLE t (id INTEGER PRIMARY KEY, at TEXT)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO t SELECT i, '2026-01-' || (10 + i % 20) FROM n"));
    var runs = new Evaluated();
    var since = database.table("t", Incremental.of("at", "2026-01-25"));
    assertThat(runs.rows(since)).hasSize(125);
    assertThat(runs.rows(since)).isEmpty();
    assertThat(
            numbers(
                new Evaluated().rows(database.pageRows(50).partitioned("id", 3).table("t")), "id"))
        .isEqualTo(LongStream.rangeClosed(1, 500).boxed().toList());
  }

  @Test
  void duckdbIsASourceToo() throws Exception {
    var url = "jdbc:duckdb:" + folder.resolve("test.duckdb");
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE t (id BIGINT PRIMARY KEY, price DECIMAL(8,2), tags VARCHAR[], moment TIMESTAMPTZ, huge HUGEINT)");
      statement.execute(
          "INSERT INTO t SELECT n, n / 2, ['x'], '2026-01-01 00:00:00Z', n FROM range(10) r(n)");
    }
    var table = SqlDatabase.of(url).table("t");
    assertThat(table.hints().columns())
        .extracting(ColumnSchema::toString)
        .containsExactly(
            "id bigint not null",
            "price decimal(8,2)",
            "tags json",
            "moment timestamp",
            "huge decimal(38,0)");
    assertThat(table.hints().primaryKey()).contains(List.of("id"));
    assertThat(new Evaluated().rows(table)).hasSize(10);
  }

  @Test
  void aServerThatIsNotThereIsAnErrorWithoutThePassword() {
    assertThatThrownBy(() ->
            SqlDatabase.of(
                    "jdbc:postgresql://127.0.0.1:1/db?password=hunter2",
                    "ada",
                    Secret.of("hunter3"))
                .table("t"))
        .hasMessageStartingWith(
            "Database 'jdbc:postgresql://127.0.0.1:1/db' cannot be reached by user 'ada': 'Connection to 127.0.0.1:1 refused")
        .hasMessageNotContaining("hunter");
    assertThatThrownBy(() -> SqlDatabase.of("jdbc:oracle:thin:@//db/x").table("t"))
        .hasMessage("There is no JDBC driver for 'jdbc:oracle:thin:@//db/x'; add its jar");
  }

  @Test
  void dltsUrlsAreUnderstood() {
    assertThat(
            List.of(
                "postgresql://ada:p%40ss@host:5432/db",
                "postgresql+psycopg2://host/db", "sqlite:///a/b.db", "sqlite:////a.db", "jdbc:x:y"))
        .map(url -> JdbcAddress.of(url, "", Secret.of("")))
        .extracting(JdbcAddress::url, JdbcAddress::user, address -> address.password().reveal())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("jdbc:postgresql://host:5432/db", "ada", "p@ss"),
            org.assertj.core.groups.Tuple.tuple("jdbc:postgresql://host/db", "", ""),
            org.assertj.core.groups.Tuple.tuple("jdbc:sqlite:a/b.db", "", ""),
            org.assertj.core.groups.Tuple.tuple("jdbc:sqlite:/a.db", "", ""),
            org.assertj.core.groups.Tuple.tuple("jdbc:x:y", "", ""));
  }

  @ParameterizedTest
  @MethodSource("dev.sluice.config.JdbcUrlTest#forms")
  void noErrorOfAConnectionSaysAPassword(JdbcUrlTest.Form form) {
    if (!form.url()
        .matches("jdbc:(sqlite|duckdb):.*")) { // which would make a file, or ask the network
      assertThat(said(() -> SqlDatabase.of(form.url()).table("t"))).doesNotContain(form.secret());
    }
    // And where a script opens the connection itself, so that its URL is not known here.
    if (form.url().startsWith("jdbc:") && !form.url().contains("\n")) {
      assertThat(said(() -> SqlDatabase.of(() -> refused(form.url())).table("t")))
          .doesNotContain(form.secret());
    }
  }

  @Test
  void whatADriverSaysIsMaskedInEveryCauseAndLooksAsItDid() {
    var driver =
        new SQLException("login of x with hunter2 failed at jdbc:a://x:hunter2@h/d", "28000");
    driver.setNextException(new SQLException("password=hunter2 again"));
    var outer = new IllegalStateException("pool of 'jdbc:a://x:hunter2@h/d'", driver);
    var said =
        said(() ->
            SqlDatabase.of(
                    () -> {
                      throw outer;
                    })
                .table("t"));
    assertThat(said)
        .contains("No connection for table 't': 'pool of 'jdbc:a://***@h/d''")
        .contains("Caused by: java.lang.IllegalStateException: pool of 'jdbc:a://***@h/d'")
        .contains(
            "Caused by: java.sql.SQLException: login of x with *** failed at jdbc:a://***@h/d")
        .contains("Suppressed: java.sql.SQLException: password=***")
        .contains("SqlDatabaseTest.whatADriverSaysIsMaskedInEveryCauseAndLooksAsItDid");
  }

  private static java.sql.Connection refused(String url) throws SQLException {
    throw new SQLException("Cannot connect to " + url + "\nsee '" + url + "'");
  }

  /// All that a stack trace shows; nothing if there is no error.
  private static String said(org.assertj.core.api.ThrowableAssert.ThrowingCallable action) {
    var error = org.assertj.core.api.Assertions.catchThrowable(action);
    var text = new java.io.StringWriter();
    if (error != null) {
      error.printStackTrace(new java.io.PrintWriter(text));
    }
    return text.toString();
  }
}
