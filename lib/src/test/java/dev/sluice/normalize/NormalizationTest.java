package dev.sluice.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.json.Json;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.LoadFileFormat;
import dev.sluice.schema.Schema;
import dev.sluice.schema.SchemaEditor;
import dev.sluice.schema.TableSchema;
import dev.sluice.store.Stage;
import dev.sluice.store.WriterSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NormalizationTest {
  private static final String LOAD = "1700000000.0";
  private static final String FILE = "t.0000000001.0.typed-jsonl";

  @TempDir Path folder;
  private Extracted extracted;

  @BeforeEach
  void open() {
    extracted = Extracted.in(folder);
  }

  @AfterEach
  void close() {
    extracted.close();
  }

  @Test
  void rowsOfAListAndRowsByThemselvesAreRead() throws IOException {
    extracted.add(
        Schema.of("s"), "t", "[{\"a\":1},{\"a\":2}]", "{\"a\":3}", "[]", " [ {\"a\": 4} ] ");
    var info = extracted.normalize();
    assertThat(info.rowCounts()).containsExactly(Map.entry("t", 4L));
    assertThat(column("t", "a")).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void thePackageIsNormalizedAndTheExtractedOneIsGone() throws IOException {
    extracted.add(Schema.of("s"), "t", "[{\"a\":1,\"l\":[1,2]}]");
    var info = extracted.normalize();
    assertThat(info.loadIds()).containsExactly(LOAD);
    assertThat(extracted.directory.folder().packages(Stage.EXTRACTED)).isEmpty();
    var stored = Schema.read(extracted.directory.folder().schema("s").orElseThrow());
    assertThat(stored).isEqualTo(extracted.schema());
    assertThat(stored.table("t").orElseThrow().seenData()).isTrue();
    Map<String, Map<String, Object>> updates =
        Json.loadb(extracted.normalized().schemaUpdates().orElseThrow());
    assertThat(updates.keySet()).containsExactly("t", "t__l");
    assertThat(updates.get("t__l")).containsEntry("parent", "t");
    assertThat(info.toString())
        .contains("- t: 1 row(s)", "- t__l: 2 row(s)", "new in t: a bigint, _dlt_load_id text");
  }

  @Test
  void anEmptyPackageIsDropped() throws IOException {
    extracted.add(LOAD, Schema.of("s"), Map.of());
    assertThat(extracted.normalize().isEmpty()).isTrue();
    assertThat(extracted.directory.folder().packages(Stage.EXTRACTED)).isEmpty();
  }

  @Test
  void aLaterPackageBuildsOnTheSchemaOfTheEarlierOne() throws IOException {
    var files = Map.of(FILE, "[{\"v\":1}]\n");
    extracted.add("1700000000.0", Schema.of("s"), files);
    extracted.add("1700000001.0", Schema.of("s"), Map.of(FILE, "[{\"v\":\"x\"}]\n"));
    extracted.normalize();
    assertThat(extracted.schema().table("t").orElseThrow().columnsWith("variant"))
        .containsExactly("v__v_text");
  }

  @Test
  void parquetHoldsEveryType() throws IOException, SQLException {
    var schema =
        with(
            "t",
            ColumnSchema.of("dec", DataType.DECIMAL).precision(10, 2),
            ColumnSchema.of("wei", DataType.WEI),
            ColumnSchema.of("bin", DataType.BINARY),
            ColumnSchema.of("js", DataType.JSON),
            ColumnSchema.of("d", DataType.DATE),
            ColumnSchema.of("tm", DataType.TIME),
            ColumnSchema.of("naive", DataType.TIMESTAMP).withoutTimezone(),
            ColumnSchema.of("small", DataType.BIGINT).precision(8),
            ColumnSchema.of("huge", DataType.BIGINT).precision(128));
    extracted.add(
        schema,
        "t",
        "[{\"dec\":\"1.25\",\"wei\":12345678901234567890,\"bin\":\"AQI=\",\"js\":{\"a\":[1]},\"d\":\"2024-01-02\",\"tm\":\"03:04:05\",\"naive\":\"2024-01-02T03:04:05\",\"small\":7,\"huge\":-99999999999999999999,\"f\":\"x'\\\"y\",\"ts\":\"2024-01-02T03:04:05.5Z\",\"g\":0.5,\"ok\":true,\"l\":[{\"k\":1}]},{\"late\":1}]");
    extracted.normalize(NormalizeSettings.defaults().format(LoadFileFormat.PARQUET));
    var jobs = extracted.normalized().jobs();
    assertThat(jobs).extracting(job -> job.name().format()).containsOnly("parquet");
    assertThat(jobs).extracting(job -> job.rows().getAsLong()).containsExactly(2L, 1L);
    try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
        var statement = duckdb.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT * EXCLUDE (_dlt_id) REPLACE (hex(bin) AS bin, CAST(epoch_us(ts) AS BIGINT) AS ts) FROM read_parquet('"
                    + jobs.getFirst().file()
                    + "') WHERE late IS NULL")) {
      rows.next();
      var values = new ArrayList<String>();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        values.add(rows.getMetaData().getColumnName(i) + "=" + rows.getString(i));
      }
      assertThat(values)
          .containsExactly(
              "dec=1.25",
              "wei=12345678901234567890",
              "bin=0102",
              "js={\"a\":[1]}",
              "d=2024-01-02",
              "tm=03:04:05",
              "naive=2024-01-02 03:04:05.0",
              "small=7",
              "huge=-99999999999999999999",
              "f=x'\"y",
              "ts=1704164645500000",
              "g=0.5",
              "ok=true",
              "_dlt_load_id=" + LOAD,
              "late=null");
    }
  }

  @Test
  void parquetHoldsSmallNumbersInColumnsOfAnySize() throws IOException, SQLException {
    var columns = new ArrayList<ColumnSchema>();
    for (var bits : List.of(8, 16, 32, 64, 65, 128)) {
      columns.add(ColumnSchema.of("b" + bits, DataType.BIGINT).precision(bits));
    }
    var row = "{\"b8\":-1,\"b16\":-1,\"b32\":-1,\"b64\":-1,\"b65\":-1,\"b128\":-1}";
    // The second and third row are like the first.
    extracted.add(with("t", columns.toArray(ColumnSchema[]::new)), "t", row, row, row);
    extracted.normalize(NormalizeSettings.defaults().format(LoadFileFormat.PARQUET));
    try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
        var statement = duckdb.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT row(b8, b16, b32, b64, b65, b128)::VARCHAR FROM read_parquet('"
                    + extracted.normalized().jobs().getFirst().file()
                    + "')")) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      assertThat(found).hasSize(3).containsOnly("(-1, -1, -1, -1, -1, -1)");
    }
  }

  @Test
  void theFormatOfATableWins() throws IOException {
    var schema = with(TableSchema.of("t").with("file_format", "parquet"));
    extracted.add(schema, "t", "[{\"a\":1}]");
    extracted.normalize();
    assertThat(extracted.normalized().jobs().getFirst().name().format()).isEqualTo("parquet");
  }

  @Test
  void filesRotateByRows() throws IOException {
    extracted.add(Schema.of("s"), "t", "[{\"a\":1},{\"a\":2},{\"a\":3}]");
    extracted.normalize(
        NormalizeSettings.defaults().writer(WriterSettings.defaults().fileMaxItems(2)));
    assertThat(extracted.normalized().jobs())
        .extracting(job -> job.rows().getAsLong())
        .containsExactlyInAnyOrder(2L, 1L);
  }

  @Test
  void discardedRowsAndValuesAreInQuarantine() throws IOException {
    var schema =
        with(
            TableSchema.of("t")
                .with("resource", "things")
                .with("x-normalizer", Map.of("seen-data", true))
                .with(
                    "schema_contract",
                    Map.of("columns", "discard_value", "data_type", "discard_row"))
                .columns(ColumnSchema.of("v", DataType.BIGINT)));
    extracted.add(
        schema, "t", "[{\"v\":1},{\"v\":2,\"extra\":{\"a\":\"b\"}},{\"v\":\"x\",\"l\":[1]}]");
    var info = extracted.normalize();
    assertThat(info.rowCounts()).containsEntry("t", 2L);
    assertThat(info.packages().getFirst().quarantined()).containsExactly(Map.entry("t", 1L));
    assertThat(info.packages().getFirst().quarantinedValues()).containsExactly(Map.entry("t", 1L));
    var lines =
        Files.readAllLines(
            extracted.normalized().folder().resolve("quarantine/t.0000000001.jsonl"));
    assertThat(lines.stream().map(line -> Json.<Map<String, Object>>loads(line)).toList())
        .containsExactly(
            entry(
                "table",
                "t",
                "resource",
                "things",
                "file",
                FILE,
                "line",
                2L,
                "column",
                "extra__a",
                "reason",
                "column 'extra__a' of table 't' is not in the schema, and the contract is discard_value",
                "value",
                "b"),
            entry(
                "table",
                "t",
                "resource",
                "things",
                "file",
                FILE,
                "line",
                3L,
                "reason",
                "column 'v__v_text' of table 't' is not in the schema, and the contract is discard_row",
                "value",
                Map.of("v", "x", "l", List.of(1L))));
  }

  @Test
  void aFrozenContractNamesTableColumnValueAndRow() throws IOException {
    var schema =
        with(
            TableSchema.of("t")
                .with("schema_contract", Map.of("columns", "freeze"))
                .columns(ColumnSchema.of("v", DataType.BIGINT)));
    extracted.add(schema, "t", "[{\"v\":1},{\"v\":2,\"extra\":\"x\"}]");
    assertThatThrownBy(extracted::normalize)
        .isInstanceOf(CannotNormalize.class)
        .hasMessage(
            "Column 'extra' of table 't' is new, and the contract for columns is freeze; it holds 'x'; change the contract, declare it, or drop it from the rows (row 2) (package "
                + LOAD
                + ", file '"
                + FILE
                + "')");
    assertThat(extracted.directory.folder().packages(Stage.EXTRACTED)).hasSize(1);
    assertThat(extracted.directory.folder().packages(Stage.NORMALIZED)).isEmpty();
  }

  @Test
  void keysThatNormalizeAlikeBothStay() throws IOException {
    extracted.add(
        Schema.of("s"),
        "t",
        "[{\"userName\":\"first\",\"user_name\":\"second\"},{\"user name\":\"x\",\"UserName\":null},{\"user_name\":\"third\"}]");
    extracted.normalize();
    assertThat(columns("t", "user_name", "user_name_2"))
        .containsExactly("[first, second]", "[x, null]", "[null, third]");
  }

  @Test
  void aFlattenedPathAndAKeyOfItsNameBothStay() throws IOException {
    extracted.add(
        Schema.of("s"), "t", "[{\"a\":{\"b\":1},\"a__b\":2},{\"a__b\":3},{\"a\":{\"b\":4}}]");
    extracted.normalize();
    assertThat(columns("t", "a__b", "a__b_2")).containsExactly("[2, 1]", "[3, null]", "[null, 4]");
  }

  @Test
  void aVariantAndAFieldOfItsNameBothStay() throws IOException {
    extracted.add(
        Schema.of("s"),
        "t",
        "[{\"n\":1,\"n__v_text\":\"own\"},{\"n\":\"a word\"},{\"n\":\"both\",\"n__v_text\":\"own\"}]");
    extracted.normalize();
    assertThat(columns("t", "n", "n__v_text", "n__v_text_2"))
        .containsExactly("[1, own, null]", "[null, a word, null]", "[null, own, both]");
  }

  @Test
  void listsWhoseKeysNormalizeAlikeBothStay() throws IOException {
    extracted.add(Schema.of("s"), "t", "[{\"a b\":[1],\"a-b\":[2]},{\"a b\":[1],\"a-b\":[2]}]");
    extracted.normalize();
    assertThat(column("t__a_b", "value")).containsExactly(1L, 1L);
    assertThat(column("t__a_b_2", "value")).containsExactly(2L, 2L);
  }

  @Test
  void aRowWithoutARequiredColumnIsRefused() throws IOException {
    var schema = with("t", ColumnSchema.of("price", DataType.DOUBLE).notNull());
    extracted.add(schema, "t", "[{\"price\":1.5},{\"price\":2.5},{\"id\":3}]");
    assertThatThrownBy(extracted::normalize)
        .hasMessageContaining("Column 'price' of table 't' must not be null, but the row lacks it")
        .hasMessageContaining("row 3");
  }

  @Test
  void columnsOfNullsAloneAreReportedOrCreatedAsText() throws IOException {
    extracted.add(Schema.of("s"), "t", "[{\"a\":1,\"n\":null},{\"a\":1,\"n\":null}]");
    assertThat(extracted.normalize().packages().getFirst().nullOnly())
        .containsExactly(Map.entry("t", List.of("n")));
    extracted.add(Schema.of("s"), "t", "[{\"a\":1,\"n\":null}]");
    extracted.directory.drop(extracted.normalized());
    extracted.normalize(
        new NormalizeSettings(
            1, LoadFileFormat.JSONL, WriterSettings.defaults(), 0, false, true, false, false));
    assertThat(extracted.schema().table("t").orElseThrow().column("n").orElseThrow().dataType())
        .contains(DataType.TEXT);
  }

  @Test
  void brokenFilesAreOneSentence() throws IOException {
    var whole = "[{\"a\":1},{\"a\":2}]\n".repeat(5_000).getBytes(StandardCharsets.UTF_8);
    var zipped = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(zipped)) {
      gzip.write(whole);
    }
    var bytes = zipped.toByteArray();
    var cut = java.util.Arrays.copyOf(bytes, bytes.length / 2);
    assertThat(refusal("t.0000000001.0.typed-jsonl.gz", cut))
        .contains("it is damaged")
        .contains("file 't.0000000001.0.typed-jsonl.gz'")
        .contains(LOAD);
    var flipped = bytes.clone();
    flipped[bytes.length / 2] ^= 0x55;
    assertThat(refusal("t.0000000001.0.typed-jsonl.gz", flipped)).contains("(row ");
    assertThat(refusal(FILE, "[{\"a\":1},{\"a\":2".getBytes(StandardCharsets.UTF_8)))
        .contains("The file ends within a row; it is cut off (row 2)");
    assertThat(refusal(FILE, "[{\"a\":1},{\"a\":\u0000}]".getBytes(StandardCharsets.UTF_8)))
        .contains("damaged");
    assertThat(refusal(FILE, "[{\"a\":1},{\"a\":1,\"a\":2}]".getBytes(StandardCharsets.UTF_8)))
        .contains("Key 'a' stands twice", "(row 2)");
    var deep = "[{\"a\":" + "[".repeat(2000) + "]".repeat(2000) + "}]";
    assertThat(refusal(FILE, deep.getBytes(StandardCharsets.UTF_8)))
        .contains("nesting depth", "(row 1)");
    assertThat(refusal("t.0000000001.0.parquet", whole)).contains("does not stand in the manifest");
    assertThat(refusal("t.0000000001.0.avro", whole))
        .contains("is of format 'avro', which is not read here");
    assertThat(refusal(FILE, "[{\"a\":\"\\ud800\"}]".getBytes(StandardCharsets.UTF_8)))
        .contains("(row 1)");
    assertThat(refusal(FILE, "[{\"a\":1e999}]".getBytes(StandardCharsets.UTF_8)))
        .contains("beyond the range of a double", "(row 1)");
  }

  @Test
  void oneWorkersFailureEndsTheOthers() throws IOException {
    var files = new LinkedHashMap<String, String>();
    for (int i = 0; i < 8; i++) {
      files.put(
          "t.000000000" + i + ".0.typed-jsonl",
          i == 2 ? "[{\"a\":]\n" : "[{\"a\":1}]\n".repeat(2000));
    }
    extracted.add(LOAD, Schema.of("s"), files);
    assertThatThrownBy(() -> extracted.normalize(NormalizeSettings.defaults().workers(4)))
        .hasMessageContaining("t.0000000002.0.typed-jsonl");
    assertThat(extracted.directory.folder().packages(Stage.NORMALIZED)).isEmpty();
  }

  @Test
  void aFileOvertakenByAnEarlierOneIsDoneAgain() throws IOException {
    var files = new LinkedHashMap<String, String>();
    for (int i = 0; i < 8; i++) {
      files.put(
          "t.000000000" + i + ".0.typed-jsonl",
          (i % 2 == 0 ? "[{\"a\":1,\"x" + i + "\":1}]\n" : "[{\"a\":\"word\",\"x" + i + "\":2}]\n")
              .repeat(50));
    }
    extracted.add(LOAD, Schema.of("s"), files);
    var info = extracted.normalize(NormalizeSettings.defaults().workers(8));
    assertThat(info.rowCounts()).containsExactly(Map.entry("t", 400L));
    assertThat(
            extracted.schema().table("t").orElseThrow().columns().stream().map(ColumnSchema::name))
        .containsExactly(
            "a",
            "x0",
            "_dlt_load_id",
            "_dlt_id",
            "a__v_text",
            "x1",
            "x2",
            "x3",
            "x4",
            "x5",
            "x6",
            "x7");
    assertThat(extracted.normalized().jobs().stream().mapToLong(job -> job.rows().orElse(0)).sum())
        .isEqualTo(400);
    assertThat(column("t", "a__v_text").stream().filter(v -> v != null)).hasSize(200);
  }

  @Test
  void longRowsAndManyOfThemCrossTheBuffer() throws IOException {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 40; i++) {
      lines.add("{\"nr\":" + i + ",\"text\":\"" + "xé".repeat(i * 7919) + "\",\"l\":[" + i + "]}");
    }
    extracted.add(Schema.of("s"), "t", "[" + String.join(",", lines) + "]");
    var info = extracted.normalize();
    assertThat(info.rowCounts()).containsEntry("t", 40L).containsEntry("t__l", 40L);
    assertThat(column("t", "text").stream().mapToInt(text -> ((String) text).length()).sum())
        .isEqualTo(2 * 7919 * 780);
  }

  @Test
  void columnsWidenWhereNothingIsLostIfAsked() throws IOException {
    extracted.add(
        Schema.of("s"),
        "t",
        "[{\"a\":1,\"b\":9007199254740993,\"c\":3,\"d\":\"\uf0282024-01-02\",\"e\":1},{\"a\":2,\"b\":2,\"c\":4,\"d\":\"\uf0282024-01-03\",\"e\":2}]",
        "[{\"a\":1.5,\"b\":1.5,\"c\":\"\uf0261.25\",\"d\":\"\uf0272024-01-02T03:04:05+00:00\",\"e\":18446744073709551616},{\"a\":3,\"b\":3,\"c\":5,\"d\":\"\uf0282024-01-04\",\"e\":3}]");
    extracted.normalize(NormalizeSettings.defaults().promote(true));
    assertThat(extracted.schema().table("t").orElseThrow().columns())
        .extracting(column -> column.name() + " " + column.property("data_type"))
        .containsExactly(
            "a double",
            "b bigint",
            "c decimal",
            "d timestamp",
            "e wei",
            "_dlt_load_id text",
            "_dlt_id text",
            "b__v_double double");
    assertThat(columns("t", "a", "b", "b__v_double", "c", "e"))
        .containsExactly(
            "[1, 9007199254740993, null, 3, 1]",
            "[2, 2, null, 4, 2]",
            "[1.5, null, 1.5, 1.250000000, 18446744073709551616]",
            "[3.0, 3, null, 5.000000000, 3]");
    assertThat(column("t", "d").get(2)).isEqualTo("2024-01-02T03:04:05Z");
  }

  @Test
  void whatAWidenedColumnWouldRoundGoesToAVariant() throws IOException {
    extracted.add(
        Schema.of("s"),
        "t",
        """
        [{"a":1,"b":1,"c":1},{"a":1.5,"b":18446744073709551616,"c":"\uf0261.25"},\
        {"a":9007199254740993,"b":1.5,"c":1e-12},{"a":9007199254740992,"b":2.0,"c":0.5}]\
        """,
        """
        [{"a":"\uf02612345678901234567890.5","b":"\uf0260.5","c":7},{"a":"\uf0260.1","b":7,"c":7}]\
        """);
    extracted.normalize(NormalizeSettings.defaults().promote(true));
    assertThat(columns("t", "a", "a__v_bigint", "a__v_decimal"))
        .containsExactly(
            "[1, null, null]",
            "[1.5, null, null]",
            "[null, 9007199254740993, null]",
            "[9.007199254740992E15, null, null]",
            "[null, null, 12345678901234567890.500000000]",
            "[0.1, null, null]");
    assertThat(columns("t", "b", "b__v_double", "b__v_decimal"))
        .containsExactly(
            "[1, null, null]",
            "[18446744073709551616, null, null]",
            "[null, 1.5, null]",
            "[2, null, null]",
            "[null, null, 0.500000000]",
            "[7, null, null]");
    assertThat(columns("t", "c", "c__v_double"))
        .containsExactly(
            "[1, null]",
            "[1.250000000, null]",
            "[null, 1.0E-12]",
            "[0.500000000, null]",
            "[7.000000000, null]",
            "[7.000000000, null]");
  }

  @Test
  void columnsOfTheDestinationDoNotWiden() throws IOException {
    extracted.add(with("t", ColumnSchema.of("a", DataType.BIGINT)), "t", "[{\"a\":1.5}]");
    extracted.normalize(NormalizeSettings.defaults().promote(true));
    assertThat(extracted.schema().table("t").orElseThrow().columnsWith("variant"))
        .containsExactly("a__v_double");
  }

  private String refusal(String file, byte[] content) throws IOException {
    var draft = extracted.directory.draftExtract(LOAD);
    Files.write(draft.folder().resolve("new_jobs").resolve(file), content);
    draft.schema(Schema.of("s").bytes());
    var stored = extracted.commit(draft, dev.sluice.store.FolderUpdate.none());
    try {
      extracted.normalize();
      return "";
    } catch (CannotNormalize refused) {
      return String.valueOf(refused.getMessage());
    } finally {
      extracted.directory.drop(stored);
    }
  }

  private List<Object> column(String table, String column) throws IOException {
    var values = new ArrayList<Object>();
    extracted.rows().get(table).forEach(row -> values.add(row.get(column)));
    return values;
  }

  private List<String> columns(String table, String... columns) throws IOException {
    var values = new ArrayList<String>();
    extracted
        .rows()
        .get(table)
        .forEach(
            row -> values.add(java.util.Arrays.stream(columns).map(row::get).toList().toString()));
    return values;
  }

  private static Map<String, Object> entry(Object... pairs) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  private static Schema with(String table, ColumnSchema... columns) {
    return with(TableSchema.of(table).columns(columns));
  }

  private static Schema with(TableSchema table) {
    var editor = SchemaEditor.of(Schema.of("s"), 0);
    editor.update(
        table.property("resource") == null
            ? table.with("write_disposition", "append").with("resource", table.name())
            : table.with("write_disposition", "append"));
    return editor.toSchema();
  }
}
