package dev.sluice.store;

import dev.sluice.config.KnownSettings;
import dev.sluice.seam.Seam;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A pipeline's working directory, held by a lock: the only way to change it.
///
/// Opening waits for the lock, carries an interrupted commit to its end, and removes what a killed
/// process left half made. Looking needs no lock: [PipelineFolder].
@Seam
public final class WorkingDirectory implements AutoCloseable {
  /// How long opening waits for another user of the folder unless told otherwise.
  public static final Duration LOCK_TIMEOUT = KnownSettings.EXTRACT_LOCK_TIMEOUT.standardValue();

  /// Holds a load id that new ones are above, whatever the clock says.
  private static final String FLOOR = "load_id.floor";

  /// How far above a load id of others a new one may lie: two folders that go on from the same
  /// destination at the same time must not choose the same.
  private static final long APART_MICROS = 1_000_000;

  private final PipelineFolder folder;
  private final FolderLock lock;
  private final RandomGenerator random;
  private int commits;

  private WorkingDirectory(PipelineFolder folder, FolderLock lock, RandomGenerator random) {
    this.folder = folder;
    this.lock = lock;
    this.random = random;
  }

  /// Opens, or creates, the working directory of pipeline `name`.
  public static WorkingDirectory open(
      Path pipelinesDir, String name, Duration lockTimeout, RandomGenerator random) {
    var folder = PipelineFolder.of(pipelinesDir, name);
    Layout.create(folder.root());
    var lock = FolderLock.acquire(folder.root(), name, lockTimeout);
    try {
      Layout.writeVersions(folder.root());
      Recovery.run(folder);
      return new WorkingDirectory(folder, lock, random);
    } catch (RuntimeException | Error e) {
      try {
        lock.close();
      } catch (RuntimeException held) {
        e.addSuppressed(held);
      }
      throw e;
    }
  }

  /// The same folder, for looking.
  public PipelineFolder folder() {
    return folder;
  }

  /// How many commits were made since the opening, among them those of which what came behind
  /// failed.
  public int commits() {
    return commits;
  }

  private void commit(CommitJournal journal) {
    try {
      journal.commit();
    } finally {
      commits += journal.made() ? 1 : 0;
    }
  }

  /// An interrupt is heard before a commit; once it has begun it is not ended by one.
  private static void stopIfInterrupted(String what) {
    if (Thread.currentThread().isInterrupted()) {
      throw new StoreException(
          "Interrupted before " + what + " was committed", true, new InterruptedException());
    }
  }

  /// A load id: seconds since 1970 with six decimals, later than every load id in this folder and
  /// than those of [#keepLoadIdsAbove(String)].
  public String newLoadId(Instant now) {
    var packages =
        Stream.of(Stage.values())
            .flatMap(stage -> folder.packages(stage).stream())
            .map(StoredPackage::loadId);
    var drafts = Recovery.drafts(folder).stream().map(PackageDraft::loadId);
    var newest = Stream.concat(packages, drafts).mapToLong(LoadIds::micros).max().orElse(0);
    var floor = floor();
    if (floor > newest) {
      newest = floor + random.nextLong(APART_MICROS);
    }
    return LoadIds.format(Math.max(LoadIds.micros(now), newest + 1));
  }

  /// Makes every later load id of this folder a later one than `loadId`, durably: that of a load
  /// that others made, while the clock here is behind.
  public void keepLoadIdsAbove(String loadId) {
    if (LoadIds.micros(loadId) > floor()) {
      put(FLOOR, loadId.getBytes(StandardCharsets.UTF_8));
    }
  }

  private long floor() {
    return folder
        .file(FLOOR)
        .map(id -> LoadIds.micros(new String(id, StandardCharsets.UTF_8).strip()))
        .orElse(0L);
  }

  /// Begins a package for extract.
  public PackageDraft draftExtract(String loadId) {
    var name = new byte[8];
    random.nextBytes(name);
    var parent = folder.root().resolve("normalize").resolve(HexFormat.of().formatHex(name));
    try {
      Durable.createFolders(parent); // or the commit finds no draft to move after a power cut
    } catch (IOException e) {
      throw StoreException.io("create the folder", parent, e);
    }
    return PackageDraft.create(loadId, parent.resolve(loadId), random);
  }

  /// Extract drafts that a process left behind with a checkpoint, by load id.
  public List<PackageDraft> resumableDrafts() {
    return Recovery.drafts(folder).stream()
        .filter(PackageDraft::hasCheckpoint)
        .map(draft -> new PackageDraft(draft.loadId(), draft.folder(), random))
        .toList();
  }

  /// A draft that was left behind, under a new load id.
  public PackageDraft renewed(PackageDraft left, String loadId) {
    var target = left.folder().resolveSibling(loadId);
    try {
      Durable.move(left.folder(), target);
      Durable.syncFolder(Durable.parent(target));
    } catch (IOException e) {
      throw StoreException.io("rename the package folder", left.folder(), e);
    }
    return new PackageDraft(loadId, target, random);
  }

