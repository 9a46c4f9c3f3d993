package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.load.Destination;
import dev.sluice.pipe.Out;
import dev.sluice.resource.Resource;
import dev.sluice.store.PipelineFolder;
import dev.sluice.store.Stage;
import dev.sluice.store.WorkingDirectory;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Interrupts of a stage, and errors in it, at a file operation that a seed chooses or after a time
/// that it chooses: what is told is so, nothing is lost or doubled, and the next run ends what is
/// left.
///
/// `-Dsluice.faults=200` for so many of each kind in each stage, `-Dsluice.seed=7` for others.
class FaultyRunTest {
  private static final int FAULTS = Integer.getInteger("sluice.faults", 6);
  private static final long SEED = Long.getLong("sluice.seed", 1);

  @TempDir Path folder;
  private @Nullable FaultyFs disk;

  private FaultyFs disk() {
    if (disk == null) {
      disk = FaultyFs.over(folder);
    }
    return disk;
  }

  private Pipeline pipeline() {
    return Pipeline.of(
            "cut",
            new Surroundings(
                Map.of(),
                folder,
                InstantSource.system(),
                new Random(),
                new PrintStream(PrintStream.nullOutputStream())))
        .to(Destination.duckdb())
        .pipelinesDir(disk().path(folder.resolve("pipelines")))
        .setting("data_writer.file_max_items", 15)
        .setting("normalize.workers", 2);
  }

  private static final Resource<Object> NUMBERED = Resource.of("numbered", FaultyRunTest::rows);

  /// Forty rows or more from where the state, or the checkpoint of a run cut off, says.
  private static void rows(Out<Object> out) {
    for (int page = 0; page < 4; page++) {
      var next = ((Number) out.state().getOrDefault("next", 0)).intValue();
      out.page(
          IntStream.range(next, next + 10)
              .mapToObj(id -> Map.of("id", id, "tags", List.of("a", "b")))
              .toList());
      out.state().put("next", next + 10);
      if (page == 1) {
        out.checkpoint(String.valueOf(next + 10));
      }
    }
  }

  private static void run(Pipeline pipeline, String stage) {
    switch (stage) {
      case "extract" -> pipeline.extract(NUMBERED);
      case "normalize" -> pipeline.normalize();
      default -> pipeline.load();
    }
  }

  private static void before(Pipeline pipeline, String stage) {
    if (!stage.equals("extract")) {
      pipeline.extract(NUMBERED);
    }
    if (stage.equals("load")) {
      pipeline.normalize();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"extract", "normalize", "load"})
  void nothingIsLostByAnInterrupt(String stage) throws Exception {
    var pipeline = pipeline();
    pipeline.run(NUMBERED);
    before(pipeline, stage);
    disk().never();
    var start = System.nanoTime();
    run(pipeline, stage);
    var took = System.nanoTime() - start;
    var operations = disk().operations();
    assertThat(operations).isGreaterThan(20);
    var random = new Random(SEED);
    var main = Thread.currentThread();
    for (int i = 0; i < FAULTS; i++) {
      var aimed = i % 3 != 2;
      var at = 1 + random.nextLong(operations);
      var nanos = random.nextLong(took);
      var said = "seed %d, %s %d: operation %d or %d ns".formatted(SEED, stage, i, at, nanos);
      before(pipeline, stage);
      var state = folder();
      if (aimed) {
        disk().at(at, (operation, path) -> main.interrupt());
      } else {
        disk().never();
      }
      var clock =
          Thread.ofPlatform()
              .unstarted(() -> {
                LockSupport.parkNanos(nanos);
                main.interrupt();
              });
      if (!aimed) {
        clock.start();
      }
      PipelineException failed = null;
      try {
        run(pipeline, stage);
      } catch (PipelineException interrupted) {
        failed = interrupted;
      }
      disk().never();
      joined(clock);
      if (failed == null) {
        Thread.interrupted(); // after its end, or in what is not ended half-way
      } else {
        assertThat(Thread.interrupted()).as(said).isTrue();
        assertTrue(failed, state, said);
      }
      pipeline.run(NUMBERED);
      assertWhole(pipeline, said);
    }
    assertThat(pipeline.run().loadedAnything()).isFalse();
  }

  /// Without the flag, which is still to be looked at.
  private static void joined(Thread thread) {
    var flag = Thread.interrupted();
    try {
      thread.join(60_000);
    } catch (InterruptedException now) {
      flag = true;
    }
    if (flag) {
      Thread.currentThread().interrupt();
    }
  }

