package dev.sluice.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Schema files that somebody wrote to do harm, or by mistake.
final class SchemaFilesTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir Path folder;

  private String importing(String format, String text) throws Exception {
    var file = folder.resolve("shop.schema." + format);
    Files.writeString(file, text);
    var files = SchemaFiles.none().importFrom(folder).format(format);
    var failed =
        assertThatThrownBy(() -> files.current("shop", Optional.empty()))
            .isInstanceOf(IllegalArgumentException.class);
    var message = new String[1];
    failed.satisfies(thrown -> message[0] = thrown.getMessage());
    var begin = "Cannot import the schema '" + file + "': ";
    assertThat(message[0]).startsWith(begin).doesNotContain("\n");
    return message[0].substring(begin.length());
  }

  private static Stream<Arguments> refusedYaml() {
    return Stream.of(
        Arguments.of(
            "name: shop\ntables: &t\n  a: *t\n",
            "line 3, column 6: '*t' stands within what it names, so it would have no end"),
        Arguments.of(
            "name: &n [x, *n]\n",
            "line 1, column 14: '*n' stands within what it names, so it would have no end"),
        Arguments.of(
            bomb(),
            "line 7, column 40: here are more than 500000 values, those of"
                + " aliases counted each time"),
        Arguments.of(
            "name: shop\nversion: " + "9".repeat(500_000) + "\n",
            "line 2, column 10: a number of 500000 characters; the longest has 100"),
        Arguments.of(
            "name: shop\nversion: " + "1:".repeat(100_000) + "1\n",
            "line 2, column 10: a number of 200001 characters; the longest has 100"),
        Arguments.of(
            "name: shop\nversion: " + "9".repeat(40) + "\n",
            "Schema 'shop' has version '999999999999999999999999999999…', but it must be a whole"
                + " number below 2147483648"),
        Arguments.of(
            "name: shop\nengine_version: 4294967296\n",
            "Schema 'shop' has engine version 4294967296, but this release knows only up to 11;"
                + " update Sluice"),
        Arguments.of(
            "name: shop\nx: " + "[".repeat(100_000),
            "line 2, column 103: values are nested deeper than 100 levels"),
        Arguments.of(
            "name: shop\nx:\n" + nestedBlocks(),
            "line 102, column 101: values are nested deeper than 100 levels"),
        Arguments.of("name: shop\nname: other\n", "line 2, column 1: the key 'name' stands twice"),
        Arguments.of(
            "name: shop\ntables:\n  a: {columns: {x: {}, \"x\": {}}}\n",
            "line 3, column 24: the key 'x' stands twice"),
        Arguments.of("name: shop\n[a]: b\n", "line 2, column 1: a key that is no text"),
        Arguments.of(
            "name: !!python/object:os.system shop\n",
            "line 1, column 7: the tag 'tag:yaml.org,2002:python/object:os.system'; a schema has"
                + " none, so leave it out"),
        Arguments.of(
            "name: shop\nx: !!int '1'\n",
            "line 2, column 4: the tag 'tag:yaml.org,2002:int'; a schema has none, so leave it"
                + " out"),
        Arguments.of(
            "name: shop\n---\nname: other\n",
            "line 2, column 1: a second document begins; a schema is one"),
        Arguments.of(
            "name: shop\nx: [1, " + "1,".repeat(600_000) + "1]\n",
            "line 2, column 999996: here are more than 500000 values, those of aliases counted"
                + " each time"),
        Arguments.of(
            "name: shop\nx: " + "y".repeat(17 << 20) + "\n",
            "The schema has 17825807 characters, but YAML of more than 16777216 is not read"),
        Arguments.of(
            "name: shop\n x: {\n",
            "The schema is no YAML: line 2, column 3: mapping values are not allowed here"),
        Arguments.of(
            "name: *nobody\n",
            "The schema is no YAML: line 1, column 7: found undefined alias nobody"),
        Arguments.of("- name\n", "The schema is no YAML mapping; it is no schema file of dlt"),
        Arguments.of("", "The schema is no YAML mapping; it is no schema file of dlt"),
        Arguments.of("name: shop\n1: x\n", "The key '1' below '' is no text; put it in quotes"),
        Arguments.of(
            "name: shop\ntables: {a: {parent: b, columns: {}}, b: {parent: a, columns: {}}}\n",
            "Schema 'shop' has table 'a', whose parents have no end within 1000; mend 'parent'"));
  }

  /// Ten levels, each nine times the one before.
  private static String bomb() {
    var text = new StringBuilder("name: shop\na0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int level = 1; level < 10; level++) {
      text.append("a%d: &a%d [".formatted(level, level))
          .append("*a%d, ".formatted(level - 1).repeat(8))
          .append("*a%d]\n".formatted(level - 1));
    }
    return text.toString();
  }

  private static String nestedBlocks() {
    var text = new StringBuilder();
    for (int level = 1; level < 3_000; level++) text.append(" ".repeat(level)).append("x:\n");
    return text.toString();
  }

  @ParameterizedTest
  @MethodSource("refusedYaml")
  void yamlIsRefusedWithFileAndLine(String text, String message) throws Exception {
    var begin = System.nanoTime();
    var said = importing("yaml", text);
    assertThat(said).isEqualTo(message);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
  }

  @Test
  void anAliasThatEndsIsReadAsWhatItNames() {
    var schema =
        Schema.ofYaml(
            """
            name: shop
            tables:
              a: {columns: &both {x: {data_type: text}}}
              b: {columns: *both}
              c: {columns: {<<: *both, y: {data_type: bool}}}
            """);
    assertThat(schema.table("b").orElseThrow().columns())
        .isEqualTo(schema.table("a").orElseThrow().columns());
    assertThat(schema.table("c").orElseThrow().columns())
        .extracting(ColumnSchema::name)
        .containsExactlyInAnyOrder("x", "y");
  }

  @Test
  void aLongTextThatBeginsLikeANumberIsText() {
    var text = "2024 " + "was a good year ".repeat(20).strip();
    var schema = Schema.ofYaml("name: shop\ndescription: " + text + "\n");
    assertThat(schema.property("description")).isEqualTo(text);
  }

  private static Stream<Arguments> refusedJson() {
    return Stream.of(
        Arguments.of(
            "{\"name\":\"shop\",\"version\":" + "9".repeat(500_000) + "}",
            "Unreadable JSON at $.version: Number value length (500000) exceeds the"
                + " maximum allowed (10000, from `StreamReadConstraints.getMaxNumberLength()`)"),
        Arguments.of("{\"name\":\"shop\",\"name\":\"shop\"}", "Key 'name' stands twice at $.name"),
        Arguments.of(
            "{\"name\":\"shop\",\"version\":1e400}",
            "Number '1e400' at $.version is beyond the range of a double; send it as text"),
        Arguments.of(
            "{\"name\":\"shop\",\"version\":1e300}",
            "Schema 'shop' has version '1.0E300', but it must be a whole number below 2147483648"));
  }

  @ParameterizedTest
  @MethodSource("refusedJson")
  void jsonIsRefusedWithFileAndPlace(String text, String message) throws Exception {
    assertThat(importing("json", text)).isEqualTo(message);
  }

  @Test
  void jsonThatIsNestedWithoutEndIsRefused() throws Exception {
    assertThat(importing("json", "{\"name\":" + "[".repeat(100_000)))
        .startsWith("Unreadable JSON at $.name[0][0]")
        .contains("nesting depth (505)");
  }

  @Test
  void aFileThatIsTooLargeOrNotUtf8IsRefused() throws Exception {
    var file = folder.resolve("shop.schema.yaml");
    var files = SchemaFiles.none().importFrom(folder);
    try (var channel = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      channel.setLength(3L << 30);
    }
    assertThatThrownBy(() -> files.current("shop", Optional.empty()))
        .hasMessage(
            "Cannot import the schema '"
                + file
                + "': it has 3221225472 bytes, but at most 67108864 are read");
    Files.write(file, "name: sh\u00f6p".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> files.current("shop", Optional.empty()))
        .hasMessage("Cannot import the schema '" + file + "': it is not text in UTF-8");
  }
}
