package dev.sluice.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.Schema;
import dev.sluice.schema.SchemaEditor;
import dev.sluice.schema.TableSchema;
import dev.sluice.store.FileSum;
import dev.sluice.store.JobState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.ColumnType;

final class LoadPackageTest {
  @TempDir Path pipelines;
  private PackageFixture fixture;

  @BeforeEach
  void pipeline() {
    fixture = new PackageFixture(pipelines, "shop");
  }

  private LoadPackage extracted(Object... rows) {
    fixture.extracted("1.5", draft -> PackageFixture.rows(draft, "users", "typed-jsonl", rows));
    return fixture.packages().get("1.5");
  }

  private static Map<String, Object> row(Object... pairs) {
    var row = new LinkedHashMap<String, Object>();
    for (var i = 0; i < pairs.length; i += 2) {
      row.put((String) pairs[i], pairs[i + 1]);
    }
    return row;
  }

  @Test
  void extractedRowsKeepTheirKeysAndTypes() {
    var table =
        extracted(
                row(
                    "Id",
                    1,
                    "price",
                    1.5,
                    "ok",
                    true,
                    "day",
                    LocalDate.of(2026, 1, 2),
                    "at",
                    OffsetDateTime.parse("2026-01-02T03:04:05.678+00:00"),
                    "name",
                    "Ada"),
                row("Id", 2, "late", "x"))
            .rows("users");
    assertThat(table.name()).isEqualTo("users (2 rows)");
    assertThat(table.columnNames())
        .containsExactly("Id", "price", "ok", "day", "at", "name", "late");
    assertThat(table.types())
        .containsExactly(
            ColumnType.LONG,
            ColumnType.DOUBLE,
            ColumnType.BOOLEAN,
            ColumnType.LOCAL_DATE,
            ColumnType.INSTANT,
            ColumnType.STRING,
            ColumnType.STRING);
    assertThat(table.column("price").isMissing(1)).isTrue();
    assertThat(table.stringColumn("late").asList()).containsExactly("", "x");
  }

  @Test
  void whatTablesawWouldChangeIsText() {
    var table =
        extracted(
                row(
                    "decimal",
                    new BigDecimal("1.10"),
                    "big",
                    BigInteger.TWO.pow(70),
                    "bytes",
                    new byte[] {1, (byte) 0xab},
                    "json",
                    List.of(Map.of("a", 1)),
                    "micros",
                    OffsetDateTime.parse("2026-01-02T03:04:05.000001Z"),
                    "nan",
                    Double.NaN,
                    "least",
                    Long.MIN_VALUE,
                    "mixed",
                    1))
            .rows("users");
    assertThat(table.types()).containsOnly(ColumnType.STRING, ColumnType.LONG);
    assertThat(IntStream.range(0, 8).mapToObj(i -> String.valueOf(table.get(0, i))))
        .containsExactly(
            "1.10",
            "1180591620717411303424",
            "01ab",
            "[{\"a\":1}]",
            "2026-01-02T03:04:05.000001Z",
            "NaN",
            "-9223372036854775808",
            "1");
  }

  @Test
  void keysThatDifferInCaseOnlyAreTwoColumns() {
    var table = extracted(row("id", 1, "ID", 2)).rows("users");
    assertThat(table.columnNames()).containsExactly("id", "ID (2)");
  }

  @Test
  void aPreviewHasAThousandRowsAndSaysOfHowMany() {
    var rows = IntStream.range(0, 12_000).mapToObj(i -> row("i", i)).toArray();
    var found = extracted(rows);
    assertThat(found.rows("users").name()).isEqualTo("users (1,000 of 12,000 rows)");
    assertThat(found.rows("users").rowCount()).isEqualTo(1000);
    assertThat(found.rows("users", 11_000).rowCount()).isEqualTo(11_000);
    assertThat(found.rows("users", 0).rowCount()).isZero();
    assertThat(found.jobList().getFirst().rows(3).rowCount()).isEqualTo(3);
  }

  @Test
  void aHugeValueIsCutWithAHint() {
    var text = extracted(row("text", "x".repeat(1_000_000))).rows("users").getString(0, "text");
    assertThat(text).hasSizeLessThan(10_100).endsWith("x… (1,000,000 characters)");
  }

  @Test
  void threeThousandColumnsAreATable() {
    var row = new LinkedHashMap<String, Object>();
    for (var i = 0; i < 3000; i++) {
      row.put("column_" + i, i);
    }
    assertThat(extracted(row).rows("users").columnCount()).isEqualTo(3000);
  }