  /// In place of any operation on files, once or from there on: what is told is so.
  @ParameterizedTest
  @ValueSource(strings = {"extract", "normalize", "load"})
  void nothingIsLostByAnError(String stage) throws Exception {
    var pipeline = pipeline();
    pipeline.run(NUMBERED);
    before(pipeline, stage);
    disk().never();
    run(pipeline, stage);
    var operations = disk().operations();
    var random = new Random(SEED);
    for (int i = 0; i < FAULTS; i++) {
      var at = 1 + random.nextLong(operations);
      var error = ERRORS.get(random.nextInt(ERRORS.size()));
      var said = "seed %d, %s %d: '%s' at %d".formatted(SEED, stage, i, error, at);
      before(pipeline, stage);
      var before = folder();
      var loads = loads();
      FaultyFs.Fault fault =
          (operation, path) -> {
            throw new FileSystemException(path.toString(), null, error);
          };
      if (i % 2 == 0) {
        disk().at(at, fault);
      } else {
        disk().from(at, fault);
      }
      PipelineException failed = null;
      try {
        run(pipeline, stage);
      } catch (PipelineException known) {
        failed = known;
      }
      disk().never();
      if (failed != null) {
        assertThat(failed).as(said).hasMessageContaining(SAID.get(error));
        assertThat(failed.exitCode()).as(said).isEqualTo(1);
        var made =
            String.valueOf(failed.getMessage())
                .matches("(?s).*(the commit of package [^\\n]* is made|had committed before).*");
        assertThat(made || folder().equals(before)).as(said + failed).isTrue();
      } else if (stage.equals("load")) {
        assertThat(loads()).as(said).isGreaterThan(loads);
      }
      if (failed != null && stage.equals("load")) {
        assertThat(loads()).as(said).isEqualTo(loads);
      }
      pipeline.run(NUMBERED);
      assertWhole(pipeline, said);
    }
    assertThat(pipeline.run().loadedAnything()).isFalse();
  }

  private static final Map<String, String> SAID =
      Map.of(
          "No space left on device",
          ": the disk is full",
          "Too many open files",
          ": too many files are open",
          "Input/output error",
          ": input/output error of the disk");
  private static final List<String> ERRORS = SAID.keySet().stream().sorted().toList();

