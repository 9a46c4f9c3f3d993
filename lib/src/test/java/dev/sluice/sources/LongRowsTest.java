package dev.sluice.sources;

import static dev.sluice.sources.SqlReaderTest.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows that are longer than `maxRowBytes`.
class LongRowsTest {
  private static final String LIMIT =
      "more than the 20 of maxRowBytes (setting 'sources.filesystem.max_row_bytes')";

  @TempDir Path folder;

  private final Evaluated runs = new Evaluated();

  private List<?> rows(String file, String text) throws Exception {
    Files.writeString(folder.resolve(file), text);
    return runs.rows(Filesystem.of(folder, file).maxRowBytes(20).rows("t"));
  }

  private List<?> rejected() {
    return runs.tables.getOrDefault("t_rejected", List.of());
  }

  @Test
  void aLongLineOfJsonIsSetAsideWithItsBeginning() throws Exception {
    var exact = "{\"a\":\"" + "x".repeat(12) + "\"}";
    assertThat(exact).hasSize(20);
    assertThat(
            rows(
                "a.jsonl",
                "{\"a\":1}\n"
                    + exact
                    + "\r\n{\"a\":\""
                    + "y".repeat(13)
                    + "\"}\n"
                    + "{\"a\":2}\n{\"a\":\""
                    + "z".repeat(2_000_000)
                    + "\"}\n{\"a\":3}\n"
                    + "\u00e9".repeat(11)))
        .isEqualTo(List.of(map("a", 1L), map("a", "x".repeat(12)), map("a", 2L), map("a", 3L)));
    assertThat(rejected())
        .isEqualTo(
            List.of(
                map(
                    "file",
                    "a.jsonl",
                    "line",
                    3L,
                    "reason",
                    "has 21 bytes, " + LIMIT,
                    "text",
                    "{\"a\":\"" + "y".repeat(13) + "\"…"),
                map(
                    "file",
                    "a.jsonl",
                    "line",
                    5L,
                    "reason",
                    "has 2000008 bytes, " + LIMIT,
                    "text",
                    "{\"a\":\"" + "z".repeat(14) + "…"),
                map(
                    "file",
                    "a.jsonl",
                    "line",
                    7L,
                    "reason",
                    "has 22 bytes, " + LIMIT,
                    "text",
                    "\u00e9".repeat(10) + "…")));
  }

  @Test
  void aLongRecordOfACsvIsSetAsideWithItsBeginning() throws Exception {
    assertThat(
            rows(
                "a.csv",
                "a,b\n1,2\n3,"
                    + "x".repeat(19)
                    + "\n4,\""
                    + "y".repeat(19)
                    + "\"\n5,"
                    + "z".repeat(300_000)
                    + ",\"q\nq\"\n6,7\n"))
        .isEqualTo(List.of(map("a", 1L, "b", 2L), map("a", 6L, "b", 7L)));
    assertThat(rejected())
        .isEqualTo(
            List.of(
                map(
                    "file",
                    "a.csv",
                    "line",
                    3L,
                    "reason",
                    "has 21 characters, " + LIMIT,
                    "text",
                    "3," + "x".repeat(19) + "…"),
                map(
                    "file",
                    "a.csv",
                    "line",
                    4L,
                    "reason",
                    "has 21 characters, " + LIMIT,
                    "text",
                    "4," + "y".repeat(19) + "…"),
                map(
                    "file",
                    "a.csv",
                    "line",
                    5L,
                    "reason",
                    "has 300006 characters, " + LIMIT,
                    "text",
                    "5," + "z".repeat(998) + "…")));
  }

  @Test
  void aCsvOfTooManyFieldsIsSetAside() throws Exception {
    Files.writeString(folder.resolve("a.csv"), "a,b\n1,2\n" + ",".repeat(1_000_000) + "\n3,4\n");
    assertThat(runs.rows(Filesystem.of(folder, "a.csv").rows("t")))
        .isEqualTo(List.of(map("a", 1L, "b", 2L), map("a", 3L, "b", 4L)));
    assertThat(runs.tables.get("t_rejected").getFirst())
        .containsEntry("line", 3L)
        .containsEntry("reason", "has 1000001 fields, more than the 100000 that are read");
  }

  @Test
  void whatCannotBePassedOverEndsTheRunAndSaysWhere() {
    assertThatThrownBy(() -> rows("a.csv", "a,b\n1,\"" + "x".repeat(21) + "\"\n"))
        .rootCause()
        .hasMessage(
            "File '%s': the field that begins in line 2 is longer than %s; is a quote not closed?"
                .formatted(folder.resolve("a.csv"), LIMIT.substring("more than ".length())));
    assertThatThrownBy(() -> rows("b.csv", "a".repeat(21) + "\n1\n"))
        .rootCause()
        .hasMessage(
            "File '%s': the first record, in line 1, has 21 characters, %s"
                .formatted(folder.resolve("b.csv"), LIMIT));
    assertThatThrownBy(
            () -> rows("a.json", "[{\"a\":1},{\"a\":\"" + "x".repeat(9_000_000) + "\"}]"))
        .rootCause()
        .hasMessage(
            "File '%s': value 2 is longer than %s"
                .formatted(folder.resolve("a.json"), LIMIT.substring("more than ".length())));
    assertThat(runs.tables).isEmpty();
  }

