package dev.sluice.load;

import static dev.sluice.load.Packages.nested;
import static dev.sluice.load.Packages.row;
import static dev.sluice.load.Packages.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.TableSchema;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What people write into columns that they added to a table themselves.
final class ForeignColumnsTest {
  @TempDir Path folder;
  Packages shop;

  @BeforeEach
  void open() {
    shop = new Packages(folder);
  }

  @AfterEach
  void close() {
    shop.close();
  }

  private static String line(int thing, int at) {
    return "{\"sku\":\"b\",\"_dlt_parent_id\":\"r%d\",\"_dlt_list_idx\":%d,\"_dlt_id\":\"l%d%d\"}"
        .formatted(thing, at, thing, at);
  }

  private List<String> afterTwoLoads(String strategy, String columns) {
    var things =
        table(
                "things",
                ColumnSchema.of("id", DataType.BIGINT).notNull().primaryKey(),
                ColumnSchema.of("deleted", DataType.BOOL).hardDelete())
            .with("write_disposition", "merge")
            .with("x-merge-strategy", strategy);
    TableSchema lines =
        nested("things__lines", "things", ColumnSchema.of("sku", DataType.TEXT))
            .with("write_disposition", "merge");
    shop.draft("1.5")
        .table(things, row(1, "1.5"), row(2, "1.5"), row(3, "1.5"))
        .table(lines, line(1, 0), line(2, 0), line(2, 1))
        .commit();
    shop.loading().loadAll();
    shop.execute(
        """
        ALTER TABLE data.things ADD COLUMN "my ""note\""" VARCHAR DEFAULT 'none';
        ALTER TABLE data.things ADD COLUMN stars INTEGER;
        ALTER TABLE data.things__lines ADD COLUMN checked BOOLEAN;
        UPDATE data.things SET "my ""note\""" = 'mine' || id, stars = id;
        UPDATE data.things__lines SET checked = true;
        """);
    shop.draft("1.6")
        .table(
            things, row(2, "1.6"), row(3, "1.6").replace("}", ",\"deleted\":true}"), row(4, "1.6"))
        .table(lines, line(2, 0), line(4, 0))
        .commit();
    shop.loading().loadAll();
    return shop.query(columns);
  }

  private static final String THINGS =
      "SELECT id, _dlt_load_id, \"my \"\"note\"\"\", stars FROM data.things ORDER BY id";

  @Test
  void upsertKeepsTheirValuesAndLeavesTheirDefaultsToNewRows() {
    assertThat(afterTwoLoads("upsert", THINGS))
        .containsExactly("1|1.5|mine1|1", "2|1.6|mine2|2", "4|1.6|none|null");
    assertThat(shop.query("SELECT _dlt_id, checked FROM data.things__lines ORDER BY 1"))
        .containsExactly("l10|true", "l20|true", "l40|null");
  }

  @Test
  void upsertLeavesComputedColumnsAlone() {
    var things =
        table("things", ColumnSchema.of("id", DataType.BIGINT).notNull().primaryKey())
            .with("write_disposition", "merge")
            .with("x-merge-strategy", "upsert");
    shop.draft("1.5").table(things, row(1, "1.5")).commit();
    shop.loading().loadAll();
    shop.execute(
        """
        DROP TABLE data.things;
        CREATE TABLE data.things (id BIGINT NOT NULL, twice BIGINT GENERATED ALWAYS AS (id * 2), \
        note VARCHAR, _dlt_load_id VARCHAR, _dlt_id VARCHAR);
        INSERT INTO data.things (id, note) VALUES (1, 'mine');
        """);
    shop.draft("1.6").table(things, row(1, "1.6"), row(2, "1.6")).commit();
    shop.loading().loadAll();
    assertThat(shop.query("SELECT id, twice, note FROM data.things ORDER BY id"))
        .containsExactly("1|2|mine", "2|4|null");
  }

  @Test
  void deleteInsertReplacesTheWholeRow() {
    assertThat(afterTwoLoads("delete-insert", THINGS))
        .containsExactly("1|1.5|mine1|1", "2|1.6|none|null", "4|1.6|none|null");
  }
}
