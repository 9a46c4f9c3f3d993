package dev.sluice.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SqlReaderTest {
  private static final SqlReader.Options PLAIN = new SqlReader.Options(1_000, 100, false);

  @Test
  void postgresTypesBecomePlainValues() throws Exception {
    var row =
        only(
            Postgres.running().connect(),
            """
            SELECT true AS flag, 1::smallint AS small, 2::int AS medium, 3::bigint AS big,
              0.1::real AS single, 0.25::float8 AS double, 12.30::numeric(8,2) AS price,
              'x'::varchar(3) AS word, 'y '::char(2) AS padded, '\\xCAFE'::bytea AS bytes,
              date '2026-01-02' AS day, time '03:04:05.678901' AS at, timetz '01:00:00+02' AS zoned_time,
              timestamp '2026-01-02 03:04:05' AS wall, timestamptz '2026-01-02 03:04:05+02' AS instant,
              '{"a": [1, null]}'::jsonb AS doc, ARRAY[1, NULL, 3] AS list, ARRAY[[1,2],[3,4]] AS grid,
              '11111111-2222-3333-4444-555555555555'::uuid AS id, inet '10.0.0.1/8' AS net,
              '$1.50'::money AS money, B'101'::bit(3) AS bits, 'NaN'::numeric AS nan,
              NULL::int AS none
            """);
    assertThat(row)
        .isEqualTo(
            map(
                "flag",
                true,
                "small",
                1L,
                "medium",
                2L,
                "big",
                3L,
                "single",
                0.1,
                "double",
                0.25,
                "price",
                new BigDecimal("12.30"),
                "word",
                "x",
                "padded",
                "y ",
                "bytes",
                bytes(0xCA, 0xFE),
                "day",
                LocalDate.of(2026, 1, 2),
                "at",
                LocalTime.parse("03:04:05.678901"),
                "zoned_time",
                LocalTime.of(23, 0),
                "wall",
                LocalDateTime.of(2026, 1, 2, 3, 4, 5),
                "instant",
                OffsetDateTime.parse("2026-01-02T01:04:05Z"),
                "doc",
                map("a", Arrays.asList(1L, null)),
                "list",
                Arrays.asList(1, null, 3),
                "grid",
                List.of(List.of(1, 2), List.of(3, 4)),
                "id",
                "11111111-2222-3333-4444-555555555555",
                "net",
                "10.0.0.1/8",
                "money",
                "$1.50",
                "bits",
                "101",
                "nan",
                Double.NaN,
                "none",
                null));
  }

  @Test
  void duckdbTypesBecomePlainValues() throws Exception {
    var row =
        only(
            DriverManager.getConnection("jdbc:duckdb:"),
            """
            SELECT true AS flag, 200::utinyint AS tiny, 3::bigint AS big, 18446744073709551615::ubigint AS unsigned,
              170141183460469231731687303715884105727::hugeint AS huge,
              0.1::float AS single, 0.25::double AS double, 12.30::decimal(8,2) AS price, 'x' AS word,
              '\\xCA\\xFE'::blob AS bytes, date '2026-01-02' AS day, time '03:04:05.678901' AS at,
              timestamp '2026-01-02 03:04:05' AS wall, timestamptz '2026-01-02 03:04:05+02' AS instant,
              timestamp_ns '2026-01-02 03:04:05.123456789' AS nanos,
              '{"a": [1, null]}'::json AS doc, [1, NULL, 3] AS list, {'a': 1, 'b': {'c': 'x'}} AS record,
              map {'k': 1} AS entries, '11111111-2222-3333-4444-555555555555'::uuid AS id,
              'sad'::enum('sad', 'ok') AS mood, NULL::int AS none
            """);
    assertThat(row)
        .isEqualTo(
            map(
                "flag",
                true,
                "tiny",
                200L,
                "big",
                3L,
                "unsigned",
                new BigInteger("18446744073709551615"),
                "huge",
                new BigInteger("170141183460469231731687303715884105727"),
                "single",
                0.1,
                "double",
                0.25,
                "price",
                new BigDecimal("12.30"),
                "word",
                "x",
                "bytes",
                bytes(0xCA, 0xFE),
                "day",
                LocalDate.of(2026, 1, 2),
                "at",
                LocalTime.parse("03:04:05.678901"),
                "wall",
                LocalDateTime.of(2026, 1, 2, 3, 4, 5),
                "instant",
                OffsetDateTime.parse("2026-01-02T01:04:05Z"),
                "nanos",
                LocalDateTime.parse("2026-01-02T03:04:05.123456789"),
                "doc",
                map("a", Arrays.asList(1L, null)),
                "list",
                Arrays.asList(1, null, 3),
                "record",
                map("a", 1, "b", map("c", "x")),
                "entries",
                map("k", 1),
                "id",
                "11111111-2222-3333-4444-555555555555",
                "mood",
                "sad",
                "none",
                null));
  }

  @Test
  void sqliteValuesAreWhatTheyAreWhateverTheColumnSays() throws Exception {
    var connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    connection.createStatement().execute("CREATE TABLE t (a INTEGER, b TEXT, c)");
    connection.createStatement().execute("INSERT INTO t VALUES (1, 'x', 1.5), ('n/a', 7, x'CAFE')");
    assertThat(all(connection, "SELECT * FROM t", PLAIN))
        .isEqualTo(
            List.of(
                map("a", 1, "b", "x", "c", 1.5),
                map("a", "n/a", "b", "7", "c", bytes(0xCA, 0xFE))));
  }

  @Test
  void pagesEndAtTheirRowsAndKeepTheOrder() throws Exception {
    var options = new SqlReader.Options(400, 100, false);
    try (var pages =
        SqlReader.pages(
            Postgres.running().connect(),
            query("SELECT n FROM generate_series(1, 1000) n"),
            options)) {
      var read = pages.toList();
      assertThat(read).extracting(List::size).containsExactly(400, 400, 200);
      assertThat(read.get(2).getLast().get("n")).isEqualTo(1000L);
    }
  }

  @Test
  void aPageOfLongTextsEndsEarly() throws Exception {
    try (var pages =
        SqlReader.pages(
            DriverManager.getConnection("jdbc:duckdb:"),
            query("SELECT repeat('x', 8000000) AS text FROM range(10)"),
            PLAIN)) {
      assertThat(pages.map(List::size)).containsExactly(5, 5);
    }
  }

  @Test
  void aQueryThatFailsMidwaySaysHowFarItCame() throws Exception {
    var connection = Postgres.running().connect();
    assertThatThrownBy(() ->
            all(connection, "SELECT 1 / (250 - n) AS x FROM generate_series(1, 1000) n", PLAIN))
        .isInstanceOf(SourceFailed.class)
        .hasMessage(
            "Reading query 'q' failed after 200 rows: 'ERROR: division by zero', SQL state '22012';"
                + " the extract is undone whole, so correct it and run again");
    assertThat(connection.isClosed()).isTrue();
  }

  @Test
  void aTypeWithoutAFormIsAnErrorThatSaysWhatToDo() throws Exception {
    assertThatThrownBy(
            () -> all(Postgres.running().connect(), "SELECT interval '1 day' AS span", PLAIN))
        .hasMessage(
            "Column 'span' of query 'q' has type 'interval', which has no form here; read such"
                + " columns as text with unmappedAsText(), leave it out with without(\"span\"), or"
                + " cast it in a query");
  }

  @Test
  void aTypeWithoutAFormIsTextByOption() throws Exception {
    var asText = new SqlReader.Options(10, 10, true);
    assertThat(
            all(
                Postgres.running().connect(),
                "SELECT interval '1 day 2 hours' AS span, point(1,2) AS at, int4range(1, 5) AS range",
                asText))
        .containsExactly(map("span", "1 day 02:00:00", "at", "(1,2)", "range", "[1,5)"));
  }

  @Test
  void twoColumnsOfOneNameAreRefused() throws Exception {
    assertThatThrownBy(
            () -> all(DriverManager.getConnection("jdbc:duckdb:"), "SELECT 1 AS a, 2 AS a", PLAIN))
        .hasMessage(
            "Query 'q' has two columns named 'a', of which one would be lost; name them apart with AS");
  }

  @Test
  void closingTheStreamEarlyClosesTheConnection() throws Exception {
    var connection = Postgres.running().connect();
    try (var pages =
        SqlReader.pages(connection, query("SELECT n FROM generate_series(1, 100000) n"), PLAIN)) {
      assertThat(pages.iterator().next()).hasSize(1_000);
    }
    assertThat(connection.isClosed()).isTrue();
  }

  @Test
  void aRowTakesNewKeysAndNewValues() {
    var row = new TableRow(new RowShape(List.of("a", "b")), new Object[] {1, null});
    row.put("b", 2);
    row.put("c", 3);
    assertThat(row).isEqualTo(Map.of("a", 1, "b", 2, "c", 3)).hasToString("{a=1, b=2, c=3}");
  }

  private static Map<String, Object> only(Connection connection, String sql) {
    var rows = all(connection, sql, PLAIN);
    assertThat(rows).hasSize(1);
    return readable(rows.getFirst());
  }

  private static List<Map<String, Object>> all(
      Connection connection, String sql, SqlReader.Options options) {
    try (var pages = SqlReader.pages(connection, query(sql), options)) {
      return pages.flatMap(List::stream).map(SqlReaderTest::readable).toList();
    }
  }

  private static Query query(String sql) {
    return new Query("query 'q'", sql, List.of());
  }

  /// Arrays have no equality of their own.
  private static Map<String, Object> readable(Map<String, Object> row) {
    var copy = new LinkedHashMap<>(row);
    copy.replaceAll(
        (name, value) -> value instanceof byte[] bytes ? Arrays.toString(bytes) : value);
    return copy;
  }

  private static String bytes(int... values) {
    var bytes = new byte[values.length];
    for (int at = 0; at < bytes.length; at++) bytes[at] = (byte) values[at];
    return Arrays.toString(bytes);
  }

  static Map<String, Object> map(Object... pairs) {
    var map = new LinkedHashMap<String, Object>();
    for (int at = 0; at < pairs.length; at += 2) map.put((String) pairs[at], pairs[at + 1]);
    return map;
  }
}
