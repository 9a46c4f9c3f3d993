package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.load.Destination;
import dev.sluice.resource.Resource;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.SchemaContract;
import dev.sluice.sources.Filesystem;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that go to the destination whole, and those that must not.
class DirectFilesTest {
  @TempDir Path folder;

  private Pipeline pipeline(String name, Map<String, String> environment) {
    return Pipeline.of(
            name,
            new Surroundings(
                environment,
                folder,
                InstantSource.system(),
                new Random(1),
                new PrintStream(new ByteArrayOutputStream())))
        .to(Destination.duckdb());
  }

  private Pipeline pipeline(String name) {
    return pipeline(name, Map.of());
  }

  private void parquet(String name, String select) throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute(
          "COPY (%s) TO '%s' (FORMAT parquet)".formatted(select, folder.resolve(name)));
    }
  }

  private Resource<Map<String, Object>> orders() {
    return rows(Filesystem.of(folder, "*.{parquet,csv}").direct());
  }

  @SuppressWarnings("unchecked")
  private static Resource<Map<String, Object>> rows(Filesystem files) {
    return (Resource<Map<String, Object>>) (Resource<?>) files.rows("orders");
  }

  /// Loads them and says of what format the files of the package were.
  private static List<String> formats(Pipeline pipeline, Resource<?>... resources) {
    pipeline.extract(resources);
    var formats =
        pipeline.extractedPackages().stream()
            .flatMap(one -> one.jobList().stream())
            .filter(job -> !job.table().startsWith("_dlt"))
            .map(job -> job.format())
            .sorted()
            .toList();
    pipeline.normalize();
    pipeline.load();
    return formats;
  }

  private static String table(Pipeline pipeline, String sql) {
    return pipeline.sql(sql).print();
  }

  private static final String TYPES =
      """
      SELECT n::BIGINT AS id, (n % 100)::TINYINT AS tiny, (n / 7.0)::DECIMAL(12,2) AS amount, n * 1.5::DOUBLE AS weight,
        n % 2 = 0 AS paid, timestamptz '2026-01-01 00:00:00Z' + n * interval '1 second' AS at,
        timestamp '2026-01-01 00:00:00' + n * interval '1 second' AS wall, date '2026-01-01' AS due, time '10:00:00' AS hour,
        'x' || n AS name, encode('b' || n) AS bytes, CASE WHEN n % 3 = 0 THEN 'y' END AS note FROM range(10) AS series(n)
      """;

  @Test
  void aParquetFileGoesWholeAndKeepsItsTypes() throws Exception {
    parquet("a.parquet", TYPES);
    var pipeline = pipeline("whole");
    assertThat(formats(pipeline, orders())).containsExactly("parquet");
    assertThat(pipeline.dataset().rowCount("orders")).isEqualTo(10);
    assertThat(
            table(
                pipeline,
                "select string_agg(column_name || ' ' || data_type, ', ' order by ordinal_position) as columns"
                    + " from information_schema.columns where table_name = 'orders'"))
        .contains(
            "id BIGINT, tiny BIGINT, amount DECIMAL(12,2), weight DOUBLE, paid BOOLEAN,"
                + " at TIMESTAMP WITH TIME ZONE, wall TIMESTAMP, due DATE, hour TIME, name VARCHAR,"
                + " bytes BLOB, note VARCHAR");
    assertThat(
            table(
                pipeline,
                "select count(*) as same from (select * from read_parquet('%s') intersect select * from orders)"
                    .formatted(folder.resolve("a.parquet"))))
        .contains("10");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void aParquetFileIsReadByRowsWhere(String why, String select) throws Exception {
    parquet("a.parquet", select);
    var pipeline = pipeline("rows");
    assertThat(formats(pipeline, orders())).containsExactly("typed-jsonl");
    assertThat(pipeline.dataset().rowCount("orders")).isEqualTo(1);
  }

  static List<Arguments> aParquetFileIsReadByRowsWhere() {
    return List.of(
        Arguments.of("a name would be another one", "SELECT 1 AS \"orderId\""),
        Arguments.of("a name is the system's", "SELECT 'a' AS _dlt_id"),
        Arguments.of("a list makes a table", "SELECT 1 AS id, [1, 2] AS tags"),
        Arguments.of("a struct is flattened", "SELECT 1 AS id, {'a': 1} AS part"),
        Arguments.of("a float has other digits", "SELECT 0.1::FLOAT AS x"),
        Arguments.of("a whole number is longer than ours", "SELECT 1::UBIGINT AS x"),
        Arguments.of("a timestamp has nanoseconds", "SELECT '2026-01-01'::TIMESTAMP_NS AS x"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void aParquetFileIsReadByRowsIfTheResource(String why, Change change) throws Exception {
    parquet("a.parquet", "SELECT 1 AS id, 'x' AS name");
    var pipeline = pipeline("rows");
    assertThat(formats(pipeline, change.of(orders()))).containsExactly("typed-jsonl");
    assertThat(pipeline.dataset().rowCount("orders")).isEqualTo(1);
  }

  interface Change {
    Resource<?> of(Resource<Map<String, Object>> orders);
  }

  static List<Arguments> aParquetFileIsReadByRowsIfTheResource() {
    return List.of(
        changed("has a step", orders -> orders.map(row -> row)),
        changed("has a filter", orders -> orders.filter(row -> true)),
        changed("is limited", orders -> orders.limit(5)),
        changed("is merged", orders -> orders.merge("id")),
        changed("has a key", orders -> orders.primaryKey("id")),
        changed("has another type", orders -> orders.columns(ColumnSchema.of("id", DataType.TEXT))),
        changed(
            "must not be null",
            orders -> orders.columns(ColumnSchema.of("id", DataType.BIGINT).notNull())),
        changed(
            "freezes", orders -> orders.contract(SchemaContract.of(Map.of("columns", "freeze")))));
  }

  private static Arguments changed(String why, Change change) {
    return Arguments.of(why, change);
  }

  @Test
  void filesBothWaysMakeOneTableWhoseRowsAllHaveIds() throws Exception {
    parquet("a.parquet", "SELECT n AS id FROM range(3) AS series(n)");
    parquet("b.parquet", "SELECT n AS id, [n] AS tags FROM range(3, 5) AS series(n)");
    var pipeline = pipeline("both");
    assertThat(formats(pipeline, orders())).containsExactly("parquet", "typed-jsonl");
    assertThat(
            table(
                pipeline,
                "select count(*) || ' ' || count(distinct _dlt_id) || ' ' || count(distinct _dlt_load_id) as n from orders"))
        .contains("5 5 1");
  }

  @Test
  void rowsAfterAFileAndAFileAfterRows() throws Exception {
    parquet("a.parquet", "SELECT 1::BIGINT AS id");
    var pipeline = pipeline("turns");
    assertThat(formats(pipeline, orders())).containsExactly("parquet");
    assertThat(formats(pipeline, Resource.of("orders", () -> List.of(Map.of("id", 2)))))
        .containsExactly("typed-jsonl");
    assertThat(formats(pipeline, orders())).containsExactly("parquet");
    assertThat(
            table(
                pipeline,
                "select string_agg(id || ':' || (_dlt_id is null), ' ' order by id, _dlt_id nulls first) as n from orders"))
        .contains("1:true 1:false 2:false");
  }

  @Test
  void aReplacedTableHasOnlyTheNewFile() throws Exception {
    parquet("a.parquet", "SELECT n AS id FROM range(3) AS series(n)");
    var pipeline = pipeline("replace");
    pipeline.run(orders().replace());
    parquet("a.parquet", "SELECT n AS id FROM range(2) AS series(n)");
    assertThat(formats(pipeline, orders().replace())).containsExactly("parquet");
    assertThat(pipeline.dataset().rowCount("orders")).isEqualTo(2);
  }

  @Test
  void settingsAddTheSystemColumns() throws Exception {
    parquet("a.parquet", "SELECT n AS id FROM range(3) AS series(n)");
    var pipeline =
        pipeline(
            "ids",
            Map.of(
                "NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_ID", "true",
                "NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_LOAD_ID", "true"));
    assertThat(formats(pipeline, orders())).containsExactly("parquet");
    assertThat(
            table(
                pipeline,
                "select count(distinct _dlt_id) || ' ' || count(distinct _dlt_load_id) as n from orders join _dlt_loads on load_id = _dlt_load_id"))
        .contains("3 1");
  }

  /// The same rows in the same table, whichever way.
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource
  void aCsvGivesTheSameRowsBothWays(boolean whole, String text) throws Exception {
    Files.writeString(folder.resolve("a.csv"), text);
    var direct = pipeline("direct");
    var byRows = pipeline("by_rows");
    var formats = formats(direct, orders());
    byRows.run(rows(Filesystem.of(folder, "*.csv")));
    assertThat(content(direct, "orders")).isEqualTo(content(byRows, "orders"));
    assertThat(content(direct, "orders_rejected")).isEqualTo(content(byRows, "orders_rejected"));
    assertThat(formats.contains("parquet")).isEqualTo(whole);
  }

  private static String content(Pipeline pipeline, String table) {
    if (pipeline.schema().table(table).isEmpty()) return "";
    var columns =
        pipeline.schema().table(table).orElseThrow().completeColumns().stream()
            .filter(column -> !column.name().startsWith("_dlt"))
            .map(column -> '"' + column.name() + '"')
            .toList();
    var list = String.join(", ", columns);
    return table(pipeline, "describe select %s from %s".formatted(list, table))
        + table(pipeline, "select %s from %s order by all".formatted(list, table));
  }

  static List<Arguments> aCsvGivesTheSameRowsBothWays() {
    return List.of(
        Arguments.of(true, "id,name\n1,x\n2,y\n"),
        Arguments.of(true, "id,name\r\n1,x\r\n2,y"),
        Arguments.of(true, "\uFEFFid,name\n1,x\n"),
        Arguments.of(true, "id;name\n1;x, y\n"),
        Arguments.of(true, "id,name\n1,\n2,\"\"\n3,\" \"\n"),
        Arguments.of(true, "id,name\n1,\"a \"\"quoted\"\" word\"\n2,\"two\nlines\"\n"),
        Arguments.of(true, "id,name\n1,x\n\n2,y\n"),
        Arguments.of(true, "id,weight,paid\n1,1.5,true\n2,-2e3,FALSE\n,0.25,\n3,7,true\n"),
        Arguments.of(true, "id,at\n1,2026-01-01 00:00:01+00\n2,2026-01-01T00:00:02.5Z\n"),
        Arguments.of(true, "id,at\n1,2026-01-01 00:00:01+02:00\n2,2026-01-01 00:00:02\n"),
        Arguments.of(true, "id,due\n1,2026-01-01\n2,2026-01-02\n"),
        Arguments.of(true, "id,code\n1,007\n2,12\n"),
        Arguments.of(true, "id,name\n1, x \n2,'y'\n3,#z\n"),
        Arguments.of(true, "id,name\n-1,NULL\n0,nan\n999999999999999999,inf\n"),
        Arguments.of(true, "id,name\n1,ä€😀\n"),
        Arguments.of(false, "id,name\n1,x\n2\n3,y,z\n"),
        Arguments.of(false, "id,name\n1,x,\n2,y\n"),
        Arguments.of(false, "id\n1\n\n2\n"),
        Arguments.of(false, "id,orderName\n1,x\n"),
        Arguments.of(false, "id,name\n1,x\n2,a\"b\n"),
        Arguments.of(false, "id,name\n1,x\n2,\"a\"b\n"),
        Arguments.of(false, "id,name\n1,\n2,\n"),
        Arguments.of(false, "id,name\n1,x\ry\n2,z\n"),
        Arguments.of(false, "\nid,name\n1,x\n"),
        Arguments.of(false, "id,at\n1,2026-01-01 00:00:01\n2,soon\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void aValueUnlikeTheFirstOnesIsReadByRows(String first, String later) throws Exception {
    var text = new StringBuilder("id,x\n");
    for (int i = 0; i < 3; i++) text.append(i).append(',').append(first).append('\n');
    text.append("9,").append(later).append('\n');
    Files.writeString(folder.resolve("a.csv"), text);
    var direct = pipeline("direct");
    var byRows = pipeline("by_rows");
    var formats = formats(direct, rows(Filesystem.of(folder, "*.csv").pageRows(2).direct()));
    byRows.run(rows(Filesystem.of(folder, "*.csv").pageRows(2)));
    assertThat(content(direct, "orders")).isEqualTo(content(byRows, "orders"));
    assertThat(formats).containsExactly("typed-jsonl");
  }

  /// Beyond the first page only DuckDB sees a line, or nobody if it ends there.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "9,a\rb\n",
        "9,a\"b\n",
        "9,\"a\"b\n",
        "9,\"a\" \n",
        "9\n",
        "9,a,\n",
        "9,a,b\n",
        ",\n",
        "\n\n9,a\n",
        " \n",
        "9,a\r\n",
        "9,\\\"a\n",
        "9,a",
        "9,",
        "9,\"a\"",
        "9,a\0b\n"
      })
  void aLaterLineIsTheSameBothWays(String line) throws Exception {
    Files.writeString(folder.resolve("a.csv"), "id,x\n1,a\n2,b\n3,c\n" + line);
    var direct = pipeline("direct");
    var byRows = pipeline("by_rows");
    direct.run(rows(Filesystem.of(folder, "*.csv").pageRows(2).direct()));
    byRows.run(rows(Filesystem.of(folder, "*.csv").pageRows(2)));
    assertThat(content(direct, "orders")).isEqualTo(content(byRows, "orders"));
    assertThat(content(direct, "orders_rejected")).isEqualTo(content(byRows, "orders_rejected"));
  }

  static List<Arguments> aValueUnlikeTheFirstOnesIsReadByRows() {
    return List.of(
        Arguments.of("1", "1.5"),
        Arguments.of("1", "007"),
        Arguments.of("1", "-0"),
        Arguments.of("1", "+1"),
        Arguments.of("1", "' 1'"),
        Arguments.of("1", " 1"),
        Arguments.of("1", "1_000"),
        Arguments.of("1", "1000000000000000000"),
        Arguments.of("1.5", "inf"),
        Arguments.of("1.5", "nan"),
        Arguments.of("1.5", "01.5"),
        Arguments.of("1.5", "1e999"),
        Arguments.of("true", "t"),
        Arguments.of("true", "1"),
        Arguments.of("2026-01-01 00:00:01", "2026-01-01"),
        Arguments.of("2026-01-01 00:00:01", "2026-02-30 00:00:01"));
  }
}
