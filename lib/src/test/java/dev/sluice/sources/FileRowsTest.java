package dev.sluice.sources;

import static dev.sluice.sources.SqlReaderTest.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRowsTest {
  private static final int LONGEST = 16 << 20;

  @TempDir Path folder;

  private static final class Sink implements FileSink {
    final List<Map<String, Object>> rows = new ArrayList<>();
    final List<List<Object>> rejects = new ArrayList<>();
    int pages;

    @Override
    public void page(List<Map<String, Object>> page) {
      pages++;
      rows.addAll(page);
    }

    @Override
    public void reject(long line, String reason, String text) {
      rejects.add(List.of(line, reason, text));
    }
  }

  @Test
  void csvColumnsAreTypedByWhatTheyHold() throws Exception {
    var sink =
        read(
            "a.csv",
            """
            id,price,paid,code,name,when
            1,1.5,true,007,"Ada, ""Countess"" L.",2026-01-02
            -2,3,FALSE,012,,2026-01-03
            3,,,013,"",
            """);
    assertThat(sink.rows)
        .containsExactly(
            map(
                "id",
                1L,
                "price",
                1.5,
                "paid",
                true,
                "code",
                "007",
                "name",
                "Ada, \"Countess\" L.",
                "when",
                "2026-01-02"),
            map(
                "id",
                -2L,
                "price",
                3.0,
                "paid",
                false,
                "code",
                "012",
                "name",
                null,
                "when",
                "2026-01-03"),
            map("id", 3L, "price", null, "paid", null, "code", "013", "name", "", "when", null));
    assertThat(sink.rejects).isEmpty();
  }

  @Test
  void raggedRowsOfACsvAreSetAsideWithTheirLines() throws Exception {
    var sink = read("a.csv", "id,name\r\n1,x\r\n\r\n2\r\n3,\"two\r\nlines\"\r\n4,y,z\r\n5,end");
    assertThat(sink.rows)
        .containsExactly(
            map("id", 1L, "name", "x"),
            map("id", 3L, "name", "two\r\nlines"),
            map("id", 5L, "name", "end"));
    assertThat(sink.rejects)
        .containsExactly(
            List.of(4L, "has 1 fields instead of 2", "2"),
            List.of(7L, "has 3 fields instead of 2", "4,y,z"));
  }

  @Test
  void aValueThatDoesNotFitItsColumnStaysText() throws Exception {
    var text = new StringBuilder("n\n");
    for (int n = 0; n < 20; n++) text.append(n).append('\n');
    var sink = read("a.csv", text + "n/a\n", options(10));
    assertThat(sink.rows.get(19)).isEqualTo(map("n", 19L));
    assertThat(sink.rows.get(20)).isEqualTo(map("n", "n/a"));
    assertThat(sink.pages).isEqualTo(3);
  }

  @Test
  void theSeparatorIsTheOneOfTheFirstLine() throws Exception {
    assertThat(read("a.csv", "\uFEFFa;b\n1;2,5\n").rows).containsExactly(map("a", 1L, "b", "2,5"));
    assertThat(read("a.tsv", "a\tb\n1\t2\n").rows).containsExactly(map("a", 1L, "b", 2L));
  }

  @Test
  void anUnclosedQuoteIsAnErrorThatNamesItsLine() {
    assertThatThrownBy(() -> read("a.csv", "a,b\n1,2\n3,\"x\n4,5\n"))
        .hasMessage(
            "File '%s': the quote opened in line 3 is never closed; close or double it"
                .formatted(folder.resolve("a.csv")));
  }

  @Test
  void textInAnotherCharsetIsAnErrorThatSaysWhatToDo() throws Exception {
    Files.write(
        folder.resolve("a.csv"), "name\nM\u00fcller\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> read(folder.resolve("a.csv"), options(10)))
        .hasMessage(
            "File '%s' is not text in 'UTF-8'; say which with charset(..)"
                .formatted(folder.resolve("a.csv")));
    var latin =
        new FileRows.Options(10, (char) 0, true, Charset.forName("ISO-8859-1"), false, LONGEST);
    assertThat(read(folder.resolve("a.csv"), latin).rows)
        .containsExactly(map("name", "M\u00fcller"));
  }

  @Test
  void aLineWithHalfASurrogatePairIsSetAside() throws Exception {
    var sink = read("a.jsonl", "{\"a\":\"\\ud83d\\uDE00\"}\n{\"a\":\"\\uD83D\"}\n{\"a\":1}");
    assertThat(sink.rows).containsExactly(map("a", "\uD83D\uDE00"), map("a", 1L));
    assertThat(sink.rejects)
        .containsExactly(
            List.of(
                2L,
                "The value at $.a holds half a surrogate pair, which is no text; repair or drop it",
                "{\"a\":\"\\uD83D\"}"));
  }

  @Test
  void jsonLinesBecomeRowsAndBrokenLinesAreSetAside() throws Exception {
    var sink = read("a.jsonl", "{\"id\": 1, \"tags\": [\"x\"]}\n\n{\"id\": \n7\n{\"id\": 2}");
    assertThat(sink.rows)
        .containsExactly(map("id", 1L, "tags", List.of("x")), map("value", 7L), map("id", 2L));
    assertThat(sink.rejects).hasSize(1);
    assertThat(sink.rejects.getFirst()).element(0).isEqualTo(3L);
    assertThat(sink.rejects.getFirst()).element(2).isEqualTo("{\"id\": ");
  }

  @Test
  void aLineOfABufferAndMoreIsRead() throws Exception {
    var longText = "x".repeat(200_000);
    var sink = read("a.jsonl", "{\"a\":\"" + longText + "\"}\n{\"a\":\"y\"}\n");
    assertThat(sink.rows).containsExactly(map("a", longText), map("a", "y"));
  }

  @Test
  void aJsonFileIsAListOfRowsOrARow() throws Exception {
    assertThat(read("a.json", "[{\"a\": 1}, {\"a\": 2}]").rows)
        .containsExactly(map("a", 1L), map("a", 2L));
    assertThat(read("b.json", "{\"a\": [1]}").rows).containsExactly(map("a", List.of(1L)));
    assertThat(read("c.json", "[]").rows).isEmpty();
    assertThatThrownBy(() -> read("d.json", "[{\"a\": 1}, {\"a\""))
        .hasMessageStartingWith("File '" + folder.resolve("d.json") + "': Unreadable JSON at");
  }

  @Test
  void parquetKeepsItsTypes() throws Exception {
    duckdb(
        "COPY (SELECT 1::bigint AS id, 1.50::decimal(8,2) AS price, date '2026-01-02' AS day, [1, 2] AS list)"
            + " TO '%s' (FORMAT parquet)",
        "a.parquet");
    assertThat(read(folder.resolve("a.parquet"), options(10)).rows)
        .containsExactly(
            map(
                "id",
                1L,
                "price",
                new java.math.BigDecimal("1.50"),
                "day",
                java.time.LocalDate.of(2026, 1, 2),
                "list",
                List.of(1, 2)));
  }

  @Test
  void aRowKnowsFileAndLineIfAsked() throws Exception {
    var origin = new FileRows.Options(10, (char) 0, true, StandardCharsets.UTF_8, true, LONGEST);
    Files.writeString(folder.resolve("a.csv"), "a,b\n1,\"x\ny\"\n2,z\n");
    assertThat(read(folder.resolve("a.csv"), origin).rows)
        .containsExactly(
            map("a", 1L, "b", "x\ny", "_file", "a.csv", "_line", 2L),
            map("a", 2L, "b", "z", "_file", "a.csv", "_line", 4L));
    Files.writeString(folder.resolve("a.jsonl"), "\n{\"a\":1}\n");
    assertThat(read(folder.resolve("a.jsonl"), origin).rows)
        .containsExactly(map("a", 1L, "_file", "a.jsonl", "_line", 2L));
    duckdb("COPY (SELECT 7 AS a FROM range(2)) TO '%s' (FORMAT parquet)", "a.parquet");
    assertThat(read(folder.resolve("a.parquet"), origin).rows)
        .containsExactly(
            map("a", 7L, "_file", "a.parquet", "_line", 1L),
            map("a", 7L, "_file", "a.parquet", "_line", 2L));
  }

  @Test
  void aTruncatedGzipIsAnError() throws Exception {
    var text = new StringBuilder("a,b\n");
    for (int n = 0; n < 10_000; n++) text.append(n).append(',').append(n * 31 % 1009).append('\n');
    var whole = gzip(text.toString());
    Files.write(folder.resolve("a.csv.gz"), Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> read(folder.resolve("a.csv.gz"), options(10)))
        .hasMessage(
            "File '%s' ends within its compressed data, so it was cut off; get it again"
                .formatted(folder.resolve("a.csv.gz")));
    Files.writeString(folder.resolve("b.csv.gz"), "a,b\n1,2\n");
    assertThatThrownBy(() -> read(folder.resolve("b.csv.gz"), options(10)))
        .hasMessage(
            "File '%s' is broken ('Not in GZIP format'); get it again"
                .formatted(folder.resolve("b.csv.gz")));
  }

  /// Rows share what was read at once with the lines around them, and are looked at after the end.
  @Test
  void linesOfAnyLengthAreRowsOfTheirOwn() throws Exception {
    var text = new StringBuilder();
    var expected = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < 200; i++) {
      var value =
          String.valueOf((char) ('a' + i % 26))
              .repeat(i * 7_919 % (i % 50 == 7 ? 900_000 : 30_000));
      text.append("{\"id\": %d, \"text\":\"%s\"}".formatted(i, value));
      text.append(i == 199 ? "" : i % 3 == 0 ? "\r\n" : "\n");
      if (i % 20 == 0) text.append("{\"id\":").append(value).append('\n');
      expected.add(map("id", (long) i, "text", value));
    }
    var sink = read("a.jsonl", text.toString());
    assertThat(sink.rows).isEqualTo(expected);
    assertThat(sink.rejects).hasSize(10);
    assertThat(sink.rejects.get(9))
        .element(2)
        .isEqualTo("{\"id\":" + expected.get(180).get("text"));
  }

  private Sink read(String name, String text) throws IOException {
    return read(name, text, options(100));
  }

  private Sink read(String name, String text, FileRows.Options options) throws IOException {
    Files.writeString(folder.resolve(name), text);
    return read(folder.resolve(name), options);
  }

  private Sink read(Path path, FileRows.Options options) throws IOException {
    var sink = new Sink();
    var name = folder.relativize(path).toString();
    var entry = new FileEntry(name, path.toString(), Files.size(path), Instant.EPOCH, "", false);
    FileRows.read(entry, path, FileFormat.of(name).orElseThrow(), options, sink);
    return sink;
  }

  private static FileRows.Options options(int pageRows) {
    return new FileRows.Options(pageRows, (char) 0, true, StandardCharsets.UTF_8, false, LONGEST);
  }

  private void duckdb(String sql, String file) throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute(sql.formatted(folder.resolve(file)));
    }
  }

  private static byte[] gzip(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