  @Test
  void rowsThatAreNoObjectsStandInAColumnValue() {
    assertThat(extracted(1, 2).rows("users").longColumn("value").asList()).containsExactly(1L, 2L);
  }

  @Test
  void loadFilesAreReadWithTheSchemaOfTheirPackage() {
    var editor = SchemaEditor.of(Schema.of("shop"), 0);
    editor.update(
        TableSchema.of(
            "users",
            Map.of("write_disposition", "append", "resource", "users"),
            List.of(
                ColumnSchema.of("at", DataType.TIMESTAMP),
                ColumnSchema.of("price", DataType.DECIMAL),
                ColumnSchema.of("raw", DataType.BINARY),
                ColumnSchema.of("id", DataType.BIGINT))));
    fixture.normalized(
        "1.5",
        editor.toSchema(),
        draft ->
            PackageFixture.rows(
                draft,
                "users",
                "jsonl",
                row("id", 1, "raw", "AQI=", "price", "1.50", "at", "2026-01-02T03:04:05Z")));
    var table = fixture.packages().normalized().getFirst().rows("users");
    assertThat(table.columnNames()).containsExactly("at", "price", "raw", "id");
    assertThat(table.types())
        .containsExactly(ColumnType.INSTANT, ColumnType.STRING, ColumnType.STRING, ColumnType.LONG);
    assertThat(table.getString(0, "raw")).isEqualTo("0102");
  }

  @Test
  void parquetFilesAreReadByDuckDb() {
    fixture.normalized(
        "1.5",
        Schema.of("shop"),
        draft -> {
          for (var part = 0; part < 2; part++) {
            var name = draft.newJob("users", "parquet", false);
            parquet(
                draft.jobPath(name),
                "SELECT i, i::DECIMAL(20,2) AS d, 99999999999999999999999999999999999999::DECIMAL(38,0)"
                    + " AS h, '\\xAB'::BLOB AS b, [1,2] AS l, {'a': i} AS s,"
                    + " TIMESTAMPTZ '2026-01-02 03:04:05+00' AS t"
                    + (part == 1 ? ", 'late' AS late" : "")
                    + " FROM range(3) r(i)");
            draft.register(name, 3, sum(draft.jobPath(name)));
          }
        });
    var table = fixture.packages().normalized().getFirst().rows("users");
    assertThat(table.name()).isEqualTo("users (6 rows)");
    assertThat(table.columnNames()).containsExactly("i", "d", "h", "b", "l", "s", "t", "late");
    assertThat(IntStream.range(0, 8).mapToObj(i -> String.valueOf(table.get(2, i))))
        .containsExactly(
            "2",
            "2.00",
            "99999999999999999999999999999999999999",
            "ab",
            "[1,2]",
            "{\"a\":2}",
            "2026-01-02T03:04:05Z",
            table.getString(2, "late"));
    assertThat(table.stringColumn("late").asList()).containsOnly("", "late");
  }

