package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JobWriterTest {
  @TempDir Path folder;

  private PackageDraft draft() {
    return PackageDraft.create("1.000000", folder.resolve("1.000000"), new Random(1));
  }

  private static void append(JobWriter writer, String row) {
    var bytes = ("##" + row + "##").getBytes(StandardCharsets.UTF_8);
    writer.append(bytes, 2, bytes.length - 4);
  }

  private static String read(StoredJob job) throws IOException {
    try (var in = JobReader.open(job.file())) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void jsonlHoldsARowPerLineAndTypedJsonlAnArrayPerFlush() throws IOException {
    var draft = draft();
    var settings = WriterSettings.defaults().bufferMaxItems(2);
    try (var compressor = Compressor.threads(1)) {
      var lines = draft.writer("a", "jsonl", settings, compressor);
      var arrays = draft.writer("b", "typed-jsonl", settings, compressor);
      for (var i = 1; i <= 3; i++) {
        append(lines, "{\"n\":" + i + "}");
        append(arrays, "{\"n\":" + i + "}");
      }
      assertThat(read(lines.finish().getFirst())).isEqualTo("{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
      assertThat(read(arrays.finish().getFirst()))
          .isEqualTo("[{\"n\":1},{\"n\":2}]\n[{\"n\":3}]\n");
    }
  }

  @Test
  void fileMaxItemsGivesFilesOfThatManyRows() throws IOException {
    var draft = draft();
    var settings = WriterSettings.defaults().fileMaxItems(100).bufferMaxItems(30);
    try (var compressor = Compressor.threads(2)) {
      var writer = draft.writer("t", "jsonl", settings, compressor);
      for (var i = 0; i < 250; i++) {
        append(writer, Integer.toString(i));
      }
      var jobs = writer.finish();
      assertThat(jobs).extracting(job -> job.rows().orElseThrow()).containsExactly(120L, 120L, 10L);
      var all = new StringBuilder();
      for (var job : jobs) {
        assertThat(job.bytes()).isEqualTo(Files.size(job.file()));
        all.append(read(job));
      }
      assertThat(all.toString())
          .isEqualTo(IntStream.range(0, 250).mapToObj(i -> i + "\n").collect(Collectors.joining()));
    }
  }

  @Test
  void maxFileSizeCountsBytesAfterCompression() {
    var draft = draft();
    var random = new Random(7);
    var settings = WriterSettings.defaults().bufferMaxItems(10).maxFileSize(3_000);
    try (var compressor = Compressor.threads(1)) {
      var writer = draft.writer("t", "jsonl", settings, compressor);
      for (var i = 0; i < 200; i++) {
        append(writer, "\"" + Long.toHexString(random.nextLong()).repeat(8) + "\"");
      }
      var jobs = writer.finish();
      assertThat(jobs).hasSizeGreaterThan(1);
      assertThat(jobs.subList(0, jobs.size() - 1))
          .allSatisfy(job -> assertThat(job.bytes()).isBetween(3_000L, 4_000L));
      assertThat(jobs.stream().mapToLong(job -> job.rows().orElseThrow()).sum()).isEqualTo(200);
    }
  }

  @Test
  void whatIsFlushedCanBeReadWhileTheFileIsBeingWritten() throws IOException {
    var draft = draft();
    try (var compressor = Compressor.inline()) {
      var writer = draft.writer("t", "jsonl", WriterSettings.defaults(), compressor);
      append(writer, "1");
      writer.flush();
      append(writer, "2");
      try (var files = Files.list(draft.folder().resolve("new_jobs"));
          var in = JobReader.open(files.findFirst().orElseThrow())) {
        assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("1\n");
      }
      writer.close();
    }
  }

  @Test
  void rowsLargerThanTheBufferArriveWhole() throws IOException {
    var draft = draft();
    var settings = WriterSettings.defaults().bufferMaxBytes(1_000);
    try (var compressor = Compressor.threads(1)) {
      var writer = draft.writer("t", "typed-jsonl", settings, compressor);
      var rows = new ArrayList<String>();
      for (var size : new int[] {10, 900, 5_000_000, 3, 1_100, 996}) {
        rows.add("\"" + "x".repeat(size) + "\"");
      }
      rows.forEach(row -> append(writer, row));
      var text = read(writer.finish().getFirst());
      var found =
          text.lines()
              .map(line -> line.substring(1, line.length() - 1))
              .flatMap(line -> Stream.of(line.split(",")))
              .toList();
      assertThat(found.equals(rows)).isTrue();
    }
  }

  @Test
  void anEmptyFileIsMadeOnlyWhenAskedFor() throws IOException {
    var draft = draft();
    try (var compressor = Compressor.threads(1)) {
      assertThat(draft.writer("t", "jsonl", WriterSettings.defaults(), compressor).finish())
          .isEmpty();
      var writer = draft.writer("t", "jsonl", WriterSettings.defaults(), compressor);
      writer.ensureFile();
      var job = writer.finish().getFirst();
      assertThat(job.rows()).hasValue(0);
      assertThat(read(job)).isEmpty();
    }
  }

  @Test
  void thousandsOfWritersStayWithinTheSharedBufferBound() throws IOException {
    var draft = draft();
    try (var compressor = Compressor.threads(2)) {
      var writers = new ArrayList<JobWriter>();
      for (var i = 0; i < 1_500; i++) {
        writers.add(draft.writer("t" + i, "jsonl", WriterSettings.defaults(), compressor));
      }
      var row = "\"" + "y".repeat(9_000) + "\"";
      for (var round = 0; round < 12; round++) {
        writers.forEach(writer -> append(writer, row));
      }
      for (var writer : writers) {
        assertThat(read(writer.finish().getFirst()).equals((row + "\n").repeat(12))).isTrue();
      }
    }
  }

  @Test
  void aFailedWriteNamesTheTableAndTheFile() throws IOException {
    var draft = draft();
    try (var compressor = Compressor.threads(1)) {
      var writer = draft.writer("orders", "jsonl", WriterSettings.defaults(), compressor);
      Durable.deleteTree(draft.folder());
      append(writer, "1");
      assertThatThrownBy(writer::finish)
          .isInstanceOf(StoreException.class)
          .hasMessageStartingWith(
              "Cannot write rows of table 'orders' to '" + draft.folder() + "': ");
    }
  }

  @Test
  void namesOfJobsSurviveAnyTableName() {
    for (var table : new String[] {"orders", "a b", "../../x", "a.b", "100%", "日本", "a\u0000b"}) {
      var name = new JobName(table, "0123456789", 2, "typed-jsonl", true);
      assertThat(name.fileName()).doesNotContain("/").doesNotContain("\u0000");
      assertThat(JobName.parse(name.fileName())).contains(name);
    }
    var long1 = new JobName("x".repeat(300) + "1", "0123456789", 0, "jsonl", false);
    var long2 = new JobName("x".repeat(300) + "2", "0123456789", 0, "jsonl", false);
    assertThat(long1.fileName()).hasSizeLessThan(255).isNotEqualTo(long2.fileName());
  }
}
