package dev.sluice.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fuzz.Hostile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// Files of anybody.
class FilesFuzzTest {
  private static Path folder;

  @BeforeContainer
  static void aFolder() throws IOException {
    folder = Files.createTempDirectory("sluice-files");
  }

  @AfterContainer
  static void remove() throws IOException {
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) Files.delete(file);
    }
    Files.delete(folder);
  }

  @Property(seed = Hostile.SEED)
  void aCsvIsReadOrRefused(
      @ForAll("csv") byte[] content, @ForAll @IntRange(min = 1, max = 500) int longest) {
    read("a.csv", content, longest);
  }

  @Property(seed = Hostile.SEED)
  void jsonLinesAreReadOrRefused(
      @ForAll("json") byte[] content, @ForAll @IntRange(min = 1, max = 500) int longest) {
    read("a.jsonl", content, longest);
  }

  @Property(seed = Hostile.SEED)
  void aJsonFileIsReadOrRefused(
      @ForAll("json") byte[] content, @ForAll @IntRange(min = 1, max = 500) int longest) {
    read("a.json", content, longest);
  }

  @Property(seed = Hostile.SEED)
  void aPackedFileIsReadOrRefused(@ForAll("json") byte[] content) {
    read("a.jsonl.gz", content, 1 << 20);
  }

  /// No record is longer than the limit, none is lost, and each begins where it stands.
  @Property(seed = Hostile.SEED)
  void recordsAreBounded(
      @ForAll("csvTexts") String text, @ForAll @IntRange(min = 1, max = 50) int longest) {
    Hostile.readOrRefused(() -> {
      var records = new CsvRecords(new StringReader(text), ',', longest);
      var line = 0L;
      for (var record = records.next(); record != null; record = records.next()) {
        assertThat(records.line()).isGreaterThan(line);
        line = records.line();
        if (records.tooLong() != null) {
          assertThat(record).isEmpty();
          continue;
        }
        var length = record.stream().mapToInt(field -> field == null ? 0 : field.length()).sum();
        assertThat(length + record.size() - 1).isLessThanOrEqualTo(longest);
      }
    });
  }

  private static void read(String name, byte[] content, int longest) {
    Hostile.readOrRefused(() -> {
      var path = folder.resolve(name);
      Files.write(path, content);
      var entry = new FileEntry(name, path.toString(), content.length, Instant.EPOCH, "", false);
      var options = new FileRows.Options(3, (char) 0, true, StandardCharsets.UTF_8, false, longest);
      FileRows.read(entry, path, FileFormat.of(name).orElseThrow(), options, new Nowhere());
    });
  }

  /// Looks at every row, and keeps none.
  private static final class Nowhere implements FileSink {
    @Override
    public void page(List<Map<String, Object>> rows) {
      assertThat(rows).isNotEmpty();
      rows.forEach(row -> assertThat(row.toString()).isNotNull());
    }

    @Override
    public void reject(long line, String reason, String text) {
      assertThat(line).isPositive();
      assertThat(reason).isNotEmpty();
      assertThat(text.length()).isLessThanOrEqualTo(200_000);
    }
  }

  @Provide
  Arbitrary<byte[]> csv() {
    return Hostile.bytes(CSV);
  }

  @Provide
  Arbitrary<String> csvTexts() {
    return Hostile.texts(CSV);
  }

  @Provide
  Arbitrary<byte[]> json() {
    return Hostile.bytes(
        "{\"a\":1}\n{\"a\":\"x\\\"y\",\"b\":[1,{\"c\":null}]}\r\n[1,2]\n\"text\"\n",
        "[{\"a\":1}, {\"a\":2.5e3}]");
  }

  private static final String[] CSV = {
    "a,b,c\n1,x,2024-01-02\n2,\"y,\"\"z\"\"\n\",\n3,,true\n", "a;b\r\n1;2\r\n\r\n3;\"\"\r\n"
  };
}