  private static void parquet(Path file, String select) {
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aPackageTellsItsJobsAndRowCounts() {
    fixture.extracted(
        "1.5",
        draft -> {
          PackageFixture.rows(draft, "users", "typed-jsonl", row("i", 1), row("i", 2));
          PackageFixture.rows(draft, "_dlt_pipeline_state", "typed-jsonl", row("version", 1));
        });
    var found = fixture.packages().extracted().getFirst();
    assertThat(found.stage()).isEqualTo("extracted");
    assertThat(found.tables()).containsExactly("_dlt_pipeline_state", "users");
    assertThat(found.jobs().columnNames())
        .containsExactly("table", "rows", "bytes", "state", "format", "retries", "file");
    assertThat(found.rowCounts().stringColumn("table").asList())
        .containsExactly("_dlt_pipeline_state", "users");
    assertThat(found.rowCounts().longColumn("rows").asList()).containsExactly(1L, 2L);
    assertThat(found.toString().replaceAll("\\d+ B", "N B"))
        .isEqualTo(
            """
            package 1.5, extracted: 2 files
              _dlt_pipeline_state  1 row in 1 file, N B
              users                2 rows in 1 file, N B\
            """);
    assertThat(found.problems()).isEmpty();
  }

  @Test
  void failedJobsSayWhy() {
    var stored =
        fixture.normalized(
            "1.5",
            Schema.of("shop"),
            draft -> PackageFixture.rows(draft, "users", "jsonl", row("i", 1)));
    try (var directory = fixture.open()) {
      directory.fail(stored, stored.jobs(JobState.NEW).getFirst(), "no such column");
    }
    var found = fixture.packages().get("1.5");
    assertThat(found.failed().getString(0, "message")).isEqualTo("no such column");
    assertThat(found.failedMessages()).hasSize(1).containsValue("no such column");
    assertThat(found.jobList().getFirst().state()).isEqualTo("failed");
  }

  @Test
  void schemaUpdatesAreATable() {
    fixture.normalized(
        "1.5",
        Schema.of("shop"),
        draft ->
            draft.schemaUpdates(
                """
                {"users": {"name": "users", "columns": {
                  "id": {"name": "id", "data_type": "bigint", "nullable": false, "primary_key": true},
                  "price": {"name": "price", "data_type": "decimal", "precision": 10, "scale": 2}}}}
                """
                    .getBytes(StandardCharsets.UTF_8)));
    var table = fixture.packages().get("1.5").schemaUpdates();
    assertThat(table.stringColumn("column").asList()).containsExactly("id", "price");
    assertThat(table.stringColumn("type").asList()).containsExactly("bigint", "decimal(10,2)");
    assertThat(table.booleanColumn("nullable").asList()).containsExactly(false, true);
    assertThat(table.stringColumn("hints").asList()).containsExactly("primary_key", "");
  }

  @Test
  void quarantinedRowsSayWhereTheyStoodAndWhy() throws Exception {
    var stored = fixture.extracted("1.5", draft -> {});
    var folder = Files.createDirectory(stored.folder().resolve("quarantine"));
    Files.writeString(
        folder.resolve("users.abc.jsonl"),
        """
        {"table":"users","resource":"users","file":"users.abc.0.typed-jsonl.gz","line":7,"reason":"column 'x' is new","value":{"x":1}}
        {"table":"users","resource":"users","file":"users.abc.0.typed-jsonl.gz","line":9,"column":"y","reason":"no bigint","value":"n/a"}
        """);
    var table = fixture.packages().get("1.5").quarantine();
    assertThat(table.name()).isEqualTo("1.5 quarantine (2 rows)");
    assertThat(table.longColumn("line").asList()).containsExactly(7L, 9L);
    assertThat(table.stringColumn("column").asList()).containsExactly("", "y");
    assertThat(table.stringColumn("value").asList()).containsExactly("{\"x\":1}", "n/a");
  }

  @Test
  void aFileThatBreaksOffIsShownAsFarAsItGoes() throws Exception {
    var found = extracted(IntStream.range(0, 12_000).mapToObj(i -> row("i", i)).toArray());
    var file = found.jobList().getFirst().file();
    var bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length * 3 / 5));
    var table = found.rows("users", 12_000);
    assertThat(table.rowCount()).isBetween(5000, 11_000);
    assertThat(table.name())
        .startsWith("users (")
        .contains("of 12,000 rows) – '", "' breaks after row ");
  }

  @Test
  void anUnknownTableOrPackageIsAnsweredWithTheNearestNames() {
    var found = extracted(row("i", 1));
    assertThatThrownBy(() -> found.rows("user"))
        .hasMessage("Package '1.5' has no file of table 'user'; did you mean 'users'?");
    assertThatThrownBy(() -> found.rows("xyz"))
        .hasMessage("Package '1.5' has no file of table 'xyz'; there is 'users'");
    assertThatThrownBy(() -> fixture.packages().get("1.6"))
        .hasMessage("Pipeline 'shop' has no package '1.6'; did you mean '1.5'?");
  }

  @Test
  void aCorruptPackageSaysWhatIsWrongAndWhatCanBeSaved() throws Exception {
    var found = extracted(row("i", 1));
    Files.writeString(found.folder().resolve("schema.json"), "{\"name\": ");
    Files.write(found.jobList().getFirst().file(), new byte[0]);
    assertThat(found.problems())
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .startsWith("Cannot read '" + found.folder().resolve("schema.json") + "': ")
                    .endsWith("(the rows of its files can still be read)"),
            second -> assertThat(second).contains("and 1 rows, but has 0 bytes"));
    assertThat(found.rows("users").name()).contains("breaks after row 0");
  }

  @Test
  void aFileThatIsGoneAndAManifestThatBrokeAreSaid() throws Exception {
    var found = extracted(row("i", 1));
    Files.delete(found.jobList().getFirst().file());
    assertThat(found.problems())
        .singleElement()
        .asString()
        .contains("of table 'users' with 1 rows is gone from");
    Files.writeString(found.folder().resolve("manifest.json"), "{");
    assertThat(found.toString()).startsWith("package 1.5 cannot be read: The manifest '");
    assertThat(found.problems()).singleElement().asString().startsWith("The manifest '");
  }

  private static FileSum sum(Path file) {
    try {
      return FileSum.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
