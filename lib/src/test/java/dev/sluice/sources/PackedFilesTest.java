package dev.sluice.sources;

import static dev.sluice.sources.SqlReaderTest.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Files give the same rows however they are packed, and a pack that is broken is named.
class PackedFilesTest {
  @TempDir Path folder;

  private enum Packing {
    PLAIN(""),
    GZ(".gz"),
    GZIP(".gzip"),
    ZST(".zst"),
    ZSTD(".zstd");

    final String ending;

    Packing(String ending) {
      this.ending = ending;
    }

    byte[] pack(byte[] plain) throws IOException {
      return switch (this) {
        case PLAIN -> plain;
        case GZ, GZIP -> gzip(plain);
        case ZST, ZSTD -> zstd(plain);
      };
    }
  }

  /// What a file may hold that a codec must not touch.
  private record Content(String name, String text, List<Map<String, Object>> rows) {
    @Override
    public String toString() {
      return name.substring(0, name.indexOf('.'));
    }
  }

  private static final List<Content> CONTENTS =
      List.of(
          new Content(
              "lf.csv", "a,b\n1,x\n2,y\n", List.of(map("a", 1L, "b", "x"), map("a", 2L, "b", "y"))),
          new Content(
              "crlf.csv",
              "a,b\r\n1,x\r\n2,y\r\n",
              List.of(map("a", 1L, "b", "x"), map("a", 2L, "b", "y"))),
          new Content(
              "cr.csv", "a,b\r1,x\r2,y", List.of(map("a", 1L, "b", "x"), map("a", 2L, "b", "y"))),
          new Content(
              "quoted_breaks.csv",
              "a,b\r\n1,\"one\r\ntwo\"\r\n2,\"one\ntwo\"\r\n3,\"one\rtwo\"\r\n",
              List.of(
                  map("a", 1L, "b", "one\r\ntwo"),
                  map("a", 2L, "b", "one\ntwo"),
                  map("a", 3L, "b", "one\rtwo"))),
          new Content(
              "quotes.csv",
              "a,b\n1,\"say \"\"hi\"\", Ada\"\n2,\"\"\n3,\n",
              List.of(
                  map("a", 1L, "b", "say \"hi\", Ada"),
                  map("a", 2L, "b", ""),
                  map("a", 3L, "b", null))),
          new Content(
              "excel.csv",
              "\uFEFFName;Größe\r\n\"Ada\r\nLovelace\";1,5\r\nBob;2,5\r\n",
              List.of(
                  map("Name", "Ada\r\nLovelace", "Größe", "1,5"),
                  map("Name", "Bob", "Größe", "2,5"))),
          new Content(
              "unit_separator.csv",
              "a,b\n1,x\u001Fy\n2,\u0000\n",
              List.of(map("a", 1L, "b", "x\u001Fy"), map("a", 2L, "b", "\u0000"))),
          new Content("no_end.csv", "a,b\n1,x", List.of(map("a", 1L, "b", "x"))),
          new Content(
              "lines.jsonl",
              "{\"a\": \"one\\r\\ntwo\"}\r\n\r\n{\"a\": \"\u007F\u2028\"}\r\n{\"a\": 3}",
              List.of(map("a", "one\r\ntwo"), map("a", "\u007F\u2028"), map("a", 3L))),
          new Content(
              "list.json",
              "[{\"a\": \"one\\ntwo\"},\r\n {\"a\": 2}]\r\n",
              List.of(map("a", "one\ntwo"), map("a", 2L))));