  /// Makes the drafts extracted packages and updates state and schemas: all of it or nothing.
  ///
  /// - if it fails the commit may have been made all the same; [#discard(PackageDraft)] knows
  public List<StoredPackage> commitExtract(List<PackageDraft> drafts, FolderUpdate update) {
    stopIfInterrupted("the extract");
    drafts.forEach(PackageDraft::seal);
    var journal = new CommitJournal(folder.root());
    var committed = new ArrayList<StoredPackage>();
    for (var draft : drafts) {
      var target = Stage.EXTRACTED.in(folder.root()).resolve(draft.loadId());
      journal.move(draft.folder(), target);
      journal.delete(Durable.parent(draft.folder()));
      committed.add(new StoredPackage(draft.loadId(), Stage.EXTRACTED, target));
    }
    addUpdate(journal, update);
    record(journal, committed, update);
    commit(journal);
    return List.copyOf(committed);
  }

  /// Begins the normalized form of an extracted package, anew.
  public PackageDraft draftNormalize(StoredPackage extracted) {
    var target = folder.root().resolve("load").resolve("new").resolve(extracted.loadId());
    try {
      Durable.deleteTree(target);
    } catch (IOException e) {
      throw StoreException.io("delete", target, e);
    }
    var draft = PackageDraft.create(extracted.loadId(), target, random);
    draft.carry(extracted);
    return draft;
  }

  /// Makes the draft a normalized package, updates schemas, removes the extracted one: all or
  /// nothing.
  ///
  /// - if it fails the commit may have been made all the same; [#discard(PackageDraft)] knows
  public StoredPackage commitNormalize(PackageDraft draft, FolderUpdate update) {
    stopIfInterrupted("package '" + draft.loadId() + "'");
    draft.seal();
    var target = Stage.NORMALIZED.in(folder.root()).resolve(draft.loadId());
    var normalized = new StoredPackage(draft.loadId(), Stage.NORMALIZED, target);
    var journal = new CommitJournal(folder.root());
    journal.move(draft.folder(), target);
    addUpdate(journal, update);
    record(journal, List.of(normalized), update);
    journal.delete(Stage.EXTRACTED.in(folder.root()).resolve(draft.loadId()));
    commit(journal);
    return normalized;
  }

  /// Throws a draft away, unless a commit is made that has yet to move it: then it is a package.
  public void discard(PackageDraft draft) {
    if (CommitJournal.stands(folder.root())) {
      return;
    }
    var parent = Durable.parent(draft.folder());
    var extract = Durable.parent(parent).endsWith("normalize");
    delete(extract ? parent : draft.folder());
  }

  /// Replaces state and schema files in one step.
  public void update(FolderUpdate update) {
    var journal = new CommitJournal(folder.root());
    addUpdate(journal, update);
    commit(journal);
  }

  /// Replaces a file of ours in the root of the folder, the trace of the last run for example.
  public void put(String name, byte[] content) {
    Durable.replace(folder.root().resolve(name), content);
  }

  /// Notes in the same step what we have written; packages that are gone are forgotten.
  private void record(CommitJournal journal, List<StoredPackage> written, FolderUpdate update) {
    var pending =
        Stream.of(Stage.EXTRACTED, Stage.NORMALIZED)
            .flatMap(stage -> folder.packages(stage).stream())
            .map(StoredPackage::loadId)
            .collect(Collectors.toSet());
    var record = PackageRecord.read(folder.root()).with(written, pending).with(update);
    journal.write(folder.root().resolve(PackageRecord.FILE), record.encode());
  }

  private void addUpdate(CommitJournal journal, FolderUpdate update) {
    update.newState().ifPresent(state -> journal.write(folder.root().resolve("state.json"), state));
    if (update.dropsState()) {
      journal.delete(folder.root().resolve("state.json"));
    }
    update.newSchemas().forEach((name, content) -> journal.write(folder.schemaFile(name), content));
    update.droppedSchemas().forEach(name -> journal.delete(folder.schemaFile(name)));
  }

  /// Replaces a file in a package's root, `load_package_state.json` for example.
  public void putPackageFile(StoredPackage target, String name, byte[] content) {
    Durable.replace(target.folder().resolve(name), content);
  }

  /// Moves a job's file to the folder of another state. Not synced: what was loaded is known by the
  /// destination, and a job that fell back is only moved again.
  public StoredJob move(StoredPackage owner, StoredJob job, JobState to) {
    var target = owner.folder().resolve(to.folder()).resolve(job.name().fileName());
    try {
      Durable.move(job.file(), target);
    } catch (IOException e) {
      throw StoreException.io("move the job file", job.file(), e);
    }
    return new StoredJob(job.name(), to, target, job.rows(), job.bytes(), job.crc32c());
  }

  /// Puts a job back among the new ones, one attempt further.
  public StoredJob retry(StoredPackage owner, StoredJob job) {
    var next =
        new StoredJob(
            job.name().nextRetry(), job.state(), job.file(), job.rows(), job.bytes(), job.crc32c());
    return move(owner, next, JobState.NEW);
  }

