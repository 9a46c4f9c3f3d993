package dev.sluice.load;

import static dev.sluice.load.Packages.nested;
import static dev.sluice.load.Packages.row;
import static dev.sluice.load.Packages.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.State;
import dev.sluice.schema.TableSchema;
import dev.sluice.store.JobState;
import dev.sluice.store.Stage;
import dev.sluice.store.StoredPackage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LoadingTest {
  private static final TableSchema REPLACED = things().with("write_disposition", "replace");
  private static final TableSchema LINES =
      nested("things__lines", "things", ColumnSchema.of("sku", DataType.TEXT));
  private static final String LINE =
      "{\"sku\":\"a\",\"_dlt_parent_id\":\"r1\",\"_dlt_list_idx\":0,\"_dlt_id\":\"l1\"}";

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

  private static State pipelineState(int version) {
    var state = State.of("shop").with("sources", Map.of("shop", Map.of("cursor", version)));
    for (var i = 0; i <= version; i++) state = state.with("n", i).bumped();
    return state;
  }

  /// A merge would take any of equal keys.
  @Test
  void aLargeLoadLeavesNoDisorderToTheNextOneInMemory() throws Exception {
    shop.destination = Destination.duckdb(":memory:");
    try (var large = Database.load(shop.target())) {
      large.hurry();
    }
    try (var next = Database.load(shop.target())) {
      assertThat(
              next.text(
                  "SELECT current_setting('preserve_insertion_order') || ' ' ||"
                      + " current_setting('disabled_compression_methods')"))
          .isEqualTo("true ");
    }
  }

  @Test
  void aPackageIsLoadedWithDltsOwnTables() {
    shop.draft("1.5")
        .table(things(), row(1, "1.5"), row(2, "1.5"))
        .file("things", row(3, "1.5"))
        .pipelineState(pipelineState(1))
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
    assertThat(shop.query("SELECT version, _dlt_load_id FROM data._dlt_pipeline_state"))
        .containsExactly("1|1.5");
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

  @Test
  void typesAreThoseOfDlt() {
    shop.draft("1.5")
        .table(
            table(
                "things",
                ColumnSchema.of("text", DataType.TEXT),
                ColumnSchema.of("double", DataType.DOUBLE),
                ColumnSchema.of("bool", DataType.BOOL),
                ColumnSchema.of("at", DataType.TIMESTAMP),
                ColumnSchema.of("at_s", DataType.TIMESTAMP).withoutTimezone().precision(0),
                ColumnSchema.of("at_ms", DataType.TIMESTAMP).withoutTimezone().precision(3),
                ColumnSchema.of("at_us", DataType.TIMESTAMP).withoutTimezone(),
                ColumnSchema.of("at_ns", DataType.TIMESTAMP).withoutTimezone().precision(9),
                ColumnSchema.of("int8", DataType.BIGINT).precision(8),
                ColumnSchema.of("int16", DataType.BIGINT).precision(16),
                ColumnSchema.of("int32", DataType.BIGINT).precision(32),
                ColumnSchema.of("int64", DataType.BIGINT).notNull(),
                ColumnSchema.of("int128", DataType.BIGINT).precision(128),
                ColumnSchema.of("binary", DataType.BINARY),
                ColumnSchema.of("json", DataType.JSON),
                ColumnSchema.of("decimal", DataType.DECIMAL),
                ColumnSchema.of("price", DataType.DECIMAL).precision(10, 2),
                ColumnSchema.of("wei", DataType.WEI),
                ColumnSchema.of("date", DataType.DATE),
                ColumnSchema.of("time", DataType.TIME),
                ColumnSchema.of("unseen").unique()),
            "{\"int64\":1,\"_dlt_load_id\":\"1.5\",\"_dlt_id\":\"r\"}")
        .commit();
    shop.loading().loadAll();
    assertThat(
            shop.query(
                "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE table_name ="
                    + " 'things' ORDER BY column_index"))
        .containsExactly(
            "text|VARCHAR|true",
            "double|DOUBLE|true",
            "bool|BOOLEAN|true",
            "at|TIMESTAMP WITH TIME ZONE|true",
            "at_s|TIMESTAMP_S|true",
            "at_ms|TIMESTAMP_MS|true",
            "at_us|TIMESTAMP|true",
            "at_ns|TIMESTAMP_NS|true",
            "int8|TINYINT|true",
            "int16|SMALLINT|true",
            "int32|INTEGER|true",
            "int64|BIGINT|false",
            "int128|HUGEINT|true",
            "binary|BLOB|true",
            "json|JSON|true",
            "decimal|DECIMAL(38,9)|true",
            "price|DECIMAL(10,2)|true",
            "wei|DECIMAL(38,0)|true",
            "date|DATE|true",
            "time|TIME|true",
            "_dlt_load_id|VARCHAR|false",
            "_dlt_id|VARCHAR|false");
  }

  @Test
  void valuesArriveExactly() {
    shop.draft("1.5")
        .table(
            table(
                "things",
                ColumnSchema.of("s", DataType.TEXT),
                ColumnSchema.of("f", DataType.DOUBLE),
                ColumnSchema.of("t", DataType.TIMESTAMP),
                ColumnSchema.of("n", DataType.TIMESTAMP).withoutTimezone(),
                ColumnSchema.of("h", DataType.BIGINT).precision(128),
                ColumnSchema.of("b", DataType.BINARY),
                ColumnSchema.of("j", DataType.JSON),
                ColumnSchema.of("d", DataType.DECIMAL),
                ColumnSchema.of("w", DataType.WEI),
                ColumnSchema.of("day", DataType.DATE),
                ColumnSchema.of("time", DataType.TIME)),
            """
            {"s":"a\\u0000b'\\"é😀","f":"NaN","t":"2024-01-02T03:04:05.678901Z","n":"0001-01-01T00:00:00","h":-99999999999999999999,"b":"AAH/","j":{"a":1.0,"b":[1,null],"c":99999999999999999999999},"d":"1.123456789","w":"99999999999999999999999999999999999999","day":"9999-12-31","time":"23:59:59.999999","_dlt_load_id":"1.5","_dlt_id":"1"}\
            """,
            """
            {"f":"-Infinity","j":"text","b":"","_dlt_load_id":"1.5","_dlt_id":"2"}\
            """,
            """
            {"f":5e-324,"j":null,"_dlt_load_id":"1.5","_dlt_id":"3"}\
            """)
        .commit();
    shop.loading().loadAll();
    assertThat(
            shop.query(
                "SELECT s = 'a' || chr(0) || 'b''\"é😀', length(s), f, t::VARCHAR, n::VARCHAR, h,"
                    + " hex(b), j::VARCHAR, d, w, day::VARCHAR, time::VARCHAR FROM data.things ORDER BY"
                    + " _dlt_id"))
        .containsExactly(
            "true|7|NaN|2024-01-02 03:04:05.678901+00|0001-01-01 00:00:00|-99999999999999999999|0001FF|{\"a\":1.0,\"b\":[1,null],\"c\":99999999999999999999999}|1.123456789|99999999999999999999999999999999999999|9999-12-31|23:59:59.999999",
            "null|null|-Infinity|null|null|null||\"text\"|null|null|null|null",
            "null|null|4.9E-324|null|null|null|null|null|null|null|null|null");
  }

  @Test
  void newColumnsAreAddedToTheTable() {
    shop.draft("1.5").table(things(), row(1, "1.5")).commit();
    shop.draft("1.6")
        .table(
            things(ColumnSchema.of("n", DataType.TEXT)),
            row(2, "1.6").replace("}", ",\"n\":\"x\"}"))
        .commit();
    var info = shop.loading().loadAll();
    assertThat(info.packages().getLast().newColumns()).isEqualTo(Map.of("things", List.of("n")));
    assertThat(shop.query("SELECT id, n FROM data.things ORDER BY id"))
        .containsExactly("1|null", "2|x");
  }

  @Test
  void replaceEmptiesTheTableAndThoseNestedInIt() {
    shop.draft("1.5").table(REPLACED, row(1, "1.5")).table(LINES, LINE).commit();
    shop.draft("1.6").table(REPLACED, row(2, "1.6")).known(LINES).commit();
    shop.loading().load("1.5");
    assertThat(shop.query("SELECT sku FROM data.things__lines")).containsExactly("a");
    shop.loading().load("1.6");
    assertThat(shop.query("SELECT id FROM data.things")).containsExactly("2");
    assertThat(shop.query("SELECT sku FROM data.things__lines")).isEmpty();
    shop.draft("1.7").table(REPLACED).known(LINES).commit();
    shop.loading().loadAll();
    assertThat(shop.query("SELECT id FROM data.things")).isEmpty();
  }

  @Test
  void skipLoadsNothing() {
    shop.draft("1.5").table(things().with("write_disposition", "skip"), row(1, "1.5")).commit();
    shop.loading().loadAll();
    assertThat(shop.query("SELECT load_id, status FROM data._dlt_loads")).containsExactly("1.5|0");
    assertThat(shop.query("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'data'"))
        .containsExactlyInAnyOrder("_dlt_loads", "_dlt_version");
  }

  @Test
  void mergeReplacesRowsOfTheSameKey() {
    var merged =
        table("things", ColumnSchema.of("id", DataType.BIGINT).primaryKey())
            .with("write_disposition", "merge");
    var lines =
        nested("things__lines", "things", ColumnSchema.of("sku", DataType.TEXT))
            .columns(
                ColumnSchema.of("_dlt_root_id", DataType.TEXT).notNull().with("root_key", true));
    var line =
        "{\"sku\":\"%s\",\"_dlt_parent_id\":\"%s\",\"_dlt_root_id\":\"%s\",\"_dlt_list_idx\":0,\"_dlt_id\":\"%s\"}";
    shop.draft("1.5")
        .table(merged, row(1, "1.5"), row(2, "1.5"))
        .table(lines, line.formatted("a", "r1", "r1", "l1"), line.formatted("b", "r2", "r2", "l2"))
        .commit();
    shop.draft("1.6")
        .table(merged, row(2, "1.6").replace("r2", "r2b"), row(3, "1.6"))
        .known(lines)
        .commit();
    assertThat(shop.loading().plan().packages().get(1).tables())
        .containsExactly(
            new LoadPlan.PlannedTable("things", "merge", 1, 2, 1, 1, 0),
            new LoadPlan.PlannedTable("things__lines", "merge", 0, 0, 0, 0, 1));
    assertThat(Files.exists(folder.resolve("shop.duckdb"))).isFalse();
    shop.loading().loadAll();
    assertThat(shop.query("SELECT id, _dlt_load_id FROM data.things ORDER BY id"))
        .containsExactly("1|1.5", "2|1.6", "3|1.6");
    assertThat(shop.query("SELECT sku FROM data.things__lines")).containsExactly("a");
    assertThatThrownBy(() -> shop.loading().undo("1.6"))
        .hasMessage(
            "Load '1.6' cannot be undone: it merged rows of table 'things' (1 rows that were there"
                + " are gone); nothing was changed");
  }

  @Test
  void aValueThatCannotBeLoadedIsNamedAndLeavesEverythingAsItWas() {
    var replace = things().with("write_disposition", "replace");
    shop.draft("1.5").table(replace, row(1, "1.5")).commit();
    shop.loading().loadAll();
    var bad =
        shop.draft("1.6")
            .table(replace, row(2, "1.6"), row(3, "1.6").replace("3,", "\"x\","))
            .commit();
    var file = bad.jobs().getFirst().name().fileName();
    assertThatThrownBy(() -> shop.loading().loadAll())
        .isInstanceOf(LoadException.class)
        .hasMessage(
            "Table 'things' cannot take a value: file '"
                + file
                + "' of package '1.6', line 2: Failed to cast value to numerical: \"x\"; normalize"
                + " should have refused it, so please report this");
    assertThat(shop.query("SELECT id FROM data.things")).containsExactly("1");
    assertThat(shop.query("SELECT load_id FROM data._dlt_loads")).containsExactly("1.5");
    var pending = shop.directory.folder().packages(Stage.NORMALIZED);
    assertThat(pending).extracting(StoredPackage::loadId).containsExactly("1.6");
    assertThat(pending.getFirst().jobs(JobState.NEW)).hasSize(1);
  }

  /// Tables are replaced one after another: that of the first is done when the second fails.
  @Test
  void aReplaceThatFailsKeepsTheRowsOfAllTables() {
    var second =
        table("things_too", ColumnSchema.of("id", DataType.BIGINT))
            .with("write_disposition", "replace");
    shop.draft("1.5")
        .table(REPLACED, row(1, "1.5"))
        .table(LINES, LINE)
        .table(second, row(2, "1.5"))
        .commit();
    shop.loading().loadAll();
    shop.execute("DROP TABLE data.things_too");
    shop.execute(
        "CREATE TABLE data.things_too (id BIGINT CHECK (id < 5), _dlt_load_id VARCHAR NOT NULL,"
            + " _dlt_id VARCHAR NOT NULL)");
    shop.execute("INSERT INTO data.things_too VALUES (2, '1.5', 'r2')");
    shop.draft("1.6")
        .table(REPLACED.columns(ColumnSchema.of("more", DataType.TEXT)), row(3, "1.6"))
        .known(LINES)
        .table(second, row(6, "1.6"))
        .commit();
    assertThatThrownBy(() -> shop.loading().loadAll())
        .isInstanceOf(LoadException.class)
        .hasMessageContaining("things_too")
        .hasMessageContaining("CHECK constraint failed");
    assertThat(shop.query("SELECT * FROM data.things")).containsExactly("1|1.5|r1");
    assertThat(shop.query("SELECT sku FROM data.things__lines")).containsExactly("a");
    assertThat(shop.query("SELECT id FROM data.things_too")).containsExactly("2");
    assertThat(shop.query("SELECT load_id FROM data._dlt_loads")).containsExactly("1.5");
  }

  /// The manifest of the release before, which has no checksums.
  private void firstManifest(StoredPackage source, long rows) throws Exception {
    var job = source.jobs().getFirst();
    Files.writeString(
        source.folder().resolve("manifest.json"),
        "{\"jobs\":{\"%s\":{\"table\":\"things\",\"rows\":%d,\"bytes\":%d}}}"
            .formatted(job.name().jobId(), rows, Files.size(job.file())));
    Files.delete(shop.directory.folder().root().resolve("packages.json"));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 3})
  void rowsThatDoNotAddUpAreNotCommitted(long rows) throws Exception {
    var source = shop.draft("1.5").table(things(), row(1, "1.5"), row(2, "1.5")).commit();
    firstManifest(source, rows);
    assertThatThrownBy(() -> shop.loading().loadAll())
        .hasMessageContaining(
            "Table 'things' would get 2 rows, but its 1 files of package '1.5' hold " + rows);
    assertThat(shop.query("SELECT count(*) FROM duckdb_tables()")).containsExactly("0");
  }

  @Test
  void aPackageWithoutChecksumsIsLoadedAndCalledUnverified() throws Exception {
    var source = shop.draft("1.5").table(things(), row(1, "1.5"), row(2, "1.5")).commit();
    firstManifest(source, 2);
    var info = shop.loading().loadAll();
    assertThat(info.packages().getFirst().warnings())
        .containsExactly("unverified: an earlier release wrote it, without checksums");
    assertThat(shop.query("SELECT count(*) FROM data.things")).containsExactly("2");
  }

  @Test
  void aFileWithoutRowsIsLoadedByItsContent() {
    shop.draft("1.5").table(things(), row(1, "1.5")).file("things").commit();
    assertThat(shop.loading().loadAll().rows()).isEqualTo(Map.of("things", 1L));
  }

  @Test
  void aPackageThatIsCommittedIsOnlyPutAway() throws Exception {
    shop.draft("1.5").table(things(), row(1, "1.5")).commit();
    shop.loading().loadAll();
    shop.directory.reopen("1.5");
    var info = shop.loading().loadAll();
    assertThat(info.packages().getFirst().alreadyLoaded()).isTrue();
    assertThat(shop.query("SELECT id FROM data.things")).containsExactly("1");
    assertThat(shop.directory.folder().packages(Stage.LOADED)).hasSize(1);
    assertThat(info.toString()).contains("it had been committed by an earlier run");
  }

  @Test
  void jobsThatDltCompletedCountAsLoadedAndStartedOnesAreRefused() {
    var source =
        shop.draft("1.5").table(things(), row(1, "1.5")).file("things", row(2, "1.5")).commit();
    shop.directory.move(source, source.jobs().getFirst(), JobState.COMPLETED);
    var second =
        shop.directory.move(source, source.jobs(JobState.NEW).getFirst(), JobState.STARTED);
    assertThatThrownBy(() -> shop.loading().loadAll())
        .hasMessageContaining("was begun by another tool")
        .hasMessageContaining("'" + second.name().fileName() + "'");
    shop.directory.move(source, second, JobState.NEW);
    shop.loading().loadAll();
    assertThat(shop.query("SELECT count(*) FROM data.things")).containsExactly("1");
    assertThat(shop.directory.folder().packages(Stage.LOADED).getFirst().jobs()).hasSize(2);
  }

  @Test
  void jobsThatWereOursWhenTheProcessDiedAreLoadedAgain() {
    var source = shop.draft("1.5").table(things(), row(1, "1.5")).commit();
    var job = source.jobs().getFirst();
    shop.directory.putPackageFile(
        source,
        LoadRecord.FILE,
        new LoadRecord("data", java.util.Set.of(job.name().jobId()), Map.of()).encode());
    shop.directory.move(source, job, JobState.STARTED);
    shop.loading().loadAll();
    assertThat(shop.query("SELECT id FROM data.things")).containsExactly("1");
  }

  @Test
  void aColumnThatIsThereWithAnotherTypeIsRefused() {
    shop.draft("1.5").table(things(), row(1, "1.5")).commit();
    shop.draft("1.6")
        .table(table("things", ColumnSchema.of("id", DataType.TEXT)), "{\"id\":\"x\"}")
        .commit();
    shop.loading().load("1.5");
    assertThatThrownBy(() -> shop.loading().load("1.6"))
        .hasMessage(
            "Column 'id' of table 'things' is BIGINT at the destination, but the schema says text;"
                + " take back the changed type, rename the column, or load the table anew with"
                + " refresh");
  }

  @Test
  void namesThatDifferOnlyInCaseAreRefused() {
    shop.draft("1.5").table(things(ColumnSchema.of("ID", DataType.BIGINT)), row(1, "1.5")).commit();
    assertThatThrownBy(() -> shop.loading().loadAll())
        .hasMessageContaining("The columns 'id' and 'ID' of table 'things' differ only in case");
  }

  @Test
  void aRefreshDropsAndEmptiesTables() {
    shop.draft("1.5")
        .table(things(ColumnSchema.of("old", DataType.TEXT)), row(1, "1.5"))
        .table(table("kept", ColumnSchema.of("id", DataType.BIGINT)), row(9, "1.5"))
        .commit();
    shop.draft("1.6")
        .table(things(), row(2, "1.6"))
        .known(table("kept", ColumnSchema.of("id", DataType.BIGINT)))
        .state("dropped_tables", List.of(Map.of("name", "things"), Map.of("name", "never_was")))
        .state("truncated_tables", List.of(Map.of("name", "kept")))
        .commit();
    shop.loading().loadAll();
    assertThat(shop.query("SELECT * FROM data.things")).containsExactly("2|1.6|r2");
    assertThat(shop.query("SELECT count(*) FROM data.kept")).containsExactly("0");
    assertThat(shop.query("SELECT count(*) FROM data._dlt_version")).containsExactly("1");
  }

  @Test
  void filesThatDltWroteForDuckDbAreLoaded() throws Exception {
    var source = shop.draft("1.5").table(things(), row(1, "1.5")).commit();
    var name = new dev.sluice.store.JobName("things", "0123456789", 0, "insert_values", true);
    try (var out =
        new java.util.zip.GZIPOutputStream(
            Files.newOutputStream(source.folder().resolve("new_jobs").resolve(name.fileName())))) {
      out.write(
          """
          INSERT INTO {}("id","_dlt_load_id","_dlt_id")
          VALUES
          (2,E'1.5',E'a\\nb'),
          (3,E'1.5',E'it''s');\
          """
              .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    Files.delete(source.folder().resolve("manifest.json"));
    Files.delete(shop.directory.folder().root().resolve("packages.json"));
    assertThat(shop.loading().loadAll().rows()).isEqualTo(Map.of("things", 3L));
    assertThat(shop.query("SELECT id, _dlt_id FROM data.things ORDER BY id"))
        .containsExactly("1|r1", "2|a\nb", "3|it's");
  }

  @Test
  void awkwardNamesStay() {
    var name = "it's [a] \"table\"; DROP *";
    shop.draft("1.5")
        .table(
            table(name, ColumnSchema.of("a\"b'c;", DataType.TEXT)),
            "{\"a\\\"b'c;\":\"v\",\"_dlt_load_id\":\"1.5\",\"_dlt_id\":\"r\"}")
        .commit();
    shop.loading().loadAll();
    assertThat(shop.query("SELECT * FROM data." + Ident.of(name))).containsExactly("v|1.5|r");
  }

  @Test
  void completedJobFilesAreDeletedIfWished() {
    shop.environment.put("LOAD__DELETE_COMPLETED_JOBS", "true");
    shop.draft("1.5").table(things(), row(1, "1.5")).commit();
    var info = shop.loading().loadAll();
    assertThat(info.rows()).isEqualTo(Map.of("things", 1L));
    assertThat(shop.directory.folder().packages(Stage.LOADED).getFirst().jobs()).isEmpty();
  }

  @Test
  void thePlanOfAnAppendChangesNothing() {
    shop.draft("1.5").table(things(), row(1, "1.5")).commit();
    shop.loading().loadAll();
    shop.draft("1.6")
        .table(things(ColumnSchema.of("n", DataType.TEXT)), row(2, "1.6"), row(3, "1.6"))
        .commit();
    var plan = shop.loading().plan();
    assertThat(plan.packages())
        .containsExactly(
            new LoadPlan.PlannedPackage(
                "1.6",
                "shop",
                false,
                List.of(),
                Map.of("things", List.of("n VARCHAR")),
                List.of("ALTER TABLE \"shop\".\"data\".\"things\" ADD COLUMN \"n\" VARCHAR"),
                List.of(new LoadPlan.PlannedTable("things", "append", 1, 2, 2, 0, 0))));
    assertThat(plan.toString())
        .contains(
            "new columns in things: n VARCHAR",
            "append things: 2 rows in 1 files; 2 inserted, 0 updated, 0 deleted");
    assertThat(shop.query("SELECT * FROM data.things")).containsExactly("1|1.5|r1");
    assertThat(shop.directory.folder().packages(Stage.NORMALIZED)).hasSize(1);
  }

  @Test
  void theNewestLoadIsUndoneAndCanBeLoadedAgain() {
    var lines = nested("things__lines", "things", ColumnSchema.of("sku", DataType.TEXT));
    var line = "{\"sku\":\"a\",\"_dlt_parent_id\":\"r%d\",\"_dlt_list_idx\":0,\"_dlt_id\":\"l%d\"}";
    for (var i = 1; i <= 2; i++)
      shop.draft("1." + i)
          .table(things(), row(i, "1." + i))
          .table(lines, line.formatted(i, i))
          .pipelineState(pipelineState(i))
          .commit();
    shop.loading().loadAll();
    assertThatThrownBy(() -> shop.loading().undo("1.1"))
        .hasMessageContaining("it is not the newest load of the dataset, which is '1.2'");
    assertThat(shop.loading().undo("1.2"))
        .isEqualTo(Map.of("things", 1L, "things__lines", 1L, "_dlt_pipeline_state", 1L));
    assertThat(shop.query("SELECT id FROM data.things")).containsExactly("1");
    assertThat(shop.query("SELECT _dlt_id FROM data.things__lines")).containsExactly("l1");
    assertThat(shop.query("SELECT load_id, status FROM data._dlt_loads ORDER BY load_id"))
        .containsExactly("1.1|0", "1.2|1");
    assertThat(Restore.of(shop.target()).state().orElseThrow().state().version()).isEqualTo(1);
    assertThat(shop.directory.folder().packages(Stage.NORMALIZED))
        .extracting(StoredPackage::loadId)
        .containsExactly("1.2");
    shop.loading().loadAll();
    assertThat(shop.query("SELECT id FROM data.things ORDER BY id")).containsExactly("1", "2");
    assertThat(shop.query("SELECT load_id, status FROM data._dlt_loads ORDER BY load_id"))
        .containsExactly("1.1|0", "1.2|0");
  }

  @Test
  void undoRefusesIfRowsWereChangedSince() {
    shop.draft("1.5").table(things(), row(1, "1.5")).commit();
    shop.loading().loadAll();
    shop.execute("DELETE FROM data.things");
    assertThatThrownBy(() -> shop.loading().undo("1.5"))
        .hasMessageContaining("table 'things' has 0 rows that it loaded, but there were 1");
    assertThat(shop.query("SELECT status FROM data._dlt_loads")).containsExactly("0");
  }

  @Test
  void aDatasetKnowsStateAndSchemas() {
    assertThat(Restore.of(shop.target()).exists()).isFalse();
    shop.draft("1.5").pipelineState(pipelineState(3)).commit();
    shop.loading().loadAll();
    var restored = Restore.of(shop.target());
    var state = restored.state().orElseThrow();
    assertThat(state.loadId()).isEqualTo("1.5");
    assertThat(state.state().version()).isEqualTo(3);
    assertThat(state.state().versionHash()).isEqualTo(pipelineState(3).versionHash());
    assertThat(state.createdAt()).isEqualTo(Packages.NOW);
    assertThat(restored.schemas()).containsOnlyKeys("shop");
  }

  @Test
  void aDatabaseInMemoryLivesAsLongAsItsDestination() {
    shop.destination = Destination.duckdb(":memory:");
    shop.draft("1.5").table(things(), row(1, "1.5")).commit();
    shop.draft("1.6").table(things(), row(2, "1.6")).commit();
    shop.loading().loadAll();
    assertThat(shop.query("SELECT id FROM data.things ORDER BY id")).containsExactly("1", "2");
    assertThat(shop.destination).hasToString("duckdb :memory:");
  }

  @Test
  void aRowOfManyMegabytesIsLoaded() {
    shop.draft("1.5")
        .table(
            things(ColumnSchema.of("s", DataType.TEXT)),
            "{\"s\":\"" + "x".repeat(20_000_000) + "\",\"_dlt_load_id\":\"1.5\",\"_dlt_id\":\"r\"}")
        .commit();
    shop.loading().loadAll();
    assertThat(shop.query("SELECT length(s) FROM data.things")).containsExactly("20000000");
  }

  @Test
  void versionsThatALoadRetiredAreValidAgainWhenItIsUndone() {
    var history =
        things(
                ColumnSchema.of("_dlt_valid_from", DataType.TIMESTAMP).with("x-valid-from", true),
                ColumnSchema.of("_dlt_valid_to", DataType.TIMESTAMP).with("x-valid-to", true))
            .columns(
                ColumnSchema.of("_dlt_id", DataType.TEXT)
                    .notNull()
                    .unique()
                    .with("row_key", true)
                    .with("x-row-version", true))
            .with("write_disposition", "merge")
            .with("x-merge-strategy", "scd2");
    shop.draft("1.5").table(history, row(1, "1.5"), row(2, "1.5")).commit();
    shop.draft("1.6")
        .table(history, row(2, "1.6"), row(3, "1.6"))
        .state("created_at", "2026-02-01T00:00:00+00:00")
        .commit();
    shop.loading().loadAll();
    var active = "SELECT id FROM data.things WHERE _dlt_valid_to IS NULL ORDER BY id";
    assertThat(shop.query(active)).containsExactly("2", "3");
    assertThat(shop.loading().undo("1.6")).isEqualTo(Map.of("things", 1L));
    assertThat(shop.query(active)).containsExactly("1", "2");
  }

  @Test
  void aTableOfFiveThousandColumnsIsLoaded() {
    var columns = new ColumnSchema[5_000];
    var row = new StringBuilder("{");
    for (var i = 0; i < columns.length; i++) {
      columns[i] = ColumnSchema.of("c" + i, DataType.BIGINT);
      row.append("\"c").append(i).append("\":").append(i).append(',');
    }
    row.append("\"_dlt_load_id\":\"1.5\",\"_dlt_id\":\"r\"}");
    shop.draft("1.5").table(table("wide", columns), row.toString()).commit();
    shop.loading().loadAll();
    assertThat(shop.query("SELECT c0, c4999 FROM data.wide")).containsExactly("0|4999");
  }

  @Test
  void aReplacedTableMayBeDroppedByARefreshThatDoesNotFillItAgain() {
    shop.draft("1.5").table(REPLACED, row(1, "1.5")).table(LINES, LINE).commit();
    shop.draft("1.6")
        .table(REPLACED, row(2, "1.6"))
        .known(LINES)
        .state("dropped_tables", List.of(Map.of("name", "things"), Map.of("name", "things__lines")))
        .commit();
    shop.loading().loadAll();
    assertThat(shop.query("SELECT id FROM data.things")).containsExactly("2");
    assertThat(
            shop.query("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'things__lines'"))
        .containsExactly("0");
  }
}
