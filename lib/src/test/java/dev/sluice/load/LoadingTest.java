package dev.sluice.load;

import static dev.sluice.load.Packages.row;
import static dev.sluice.load.Packages.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.TableSchema;
import dev.sluice.store.JobState;
import dev.sluice.store.Stage;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoadingTest {
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

  private static TableSchema things(ColumnSchema... more) {
    return table("things", ColumnSchema.of("id", DataType.BIGINT)).columns(more);
  }

  @Test
  void aPackageIsLoadedWithDltsOwnTables() {
    shop.draft("1.5")
        .table(things(), row(1, "1.5"), row(2, "1.5"))
        .file("things", row(3, "1.5"))
        .pipelineState(1, "abc")
        .commit();
    var info = shop.loading().loadAll();
    assertThat(info.rows()).isEqualTo(Map.of("things", 3L, "_dlt_pipeline_state", 1L));
    assertThat(info.jobs()).extracting(LoadInfo.Job::state).containsOnly("completed");
    assertThat(shop.query("SELECT * FROM data.things ORDER BY id"))
        .containsExactly("1|1.5|r1", "2|1.5|r2", "3|1.5|r3");
    assertThat(shop.query("SELECT * FROM data._dlt_loads"))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("1.5|shop|0|2026-01-02T03:04:05.678901Z|");
    assertThat(
            shop.query(
                "SELECT version, engine_version, schema_name, version_hash = (SELECT"
                    + " schema_version_hash FROM data._dlt_loads), schema->>'version_hash' ="
                    + " version_hash FROM data._dlt_version"))
        .containsExactly("2|11|shop|true|true");
    assertThat(shop.query("SELECT version, state, _dlt_load_id FROM data._dlt_pipeline_state"))
        .containsExactly("1|abc|1.5");
    var look = shop.directory.folder();
    assertThat(look.packages(Stage.NORMALIZED)).isEmpty();
    var loaded = look.packages(Stage.LOADED).getFirst();
    assertThat(loaded.completion()).contains("loaded");
    assertThat(loaded.jobs()).hasSize(3).allMatch(job -> job.state() == JobState.COMPLETED);
    assertThat(loaded.schemaUpdates()).isPresent();
    assertThat(info.toString())
        .contains(
            "1 load package(s) were loaded to destination duckdb and into dataset data",
            "Load package 1.5 is LOADED and contains no failed jobs",
            "things: 3 rows in 2 files");
  }
}
