package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.load.Destination;
import dev.sluice.load.LoadInfo;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Source;
import dev.sluice.store.Stage;
import dev.sluice.store.WorkingDirectory;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One pipeline in two working folders: two machines, or two jobs of CI.
class FenceTest {
  @TempDir Path folder;

  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private int upTo = 3;

  /// The pipeline in one of its folders.
  private Pipeline in(String folderName) {
    return named("shop", folderName).to(Destination.duckdb("shop.duckdb"));
  }

  private Pipeline named(String name, String folderName) {
    InstantSource clock = () -> now = now.plusMillis(10);
    return Pipeline.of(
            name,
            new Surroundings(
                Map.of(),
                folder,
                clock,
                new Random(folderName.hashCode()),
                new PrintStream(new ByteArrayOutputStream())))
        .pipelinesDir(folder.resolve(folderName));
  }

  /// Rows numbered on from what the state says, up to `upTo`.
  private Resource<Object> numbers() {
    return numbers("numbers");
  }

  private Resource<Object> numbers(String name) {
    return Resource.of(
        name,
        out -> {
          var next = ((Number) out.state().getOrDefault("next", 0)).intValue();
          for (; next < upTo; next++) {
            out.row(Map.of("id", next));
          }
          out.state().put("next", next);
        });
  }

  private static Resource<Object> plain(String name, int rows) {
    return Resource.of(
        name, () -> IntStream.range(0, rows).<Object>mapToObj(id -> Map.of("id", id)));
  }

  private void ready(Pipeline pipeline, Resource<?>... resources) {
    pipeline.extract(resources);
    pipeline.normalize();
  }

  private List<Long> ids() {
    return ids("numbers");
  }

  private List<Long> ids(String table) {
    return in("a").sql("select id from " + table + " order by id").longColumn(0).asList();
  }

  private static PipelineException refused(Pipeline pipeline) {
    var failed = catchThrowableOfType(PipelineException.class, pipeline::load);
    assertThat(failed).as("the load was not refused").isNotNull();
    assertThat(failed.exitCode()).isEqualTo(2);
    return failed;
  }

  private static List<String> warnings(LoadInfo info) {
    return info.packages().stream().flatMap(one -> one.warnings().stream()).toList();
  }

  // ------------------------------------------------------------------ what is kept out