  @Test
  void aLongLineOfZstdIsSetAsideToo() throws Exception {
    var file = folder.resolve("a.jsonl.zst");
    try (var out = new ZstdOutputStream(Files.newOutputStream(file))) {
      out.write(
          ("{\"a\":\"" + "x".repeat(5_000_000) + "\"}\n{\"a\":1}\n")
              .getBytes(StandardCharsets.UTF_8));
    }
    assertThat(runs.rows(Filesystem.of(folder, "*.zst").rows("t"))).hasSize(2);
    assertThat(runs.rows(Filesystem.of(folder, "*.zst").maxRowBytes(3_000_000).rows("t")))
        .isEqualTo(List.of(map("a", 1L)));
    assertThat(rejected())
        .singleElement()
        .asString()
        .contains(
            "has 5000008 bytes, more than the 3000000 of maxRowBytes (setting 'sources.filesystem.max_row_bytes')");
  }

  @Test
  void aLimitThatIsNoneIsRefused() {
    assertThatThrownBy(() -> Filesystem.of(folder, "*").maxRowBytes(0))
        .hasMessage("maxRowBytes must be 1 to 1073741824, not '0'");
  }

  // ------------------------------------------------------------------ in little memory

  /// 400 MB of each form in a file of 0.4 MB.
  @ParameterizedTest
  @ValueSource(strings = {"jsonl", "csv", "json", "quoted.csv", "fields.csv"})
  void aBombDoesNotFillAHeapOf64Megabytes(String form) throws Exception {
    bomb(folder.resolve("bomb." + form + ".gz"), form);
    var log = folder.resolve("run.log");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeap.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readAllLines(log))
        .containsExactly(
            switch (form) {
              case "jsonl" -> "2 rows, 1 rejected: line 2 has 400000008 bytes";
              case "csv" -> "2 rows, 1 rejected: line 3 has 400000002 characters";
              case "fields.csv" -> "2 rows, 1 rejected: line 3 has 400000002 characters";
              case "quoted.csv" -> "refused: the field that begins in line 3 is longer";
              default -> "refused: value 2 is longer";
            });
  }

  private static void bomb(Path file, String form) throws IOException {
    var chunk = (form.equals("fields.csv") ? "," : "x").repeat(1_000_000);
    try (var out = new GZIPOutputStream(Files.newOutputStream(file), 1 << 16)) {
      switch (form) {
        case "jsonl" -> fill(out, "{\"a\":1}\n{\"a\":\"", chunk, "\"}\n{\"a\":2}\n");
        case "json" -> fill(out, "[{\"a\":1},{\"a\":\"", chunk, "\"}]");
        case "quoted.csv" -> fill(out, "a,b\n1,2\n3,\"", chunk, "\"\n4,5\n");
        default -> fill(out, "a,b\n1,2\n3,", chunk, "\n4,5\n");
      }
    }
  }

  private static void fill(OutputStream out, String begin, String chunk, String end)
      throws IOException {
    out.write(begin.getBytes(StandardCharsets.UTF_8));
    var bytes = chunk.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < 400; at++) out.write(bytes);
    out.write(end.getBytes(StandardCharsets.UTF_8));
  }

  /// Reads the files of a folder and says what came of it.
  static final class SmallHeap {
    private SmallHeap() {}

    public static void main(String[] arguments) throws Exception {
      var runs = new Evaluated();
      try {
        var rows = runs.rows(Filesystem.of(Path.of(arguments[0]), "bomb.*").rows("t"));
        var rejected = runs.tables.getOrDefault("t_rejected", List.of());
        System.out.printf(
            "%d rows, %d rejected: line %s %s%n",
            rows.size(),
            rejected.size(),
            rejected.getFirst().get("line"),
            String.valueOf(rejected.getFirst().get("reason")).split(",", 2)[0]);
      } catch (Exception failed) {
        var cause = (Throwable) failed;
        while (cause.getCause() != null) cause = cause.getCause();
        System.out.println("refused: " + cause.getMessage().replaceAll(".*': | than the .*", ""));
      }
    }
  }

  // ------------------------------------------------------------------ against a simple reader

  /// As many lines as there are, whole where they are short enough.
  @Property(tries = 500)
  void linesAreThoseOfTheText(
      @ForAll("texts") String text, @ForAll @IntRange(min = 1, max = 30) int longest)
      throws Exception {
    var expected = new ArrayList<String>();
    var rest = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    if (!text.isEmpty())
      for (var line : rest.split("\n", -1)) {
        var stripped = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
        expected.add(stripped.length() <= longest ? stripped : "too long");
      }
    var found = new ArrayList<String>();
    var lines = new Lines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), longest);
    for (var line = lines.next(); line != null; line = lines.next())
      found.add(
          lines.tooLong() > 0 ? "too long" : new String(line.bytes(), StandardCharsets.UTF_8));
    assertThat(found).isEqualTo(expected);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab\n\r").ofMaxLength(200);
  }
}