  /// Moves a job to the failed ones and writes the reason beside it.
  public StoredJob fail(StoredPackage owner, StoredJob job, String reason) {
    Durable.replace(
        owner
            .folder()
            .resolve(JobState.FAILED.folder())
            .resolve(job.name().fileName() + ".exception"),
        reason.getBytes(StandardCharsets.UTF_8));
    return move(owner, job, JobState.FAILED);
  }

  /// Ends a normalized package as `loaded` or `aborted` and moves it to the loaded ones.
  public StoredPackage complete(StoredPackage done, String outcome, boolean deleteCompletedJobs) {
    putPackageFile(done, "package_completed.json", outcome.getBytes(StandardCharsets.UTF_8));
    var target = Stage.LOADED.in(folder.root()).resolve(done.loadId());
    try {
      if (deleteCompletedJobs) {
        var jobs = done.folder().resolve(JobState.COMPLETED.folder());
        Durable.deleteTree(jobs);
        Files.createDirectories(jobs);
      }
      Durable.deleteAsides(done.folder());
      Durable.deleteAsides(done.folder().resolve(JobState.FAILED.folder()));
      Durable.syncTree(done.folder());
    } catch (IOException e) {
      throw StoreException.io("complete the package", done.folder(), e);
    }
    var journal = new CommitJournal(folder.root());
    journal.move(done.folder(), target);
    commit(journal);
    return new StoredPackage(done.loadId(), Stage.LOADED, target);
  }

  /// Moves a loaded package back to the normalized ones (an undone load), its jobs new again.
  public Optional<StoredPackage> reopen(String loadId) {
    return folder.packages(Stage.LOADED).stream()
        .filter(found -> found.loadId().equals(loadId))
        .findFirst()
        .map(loaded -> {
          for (var job : loaded.jobs()) {
            if (job.state() != JobState.NEW) {
              move(loaded, job, JobState.NEW);
            }
          }
          delete(loaded.folder().resolve("package_completed.json"));
          var target = Stage.NORMALIZED.in(folder.root()).resolve(loadId);
          var reopened = new StoredPackage(loadId, Stage.NORMALIZED, target);
          var journal = new CommitJournal(folder.root());
          journal.move(loaded.folder(), target);
          if (loaded.unverified().isEmpty()) {
            record(journal, List.of(reopened), FolderUpdate.none());
          }
          commit(journal);
          return reopened;
        });
  }

  /// Deletes a package: at once for everybody who looks. No later one gets the load id of a loaded
  /// one, or a lower one.
  public void drop(StoredPackage unwanted) {
    if (unwanted.stage() == Stage.LOADED) {
      keepLoadIdsAbove(unwanted.loadId());
    }
    drop(unwanted, FolderUpdate.none());
  }

  private void drop(StoredPackage unwanted, FolderUpdate update) {
    var journal = new CommitJournal(folder.root());
    var aside = folder.root().resolve(CommitJournal.FOLDER).resolve("dropped");
    addUpdate(journal, update);
    journal.move(unwanted.folder(), aside);
    commit(journal); // which deletes its own folder, and the package in it
  }

  /// Deletes packages that are not loaded, and puts state and schemas back to where they were
  /// before the first of them.
  public void rollBack(List<StoredPackage> pending) {
    rollBack(pending, StoredPackage::restorePoint);
  }

  /// The same, to where `before` says; it is asked when everything newer is gone already.
  public void rollBack(
      List<StoredPackage> pending,
      Function<StoredPackage, Optional<StoredPackage.RestorePoint>> before) {
    var ordered = pending.stream().sorted(Comparator.comparing(StoredPackage::loadId)).toList();
    for (var unwanted : ordered.reversed()) {
      // The newest first: a crash in between leaves a pipeline that can still go back. Each with
      // its state: one that stayed would be loaded, and its rows be extracted once more.
      drop(unwanted, before.apply(unwanted).map(this::restoring).orElse(FolderUpdate.none()));
    }
  }

  private FolderUpdate restoring(StoredPackage.RestorePoint before) {
    var update = FolderUpdate.none();
    for (var name : folder.schemaNames()) {
      if (!before.schemas().containsKey(name)) {
        update = update.dropSchema(name);
      }
    }
    for (var schema : before.schemas().entrySet()) {
      update = update.schema(schema.getKey(), schema.getValue());
    }
    return before.state().isPresent() ? update.state(before.state().get()) : update.dropState();
  }

  /// Deletes everything but the lock: the pipeline starts from nothing.
  public void clear() {
    try {
      CommitJournal.recover(folder.root());
      Durable.syncFolder(folder.root()); // or a commit's journal is back after a power cut
    } catch (IOException e) {
      throw StoreException.io("clear", folder.root(), e);
    }
    commits++;
    for (var name : PipelineFolder.list(folder.root())) {
      if (!name.equals(FolderLock.LOCK_FILE) && !name.equals(FolderLock.HOLDER_FILE)) {
        delete(folder.root().resolve(name));
      }
    }
    Layout.create(folder.root());
    Layout.writeVersions(folder.root());
  }

  private static void delete(Path path) {
    try {
      Durable.deleteTree(path);
    } catch (IOException e) {
      throw StoreException.io("delete", path, e);
    }
  }

  @Override
  public void close() {
    lock.close();
  }
}
