package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.Pipeline.Rewound;
import dev.sluice.load.Destination;
import dev.sluice.load.LoadInfo;
import dev.sluice.progress.Progress;
import dev.sluice.resource.Resource;
import dev.sluice.store.WorkingDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A destination that went back: a backup was put in its place, or its file was deleted.
class RewoundTest {
  @TempDir Path folder;

  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private int upTo = 2;

  private Pipeline pipeline() {
    InstantSource clock = () -> now = now.plusMillis(10);
    return Pipeline.of(
            "shop",
            new Surroundings(
                Map.of(),
                folder,
                clock,
                new Random(7),
                new PrintStream(new ByteArrayOutputStream())))
        .to(Destination.duckdb());
  }

  private Resource<Object> numbers() {
    return Resource.of(
        "numbers",
        out -> {
          var next = ((Number) out.state().getOrDefault("next", 0)).intValue();
          for (; next < upTo; next++) {
            out.row(Map.of("id", next));
          }
          out.state().put("next", next);
        });
  }

  private LoadInfo run(int rows) {
    upTo = rows;
    return pipeline().run(numbers());
  }

  private List<Long> ids() {
    return pipeline().sql("select id from numbers order by id").longColumn(0).asList();
  }

  private static List<Long> upTo(long end) {
    return LongStream.range(0, end).boxed().toList();
  }

  private Path file() {
    return folder.resolve("shop.duckdb");
  }

  private void backup() throws Exception {
    Files.copy(file(), folder.resolve("backup"), StandardCopyOption.COPY_ATTRIBUTES);
  }

