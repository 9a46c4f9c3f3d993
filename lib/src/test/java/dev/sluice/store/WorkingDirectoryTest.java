package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class WorkingDirectoryTest {
  @TempDir Path pipelines;

  private WorkingDirectory open() {
    return WorkingDirectory.open(pipelines, "shop", Duration.ofMillis(200), new Random(1));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static PackageDraft filled(PackageDraft draft, String table, String... rows) {
    try (var compressor = Compressor.inline()) {
      var writer = draft.writer(table, "jsonl", WriterSettings.defaults(), compressor);
      for (var row : rows) {
        writer.append(bytes(row), 0, bytes(row).length);
      }
      writer.finish();
    }
    draft.schema(bytes("{}"));
    return draft;
  }

  @Test
  void aPackageGoesThroughAllStages() {
    try (var directory = open()) {
      var look = directory.folder();
      var draft = filled(directory.draftExtract("1.5"), "orders", "1", "2");
      assertThat(look.packages(Stage.EXTRACTED)).isEmpty();
      var extracted =
          directory.commitExtract(
              List.of(draft), FolderUpdate.none().state(bytes("s1")).schema("shop", bytes("{1}")));
      assertThat(look.packages(Stage.EXTRACTED)).hasSize(1);
      assertThat(look.state()).contains(bytes("s1"));
      assertThat(look.schemaNames()).containsExactly("shop");

      var normalized =
          directory.commitNormalize(
              filled(directory.draftNormalize(extracted.getFirst()), "orders", "1", "2", "3"),
              FolderUpdate.none());
      assertThat(look.packages(Stage.EXTRACTED)).isEmpty();
      var job = normalized.jobs().getFirst();
      assertThat(job.rows()).hasValue(3);

      job = directory.move(normalized, job, JobState.STARTED);
      job = directory.move(normalized, job, JobState.COMPLETED);
      assertThat(normalized.jobs()).containsExactly(job);
      var loaded = directory.complete(normalized, "loaded", false);
      assertThat(look.packages(Stage.NORMALIZED)).isEmpty();
      assertThat(look.packages(Stage.LOADED)).hasSize(1);
      assertThat(loaded.completion()).contains("loaded");
      assertThat(loaded.jobs().getFirst().table()).isEqualTo("orders");
      assertThat(Files.exists(look.root().resolve(CommitJournal.FOLDER))).isFalse();
    }
  }

  @Test
  void whatExtractSetAsideGoesOnWithThePackage() throws IOException {
    try (var directory = open()) {
      var draft = filled(directory.draftExtract("1.5"), "orders", "1");
      var job = draft.newJob("orders", "typed-jsonl", true);
      Files.writeString(draft.quarantineFile(job), "{\"reason\":\"frozen\"}\n");
      var extracted = directory.commitExtract(List.of(draft), FolderUpdate.none());
      var normalized =
          directory.commitNormalize(
              filled(directory.draftNormalize(extracted.getFirst()), "orders", "1"),
              FolderUpdate.none());
      var kept = normalized.folder().resolve("quarantine/orders." + job.fileId() + ".jsonl");
      assertThat(kept).hasContent("{\"reason\":\"frozen\"}");
    }
  }

  @Test
  void openingFinishesACommitThatWasInterruptedAfterItsJournal() throws IOException {
    var root = pipelines.resolve("shop");
    try (var directory = open()) {
      for (var id : List.of("1.1", "1.2")) {
        filled(directory.draftExtract(id), "orders", id).seal();
      }
      var journal = new CommitJournal(root);
      journal.write(root.resolve("state.json"), bytes("new"));
      for (var draft : Recovery.drafts(directory.folder())) {
        journal.move(draft.folder(), Stage.EXTRACTED.in(root).resolve(draft.loadId()));
      }
      var saved = pipelines.resolve("saved");
      copy(root, saved);
      journal.commit();
      // the journal of the first half of the commit, put back beside what it has not moved yet
      copy(saved, root);
    }
    var committed = pipelines.resolve("shop/.commit/journal");
    assertThat(Files.exists(committed)).isFalse();
    try (var directory = open()) {
      assertThat(directory.folder().packages(Stage.EXTRACTED))
          .extracting(StoredPackage::loadId)
          .containsExactly("1.1", "1.2");
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var all = Files.walk(from)) {
      for (var path : all.toList()) {
        var target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else if (!Files.exists(target) && !path.toString().contains(".sluice")) {
          Files.copy(path, target);
        }
      }
    }
  }

  @Test
  void openingRemovesDraftsButNotThoseWithACheckpoint() {
    try (var directory = open()) {
      filled(directory.draftExtract("1.1"), "orders", "1");
      filled(directory.draftExtract("1.2"), "orders", "1").checkpoint(bytes("{\"page\":7}"));
    }
    try (var directory = open()) {
      assertThat(directory.resumableDrafts())
          .extracting(PackageDraft::loadId)
          .containsExactly("1.2");
      var draft = directory.resumableDrafts().getFirst();
      assertThat(new String(draft.checkpoint().orElseThrow(), StandardCharsets.UTF_8))
          .matches("\\{\"crc32c\":\"[0-9a-f]{8}\",\"page\":7}");
      directory.discard(draft);
      assertThat(Recovery.drafts(directory.folder())).isEmpty();
    }
  }

  @Test
  void loadIdsOnlyGrowEvenIfTheClockDoesNot() {
    try (var directory = open()) {
      var now = Instant.parse("2026-01-02T03:04:05.123456Z");
      var first = directory.newLoadId(now);
      filled(directory.draftExtract(first), "orders", "1");
      var second = directory.newLoadId(now.minusSeconds(3600));
      assertThat(first).isEqualTo("1767323045.123456");
      assertThat(second).isEqualTo("1767323045.123457");
    }
  }

  @Test
  void aSecondOpenerInTheSameProcessIsToldWhoHoldsIt() {
    try (var first = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOf(StoreException.class)
          .hasMessage(
              "Pipeline 'shop' is in use by this process %d, thread '%s' ('%s'); waited 0.2 s; let it"
                  + " finish, or set extract.lock_timeout higher",
              ProcessHandle.current().pid(),
              Thread.currentThread().getName(),
              first.folder().root());
    }
    open().close();
  }

  @Test
  void aSecondProcessIsToldWhoHoldsIt() throws Exception {
    open().close();
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var holder =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                pipelines.toString())
            .redirectErrorStream(true)
            .start();
    try (var output = holder.inputReader()) {
      assertThat(output.readLine()).isEqualTo("held");
      assertThatThrownBy(this::open)
          .hasMessageContaining("is in use by process " + holder.pid() + ", thread 'main'");
      holder.destroyForcibly();
      assertThat(holder.waitFor(10, TimeUnit.SECONDS)).isTrue();
      open().close();
    } finally {
      holder.destroyForcibly();
    }
  }

  /// Holds the lock until it is killed.
  static final class LockHolder {
    private LockHolder() {}

    public static void main(String[] arguments) throws InterruptedException {
      try (var directory =
          WorkingDirectory.open(Path.of(arguments[0]), "shop", Duration.ZERO, new Random())) {
        System.out.println(directory.folder().exists() ? "held" : "lost");
        Thread.sleep(Duration.ofMinutes(1));
      }
    }
  }

  @Test
  void droppingAPackageRemovesAllOfIt() {
    try (var directory = open()) {
      var drafts = List.of(filled(directory.draftExtract("1.1"), "orders", "1"));
      directory.drop(directory.commitExtract(drafts, FolderUpdate.none()).getFirst());
      assertThat(directory.folder().packages(Stage.EXTRACTED)).isEmpty();
      assertThat(PipelineFolder.list(directory.folder().root()))
          .containsExactlyInAnyOrder(
              "load",
              "normalize",
              "packages.json",
              "schemas",
              FolderLock.LOCK_FILE,
              FolderLock.HOLDER_FILE);
    }
  }

  /// A commit whose journal stands, with nothing of it done yet.
  private Path standing() throws IOException {
    var root = pipelines.resolve("shop");
    var saved = pipelines.resolve("saved");
    try (var directory = open()) {
      var draft = filled(directory.draftExtract("1.1"), "orders", "1");
      draft.seal();
      var journal = new CommitJournal(root);
      journal.write(root.resolve("state.json"), bytes("new"));
      journal.move(draft.folder(), Stage.EXTRACTED.in(root).resolve("1.1"));
      copy(root, saved);
      Files.writeString(
          Files.createDirectories(saved.resolve(".commit")).resolve("journal"),
          """
          replace\t.commit/file0\tstate.json\t%s
          move\t%s\tnormalize/extracted/1.1
          """
              .formatted(checksum("new"), root.relativize(draft.folder())));
    }
    Durable.deleteTree(root);
    copy(saved, root);
    return root;
  }

  private static String checksum(String content) {
    var checksum = new CRC32();
    checksum.update(bytes(content));
    return Long.toHexString(checksum.getValue());
  }

  @Test
  void aCommitThatStandsIsFinishedByTheNextOpening() throws IOException {
    var root = standing();
    try (var directory = open()) {
      assertThat(directory.folder().packages(Stage.EXTRACTED)).hasSize(1);
      assertThat(directory.folder().state()).contains(bytes("new"));
      assertThat(root.resolve(".commit")).doesNotExist();
    }
  }

  @Test
  void aCommitThatHasLostWhatItMovesIsRefusedAndKept() throws IOException {
    var root = standing();
    var parents = PipelineFolder.list(root.resolve("normalize"));
    parents.removeAll(List.of("extracted", ".version"));
    var draft = root.resolve("normalize").resolve(parents.getFirst()).resolve("1.1");
    var aside = Files.move(draft, pipelines.resolve("aside"));
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(this::open)
          .isInstanceOf(StoreException.class)
          .hasMessage(
              "A commit was to put '%s' in the place of '%s', but the first is gone and the second is not there; restore one of them, or delete the folder '%s' to go on without",
              draft, root.resolve("normalize/extracted/1.1"), root.resolve(".commit"));
    }
    Files.move(aside, draft);
    try (var directory = open()) {
      assertThat(directory.folder().packages(Stage.EXTRACTED)).hasSize(1);
    }
  }

  @Test
  void aCommitThatHasLostTheContentOfAFileIsRefused() throws IOException {
    var root = standing();
    Files.delete(root.resolve(".commit/file0"));
    Files.writeString(root.resolve("state.json"), "old");
    assertThatThrownBy(this::open)
        .hasMessageContaining("but the first is gone and the second holds something else");
    Files.writeString(root.resolve("state.json"), "new");
    try (var directory = open()) {
      assertThat(directory.folder().packages(Stage.EXTRACTED)).hasSize(1);
    }
  }

  @Test
  void aPackageThatACommitHasYetToMoveIsNotDiscarded() throws IOException {
    var root = pipelines.resolve("shop");
    try (var directory = open()) {
      var draft = filled(directory.draftExtract("1.1"), "orders", "1");
      draft.seal();
      Files.createDirectories(root.resolve(".commit"));
      Files.writeString(
          root.resolve(".commit/journal"),
          "move\t" + root.relativize(draft.folder()) + "\tnormalize/extracted/1.1\n");
      directory.discard(draft);
      assertThat(draft.folder()).exists();
      // and the next commit does not take its place
      directory.update(FolderUpdate.none().state(bytes("later")));
      assertThat(directory.folder().packages(Stage.EXTRACTED)).hasSize(1);
      assertThat(directory.folder().state()).contains(bytes("later"));
    }
  }

  @Test
  void anInterruptIsHeardBeforeACommitAndKeptAfterIt() {
    try (var directory = open()) {
      var draft = filled(directory.draftExtract("1.1"), "orders", "1");
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> directory.commitExtract(List.of(draft), FolderUpdate.none()))
          .hasMessage("Interrupted before the extract was committed")
          .hasRootCauseInstanceOf(InterruptedException.class);
      assertThat(directory.commits()).isZero();
      directory.update(FolderUpdate.none().state(bytes("s")));
      directory.put("trace.json", bytes("t"));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(directory.commits()).isOne();
      assertThat(directory.folder().state()).contains(bytes("s"));
      assertThat(directory.folder().file("trace.json")).contains(bytes("t"));
      assertThat(directory.commitExtract(List.of(draft), FolderUpdate.none())).hasSize(1);
    }
  }

  @Test
  void whatAKilledProcessWasReplacingGoes() throws IOException {
    try (var directory = open()) {
      var extracted =
          directory.commitExtract(
              List.of(filled(directory.draftExtract("1.1"), "orders", "1")), FolderUpdate.none());
      var normalized =
          directory.commitNormalize(
              filled(directory.draftNormalize(extracted.getFirst()), "orders", "1"),
              FolderUpdate.none());
      Files.writeString(normalized.folder().resolve(".load.json.tmp"), "half");
      Files.writeString(normalized.folder().resolve("failed_jobs/.x.exception.tmp"), "half");
      Files.writeString(pipelines.resolve("shop/.trace.json.tmp"), "half");
      var loaded = directory.complete(normalized, "loaded", false);
      try (var files = Files.walk(loaded.folder())) {
        assertThat(files).noneMatch(file -> file.toString().endsWith(".tmp"));
      }
    }
    open().close();
    assertThat(pipelines.resolve("shop/.trace.json.tmp")).doesNotExist();
  }

  @Test
  void packagesGoBackTogetherWithTheirState() {
    try (var directory = open()) {
      for (var id : List.of("1.1", "1.2")) {
        var draft = filled(directory.draftExtract(id), "orders", id);
        draft.restorePoint(directory.folder().state().orElse(null), Map.of());
        directory.commitExtract(List.of(draft), FolderUpdate.none().state(bytes("after " + id)));
      }
      var pending = directory.folder().packages(Stage.EXTRACTED);
      directory.rollBack(pending.subList(1, 2));
      assertThat(directory.folder().state()).contains(bytes("after 1.1"));
      directory.rollBack(directory.folder().packages(Stage.EXTRACTED));
      assertThat(directory.folder().state()).isEmpty();
      assertThat(directory.folder().packages(Stage.EXTRACTED)).isEmpty();
    }
  }

  @Test
  void namesThatLeaveTheFolderAreRefused() {
    assertThatThrownBy(() -> PipelineFolder.of(pipelines, "../x"))
        .hasMessage(
            "The pipeline name '../x' cannot be the name of a folder; use letters, digits, '_' and"
                + " '-'");
  }

  private static Stream<Arguments> namesOfNoFile() {
    var device = "is one that Windows keeps for a device; choose another";
    var end = "ends with a point or a blank, which Windows leaves out; choose another";
    return Stream.of(
        Arguments.of("CON", device),
        Arguments.of("nul", device),
        Arguments.of("Aux.shop", device),
        Arguments.of("prn .x", device),
        Arguments.of("com1", device),
        Arguments.of("LPT9", device),
        Arguments.of("com\u00b9", device),
        Arguments.of("shop ", end),
        Arguments.of(
            "\u6570".repeat(100),
            "has 300 bytes in UTF-8, but names of files made of it hold {}; choose a shorter one"));
  }

  @ParameterizedTest
  @MethodSource("namesOfNoFile")
  void namesThatSomeMachineCannotHaveAsFilesAreRefused(String name, String why) throws IOException {
    var shown = name.length() > 60 ? name.substring(0, 60) + "…" : name;
    assertThatThrownBy(() -> PipelineFolder.of(pipelines, name))
        .isInstanceOf(StoreException.class)
        .hasMessage("The pipeline name '%s' %s", shown, why.replace("{}", "232"));
    try (var directory = open()) {
      assertThatThrownBy(() -> directory.folder().schemaFile(name))
          .isInstanceOf(StoreException.class)
          .hasMessage("The schema name '%s' %s", shown, why.replace("{}", "238"));
    }
  }

  @Test
  void namesThatOnlyLookLikeThoseAreTaken() throws IOException {
    for (var name : List.of("console", "com10", "nulls", "lpt", "aux_shop", "a".repeat(128))) {
      assertThat(PipelineFolder.of(pipelines, name).name()).isEqualTo(name);
    }
    try (var directory = open()) {
      var longest = "\u6570".repeat(79);
      var file = directory.folder().schemaFile(longest);
      Files.writeString(file, "{}");
      assertThat(directory.folder().schemaNames()).containsExactly(longest);
    }
  }

  @Test
  void aFolderThatHasSuchANameAlreadyGoesOn() throws IOException {
    Files.createDirectories(pipelines.resolve("aux/schemas"));
    Files.writeString(pipelines.resolve("aux/state.json"), "{}");
    Files.writeString(pipelines.resolve("aux/schemas/con.schema.json"), "{}");
    var folder = PipelineFolder.of(pipelines, "aux");
    assertThat(folder.state()).isPresent();
    assertThat(folder.schema("con")).isPresent();
  }

  @Test
  void aFolderOfANewerReleaseIsRefused() throws IOException {
    open().close();
    var file = pipelines.resolve("shop/load/.version");
    Files.writeString(file, "1.10.0\n");
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "The working directory '"
                + pipelines.resolve("shop")
                + "' is of a newer release: '"
                + file
                + "' says 1.10.0, this release knows 1.0.2; update Sluice, or name another"
                + " pipeline");
    Files.writeString(file, "1.0.0");
    open().close();
  }
}