  /// How many loads the destination knows.
  private long loads() throws Exception {
    try (var database = DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("cut.duckdb"));
        var rows =
            database
                .createStatement()
                .executeQuery("select count(*) from cut_dataset._dlt_loads")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private record Known(String state, List<String> pending) {}

  private Known folder() {
    var look = PipelineFolder.of(folder.resolve("pipelines"), "cut");
    return new Known(
        new String(look.state().orElseThrow(), StandardCharsets.UTF_8),
        Arrays.stream(Stage.values())
            .filter(stage -> stage != Stage.LOADED)
            .flatMap(stage -> look.packages(stage).stream())
            .map(Object::toString)
            .toList());
  }

  private void assertTrue(PipelineException failed, Known before, String said) {
    var now = folder();
    assertThat(failed.exitCode()).as(said + failed).isEqualTo(130);
    assertThat(failed).as(said).hasMessageContaining("was interrupted in");
    assertThat(failed.pending())
        .as(said)
        .containsExactlyElementsOf(
            now.pending.stream().map(one -> one.replaceFirst(" .*", "")).sorted().toList());
    if (failed.getMessage().contains("its state is as before")) {
      assertThat(now.state).as(said).isEqualTo(before.state);
      assertThat(now.pending).as(said).isEqualTo(before.pending);
    } else {
      assertThat(failed).as(said).hasMessageContaining("what was committed before stays");
      assertThat(now).as(said).isNotEqualTo(before);
    }
  }

  private void assertWhole(Pipeline pipeline, String said) throws Exception {
    var next =
        ((Number)
                pipeline
                    .state()
                    .at("sources", "cut", "resources", "numbered", "next")
                    .orElseThrow())
            .longValue();
    var rows =
        pipeline.sql(
            "select concat_ws(' ', count(*), count(distinct id), min(id), max(id), (select count(*)"
                + " from numbered__tags t join numbered p on p._dlt_id = t._dlt_parent_id)) as told"
                + " from numbered");
    assertThat(rows.stringColumn(0).get(0))
        .as(said)
        .isEqualTo("%d %d 0 %d %d".formatted(next, next, next - 1, 2 * next));
    assertThat(pipeline.dataset().rowCount("numbered__tags")).as(said).isEqualTo(2 * next);
    assertThat(folder().pending).as(said).isEmpty();
    try (var files = Files.walk(folder.resolve("pipelines"))) {
      assertThat(files.map(Path::toString)).as(said).noneMatch(name -> name.endsWith(".tmp"));
    }
    assertThat(pipelines("normalize")).as(said).containsExactlyInAnyOrder(".version", "extracted");
    assertThat(pipelines("load/new")).as(said).isEmpty();
    assertThat(pipelines("")).as(said).doesNotContain(".commit");
  }

  private List<String> pipelines(String below) throws Exception {
    try (var files = Files.list(folder.resolve("pipelines/cut").resolve(below))) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  @Test
  void aLockThatIsTakenByAnInterruptedThreadIsHeldToTheEnd() throws Exception {
    var locks = Path.of("/proc/locks");
    Assumptions.assumeTrue(Files.exists(locks), "only Linux lists the locks of files");
    Thread.currentThread().interrupt();
    var work =
        WorkingDirectory.open(folder.resolve("pipelines"), "cut", Duration.ZERO, new Random(1));
    var node = Files.getAttribute(folder.resolve("pipelines/cut/.sluice.lock"), "unix:ino");
    try (work) {
      assertThat(Files.readString(locks)).contains(":" + node + " 0 EOF");
      work.put("file", new byte[10]);
      assertThat(Files.readString(locks)).contains(":" + node + " 0 EOF");
    }
    assertThat(Thread.interrupted()).isTrue();
    assertThat(Files.readString(locks)).doesNotContain(":" + node + " 0 EOF");
    assertThat(folder.resolve("pipelines/cut/.sluice.holder")).isNotEmptyFile();
  }

  private static Resource<Object> then(Runnable after) {
    return Resource.of(
        "numbered",
        out -> {
          rows(out);
          after.run();
        });
  }

  @Test
  void theErrorOfAStepIsNotHiddenByThatOfWhoLooksWhatIsPending() {
    var pipeline = pipeline();
    pipeline.run(NUMBERED);
    var state = pipeline.state().toMap();
    var failed =
        catchThrowableOfType(
            PipelineException.class,
            () ->
                pipeline.extract(
                    then(() ->
                        disk()
                            .each(
                                which -> which.startsWith("open") || which.startsWith("list"),
                                (operation, path) -> {
                                  throw new FileSystemException(
                                      path.toString(), null, "Too many open files");
                                }))));
    disk().never();
    assertThat(failed.getMessage())
        .matches(
            "Pipeline 'cut' failed in extract: Cannot [^\\n]*: too many files are open[^\\n]*; raise"
                + " the limit \\(ulimit -n\\) and run again")
        .doesNotContain("Cannot list");
    assertThat(failed.getCause().getSuppressed())
        .anySatisfy(hidden -> assertThat(hidden).hasMessageContaining("Cannot list"));
    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(pipeline.state().toMap()).isEqualTo(state);
    pipeline.run(NUMBERED);
  }

  @Test
  void rowsThatAreCommittedAreToldAsCommittedWhenTheirPackageCannotBePutAway() throws Exception {
    var pipeline = pipeline();
    pipeline.extract(NUMBERED);
    pipeline.normalize();
    var id = pipeline.normalizedPackages().getFirst().loadId();
    disk()
        .each(
            which -> which.contains(".package_completed.json.tmp"),
            (operation, path) -> {
              throw new FileSystemException(path.toString(), null, "No space left on device");
            });
    var info = pipeline.load();
    disk().never();
    var completed =
        folder.resolve("pipelines/cut/load/normalized/" + id + "/package_completed.json");
    assertThat(info.packages().getFirst().warnings())
        .containsExactly(
            "the rows are committed, but the package is not put away: Cannot write '"
                + completed
                + "': the disk is full; free some space and run again; the next run does no more"
                + " than that");
    assertThat(info.toString()).contains("the rows are committed, but");
    assertThat(pipeline.normalizedPackages()).hasSize(1);
    assertThat(pipeline.dataset().rowCount("numbered")).isEqualTo(40);
    var next = pipeline.run();
    assertThat(next.packages().getFirst().alreadyLoaded()).isTrue();
    assertThat(next.packages().getFirst().warnings()).isEmpty();
    assertWhole(pipeline, "after");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"move .*/load/normalized/[^/]*", "open .*/state.json", "move .*state.json"})
  void anUndoThatIsCutShortIsGoneOnWith(String where) throws Exception {
    var pipeline = pipeline();
    pipeline.run(NUMBERED);
    var state = pipeline.state().sources();
    var loadId = pipeline.run(NUMBERED).loadIds().getFirst();
    var first = new AtomicBoolean(where.startsWith("open"));
    disk()
        .each(
            which -> which.matches(where),
            (operation, path) -> {
              if (!first.getAndSet(false)) { // the state is read before, too
                throw new FileSystemException(path.toString(), null, "Input/output error");
              }
            });
    var failed = catchThrowableOfType(PipelineException.class, () -> pipeline.undo(loadId));
    disk().never();
    if (failed != null) {
      assertThat(failed).hasMessageContaining("input/output error of the disk");
      pipeline.undo(loadId);
    }
    assertThat(pipeline.state().sources()).isEqualTo(state);
    assertThat(pipeline.dataset().rowCount("numbered")).isEqualTo(40);
    pipeline.run(NUMBERED);
    assertWhole(pipeline, where);
  }

  @Test
  void whatIsForbiddenIsSaidWithItsPathOnce() {
    var pipeline = pipeline();
    disk()
        .each(
            which -> which.startsWith("open") && which.contains("state.json"),
            (operation, path) -> {
              throw new AccessDeniedException(path.toString());
            });
    assertThatThrownBy(() -> pipeline.run(NUMBERED))
        .hasMessageStartingWith(
            "Pipeline 'cut' failed in open: Cannot read '%s': permission denied"
                .formatted(folder.resolve("pipelines/cut/state.json")));
  }
}
