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
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
      filled(directory.draftExtract("1.2"), "orders", "1").checkpoint(bytes("page 7"));
    }
    try (var directory = open()) {
      assertThat(directory.resumableDrafts())
          .extracting(PackageDraft::loadId)
          .containsExactly("1.2");
      var draft = directory.resumableDrafts().getFirst();
      assertThat(draft.checkpoint()).contains(bytes("page 7"));
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
              "load", "normalize", "schemas", FolderLock.LOCK_FILE, FolderLock.HOLDER_FILE);
    }
  }

  @Test
  void namesThatLeaveTheFolderAreRefused() {
    assertThatThrownBy(() -> PipelineFolder.of(pipelines, "../x"))
        .hasMessage(
            "The pipeline name '../x' cannot be the name of a folder; use letters, digits, '_' and"
                + " '-'");
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