  private static Stream<Arguments> contentsInEveryPacking() {
    return CONTENTS.stream()
        .flatMap(content ->
            Arrays.stream(Packing.values()).map(packing -> Arguments.of(content, packing)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("contentsInEveryPacking")
  void rowsAreTheSameHoweverTheFileIsPacked(Content content, Packing packing) throws Exception {
    var packed = packing.pack(content.text().getBytes(StandardCharsets.UTF_8));
    assertThat(rows(content.name() + packing.ending, packed)).isEqualTo(content.rows());
  }

  @ParameterizedTest
  @EnumSource(Packing.class)
  void anEndingIsReadWhateverItsCase(Packing packing) throws Exception {
    var packed = packing.pack("a\n1\n".getBytes(StandardCharsets.UTF_8));
    assertThat(rows("A.CSV" + packing.ending.toUpperCase(java.util.Locale.ROOT), packed))
        .containsExactly(map("a", 1L));
  }

  @Test
  void whatOthersPackIsRead() throws Exception {
    for (var format : List.of("csv", "json")) {
      var file = folder.resolve("a." + (format.equals("csv") ? "csv" : "jsonl") + ".zst");
      try (var connection = DriverManager.getConnection("jdbc:duckdb:");
          var statement = connection.createStatement()) {
        statement.execute(
            "COPY (SELECT n AS id, 'a,\"b' AS name FROM range(100000) t(n)) TO '%s' (FORMAT %s, COMPRESSION zstd)"
                .formatted(file, format));
      }
      assertThat(rows(file)).hasSize(100_000).endsWith(map("id", 99_999L, "name", "a,\"b"));
    }
  }

  @Test
  void framesFollowOneAnotherWithSkippableOnesBetween() throws Exception {
    var packed =
        joined(
            skippable(0x0, new byte[0]),
            zstd("a,b\n1,".getBytes(StandardCharsets.UTF_8)),
            skippable(0x5, new byte[300_000]),
            zstd(new byte[0]),
            zstd("x\n2,y\n".getBytes(StandardCharsets.UTF_8)),
            skippable(0xF, "an index".getBytes(StandardCharsets.UTF_8)));
    assertThat(rows("a.csv.zst", packed))
        .containsExactly(map("a", 1L, "b", "x"), map("a", 2L, "b", "y"));
    assertThat(rows("none.csv.zst", skippable(0x1, new byte[9]))).isEmpty();
  }

  /// Every pair of buffers ends somewhere else in the stream, both packed and unpacked.
  @Test
  void everyByteComesOnceWhateverTheBlocksAre() throws Exception {
    var random = new Random(7);
    for (var size : new int[] {1, 131_071, 131_072, 131_073, 262_144, 3_000_000}) {
      for (var words : new int[] {1, 200, 100_000}) {
        var plain = noise(random, size, words);
        try (var in = ZstdInput.open(new ByteArrayInputStream(zstd(plain)))) {
          assertThat(in.readAllBytes()).isEqualTo(plain);
        }
        try (var in = ZstdInput.open(new Dripping(joined(zstd(plain), zstd(plain)), random))) {
          assertThat(in.readAllBytes()).isEqualTo(joined(plain, plain));
        }
      }
    }
  }

  @Test
  void aLongWindowIsReadAndALongerOneRefused() throws Exception {
    var plain = noise(new Random(1), 20_000_000, 100_000);
    try (var in = ZstdInput.open(new ByteArrayInputStream(zstd(plain, 27, true)))) {
      assertThat(in.readAllBytes()).isEqualTo(plain);
    }
    // The window of a frame that does not say its size stands behind its flags: 2^10 at least.
    var longer = zstd(plain, 27, true);
    assertThat(longer[5]).isEqualTo((byte) ((27 - 10) << 3));
    longer[5] = (byte) ((28 - 10) << 3);
    var file = write("a.csv.zst", longer);
    assertThatThrownBy(() -> rows(file))
        .hasMessage(
            "File '%s': it is packed by zstd with a window of more than 128 MB, which would have to be in memory; pack it anew with --long=27 at most"
                .formatted(file));
  }

  @Test
  void aDictionaryIsRefused() throws Exception {
    // A frame of one raw block whose header names dictionary 7: flags, window, dictionary, block.
    var frame = new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 1, 0, 7, 0x11, 0, 0, 'a', '\n'};
    var file = write("a.csv.zst", frame);
    assertThatThrownBy(() -> rows(file))
        .hasMessage(
            "File '%s': it is packed by zstd with a dictionary, which is not in the file; pack it anew without"
                .formatted(file));
  }

  @Test
  void aFlippedByteIsFoundByTheChecksum() throws Exception {
    var plain = noise(new Random(2), 50_000, 100_000);
    var packed = zstd(plain);
    packed[packed.length - 1] ^= 1;
    var file = write("a.csv.zst", packed);
    assertThatThrownBy(() -> rows(file))
        .hasMessage(
            "File '%s' is broken ('Restored data doesn't match checksum'); get it again"
                .formatted(file));
  }

  @ParameterizedTest
  @EnumSource(names = {"GZ", "ZST"})
  void whereverAPackIsCutOffItIsAnError(Packing packing) throws Exception {
    var plain = new StringBuilder("a,b\n");
    for (int n = 0; n < 50_000; n++) {
      plain.append(n).append(',').append(n * 31 % 1009).append('\n');
    }
    var whole = packing.pack(plain.toString().getBytes(StandardCharsets.UTF_8));
    for (var kept : new int[] {0, 3, 7, whole.length / 2, whole.length - 5, whole.length - 1}) {
      var file = write("a.csv" + packing.ending, Arrays.copyOf(whole, kept));
      assertThatThrownBy(() -> rows(file))
          .as(kept + " bytes")
          .hasMessage(
              "File '%s' ends within its compressed data, so it was cut off; get it again"
                  .formatted(file));
    }
    assertThat(rows("a.csv" + packing.ending, whole)).hasSize(50_000);
  }

  @Test
  void whatIsNotPackedAtAllIsNamed() throws Exception {
    for (var known : Map.of("a.csv.gz", "GZIP", "a.csv.zst", "zstd").entrySet()) {
      var file = write(known.getKey(), "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8));
      assertThatThrownBy(() -> rows(file))
          .hasMessage(
              "File '%s' is broken ('Not in %s format'); get it again"
                  .formatted(file, known.getValue()));
    }
    var behind =
        joined(
            zstd("a\n1\n".getBytes(StandardCharsets.UTF_8)), new byte[] {'j', 'u', 'n', 'k', '!'});
    var file = write("b.csv.zst", behind);
    assertThatThrownBy(() -> rows(file))
        .hasMessageEndingWith("is broken ('Not in zstd format'); get it again");
  }

  /// A script that has not the optional codec: its class path is ours without that jar.
  @Test
  void withoutTheCodecTheLineToAddIsSaid() throws Exception {
    var file = write("a.csv.zst", zstd("a\n1\n".getBytes(StandardCharsets.UTF_8)));
    var classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(part -> !part.contains("zstd-jni"))
            .map(part -> Path.of(part).toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator));
    var script = folder.resolve("script.java");
    Files.writeString(
        script,
        """
        import dev.sluice.sources.Filesystem;

        void main() {
          try {
            Filesystem.of(".", "*.csv.gz").rows("a").forEach(row -> System.out.println(row));
            Filesystem.of(".", "*.csv.zst").rows("a").forEach(row -> System.out.println(row));
          } catch (RuntimeException refused) {
            for (Throwable at = refused; at != null; at = at.getCause()) {
              if (at.getClass().getSimpleName().equals("SourceFailed")) {
                System.out.println(at.getMessage());
                return;
              }
            }
          }
        }
        """);
    write("a.csv.gz", gzip("a\n2\n".getBytes(StandardCharsets.UTF_8)));
    var said = folder.resolve("said.txt");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--class-path",
                classPath,
                script.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(said)).isZero();
    assertThat(Files.readString(said))
        .isEqualTo(
            "{a=2}\nFile '%s': it is packed by zstd, whose codec is not on the class path; add the line '//DEPS com.github.luben:zstd-jni:1.5.7-28' to the script (or this dependency to the build), or pack the file by gzip\n"
                .formatted(Path.of("./a.csv.zst")));
    assertThat(file).exists();
  }

  /// Gives a few bytes at a time.
  private static final class Dripping extends ByteArrayInputStream {
    private final Random random;

    Dripping(byte[] bytes, Random random) {
      super(bytes);
      this.random = random;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      return super.read(into, offset, Math.min(length, 1 + random.nextInt(50_000)));
    }
  }

  private List<Map<String, Object>> rows(String name, byte[] packed) throws IOException {
    return rows(write(name, packed));
  }

  private Path write(String name, byte[] packed) throws IOException {
    return Files.write(folder.resolve(name), packed);
  }

  private List<Map<String, Object>> rows(Path file) throws IOException {
    var rows = new ArrayList<Map<String, Object>>();
    var sink =
        new FileSink() {
          @Override
          public void page(List<Map<String, Object>> page) {
            rows.addAll(page);
          }

          @Override
          public void reject(long line, String reason, String text) {
            throw new AssertionError("line " + line + " " + reason + ": " + text);
          }
        };
    var name = file.getFileName().toString();
    FileRows.read(
        new FileEntry(name, file.toString(), Files.size(file), Instant.EPOCH, "", false),
        file,
        FileFormat.of(name).orElseThrow(),
        new FileRows.Options(100, (char) 0, true, StandardCharsets.UTF_8, false, 16 << 20),
        sink);
    return rows;
  }

  private static byte[] noise(Random random, int size, int words) {
    var plain = new byte[size];
    var distinct = new byte[words];
    random.nextBytes(distinct);
    for (int at = 0; at < size; at++) {
      plain[at] = distinct[random.nextInt(words)];
    }
    return plain;
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  private static byte[] zstd(byte[] plain) throws IOException {
    return zstd(plain, 0, true);
  }

  /// - `window`: its bits; 0 = as the level has it
  private static byte[] zstd(byte[] plain, int window, boolean checksum) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ZstdOutputStream(bytes, 3)) {
      out.setChecksum(checksum);
      if (window > 0) {
        out.setLong(window);
      }
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  private static byte[] skippable(int kind, byte[] content) {
    return ByteBuffer.allocate(8 + content.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0x184D2A50 | kind)
        .putInt(content.length)
        .put(content)
        .array();
  }

  private static byte[] joined(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (var part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