  @Test
  void theRowsOfTheSecondFolderAreKeptOutAndComeOnceWhenItRunsAgain() {
    in("a").run(numbers());
    in("b").syncDestination();
    upTo = 6;
    ready(in("a"), numbers());
    ready(in("b"), numbers());
    var loaded = in("a").load().loadIds().getFirst();
    var pending = in("b").normalizedPackages().getFirst().loadId();
    var failed = refused(in("b"));
    assertThat(failed.getMessage())
        .startsWith(
            "Pipeline 'shop' failed in load: Package '%s' was extracted from version 1 of the pipeline's state, but load '%s' of 2026-01-02T03:04:0"
                .formatted(pending, loaded))
        .contains(
            "has brought version 2 since: another working directory of this pipeline was quicker",
            "Drop it (dropPendingPackages(), or: sluice drop -p shop --pending --yes) and run again",
            "load.fence = false");
    assertThat(failed.pending()).containsExactly(pending);
    assertThat(ids()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    refused(in("b")); // as often as one likes
    assertThatThrownBy(() -> in("b").plan()).hasMessageContaining("was quicker");
    upTo = 7;
    assertThat(in("b").dropPendingPackages()).containsExactly(pending);
    assertThat(in("b").run(numbers()).rows()).containsEntry("numbers", 1L);
    assertThat(ids()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(in("a").run(numbers()).rows()).doesNotContainKey("numbers");
  }

  @Test
  void aRunThatFindsItsPendingPackageOvertakenExtractsNothing() {
    in("a").run(numbers());
    in("b").syncDestination();
    upTo = 6;
    ready(in("b"), numbers());
    in("a").run(numbers());
    var failed = catchThrowableOfType(PipelineException.class, () -> in("b").run(numbers()));
    assertThat(failed).hasMessageContaining("Nothing new was extracted");
    assertThat(ids()).hasSize(6);
  }

  @Test
  void twoFoldersThatBeginWithNothingDoNotDouble() {
    ready(in("a"), numbers());
    ready(in("b"), numbers());
    in("a").load();
    assertThat(refused(in("b"))).hasMessageContaining("was extracted from no state, but load '");
    in("b").dropPendingPackages();
    in("b").run(numbers());
    assertThat(ids()).containsExactly(0L, 1L, 2L);
  }

  @Test
  void aMergeThatWasOvertakenIsKeptOut() {
    in("a").run(numbers().merge("id"));
    in("b").syncDestination();
    upTo = 5;
    ready(in("b"), numbers().merge("id"));
    upTo = 6;
    in("a").run(numbers().merge("id"));
    refused(in("b"));
    assertThat(ids()).hasSize(6);
  }

  @Test
  void aRefreshThatAnotherLoadOvertookIsKeptOut() {
    in("a").run(numbers());
    in("b").syncDestination();
    ready(in("b").refresh(Pipeline.Refresh.DROP_SOURCES), numbers());
    upTo = 6;
    in("a").run(numbers());
    refused(in("b"));
    assertThat(ids()).hasSize(6);
  }

  @Test
  void whatASettingLetsThroughIsWarnedOf() {
    in("a").run(numbers());
    in("b").syncDestination();
    upTo = 6;
    ready(in("b"), numbers());
    in("a").run(numbers());
    var info = in("b").setting("load.fence", false).load();
    assertThat(warnings(info)).singleElement().asString().contains("look for rows that came twice");
    assertThat(info.toString()).contains("look for rows that came twice");
    assertThat(ids()).hasSize(9);
  }

  @Test
  void aLoadIdThatAnotherFolderHasUsedIsNotTakenForALoadOfOurs() {
    var fixed =
        new Surroundings(Map.of(), folder, InstantSource.fixed(now), new Random(1), System.err);
    var a =
        Pipeline.of("shop", fixed)
            .to(Destination.duckdb("shop.duckdb"))
            .pipelinesDir(folder.resolve("a"));
    var b = a.pipelinesDir(folder.resolve("b"));
    ready(a, plain("first", 2));
    ready(b, plain("second", 3));
    assertThat(a.load().loadIds()).containsExactly(b.normalizedPackages().getFirst().loadId());
    assertThat(refused(b))
        .hasMessageContaining("has a load of this id already, made by another working directory");
    b.dropPendingPackages();
    b.run(plain("second", 3));
    assertThat(ids("first")).hasSize(2);
    assertThat(ids("second")).hasSize(3);
  }

  @Test
  void aRunThatWasCutOffIsNotGoneOnWithAfterAnotherFolderHasLoaded() {
    in("a").run(numbers());
    in("b").syncDestination();
    upTo = 6;
    var cutOff =
        Resource.of(
            "numbers",
            out -> {
              if (out.resumedAt().isEmpty()) {
                out.page(List.of(Map.of("id", 3), Map.of("id", 4)));
                out.checkpoint("4");
                throw new IllegalStateException("cut off");
              }
              out.row(Map.of("id", 5));
            });
    assertThat(catchThrowableOfType(PipelineException.class, () -> in("b").run(cutOff)))
        .isNotNull();
    in("a").run(numbers());
    in("b").run(numbers());
    assertThat(ids()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
  }

  // ------------------------------------------------------------------ what passes

  @Test
  void thePackagesOfOneExtractAndAQueueOfExtractsPass() {
    var pipeline = in("a");
    for (var round = 0; round < 3; round++) {
      upTo += 2;
      pipeline.extract(Source.of("crm", numbers("people")), Source.of("shop", numbers()));
    }
    pipeline.normalize();
    assertThat(pipeline.load().packages()).hasSize(6);
    assertThat(ids()).hasSize(9);
    assertThat(ids("people")).hasSize(9);
  }

  @Test
  void ownPackagesPassInAnyOrder() {
    var pipeline = in("a");
    pipeline.run(numbers());
    var loadIds = new ArrayList<String>();
    for (var round = 0; round < 3; round++) {
      upTo += 2;
      loadIds.addAll(pipeline.extract(numbers()).loadIds());
    }
    pipeline.normalize();
    for (var loadId : loadIds.reversed()) {
      pipeline.load(loadId);
    }
    upTo += 1;
    assertThat(pipeline.run(numbers()).rows()).containsEntry("numbers", 1L);
    assertThat(ids()).hasSize(10);
  }

  @Test
  void aLoadThatWasCommittedAndNotPutAwayIsRetried() {
    in("a").run(numbers());
    upTo = 5;
    var loadId = in("a").run(numbers()).loadIds().getFirst();
    try (var directory =
        WorkingDirectory.open(folder.resolve("a"), "shop", Duration.ZERO, new Random(1))) {
      directory.reopen(loadId);
    }
    var again = in("a").load();
    assertThat(again.packages().getFirst().alreadyLoaded()).isTrue();
    assertThat(ids()).hasSize(5);
    upTo = 6;
    in("a").run(numbers());
    assertThat(ids()).hasSize(6);
  }

  @Test
  void undoDropAndRefreshPass() {
    in("a").run(numbers(), plain("others", 1));
    upTo = 5;
    in("a").undo(in("a").run(numbers()).loadIds().getFirst());
    assertThat(in("a").run(numbers()).rows()).containsEntry("numbers", 2L);
    for (var mode : Pipeline.Refresh.values()) {
      assertThat(in("a").refresh(mode).run(numbers()).rows())
          .as("%s", mode)
          .containsEntry("numbers", 5L);
      assertThat(ids()).hasSize(5);
    }
    in("a").drop("numbers");
    assertThat(in("a").run(numbers()).rows()).containsEntry("numbers", 5L);
    // Another folder's refresh and drop, too.
    in("b").refresh(Pipeline.Refresh.DROP_DATA).run(numbers());
    in("a").drop("numbers");
    in("b").run(numbers());
    assertThat(ids()).hasSize(5);
  }

  @Test
  void otherPipelinesInTheDatasetDoNotMatter() {
    in("a").run(numbers());
    ready(in("a"), plain("others", 2));
    named("crm", "c")
        .to(Destination.duckdb("shop.duckdb"))
        .datasetName("shop_dataset")
        .run(numbers("people"));
    in("a").load();
    assertThat(ids("others")).hasSize(2);
    assertThat(ids("people")).hasSize(3);
  }

  @Test
  void packagesThatDependOnNoStatePass() {
    in("a").run(plain("numbers", 3));
    in("b").syncDestination();
    ready(in("a"), plain("numbers", 2));
    ready(in("b"), plain("numbers", 2));
    in("a").load();
    in("b").load();
    assertThat(ids()).hasSize(7);
  }

  @Test
  void whatReplacesEverythingPasses() {
    ready(in("a"), plain("numbers", 3).replace());
    ready(in("b"), plain("numbers", 2).replace());
    in("a").load();
    assertThat(warnings(in("b").load())).isEmpty();
    assertThat(ids()).hasSize(2);
  }

  @Test
  void afterAReplacementThatWasOvertakenTheNextRunTakesTheStateOfOthers() {
    in("a").run(numbers());
    in("b").syncDestination();
    ready(in("b"), plain("others", 2).replace(), plain("more", 1).replace());
    upTo = 6;
    in("a").run(numbers());
    assertThat(warnings(in("b").load())).isEmpty();
    upTo = 7;
    assertThat(in("b").run(numbers()).rows()).containsEntry("numbers", 1L);
    assertThat(ids()).hasSize(7);
  }

  @Test
  void aReplacementThatWouldTakeBackTheCursorsOfOthersIsKeptOut() {
    in("a").run(numbers());
    in("b").syncDestination();
    var stateful =
        Resource.of(
                "others",
                out -> {
                  out.row(Map.of("id", 1));
                  out.state().put("seen", 1);
                })
            .replace();
    ready(in("b"), stateful); // brings a state with the cursor as it was
    upTo = 6;
    in("a").run(numbers());
    refused(in("b"));
    assertThat(ids()).hasSize(6);
  }

  @Test
  void afterALoadThatTheSettingLetThroughTheNextRunTakesTheNewestState() {
    in("a").run(numbers());
    in("b").syncDestination();
    ready(in("b"), plain("others", 2));
    upTo = 6;
    in("a").run(numbers());
    in("b").setting("load.fence", false).load();
    upTo = 7;
    assertThat(in("b").run(numbers()).rows()).containsEntry("numbers", 1L);
    assertThat(ids()).hasSize(7);
  }

  @Test
  void otherDestinationsAndDatasetsPass() {
    var before = named("shop", "a");
    before.extract(numbers());
    before.normalize();
    in("a").load();
    upTo = 5;
    in("a").extract(numbers());
    in("a").normalize();
    var other = in("a").to(Destination.duckdb("other.duckdb"));
    other.load(); // what was extracted before the first load there
    assertThat(other.sql("select * from numbers").rowCount()).isEqualTo(2);
    upTo = 7;
    ready(other, numbers());
    ready(other.datasetName("more"), numbers());
    other.datasetName("more").load();
    upTo = 8;
    ready(in("a").datasetName("shop_dataset"), numbers());
    in("a").datasetName("shop_dataset").load(); // back, where an older state stands
    assertThat(ids()).containsExactly(0L, 1L, 2L, 7L);
  }

  @Test
  void whoeverKeepsTheStateHimselfPasses() {
    var alone = in("a").setting("restore_from_destination", false);
    alone.run(numbers());
    upTo = 5;
    alone.run(numbers());
    assertThat(ids()).hasSize(5);
    upTo = 6;
    in("a").run(numbers()); // with a state that is far ahead of the destination's, which has none
    upTo = 7;
    alone.run(numbers());
    upTo = 8;
    in("a").run(numbers());
    assertThat(ids()).hasSize(8);
  }

  @Test
  void developmentAndMemoryPass() {
    var dev = in("a").devMode();
    dev.run(numbers());
    upTo = 5;
    dev.run(numbers());
    assertThat(dev.dataset().rowCount("numbers")).isEqualTo(5);
    var second = in("b").devMode();
    second.run(numbers());
    var memory = in("m").to(Destination.duckdb(":memory:"));
    memory.run(numbers());
    upTo = 6;
    memory.run(numbers());
    assertThat(memory.dataset().rowCount("numbers")).isEqualTo(6);
    assertThat(in("m").to(Destination.duckdb(":memory:")).run(numbers()).rows())
        .containsEntry("numbers", 6L);
  }

  // ------------------------------------------------------------------ clocks

  @Test
  void aClockThatIsSetBackMakesNoFreshFolderExtractTwice() {
    in("a").run(numbers());
    for (var run = 0; run < 4; run++) {
      now = now.minus(Duration.ofDays(3)); // at every run, each on a fresh machine
      upTo++;
      assertThat(in("fresh" + run).run(numbers()).rows()).containsEntry("numbers", 1L);
    }
    assertThat(ids()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(
            in("a").sql("select load_id from _dlt_loads order by rowid").stringColumn(0).asList())
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void theNewestStateIsThatOfTheHighestVersionThoughItsLoadIdIsLower() {
    in("a").run(numbers());
    upTo = 6;
    in("a").run(numbers());
    // As a release that went by the clock has left it.
    execute(
        "update shop_dataset._dlt_loads set load_id = '1000000000.5' where load_id = (select max(load_id) from shop_dataset._dlt_loads)",
        "update shop_dataset._dlt_pipeline_state set _dlt_load_id = '1000000000.5' where version = 2");
    upTo = 7;
    assertThat(in("fresh").run(numbers()).rows()).containsEntry("numbers", 1L);
  }

  @Test
  void theNewestSchemaIsThatOfTheHighestVersion() {
    in("a").run(numbers());
    now = now.minus(Duration.ofDays(3));
    in("a").run("wide", List.of(Map.of("id", 1, "more", 2)));
    in("fresh").syncDestination();
    assertThat(in("fresh").schema().table("wide")).isPresent();
  }

  @Test
  void loadIdsGoOnThoughTheLoadedPackagesWereCleanedAway() {
    var first = in("a").run(numbers()).loadIds().getFirst();
    try (var directory =
        WorkingDirectory.open(folder.resolve("a"), "shop", Duration.ZERO, new Random(1))) {
      directory.folder().packages(Stage.LOADED).forEach(directory::drop);
    }
    now = now.minus(Duration.ofDays(3));
    upTo = 5;
    assertThat(in("a").run(numbers()).loadIds().getFirst()).isGreaterThan(first);
  }

  @Test
  void aLoadThatAnotherHasGoneOnFromIsNotUndoneThoughItsIdIsTheHighest() {
    in("a").run(numbers());
    upTo = 5;
    var loadId = in("a").run(numbers()).loadIds().getFirst();
    upTo = 6;
    in("b").run(numbers());
    execute(
        "update shop_dataset._dlt_loads set load_id = '1000000000.5' where load_id > '"
            + loadId
            + "'",
        "update shop_dataset._dlt_pipeline_state set _dlt_load_id = '1000000000.5' where version = 3");
    var failed = catchThrowableOfType(PipelineException.class, () -> in("a").undo(loadId));
    assertThat(failed).hasMessageContaining("load '1000000000.5' has gone on from its state");
    assertThat(ids()).hasSize(6);
  }

  private void execute(String... statements) {
    try (var database =
            DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("shop.duckdb"));
        var statement = database.createStatement()) {
      for (var sql : statements) {
        assertThat(statement.executeUpdate(sql)).as(sql).isEqualTo(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  // ------------------------------------------------------------------ two processes

  /// Extracts in a folder of its own, waits until the other has too, and loads.
  static final class Machine {
    private Machine() {}

    public static void main(String[] arguments) throws Exception {
      var place = Path.of(arguments[0]);
      var test = new FenceTest();
      test.folder = place;
      test.now = Instant.now();
      test.upTo = 50;
      var pipeline = test.in(arguments[1]);
      test.ready(pipeline, test.numbers());
      Files.writeString(place.resolve(arguments[1] + ".ready"), "");
      while (!Files.exists(place.resolve(arguments[2] + ".ready"))) {
        Thread.sleep(1);
      }
      try {
        pipeline.setting("load.lock_timeout", "60").load();
        System.out.println("loaded");
      } catch (PipelineException refused) {
        System.out.println("refused: " + refused.getMessage());
      }
    }
  }

  @Test
  void ofTwoProcessesThatLoadAtTheSameTimeOneIsRefused() throws Exception {
    var all = new ArrayList<Process>();
    for (var names : List.of(List.of("a", "b"), List.of("b", "a"))) {
      all.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Machine.class.getName(),
                  folder.toString(),
                  names.getFirst(),
                  names.getLast())
              .redirectErrorStream(true)
              .start());
    }
    var said = new ArrayList<String>();
    for (var process : all) {
      said.add(new String(process.getInputStream().readAllBytes()).strip());
      assertThat(process.waitFor()).isZero();
    }
    assertThat(said).filteredOn("loaded"::equals).hasSize(1);
    assertThat(said)
        .filteredOn(one -> one.contains("another working directory of this pipeline was quicker"))
        .hasSize(1);
    assertThat(ids()).hasSize(50).doesNotHaveDuplicates();
    assertThat(folder)
        .isDirectoryNotContaining("glob:**.new*")
        .isDirectoryNotContaining("glob:**.creating");
  }
}
