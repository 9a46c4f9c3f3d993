package dev.sluice.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.SchemaContract;
import dev.sluice.schema.WriteDisposition;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HintsTest {
  enum Color {
    RED
  }

  record Inner(int x) {}

  record Everything(
      int number,
      Long count,
      String text,
      boolean yes,
      Double real,
      BigDecimal price,
      Instant at,
      LocalDateTime wall,
      LocalDate day,
      LocalTime time,
      byte[] bytes,
      UUID uuid,
      Color color,
      Inner inner,
      List<String> list,
      Map<String, Object> map) {}

  private final Resource<Map<String, Integer>> rows =
      Resource.of("rows", () -> List.of(Map.of("id", 1)));

  @Test
  void nothingIsDeclaredAtFirst() {
    var hints = rows.hints();
    assertThat(hints.table()).isEmpty();
    assertThat(hints.disposition()).isEmpty();
    assertThat(hints.primaryKey()).isEmpty();
    assertThat(hints.columns()).isEmpty();
    assertThat(hints.selected()).isTrue();
  }

  @Test
  void withersDeclareAndLeaveTheOriginalAlone() throws Exception {
    var declared =
        rows.merge("id")
            .mergeKey("day")
            .table("other")
            .columns(ColumnSchema.of("a", DataType.TEXT), ColumnSchema.of("b"))
            .columns(ColumnSchema.of("a", DataType.BIGINT))
            .maxTableNesting(2)
            .contract(SchemaContract.of(SchemaContract.Mode.FREEZE))
            .incremental(Incremental.of("at"))
            .nested("items.taxes", table -> table.primaryKey("sku"))
            .hints();
    assertThat(declared.disposition()).contains(WriteDisposition.merge());
    assertThat(declared.primaryKey()).contains(List.of("id"));
    assertThat(declared.mergeKey()).contains(List.of("day"));
    assertThat(declared.table()).contains("other");
    assertThat(declared.columns())
        .containsExactly(ColumnSchema.of("a", DataType.BIGINT), ColumnSchema.of("b"));
    assertThat(declared.maxTableNesting()).contains(2);
    assertThat(declared.contract()).isPresent();
    assertThat(declared.incrementalColumn()).contains("at");
    assertThat(declared.nested().get(List.of("items", "taxes")).primaryKey())
        .contains(List.of("sku"));
    assertThat(rows.hints().disposition()).isEmpty();
    assertThat(
            rows.table(row -> "t" + row.get("id"))
                .hints()
                .tableOf()
                .orElseThrow()
                .apply(Map.of("id", 7)))
        .isEqualTo("t7");
  }

  @Test
  void aPathIsNoColumn() {
    assertThat(rows.incremental(Incremental.of("meta.at")).hints().incrementalColumn()).isEmpty();
  }

  @Test
  void aRecordClassDeclaresItsColumns() {
    Resource<Everything> typed = Resource.of("typed", Everything.class, out -> {});
    assertThat(typed.hints().recordColumns())
        .containsExactly(
            ColumnSchema.of("number", DataType.BIGINT).notNull(),
            ColumnSchema.of("count", DataType.BIGINT),
            ColumnSchema.of("text", DataType.TEXT),
            ColumnSchema.of("yes", DataType.BOOL).notNull(),
            ColumnSchema.of("real", DataType.DOUBLE),
            ColumnSchema.of("price", DataType.DECIMAL),
            ColumnSchema.of("at", DataType.TIMESTAMP),
            ColumnSchema.of("wall", DataType.TIMESTAMP).withoutTimezone(),
            ColumnSchema.of("day", DataType.DATE),
            ColumnSchema.of("time", DataType.TIME),
            ColumnSchema.of("bytes", DataType.BINARY),
            ColumnSchema.of("uuid", DataType.TEXT),
            ColumnSchema.of("color", DataType.TEXT));
  }

  @Test
  void optionsOfAMergeAreCheckedWhereTheyAreDeclared() {
    Map<String, Object> scd2 = Map.of("disposition", "merge", "strategy", "scd2");
    for (var wrong :
        List.of(
            Map.entry("active_record_timestamp", "never"),
            Map.entry("boundary_timestamp", "2024-13-01"),
            Map.entry("source_filter", "id > 1"))) {
      var options = new java.util.HashMap<>(scd2);
      options.put(wrong.getKey(), wrong.getValue());
      assertThatThrownBy(() -> WriteDisposition.of(options))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(wrong.getKey());
    }
  }

  @Test
  void oneEmptyNameIsNoKey() {
    assertThat(rows.primaryKey("id").primaryKey("").hints().primaryKey()).contains(List.of());
    assertThat(rows.mergeKey("").hints().mergeKey()).contains(List.of());
  }
}
