package dev.sluice.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SchemaTest {
  @Test
  void aNewSchemaHasTheHashThatDltGivesIt() {
    var schema = Schema.of("shop");

    assertThat(schema.version()).isEqualTo(1);
    assertThat(schema.versionHash()).isEqualTo("+pIb606/GDMWa6McSJVc8lGf1coluIOQm6OcjCp0Pyk=");
  }

  @Test
  void digestsAreThoseOfDlt() {
    assertThat(Digests.digest128("{\"id\":1}", 10)).isEqualTo("z5jIxXIbUnmbKw");
    assertThat(Digests.digest128("1", 15)).isEqualTo("669czW83KR00ut4bv/U5");
    assertThat(Digests.digest128("[1,\"x\"]", 15)).isEqualTo("T2u7rnGEfmXm0tVkRBws");
    assertThat(Digests.digest128("{\"n\":1.5,\"name\":\"Zażółć\"}", 10))
        .isEqualTo("6YAUwzYKLbGDYg");
    assertThat(RowIds.of(new Random(1)).nested("abc", "t__c", 0)).isEqualTo("OgYIHv8l9u4i/g");
    assertThat(RowIds.of(new Random(1)).hash("{\"id\":1}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("z5jIxXIbUnmbKw");
  }

  @Test
  void namesAreThoseOfDlt() {
    var snake = NamingConvention.of("snake_case");

    assertThat(snake.identifier("HTTPServerURL")).isEqualTo("http_server_url");
    assertThat(snake.identifier("1event_n'")).isEqualTo("_1event_nx");
    assertThat(snake.identifier("BANANA____")).isEqualTo("bananaxxxx");
    assertThat(snake.identifier("+-!$*@#=|:")).isEqualTo("x_xa_lx");
    assertThat(snake.identifier("日本")).isEqualTo("x");
    assertThat(snake.identifier("٣abc")).isEqualTo("_٣abc");
    assertThat(snake.path("a__b")).isEqualTo("a__b");
    assertThat(snake.identifier("a__b")).isEqualTo("a_b");
    assertThat(NamingConvention.of("direct", 20).identifier("she played cello well"))
        .isEqualTo("she plauanpualo well");
  }

  @Test
  void aChangedSchemaHasANewVersionAndRemembersTheOldHash() {
    var schema = Schema.of("shop");
    var editor = SchemaEditor.of(schema, 0);
    editor.update(TableSchema.of("users").columns(ColumnSchema.of("id", DataType.BIGINT)));

    var changed = editor.toSchema();

    assertThat(changed.version()).isEqualTo(2);
    assertThat(changed.previousHashes()).containsExactly(schema.versionHash());
    assertThat(Schema.of(changed.toMap())).isEqualTo(Schema.of(changed.toMap()));
    assertThat(SchemaEditor.of(changed, 0).toSchema().version()).isEqualTo(2);
  }

  @Test
  void aSchemaFileReadsBackAsItWasWritten() {
    var editor = SchemaEditor.of(Schema.of("shop"), 0);
    editor.update(
        TableSchema.of("users")
            .with("write_disposition", "append")
            .with("resource", "users")
            .columns(ColumnSchema.of("id", DataType.BIGINT).primaryKey().with("x-own", "kept")));
    var schema = editor.toSchema();

    assertThat(Schema.read(schema.bytes())).isEqualTo(schema);
    assertThat(Schema.read(schema.bytes()).versionHash()).isEqualTo(schema.versionHash());
  }
}
