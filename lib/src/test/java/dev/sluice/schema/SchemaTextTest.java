package dev.sluice.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files in `render` were written by dlt 1.31 from one schema with hints of all sorts.
final class SchemaTextTest {
  private static String recorded(String file) throws IOException {
    try (var stream = SchemaTextTest.class.getResourceAsStream("render/" + file)) {
      return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Schema schema() throws IOException {
    return Schema.read(recorded("schema.json").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void yamlIsByteForByteThatOfDlt() throws IOException {
    assertThat(schema().toYaml()).isEqualTo(recorded("schema.yaml"));
  }

  @Test
  void yamlReadsBackAsTheSameSchema() throws IOException {
    assertThat(Schema.ofYaml(recorded("schema.yaml"))).isEqualTo(schema());
    assertThat(Schema.ofYaml(schema().toYaml()).versionHash()).isEqualTo(schema().versionHash());
  }

  @Test
  void aHintOfOnesOwnThatIsNullCountsAsItDoesInDlt() {
    var text =
        """
        name: shop
        engine_version: 11
        tables:
          users:
            columns:
              valid_to: {data_type: timestamp, description: null, x-active-record-timestamp: null}
        """;
    var schema = Schema.ofYaml(text);
    assertThat(schema.table("users").orElseThrow().column("valid_to").orElseThrow().properties())
        .containsOnlyKeys("name", "data_type", "x-active-record-timestamp");
    assertThat(schema.versionHash())
        .isNotEqualTo(
            Schema.ofYaml(text.replace(", x-active-record-timestamp: null", "")).versionHash());
    assertThat(Schema.ofYaml(schema.toYaml())).isEqualTo(schema);
    assertThat(Schema.read(schema.bytes())).isEqualTo(schema);
  }

  @Test
  void dbmlIsThatOfDlt() throws IOException {
    assertThat(schema().toDbml()).isEqualTo(recorded("schema.dbml"));
  }

  @Test
  void mermaidIsThatOfDltButForQuotesAndLineBreaks() throws IOException {
    assertThat(schema().toMermaid())
        .isEqualTo(
            recorded("schema.mermaid")
                .replace("yes, \"quoted\" – ünï # no\nsecond", "yes, 'quoted' – ünï # no second"));
  }

  @Test
  void anEditedSchemaTakesANewVersion() throws IOException {
    var edited =
        Schema.ofYaml(recorded("schema.yaml").replace("data_type: decimal", "data_type: double"));
    assertThat(edited.version()).isEqualTo(schema().version() + 1);
    assertThat(edited.previousHashes()).startsWith(schema().versionHash());
    assertThat(edited.table("users__orders").orElseThrow().column("price").orElseThrow().dataType())
        .contains(DataType.DOUBLE);
  }

  @Test
  void wordsMeanWhatTheyMeanToDlt() {
    var column =
        Schema.ofYaml(
                """
                name: shop
                engine_version: 11
                tables:
                  users:
                    columns:
                      id: {data_type: bigint, nullable: no, x-a: 12e3, x-b: 2026-01-01, x-c: 0x10}
                """)
            .table("users")
            .orElseThrow()
            .column("id")
            .orElseThrow();
    assertThat(column.nullable()).isFalse();
    assertThat(column.property("x-a")).isEqualTo("12e3");
    assertThat(column.property("x-b")).isEqualTo("2026-01-01");
    assertThat(column.property("x-c")).isEqualTo(16L);
  }

  @Test
  void whatIsNoSchemaIsRefusedWithTheReason() {
    assertThatThrownBy(() -> Schema.ofYaml("- a")).hasMessageContaining("no YAML mapping");
    assertThatThrownBy(() -> Schema.ofYaml("a: b: c"))
        .hasMessageStartingWith("The schema is no YAML: ");
    assertThatThrownBy(() -> Schema.ofYaml("tables: {}")).hasMessageContaining("has no name");
    assertThatThrownBy(() -> Schema.ofYaml("name: x\ntables: {no: {columns: {}}}"))
        .hasMessage("The key 'false' below '.tables' is no text; put it in quotes");
    assertThatThrownBy(() -> Schema.ofYaml("!!javax.script.ScriptEngineManager []"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @TempDir Path folder;

  @Test
  void theImportFileIsWrittenOnceAndTakenWhenEdited() throws IOException {
    var files = SchemaFiles.none().importFrom(folder.resolve("import"));
    assertThat(files.current("insp", Optional.empty())).isEmpty();
    var stored = files.saved(schema());
    var file = folder.resolve("import/insp.schema.yaml");
    var written = Files.readString(file);
    assertThat(written).doesNotContain("x-normalizer").doesNotContain("imported_version_hash");
    assertThat(files.current("insp", Optional.of(stored))).contains(stored);

    var grown = SchemaEditor.of(stored, 0);
    grown.put("users", ColumnSchema.of("more", DataType.TEXT));
    stored = files.saved(grown.toSchema());
    assertThat(Files.readString(file)).isEqualTo(written);
    assertThat(files.current("insp", Optional.of(stored))).contains(stored);

    Files.writeString(file, written.replace("data_type: decimal", "data_type: double"));
    var taken = files.current("insp", Optional.of(stored)).orElseThrow();
    assertThat(taken.table("users").orElseThrow().column("more")).isEmpty();
    assertThat(taken.previousHashes()).startsWith(stored.versionHash());
    assertThat(files.current("insp", Optional.of(taken))).contains(taken);
    assertThat(files.current("insp", Optional.empty()).orElseThrow().versionHash())
        .isEqualTo(taken.versionHash());
  }

  @Test
  void theImportFileIsThatOfDlt() throws IOException {
    var first = Schema.ofYaml(recorded("imported.yaml"));
    SchemaFiles.none().importFrom(folder).saved(first);
    assertThat(folder.resolve("insp.schema.yaml")).hasContent(recorded("imported.yaml"));
  }

  @Test
  void theExportFileFollowsEveryChange() throws IOException {
    var files = SchemaFiles.none().exportTo(folder);
    files.export(schema());
    assertThat(folder.resolve("insp.schema.yaml")).hasContent(recorded("schema.yaml"));
    files.format("json").export(schema());
    assertThat(SchemaText.read(Schema.strings(read(folder.resolve("insp.schema.json")))))
        .isEqualTo(schema());
    files.format("dbml").export(schema());
    assertThat(folder.resolve("insp.schema.dbml")).hasContent(schema().toDbml());
  }

  private static Map<String, Object> read(Path file) throws IOException {
    return dev.sluice.json.Json.loadb(Files.readAllBytes(file));
  }

  @Test
  void anImportFileThatCannotBeReadIsNamed() throws IOException {
    var file = folder.resolve("insp.schema.yaml");
    Files.writeString(file, "name: [");
    assertThatThrownBy(
            () -> SchemaFiles.none().importFrom(folder).current("insp", Optional.empty()))
        .hasMessageStartingWith("Cannot import the schema '" + file + "': The schema is no YAML: ");
  }
}
