package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.sluice.store.PowerLossFs.Fault;
import dev.sluice.store.PowerLossFs.Left;
import dev.sluice.store.PowerLossFs.Sync;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Packages on a disk that loses its power at every single change, on the way and during recovery:
/// a folder is whole or not there, what was promised is kept, and the work can go on to its end.
final class PowerLossTest {
  private static final String ROWS = "{\"id\":1}\n".repeat(40);
  private static final Map<String, String> STATES = Map.of("1.1", "state 1", "1.2", "state 2");

  /// What the pipeline was told is done.
  private static final class Promises {
    final Map<String, Stage> stages = new TreeMap<>();
    String state = "";
  }

  @TestFactory
  Stream<DynamicTest> packagesSurviveAPowerCutAtEveryChange() {
    return Stream.of(Sync.values())
        .flatMap(sync ->
            Stream.of(Left.values())
                .map(left ->
                    DynamicTest.dynamicTest(sync + " " + left, () -> cutEverywhere(sync, left))));
  }

  private static void cutEverywhere(Sync sync, Left left) throws IOException {
    long changes = changes(sync);
    assertThat(changes).isGreaterThan(200);
    for (long n = 1; n <= changes; n++) {
      var random = new Random(n);
      var disk = PowerLossFs.create(sync);
      var promises = new Promises();
      assertThat(run(disk, n, promises)).as("power at change %d", n).isFalse();
      disk.restart(left, random);
      // and again while it recovers or goes on, so that recovery itself is cut short
      for (int again = 0; again < 3; again++) {
        if (run(disk, 1 + random.nextInt(again == 0 ? 12 : 80), promises)) break;
        disk.restart(left, random);
      }
      assertThat(run(disk, Long.MAX_VALUE / 2, promises)).isTrue();
      assertEnd(disk);
    }
  }

  /// An error at every single change, with the power on: the caller throws away what it could not
  /// commit, as the stages do, and the next run goes on, whether the power goes before it or not.
  @TestFactory
  Stream<DynamicTest> packagesSurviveAnErrorAtEveryChange() {
    return Stream.of(Fault.values())
        .flatMap(fault ->
            Stream.of(Left.values())
                .map(left ->
                    DynamicTest.dynamicTest(
                        fault + " " + left, () -> errorsEverywhere(fault, left))));
  }

  private static void errorsEverywhere(Fault fault, Left left) throws IOException {
    long changes = changes(Sync.NAMED);
    for (long n = 1; n <= changes; n++) {
      var random = new Random(n);
      var disk = PowerLossFs.create(Sync.NAMED);
      var promises = new Promises();
      disk.faultAt(n, fault);
      var done = run(disk, Long.MAX_VALUE / 2, promises);
      assertThat(disk.faulty()).as("error at change %d", n).isTrue();
      if (done) {
        disk.faultAt(Long.MAX_VALUE / 2, fault);
        assertEnd(disk); // what may fail is only what is cleaned up
        continue;
      }
      if (n % 2 == 0) disk.restart(left, random);
      // and another while it recovers or goes on
      disk.faultAt(1 + random.nextInt(30), fault);
      run(disk, Long.MAX_VALUE / 2, promises);
      if (n % 4 < 2) disk.restart(left, random);
      disk.faultAt(Long.MAX_VALUE / 2, fault);
      assertThat(run(disk, Long.MAX_VALUE / 2, promises)).as("after change %d", n).isTrue();
      assertEnd(disk);
    }
  }

  /// An interrupt just before every single change: what is being written fails or not, a commit
  /// that has begun does not, and the next run ends it.
  @TestFactory
  Stream<DynamicTest> packagesSurviveAnInterruptAtEveryChange() {
    return Stream.of(Left.values())
        .map(left -> DynamicTest.dynamicTest(left.toString(), () -> interruptsEverywhere(left)));
  }

