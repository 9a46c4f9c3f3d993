package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.load.Destination;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Source;
import dev.sluice.schema.SchemaContract;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole way from a lambda to a table, each step by itself and all at once.
class PipelineTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  private Pipeline pipeline(String name) {
    return Pipeline.of(name, surroundings()).to(Destination.duckdb());
  }

  private Surroundings surroundings() {
    return new Surroundings(
        Map.of(), folder, InstantSource.system(), new Random(1), new PrintStream(shown));
  }

  private static Resource<Map<String, Object>> numbers(String name, int count) {
    return Resource.of(
        name, () -> IntStream.range(0, count).mapToObj(i -> Map.<String, Object>of("id", i)));
  }

  private long count(Pipeline pipeline, String table) {
    return pipeline.dataset().rowCount(table);
  }

  @Test
  void rowsGoFromALambdaIntoATable() {
    var pipeline = pipeline("hello");
    var info =
        pipeline.run(
            Resource.of(
                "users", () -> List.of(Map.of("id", 1, "name", "Ada", "tags", List.of("a")))));
    assertThat(info.rows()).containsEntry("users", 1L).containsEntry("users__tags", 1L);
    assertThat(pipeline.sql("select id, name from users").print()).contains("Ada");
    assertThat(pipeline.loadedPackages()).hasSize(1);
    assertThat(pipeline.extractedPackages()).isEmpty();
    assertThat(pipeline.normalizedPackages()).isEmpty();
    assertThat(pipeline.schema().table("users__tags")).isPresent();
    assertThat(pipeline.lastTrace()).isPresent();
  }

  @Test
  void theFolderMayHaveAnyName() {
    var odd =
        new Surroundings(
            Map.of(),
            folder.resolve("a [1]*'/../a [1]*'"),
            InstantSource.system(),
            new Random(1),
            new PrintStream(shown));
    for (var format : List.of("jsonl", "parquet")) {
      var pipeline =
          Pipeline.of(format, odd)
              .to(Destination.duckdb())
              .setting("normalize.loader_file_format", format);
      pipeline.run(numbers("numbers", 3));
      assertThat(count(pipeline, "numbers")).isEqualTo(3);
      var loaded = pipeline.loadedPackages().getFirst();
      assertThat(loaded.rows("numbers").rowCount()).isEqualTo(3);
    }
  }

  @Test
  void eachStageCanBeCalledByItselfByAnotherProcess() {
    var extracted = pipeline("staged").extract(numbers("numbers", 10));
    assertThat(extracted.loadIds()).hasSize(1);
    assertThat(extracted.packages().getFirst().tables().getFirst().rows()).isEqualTo(10);
    assertThat(pipeline("staged").extractedPackages()).hasSize(1);
    var normalized = pipeline("staged").normalize();
    assertThat(normalized.rowCounts()).containsEntry("numbers", 10L);
    assertThat(pipeline("staged").normalizedPackages()).hasSize(1);
    assertThat(pipeline("staged").load().loadIds()).isEqualTo(extracted.loadIds());
    assertThat(count(pipeline("staged"), "numbers")).isEqualTo(10);
    assertThat(pipeline("staged").load().loadedAnything()).isFalse();
    assertThat(count(pipeline("staged"), "numbers")).isEqualTo(10);
  }

  @Test
  void aRunOfNothingNewTellsWhatItLoadedOfThePending() {
    var pipeline = pipeline("left");
    var loadIds =
        pipeline.extract(Resource.of("letters", () -> List.of(Map.of("id", 1)))).loadIds();
    assertThat(pipeline.run().loadIds()).isEqualTo(loadIds);
  }

  @Test
  void pendingPackagesAreLoadedBeforeNewRowsAreExtracted() {
    var pipeline = pipeline("pending");
    pipeline.extract(numbers("numbers", 3));
    pipeline.run(numbers("numbers", 4));
    assertThat(count(pipeline, "numbers")).isEqualTo(7);
  }

  @Test
  void replaceLeavesTheNewRowsAlone() {
    var pipeline = pipeline("replacing");
    pipeline.run(numbers("numbers", 5).replace());
    pipeline.run(numbers("numbers", 2).replace());
    assertThat(count(pipeline, "numbers")).isEqualTo(2);
    pipeline.run(numbers("numbers", 0).replace());
    assertThat(count(pipeline, "numbers")).isZero();
  }

  @Test
  void stateIsKeptWithTheRowsItBelongsTo() {
    var pipeline = pipeline("remembering");
    var counting =
        Resource.of(
            "counting",
            out -> {
              var next = ((Number) out.state().getOrDefault("next", 0)).intValue();
              out.row(Map.of("id", next));
              out.state().put("next", next + 1);
            });
    pipeline.run(counting);
    pipeline.run(counting);
    assertThat(pipeline.state().at("sources", "remembering", "resources", "counting", "next"))
        .contains(2L);
    assertThat(count(pipeline, "counting")).isEqualTo(2);
    assertThat(count(pipeline, "_dlt_pipeline_state")).isEqualTo(2);
  }

  @Test
  void aResourceThatThrowsLeavesNothingBehind() {
    var pipeline = pipeline("failing");
    pipeline.run(numbers("numbers", 1));
    var failing =
        Resource.of(
            "numbers",
            out -> {
              for (int page = 1; page < 9; page++) {
                if (page == 7) {
                  throw new IllegalStateException("the API is gone");
                }
                out.page(List.of(Map.of("id", page)));
              }
            });
    var state = pipeline.state();
    var failed = catchThrowableOfType(PipelineException.class, () -> pipeline.run(failing));
    assertThat(failed)
        .hasMessageContaining("Pipeline 'failing' failed in extract")
        .hasMessageContaining("numbers")
        .hasMessageContaining("the API is gone");
    assertThat(failed.pending()).isEmpty();
    assertThat(pipeline.extractedPackages()).isEmpty();
    assertThat(pipeline.state()).isEqualTo(state);
    pipeline.run(numbers("numbers", 1));
    assertThat(count(pipeline, "numbers")).isEqualTo(2);
  }

  @Test
  void aRowThatCannotBeWrittenIsNamed() {
    var cyclic = new HashMap<String, Object>();
    cyclic.put("me", cyclic);
    assertThatThrownBy(() -> pipeline("cyclic").run("rows", List.of(Map.of("id", 1), cyclic)))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("of resource 'rows'")
        .hasMessageContaining("$.me")
        .hasMessageContaining("holds itself");
  }

  @Test
  void severalSourcesAreAPackageEachWithTheStateInTheLast() {
    var pipeline = pipeline("several");
    var info =
        pipeline.extract(Source.of("shop", numbers("a", 1)), Source.of("crm", numbers("b", 1)));
    assertThat(info.packages())
        .extracting(extracted -> extracted.source())
        .containsExactly("crm", "shop");
    assertThat(info.packages().getLast().tables())
        .extracting(table -> table.name())
        .containsExactlyInAnyOrder("a", "_dlt_pipeline_state");
  }

  @Test
  void aMissingDestinationIsAskedFor() {
    var without =
        Pipeline.of(
            "nowhere",
            new Surroundings(
                Map.of(), folder, InstantSource.system(), new Random(1), new PrintStream(shown)));
    without.extract(numbers("numbers", 1));
    assertThatThrownBy(without::load).hasMessageContaining("pipeline(\"nowhere\").to(duckdb())");
  }

  @Test
  void droppedPackagesAreExtractedAgain() {
    var pipeline = pipeline("dropping");
    var counting =
        Resource.of(
            "counting",
            out -> {
              var next = ((Number) out.state().getOrDefault("next", 0)).intValue();
              out.row(Map.of("id", next, "column" + next, 1));
              out.state().put("next", next + 1);
            });
    pipeline.run(counting);
    var state = pipeline.state();
    var schema = pipeline.schema();
    var first = pipeline.extract(counting).loadIds();
    pipeline.normalize();
    var second = pipeline.extract(counting, numbers("numbers", 1)).loadIds();
    assertThat(pipeline.dropPendingPackages())
        .containsExactlyInAnyOrder(first.getFirst(), second.getFirst());
    assertThat(pipeline.extractedPackages()).isEmpty();
    assertThat(pipeline.normalizedPackages()).isEmpty();
    assertThat(pipeline.state()).isEqualTo(state);
    assertThat(pipeline.schema()).isEqualTo(schema);
  }

  @Test
  void droppingTheFirstPackageLeavesAPipelineThatNeverRan() {
    var pipeline = pipeline("dropping");
    pipeline.extract(numbers("numbers", 1));
    pipeline.dropPendingPackages();
    assertThat(pipeline.schemaNames()).isEmpty();
    assertThat(pipeline.state().version()).isZero();
  }

  @Test
  void aDevelopmentPipelineBeginsWithNothingInADatasetOfItsOwn() {
    pipeline("dev").run(numbers("numbers", 1));
    var dev = pipeline("dev").devMode();
    dev.run(numbers("numbers", 2));
    dev.run(numbers("numbers", 2));
    assertThat(dev.dataset().name()).matches("dev_dataset_\\d{14}");
    assertThat(count(dev, "numbers")).isEqualTo(4);
    assertThat(dev.loadedPackages()).hasSize(2);
  }

  @Test
  void theLocationOfTheDestinationIsRemembered() throws Exception {
    pipeline("located").run(numbers("numbers", 3));
    var later =
        Pipeline.of(
            "located",
            new Surroundings(
                Map.of(), folder, InstantSource.system(), new Random(1), new PrintStream(shown)));
    assertThat(later.dataset().rowCount("numbers")).isEqualTo(3);
    assertThat(Files.exists(folder.resolve("located.duckdb"))).isTrue();
  }

  @Test
  void aFreshMachineGoesOnFromTheDatasetAlone() throws Exception {
    var counting =
        Resource.of(
            "counting",
            out -> {
              var next = ((Number) out.state().getOrDefault("next", 0)).intValue();
              out.row(Map.of("id", next));
              out.state().put("next", next + 1);
            });
    pipeline("moving").run(counting);
    var fresh = pipeline("moving").pipelinesDir(folder.resolve("elsewhere"));
    fresh.run(counting);
    assertThat(fresh.state().at("sources", "moving", "resources", "counting", "next")).contains(2L);
    assertThat(count(fresh, "counting")).isEqualTo(2);
    pipeline("moving").run(counting);
    assertThat(fresh.sql("select distinct id from counting").rowCount()).isEqualTo(3);
  }

  @Test
  void aDatasetThatIsGoneIsForgotten() throws Exception {
    var pipeline = pipeline("gone");
    pipeline.run(numbers("numbers", 3));
    Files.delete(folder.resolve("gone.duckdb"));
    pipeline.run(numbers("others", 2));
    assertThat(pipeline.dataset().tableNames()).contains("others").doesNotContain("numbers");
    assertThat(pipeline.schema().table("numbers")).isEmpty();
  }

  @Test
  void theLastLoadCanBeTakenBack() {
    var pipeline = pipeline("undoing");
    pipeline.run(numbers("numbers", 3));
    var state = pipeline.state();
    var loadId = pipeline.run(numbers("numbers", 4)).loadIds().getFirst();
    assertThat(pipeline.undo(loadId)).containsEntry("numbers", 4L);
    assertThat(count(pipeline, "numbers")).isEqualTo(3);
    assertThat(pipeline.state().sources()).isEqualTo(state.sources());
    pipeline.run(numbers("numbers", 1));
    assertThat(count(pipeline, "numbers")).isEqualTo(4);
  }

  @Test
  void aResourceIsDroppedWithItsTablesAndItsState() {
    var pipeline = pipeline("shedding");
    pipeline.run(numbers("numbers", 3), numbers("others", 2));
    pipeline.drop("numbers");
    assertThat(pipeline.dataset().tableNames()).contains("others").doesNotContain("numbers");
    assertThat(pipeline.schema().table("numbers")).isEmpty();
    assertThatThrownBy(() -> pipeline.drop("nobody"))
        .hasMessageContaining("There is no resource 'nobody' with tables; there are [others]");
  }

  @Test
  void aPlanSaysWhatALoadWouldDo() {
    var pipeline = pipeline("planning");
    pipeline.extract(numbers("numbers", 3));
    pipeline.normalize();
    var plan = pipeline.plan();
    assertThat(plan.packages()).hasSize(1);
    assertThat(pipeline.normalizedPackages()).hasSize(1);
    assertThat(plan.toString()).contains("numbers");
  }

  @Test
  void anImportedSchemaIsTakenWhenItIsEditedAndOnlyThen() throws Exception {
    var pipeline =
        pipeline("shop").importSchemas(Path.of("import")).exportSchemas(Path.of("export"));
    var users = Resource.of("users", () -> List.of(Map.of("id", 1, "score", 2)));
    pipeline.run(users);
    var file = folder.resolve("import/shop.schema.yaml");
    var first = Files.readString(file);
    var version = pipeline.schema().version();
    pipeline.run(users);
    assertThat(Files.readString(file)).isEqualTo(first);
    assertThat(pipeline.schema().version()).isEqualTo(version);
    assertThat(pipeline.schema().table("users").orElseThrow().seenData()).isTrue();
    assertThat(folder.resolve("export/shop.schema.yaml")).hasContent(pipeline.schema().toYaml());

    var exported = Files.readString(folder.resolve("export/shop.schema.yaml"));
    pipeline.extract(users);
    Files.writeString(
        file, exported.replace("score:", "score:\n        description: how many points"));
    pipeline.normalize();
    pipeline.load();
    pipeline.run(users);
    assertThat(
            pipeline
                .schema()
                .table("users")
                .orElseThrow()
                .column("score")
                .orElseThrow()
                .property("description"))
        .isEqualTo("how many points");
    assertThat(pipeline.dataset().rowCount("users")).isEqualTo(4);
  }

  @Test
  void theTraceCountsRowsAndShowsNoSecret() throws Exception {
    Files.createDirectories(folder.resolve(".dlt"));
    Files.writeString(
        folder.resolve(".dlt/secrets.toml"),
        """
        [sources.shop]
        api_key = "hunter2"
        url = "postgres://ada:lovelace@db/shop"
        """);
    var pipeline = pipeline("shop");
    pipeline.run(numbers("numbers", 7));
    assertThat(pipeline.lastTrace().orElseThrow().infos().stringColumn("key").asList())
        .contains("rows of numbers");
    Resource<Object> broken =
        Resource.of(
            "broken",
            out -> {
              throw new IllegalStateException("no answer for hunter2 of ada:lovelace@db");
            });
    assertThatThrownBy(() -> pipeline.extract(broken))
        .hasMessage(
            "Pipeline 'shop' failed in extract: Resource 'broken' failed on item 1: IllegalStateException: no answer for *** of ada:***@db");
    var trace = pipeline.lastTrace().orElseThrow();
    assertThat(trace.errors().stringColumn("message").asList())
        .anyMatch(message -> message.contains("no answer for *** of ada:***@db"));
    assertThat(Files.readString(pipeline.workingDirectory().resolve("trace.json")))
        .doesNotContain("hunter2")
        .doesNotContain("lovelace");
  }

  @Test
  void theStepsOfALaterScriptAreARunOfTheirOwn() {
    var first = pipeline("shop");
    first.run(numbers("numbers", 7));
    first.extract(numbers("numbers", 1));
    var earlier = first.lastTrace().orElseThrow();
    assertThat(earlier.steps().stringColumn("step").asList())
        .containsExactly("sync", "extract", "normalize", "load", "extract");

    var later = pipeline("shop");
    later.plan();
    assertThat(later.lastTrace().orElseThrow().toJson()).isEqualTo(earlier.toJson());
    later.normalize();
    later.load();
    var trace = later.lastTrace().orElseThrow();
    assertThat(trace.steps().stringColumn("step").asList()).containsExactly("normalize", "load");
    assertThat(trace.startedAt()).isAfterOrEqualTo(earlier.finishedAt());
  }

  @Test
  void aPipelineBackBeforeItsFirstPackageStillKnowsItsDestination() {
    var declared = pipeline("shop");
    var loadId = declared.run(numbers("numbers", 7)).loadIds().getFirst();
    var later = Pipeline.of("shop", surroundings());
    assertThat(later.undo(loadId)).containsEntry("numbers", 7L);
    assertThat(later.dataset().rowCount("numbers")).isZero();
    assertThat(later.extract(numbers("numbers", 7)).rows()).isPositive();
    assertThat(later.dropPendingPackages()).hasSize(1);
    later.run(numbers("numbers", 7));
    assertThat(later.dataset().rowCount("numbers")).isEqualTo(7);
  }

  @Test
  void theFirstRowsOfAResourceAreATable() {
    record User(int id, String name, List<String> tags) {}
    var users =
        Resource.pages(
            "users",
            () ->
                java.util.stream.Stream.of(
                    List.of(new User(1, "Ada", List.of("a")), new User(2, "Bob", List.of())),
                    List.of(new User(3, "Eve", List.of()))));
    var head = users.head(1);
    assertThat(head.name()).isEqualTo("first 1 rows of users");
    assertThat(head.columnNames()).containsExactly("id", "name", "tags");
    assertThat(head.rowCount()).isEqualTo(1);
    assertThat(head.row(0).getLong("id")).isEqualTo(1);
    assertThat(head.row(0).getString("tags")).isEqualTo("[\"a\"]");
    assertThat(users.head(20).rowCount()).isEqualTo(3);
    assertThat(numbers("numbers", 5).head(0).rowCount()).isZero();
  }

  @Test
  void rowsOfATableThatAContractForbidsAreKeptThoughThereIsNothingToLoad() {
    pipeline("strict").run(numbers("known", 3));
    var strict =
        pipeline("strict")
            .contract(SchemaContract.evolve().tables(SchemaContract.Mode.DISCARD_ROW));
    assertThat(strict.run(numbers("unknown", 2)).packages()).isEmpty();
    assertThat(strict.loadedPackages()).hasSize(2);
    assertThat(strict.loadedPackages().getLast().quarantine().rowCount()).isEqualTo(2);
    assertThat(count(strict, "_dlt_loads")).isEqualTo(1);
  }

  @Test
  void theContractOfThePipelineStandsAboveThatOfResources() {
    var frozen = SchemaContract.of(SchemaContract.Mode.FREEZE);
    var row = Map.<String, Object>of("id", 2, "more", 1);
    pipeline("above").run(numbers("things", 1));
    var strict = Resource.of("things", () -> List.of(row)).contract(frozen);
    pipeline("above").contract(SchemaContract.evolve()).run(strict);
    assertThat(count(pipeline("above"), "things")).isEqualTo(2);
    // It stays with the table until another is declared, as in dlt.
    var discards = SchemaContract.evolve().columns(SchemaContract.Mode.DISCARD_ROW);
    pipeline("above").contract(discards).run(numbers("things", 1));
    pipeline("above").run(Resource.of("things", () -> List.of(Map.of("id", 3, "other", 1))));
    assertThat(count(pipeline("above"), "things")).isEqualTo(3);
  }

  @Test
  void anImportFileNeedsNotSayWhatEverySchemaHas() throws Exception {
    Files.createDirectories(folder.resolve("import"));
    Files.writeString(
        folder.resolve("import/short.schema.yaml"),
        """
        version: 1
        engine_version: 11
        name: short
        tables:
          users:
            columns:
              id: {data_type: text}
        settings:
          preferred_types: {'re:_at$': timestamp}
        normalizers:
          names: snake_case
          json: {module: dlt.common.normalizers.json.relational}
        """);
    var pipeline = pipeline("short").importSchemas(Path.of("import"));
    pipeline.run("users", List.of(Map.of("id", 1, "seen_at", 1704164645)));
    var users = pipeline.schema().table("users").orElseThrow();
    assertThat(users.columns().stream().map(String::valueOf))
        .containsExactly(
            "id text", "seen_at timestamp", "_dlt_load_id text not null", "_dlt_id text not null");
    assertThat(pipeline.dataset().rowCount("_dlt_version")).isPositive();
  }

  @Test
  void aReplaceStrategyThatDoesNotExistIsRefused() {
    var pipeline = pipeline("strategy").setting("destination.replace_strategy", "nonsense");
    assertThatThrownBy(() -> pipeline.run(numbers("numbers", 1).replace()))
        .hasMessageContaining("'nonsense'; use truncate-and-insert");
  }

  @Test
  void rowsStandInTheOrderOfExtractionHoweverManyWorkersNormalizeThem() {
    var pipeline =
        pipeline("ordered")
            .setting("extract.data_writer.file_max_items", 1)
            .setting("normalize.workers", 4);
    pipeline.extract(
        Resource.of(
            "numbers",
            out -> {
              for (int i = 0; i < 40; i++) out.row(Map.of("id", i, "list", List.of(i)));
            }));
    pipeline.normalize();
    assertThat(pipeline.normalizedPackages().getFirst().jobs().rowCount()).isGreaterThan(80);
    pipeline.load();
    for (var query : List.of("select id from numbers", "select value from numbers__list")) {
      var rows = pipeline.sql(query).longColumn(0).asList();
      assertThat(rows).as(query).isSorted().hasSize(40);
    }
  }
}