  private void putBack() throws Exception {
    Files.copy(
        folder.resolve("backup"),
        file(),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static PipelineException refused(Runnable verb) {
    var failed = catchThrowableOfType(PipelineException.class, verb::run);
    assertThat(failed).as("it was not refused").isNotNull();
    assertThat(failed.exitCode()).isEqualTo(2);
    return failed;
  }

  private static List<String> warnings(LoadInfo info) {
    return info.packages().stream().flatMap(one -> one.warnings().stream()).toList();
  }

  /// Rows 0 and 1 are in the backup; 2 and 3 came after it.
  private String lost() throws Exception {
    run(2);
    backup();
    var lost = run(4).loadIds().getFirst();
    putBack();
    upTo = 6;
    return lost;
  }

  @BeforeEach
  void nothingIsThere() {
    assertThat(file()).doesNotExist();
  }

  @Test
  void aBackupInItsPlaceIsRefusedAndTheChoicesAreNamed() throws Exception {
    var lost = lost();
    var state = pipeline().state();
    for (Runnable verb :
        List.<Runnable>of(
            () -> pipeline().run(numbers()),
            () -> pipeline().extract(numbers()),
            () -> pipeline().syncDestination())) {
      assertThat(refused(verb).getMessage())
          .startsWith(
              "Pipeline 'shop' failed in sync: Dataset 'shop_dataset' at '%s' lacks load '%s', which this pipeline has made there (its newest is '"
                  .formatted(file(), lost))
          .contains(
              "ifRewound(GO_ON), or: sluice sync shop --go-on",
              "ifRewound(EXTRACT_AGAIN), or: --extract-again",
              "ifRewound(TAKE_STATE), or: --take-state",
              "If only rows of _dlt_loads were deleted, nothing is missing: go on");
    }
    assertThat(pipeline().state()).isEqualTo(state);
    assertThat(pipeline().extractedPackages()).isEmpty();
    assertThat(ids()).isEqualTo(upTo(2));
  }

  @Test
  void aProjectThatWasMovedAsAWholeKnowsItsLastLoad() throws Exception {
    var before = Files.createDirectories(folder.resolve("before"));
    var after = folder.resolve("after");
    folder = before;
    var lost = run(2).loadIds().getFirst();
    Files.move(before, after);
    folder = after;
    upTo = 4;
    pipeline().extract(numbers());
    pipeline().normalize();
    Files.delete(file());
    assertThat(refused(pipeline()::load).getMessage())
        .contains("is gone, and with it load '%s'".formatted(lost));
    assertThat(file()).doesNotExist();
  }

  @Test
  void goingOnLeavesTheHole() throws Exception {
    lost();
    var info = pipeline().ifRewound(Rewound.GO_ON).run(numbers());
    assertThat(warnings(info)).singleElement().asString().contains("stay missing");
    assertThat(ids()).containsExactly(0L, 1L, 4L, 5L);
    run(7); // and is not asked again
    assertThat(ids()).containsExactly(0L, 1L, 4L, 5L, 6L);
  }

  @Test
  void theStateOfTheDestinationBringsWhatIsMissing() throws Exception {
    lost();
    var info = pipeline().ifRewound(Rewound.TAKE_STATE).run(numbers());
    assertThat(warnings(info)).singleElement().asString().contains("what is missing is extracted");
    assertThat(ids()).isEqualTo(upTo(6));
    run(7);
    assertThat(ids()).isEqualTo(upTo(7));
  }

  @Test
  void extractingAgainBringsEverythingOnce() throws Exception {
    lost();
    var info = pipeline().ifRewound(Rewound.EXTRACT_AGAIN).run(numbers());
    assertThat(warnings(info)).singleElement().asString().contains("all rows extracted again");
    assertThat(ids()).isEqualTo(upTo(6));
    run(7);
    assertThat(ids()).isEqualTo(upTo(7));
    var fresh = pipeline().pipelinesDir(folder.resolve("fresh"));
    upTo = 8;
    fresh.run(numbers());
    assertThat(ids()).isEqualTo(upTo(8));
  }

  @Test
  void extractingAgainThatIsCutOffDoublesNothing() throws Exception {
    lost();
    var broken =
        pipeline()
            .ifRewound(Rewound.EXTRACT_AGAIN)
            .onEvent(event -> {
              if (event instanceof Progress.Event.StepStarted step && step.step().equals("load")) {
                write("no database");
              }
            });
    assertThat(refused(() -> broken.run(numbers()))).hasMessageContaining("is no DuckDB database");
    putBack();
    refused(() -> pipeline().run(numbers()));
    pipeline().ifRewound(Rewound.GO_ON).run(numbers()); // empties the tables, as was begun
    assertThat(ids()).isEqualTo(upTo(6));
  }

  private void write(String content) {
    try {
      Files.writeString(file(), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(Rewound.class)
  void aChoiceDoesNothingWhereNothingIsMissing(Rewound choice) {
    run(2);
    upTo = 4;
    assertThat(warnings(pipeline().ifRewound(choice).run(numbers()))).isEmpty();
    assertThat(ids()).isEqualTo(upTo(4));
  }

  @ParameterizedTest
  @EnumSource(Rewound.class)
  void aChoiceMayBeMadeBeforehandBySync(Rewound choice) throws Exception {
    lost();
    pipeline().ifRewound(choice).syncDestination();
    assertThat(pipeline().lastTrace().orElseThrow().toString()).doesNotContain("failed");
    pipeline().run(numbers());
    assertThat(ids()).isEqualTo(choice == Rewound.GO_ON ? List.of(0L, 1L, 4L, 5L) : upTo(6));
  }

  @Test
  void aPendingPackageIsNotLoadedIntoWhatWentBack() throws Exception {
    run(2);
    backup();
    run(4);
    upTo = 5;
    pipeline().extract(numbers());
    pipeline().normalize();
    putBack();
    assertThat(refused(() -> pipeline().load()).getMessage())
        .contains("failed in load", "lacks load '", "Pending and kept: package");
    refused(() -> pipeline().run(numbers()));
    assertThat(ids()).isEqualTo(upTo(2));
    pipeline().ifRewound(Rewound.TAKE_STATE).run(numbers());
    assertThat(ids()).isEqualTo(upTo(5));
  }

  @ParameterizedTest
  @EnumSource(Rewound.class)
  void aFileThatIsDeletedWhileAPackageIsPendingIsRefused(Rewound choice) throws Exception {
    run(2);
    upTo = 4;
    pipeline().extract(numbers());
    pipeline().normalize();
    Files.delete(file());
    assertThat(refused(() -> pipeline().load()).getMessage())
        .contains("is gone, and with it load '", "Choose: go on");
    assertThat(file()).doesNotExist();
    refused(() -> pipeline().run(numbers()));
    refused(() -> pipeline().run());
    pipeline().ifRewound(choice).run(numbers());
    assertThat(ids()).isEqualTo(choice == Rewound.GO_ON ? List.of(2L, 3L) : upTo(4));
  }

  @ParameterizedTest
  @EnumSource(Rewound.class)
  void aLoadTakesTheChoiceToo(Rewound choice) throws Exception {
    run(2);
    upTo = 4;
    pipeline().extract(numbers());
    pipeline().normalize();
    Files.delete(file());
    pipeline().ifRewound(choice).load();
    pipeline().run(numbers());
    assertThat(ids()).isEqualTo(choice == Rewound.GO_ON ? List.of(2L, 3L) : upTo(4));
  }

  @Test
  void aDatasetThatIsGoneWhileNothingIsPendingBeginsAnewAndSaysSo() throws Exception {
    var loadId = run(2).loadIds().getFirst();
    Files.delete(file());
    var info = run(4);
    assertThat(warnings(info))
        .containsExactly(
            "Dataset 'shop_dataset' at '%s', into which load '%s' was made, is gone; the pipeline starts anew and extracts all rows"
                .formatted(file(), loadId));
    assertThat(pipeline().workingDirectory().resolve("trace.json"))
        .content()
        .contains("the pipeline starts anew");
    assertThat(ids()).isEqualTo(upTo(4));
    assertThat(warnings(run(5))).isEmpty();
  }

  @Test
  void aDroppedDatasetIsGoneAsWell() throws Exception {
    run(2);
    execute("drop schema shop_dataset cascade");
    assertThat(warnings(run(4))).hasSize(1);
    assertThat(ids()).isEqualTo(upTo(4));
  }

  @Test
  void whoeverKeepsTheStateHimselfIsTold() throws Exception {
    upTo = 2;
    var alone = pipeline().setting("restore_from_destination", false);
    alone.run(numbers());
    Files.delete(file());
    upTo = 4;
    assertThat(warnings(alone.run(numbers())))
        .singleElement()
        .asString()
        .contains("only rows after its cursors come");
    assertThat(ids()).containsExactly(2L, 3L);
  }

  @Test
  void aBackupOfTheSameSizeAndTimeIsFoundByTheLoadItself() throws Exception {
    run(2);
    backup();
    run(4);
    putBack();
    // As if the file system could not tell either.
    var seen = pipeline().workingDirectory().resolve("destination.seen");
    var now = new StringBuilder();
    now.append(file()).append("\nshop_dataset\n").append(Files.size(file())).append('\n');
    now.append(Files.getLastModifiedTime(file())).append('\n');
    now.append(Files.getAttribute(file(), "unix:ctime")).append('\n');
    now.append(Files.getAttribute(file(), "unix:ino"));
    Files.writeString(seen, now, StandardCharsets.UTF_8);
    upTo = 6;
    assertThat(refused(() -> pipeline().run(numbers())).getMessage())
        .contains("failed in load", "lacks load '");
    assertThat(ids()).isEqualTo(upTo(2));
    pipeline().ifRewound(Rewound.TAKE_STATE).run(numbers());
    assertThat(ids()).isEqualTo(upTo(6));
  }

  @Test
  void whatIsTakenOverFromAnotherFolderIsMissedToo() throws Exception {
    run(2);
    backup();
    upTo = 4;
    pipeline().pipelinesDir(folder.resolve("other")).run(numbers());
    pipeline().syncDestination();
    putBack();
    refused(() -> pipeline().run(numbers()));
    pipeline().ifRewound(Rewound.TAKE_STATE).run(numbers());
    assertThat(ids()).isEqualTo(upTo(4));
  }

  @Test
  void aLoadThatCameBackOutOfAWalDoesNotHideThatOthersAreMissing() throws Exception {
    run(2);
    backup();
    run(4);
    var last = run(6).loadIds().getFirst();
    // As if the last run had been killed before its checkpoint, and only the file was put back.
    var name = pipeline().workingDirectory();
    putBack();
    execute(
        "insert into shop_dataset._dlt_loads select '%s', schema_name, 0, inserted_at, schema_version_hash from shop_dataset._dlt_loads"
            .formatted(last));
    try (var marks = Files.list(name)) {
      for (var mark : marks.filter(RewoundTest::isMark).toList()) {
        Files.writeString(mark, Files.readString(mark).replace(last, previous()));
      }
    }
    try (var directory =
        WorkingDirectory.open(name.getParent(), "shop", Duration.ZERO, new Random(1))) {
      directory.reopen(last);
    }
    assertThat(refused(() -> pipeline().load()).getMessage()).contains("lacks load '" + previous());
    refused(() -> pipeline().run(numbers()));
  }

  /// The load before the last one.
  private String previous() {
    var loaded = pipeline().loadedPackages();
    var pending = pipeline().normalizedPackages();
    return loaded.get(loaded.size() - (pending.isEmpty() ? 2 : 1)).loadId();
  }

  private static boolean isMark(Path file) {
    return file.getFileName().toString().matches("destination\\.[0-9a-f]+\\.json");
  }

  @Test
  void deletedRowsOfLoadsAreGoneOnFrom() throws Exception {
    run(2);
    run(4);
    execute("delete from shop_dataset._dlt_loads");
    upTo = 5;
    refused(() -> pipeline().run(numbers()));
    pipeline().ifRewound(Rewound.GO_ON).run(numbers());
    assertThat(ids()).isEqualTo(upTo(5));
    run(6);
    assertThat(ids()).isEqualTo(upTo(6));
  }

  @Test
  void undoDropRefreshDevelopmentAndOtherDestinationsDoNotAsk() throws Exception {
    lost();
    pipeline().to(Destination.duckdb("other.duckdb")).extract(numbers());
    pipeline().dropPendingPackages();
    pipeline().devMode().pipelinesDir(folder.resolve("dev")).run(numbers());
    var newest = pipeline().sql("select max(load_id) from shop_dataset._dlt_loads").stringColumn(0);
    pipeline().undo(newest.get(0));
    assertThat(pipeline().dataset().rowCount("numbers")).isZero();
    run(6);
    assertThat(ids()).isEqualTo(upTo(6));
  }

  @Test
  void dropDoesNotAsk() throws Exception {
    lost();
    pipeline().drop("numbers");
    pipeline().run(numbers());
    assertThat(ids()).isEqualTo(upTo(6));
  }

  @ParameterizedTest
  @EnumSource(Pipeline.Refresh.class)
  void refreshDoesNotAsk(Pipeline.Refresh mode) throws Exception {
    lost();
    pipeline().refresh(mode).run(numbers());
    assertThat(ids()).isEqualTo(upTo(6));
  }

  @Test
  void aFolderOfAReleaseWithoutMarksKnowsItsLastLoad() throws Exception {
    lost();
    try (var files = Files.list(pipeline().workingDirectory())) {
      for (var file :
          files
              .filter(one -> one.getFileName().toString().matches("destination\\..*json"))
              .toList()) {
        Files.delete(file);
      }
    }
    var seen = pipeline().workingDirectory().resolve("destination.seen");
    Files.write(seen, Files.readAllLines(seen).subList(0, 4));
    refused(() -> pipeline().run(numbers()));
    pipeline().ifRewound(Rewound.TAKE_STATE).run(numbers());
    assertThat(ids()).isEqualTo(upTo(6));
  }

  private void execute(String sql) throws Exception {
    try (var database = DriverManager.getConnection("jdbc:duckdb:" + file());
        var statement = database.createStatement()) {
      statement.execute(sql);
    }
  }
}