  private static void interruptsEverywhere(Left left) throws IOException {
    long changes = changes(Sync.NAMED);
    for (long n = 1; n <= changes; n++) {
      var disk = PowerLossFs.create(Sync.NAMED);
      var promises = new Promises();
      disk.interruptAt(n);
      var done = run(disk, Long.MAX_VALUE / 2, promises);
      assertThat(Thread.interrupted()).as("still interrupted after change %d", n).isTrue();
      if (!done) {
        if (n % 2 == 0) disk.restart(left, new Random(n));
        assertThat(run(disk, Long.MAX_VALUE / 2, promises)).as("after change %d", n).isTrue();
      }
      assertEnd(disk);
    }
  }

  @Test
  void withoutForceNothingIsKept() throws IOException {
    var disk = PowerLossFs.create(Sync.JOURNAL);
    var folder = Files.createDirectories(disk.getPath("/a/b"));
    Files.writeString(folder.resolve("forced"), "old");
    Durable.syncTree(disk.getPath("/a"));
    Durable.syncFolder(disk.getPath("/"));
    Files.writeString(folder.resolve("forced"), "new");
    Files.writeString(folder.resolve("fresh"), "new");
    Durable.move(folder.resolve("fresh"), disk.getPath("/a/moved"));
    assertThat(Files.readString(disk.getPath("/a/moved"))).isEqualTo("new");
    disk.restart(Left.NOTHING, new Random(1));
    assertThat(PipelineFolder.list(disk.getPath("/a"))).containsExactly("b");
    assertThat(PipelineFolder.list(folder)).containsExactly("forced");
    assertThat(Files.readString(folder.resolve("forced"))).isEqualTo("old");
  }

  @Test
  void aCommitThatForgetsToForceTheFolderIsFound() throws IOException {
    var disk = PowerLossFs.create(Sync.NAMED);
    var folder = Files.createDirectories(disk.getPath("/a"));
    Durable.syncFolder(disk.getPath("/"));
    Durable.writeSynced(folder.resolve("x.tmp"), new byte[] {1});
    Durable.move(folder.resolve("x.tmp"), folder.resolve("x"));
    disk.restart(Left.NOTHING, new Random(1));
    assertThat(PipelineFolder.list(folder)).isEmpty();
  }

  private static long changes(Sync sync) throws IOException {
    var disk = PowerLossFs.create(sync);
    assertThat(run(disk, Long.MAX_VALUE / 2, new Promises())).isTrue();
    assertEnd(disk);
    return disk.steps();
  }

  /// Goes on where the folder stands until all is loaded (true) or the power is gone (false).
  private static boolean run(PowerLossFs disk, long failAt, Promises promises) {
    disk.failAt(failAt);
    try (var directory =
        WorkingDirectory.open(disk.getPath("/work"), "shop", Duration.ZERO, new Random(failAt))) {
      assertPromises(directory.folder(), promises);
      extract(directory, promises, "1.1");
      extract(directory, promises, "1.2", "1.3");
      for (var found : directory.folder().packages(Stage.EXTRACTED)) {
        normalize(directory, found);
        promises.stages.put(found.loadId(), Stage.NORMALIZED);
      }
      for (var found : directory.folder().packages(Stage.NORMALIZED)) {
        for (var job : found.jobs())
          if (job.state() != JobState.COMPLETED)
            directory.move(found, directory.move(found, job, JobState.STARTED), JobState.COMPLETED);
        directory.complete(found, "loaded", false);
        promises.stages.put(found.loadId(), Stage.LOADED);
      }
      return true;
    } catch (RuntimeException e) {
      if (!disk.dead() && !disk.faulty() && !Thread.currentThread().isInterrupted()) throw e;
      return false;
    }
  }

  private static void normalize(WorkingDirectory directory, StoredPackage extracted) {
    var draft = directory.draftNormalize(extracted);
    try {
      directory.commitNormalize(filled(draft, "jsonl"), FolderUpdate.none());
    } catch (RuntimeException failed) {
      discard(directory, draft, failed);
      throw failed;
    }
  }

  /// What the stages do with a draft when its commit, or anything before it, fails.
  private static void discard(
      WorkingDirectory directory, PackageDraft draft, RuntimeException failed) {
    try {
      if (draft.checkpoint().isEmpty()) directory.discard(draft);
    } catch (RuntimeException alsoFailed) {
      failed.addSuppressed(alsoFailed);
    }
  }

  private static void extract(WorkingDirectory directory, Promises promises, String... ids) {
    if (directory.folder().find(ids[0]).isPresent()) return;
    var drafts = new ArrayList<PackageDraft>();
    var state = STATES.getOrDefault(ids[0], "");
    try {
      for (var id : ids) {
        drafts.add(directory.draftExtract(id));
        filled(drafts.getLast(), "typed-jsonl");
      }
      directory.commitExtract(
          drafts, FolderUpdate.none().state(bytes(state)).schema("shop", bytes("of " + state)));
    } catch (RuntimeException failed) {
      drafts.forEach(draft -> discard(directory, draft, failed));
      throw failed;
    }
    for (var id : ids) promises.stages.put(id, Stage.EXTRACTED);
    promises.state = state;
  }

  private static PackageDraft filled(PackageDraft draft, String format) {
    try (var compressor = Compressor.inline()) {
      for (var table : List.of("orders", "users")) {
        var writer = draft.writer(table, format, WriterSettings.defaults(), compressor);
        for (var row : ROWS.split("\n")) writer.append(bytes(row), 0, row.length());
        writer.finish();
      }
    }
    draft.schema(bytes("schema of " + draft.loadId()));
    return draft;
  }

  private static void assertPromises(PipelineFolder folder, Promises promises) {
    var stages = new TreeMap<String, Stage>();
    for (var stage : Stage.values())
      for (var found : folder.packages(stage)) {
        assertWhole(found);
        assertThat(stages.put(found.loadId(), stage))
            .as("one place of package %s", found.loadId())
            .isNull();
      }
    promises.stages.forEach((id, stage) ->
        assertThat(stages.get(id)).as("package %s", id).isGreaterThanOrEqualTo(stage));
    // state and packages are of one commit: all of it or nothing
    assertThat(stages.containsKey("1.3")).isEqualTo(stages.containsKey("1.2"));
    var newest =
        stages.containsKey("1.2") ? "state 2" : stages.containsKey("1.1") ? "state 1" : null;
    assertThat(text(folder.state().orElse(null))).isEqualTo(newest);
    assertThat(text(folder.schema("shop").orElse(null)))
        .isEqualTo(newest == null ? null : "of " + newest);
  }

  private static void assertWhole(StoredPackage found) {
    assertThat(text(found.schema())).isEqualTo("schema of " + found.loadId());
    var jobs =
        found.jobs().stream()
            .collect(
                Collectors.toMap(job -> job.name().jobId(), job -> job, (one, other) -> other));
    assertThat(jobs.values())
        .as("jobs of %s", found)
        .extracting(StoredJob::table)
        .containsExactlyInAnyOrder("orders", "users");
    for (var job : jobs.values()) {
      assertThat(job.rows()).hasValue(40);
      try (var stream = JobReader.open(job.file())) {
        var content = text(stream.readAllBytes());
        assertThat(content)
            .isEqualTo(
                found.stage() == Stage.EXTRACTED
                    ? "[" + ROWS.strip().replace('\n', ',') + "]\n"
                    : ROWS);
      } catch (IOException e) {
        fail("job " + job, e);
      }
    }
  }

  private static void assertEnd(PowerLossFs disk) throws IOException {
    var folder = PipelineFolder.of(disk.getPath("/work"), "shop");
    var done = new Promises();
    for (var id : List.of("1.1", "1.2", "1.3")) done.stages.put(id, Stage.LOADED);
    assertPromises(folder, done);
    for (var found : folder.packages(Stage.LOADED)) {
      assertThat(found.completion()).contains("loaded");
      assertThat(found.jobs()).extracting(StoredJob::state).containsOnly(JobState.COMPLETED);
    }
    assertThat(names(folder.root()))
        .containsExactlyInAnyOrder(
            ".sluice.holder",
            ".sluice.lock",
            "load",
            "normalize",
            "packages.json",
            "schemas",
            "state.json");
    assertThat(names(folder.root().resolve("normalize")))
        .containsExactlyInAnyOrder(".version", "extracted");
    assertThat(names(folder.root().resolve("load/new"))).isEmpty();
  }

  private static List<String> names(Path folder) {
    return PipelineFolder.list(folder);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }
}
