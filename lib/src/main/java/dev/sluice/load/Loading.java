package dev.sluice.load;

import dev.sluice.config.Config;
import dev.sluice.config.KnownSettings;
import dev.sluice.json.Json;
import dev.sluice.progress.Progress;
import dev.sluice.progress.StageProgress;
import dev.sluice.schema.Schema;
import dev.sluice.seam.Seam;
import dev.sluice.store.JobState;
import dev.sluice.store.Stage;
import dev.sluice.store.StoreException;
import dev.sluice.store.StoredJob;
import dev.sluice.store.StoredPackage;
import dev.sluice.store.Verification;
import dev.sluice.store.WorkingDirectory;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Stage three: normalized packages into the destination, the oldest first, one commit for each.
///
/// A package whose `_dlt_loads` row exists is only put away, so that a run may be killed anywhere
/// and be run again.
@Seam
public final class Loading {
  private final WorkingDirectory directory;
  private final Target target;
  private final Config config;
  private final Progress progress;
  private final InstantSource clock;
  private final Fence fence;
  private final List<String> notes;
  private boolean overtaken;

  private Loading(
      WorkingDirectory directory,
      Target target,
      Config config,
      Progress progress,
      InstantSource clock,
      Fence.Rules rules,
      List<String> notes) {
    this.directory = directory;
    this.target = target;
    this.config = config;
    this.progress = progress;
    this.clock = clock;
    this.fence = new Fence(directory.folder(), target, rules);
    this.notes = notes;
  }

  /// A load of the packages of `directory`; `config` is already the pipeline's.
  public static Loading of(
      WorkingDirectory directory,
      Target target,
      Config config,
      Progress progress,
      InstantSource clock) {
    var load = config.at("load");
    var fenced =
        load.get(KnownSettings.LOAD_FENCE) && config.get(KnownSettings.RESTORE_FROM_DESTINATION);
    return new Loading(
        directory, target, load, progress, clock, new Fence.Rules(fenced, true), List.of());
  }

  /// The same, with what a caller has found out before, as warnings of the first package.
  public Loading noting(List<String> warnings) {
    return new Loading(directory, target, config, progress, clock, fence.rules(), warnings);
  }

  /// The same into a dataset that may have gone back since the last load.
  public Loading wherever() {
    return new Loading(
        directory,
        target,
        config,
        progress,
        clock,
        new Fence.Rules(fence.rules().fenced(), false),
        notes);
  }

  /// The same into a dataset of which the working directory knows nothing, and need not.
  public Loading unfenced() {
    return new Loading(
        directory, target, config, progress, clock, new Fence.Rules(false, false), notes);
  }

  /// Whether the dataset had a state that this working directory has not seen when a package was
  /// loaded into it all the same.
  public boolean overtaken() {
    return overtaken;
  }

  /// Loads all normalized packages, the oldest first; stops at the first that fails.
  public LoadInfo loadAll() {
    return load(directory.folder().packages(Stage.NORMALIZED));
  }

  /// Loads one normalized package.
  ///
  /// - fails with [LoadException] if there is none of that load id, or an older one that feeds the
  ///   same tables is pending
  public LoadInfo load(String loadId) {
    var pending = directory.folder().packages(Stage.NORMALIZED);
    var wanted = pending.stream().filter(found -> found.loadId().equals(loadId)).toList();
    if (wanted.isEmpty())
      throw new LoadException(
          directory
              .folder()
              .find(loadId)
              .map(other ->
                  other.stage() == Stage.LOADED
                      ? "Package '" + loadId + "' is loaded already"
                      : "Package '" + loadId + "' is not normalized yet; call normalize() first")
              .orElse(
                  "There is no package '"
                      + loadId
                      + "'; "
                      + (pending.isEmpty()
                          ? "nothing is pending"
                          : "pending are "
                              + pending.stream().map(StoredPackage::loadId).toList())));
    return load(wanted);
  }

  /// What loading all normalized packages would do; changes nothing.
  ///
  /// - fails as the load would if the first of them would be kept out
  public LoadPlan plan() {
    return new Planning(target, directory.folder().packages(Stage.NORMALIZED), fence).plan();
  }

  /// Takes the newest load back: rows, state and `_dlt_loads` at the destination in one
  /// transaction, then its package is a normalized one again. Gives the number of rows removed, by
  /// table; the pipeline's own state is then that of [Restore].
  ///
  /// - fails with [LoadException], having changed nothing, if it cannot be reversed exactly
  public Map<String, Long> undo(String loadId) {
    if (undoneBefore(loadId)) return Map.of();
    var loaded =
        directory.folder().packages(Stage.LOADED).stream()
            .filter(found -> found.loadId().equals(loadId))
            .findFirst()
            .orElseThrow(() ->
                new LoadException(
                    "Load '"
                        + loadId
                        + "' cannot be undone: its package is not among the loaded ones"));
    try (var database = Database.load(target)) {
      var removed =
          new Undo(database, Catalog.of(database, target.dataset()), target.pipeline(), loaded)
              .run();
      checkpoint(database);
      reopen(loadId);
      stands(database);
      return removed;
    } catch (SQLException failed) {
      throw LoadFailure.of(loaded, failed);
    }
  }

  /// Whether an undo that was cut short did all that is done here.
  private boolean undoneBefore(String loadId) {
    if (!target.exists()
        || directory.folder().packages(Stage.LOADED).stream()
            .anyMatch(found -> found.loadId().equals(loadId))) return false;
    try (var database = Database.load(target)) {
      var status = new SystemRows(database, Catalog.of(database, target.dataset())).status(loadId);
      var undone = status.isPresent() && status.getAsLong() == Undo.UNDONE;
      if (undone) {
        stands(database); // what was cut short may have been this
      }
      return undone;
    } catch (SQLException failed) {
      throw new LoadException(
          "The dataset '"
              + target.dataset()
              + "' cannot be read: "
              + Database.firstLine(String.valueOf(failed.getMessage())),
          false,
          failed);
    }
  }

  private void reopen(String loadId) {
    try {
      directory.reopen(loadId);
    } catch (StoreException open) {
      throw new LoadException(
          "Load '"
              + loadId
              + "' is undone at the destination, but not yet here: "
              + open.getMessage()
              + "; undo it once more, which does no more than that",
          true,
          open);
    }
  }

  /// Notes how the dataset stands after a load is taken back.
  private void stands(Database database) throws SQLException {
    var rows = new SystemRows(database, Catalog.of(database, target.dataset()));
    var own = directory.folder().packages(Stage.LOADED).stream().map(StoredPackage::loadId);
    var left = rows.complete(own.toList());
    DatasetMark.read(directory.folder(), target)
        .accepting(
            left.stream().max(Comparator.naturalOrder()),
            rows.newestState(target.pipeline()).map(Restore.StoredState::loadId))
        .keep(directory, target);
  }

  private LoadInfo load(List<StoredPackage> packages) {
    var started = clock.instant();
    var done = new ArrayList<LoadInfo.Loaded>();
    if (!packages.isEmpty())
      try (var stage = StageProgress.start(progress, target.pipeline(), "load")) {
        stage.tally("packages").total(packages.size());
        stage
            .tally("files")
            .total(packages.stream().mapToLong(source -> source.jobs().size()).sum());
        for (var source : packages) {
          stopIfInterrupted(source);
          var loaded = load(source, stage);
          done.add(done.isEmpty() ? loaded.warned(notes) : loaded);
          stage.tally("packages").add(1);
        }
      }
    return new LoadInfo(
        target.pipeline(),
        target.destination().type(),
        target.location(),
        target.dataset(),
        started,
        clock.instant(),
        List.copyOf(done));
  }

  /// An interrupt is heard between packages; one whose rows are being committed is ended.
  private static void stopIfInterrupted(StoredPackage next) {
    if (Thread.currentThread().isInterrupted())
      throw new LoadException(
          "Interrupted before package '" + next.loadId() + "' was loaded",
          true,
          new InterruptedException());
  }

  private LoadInfo.Loaded load(StoredPackage source, StageProgress stage) {
    var schema = Schema.read(source.schema(), source.folder().resolve("schema.json"));
    fence.requireFile();
    for (var room = Room.usual(); ; ) {
      try {
        return load(source, schema, room, stage);
      } catch (SQLException failed) {
        room = room.after(failed).orElseThrow(() -> LoadFailure.of(source, failed));
      }
    }
  }

  private LoadInfo.Loaded load(StoredPackage source, Schema schema, Room room, StageProgress stage)
      throws SQLException {
    LoadInfo.@Nullable Loaded done = null;
    // One connection per package: what it may read is that package alone.
    try (var database = Database.load(room.in(target, schema))) {
      var catalog = Catalog.of(database, target.dataset());
      var rows = new SystemRows(database, catalog);
      var status = rows.status(source.loadId());
      if (status.isPresent() && status.getAsLong() == 0) {
        requireBegun(source, rows);
        // A .wal that outlived a backup brings the newest load alone.
        fence.requireStanding(database, catalog);
        done =
            alreadyLoaded(
                source, rows.newestState(target.pipeline()).map(Restore.StoredState::loadId));
        return done;
      }
      var content = PackageContent.of(source, LoadRecord.of(source));
      if (content.large()) database.hurry();
      database.confine(source.folder());
      done = commit(database, catalog, content, room, stage);
      return done;
    } catch (LoadException failed) {
      if (done == null) throw failed;
      return done.warned("the rows are committed, but: " + failed.getMessage());
    }
  }

  /// A load id is a time, and two folders may have chosen the same: a package that nobody began to
  /// load is not the one that stands there.
  private void requireBegun(StoredPackage source, SystemRows rows) throws SQLException {
    var begun =
        source.file(LoadRecord.FILE).isPresent()
            || source.jobs().isEmpty()
            || source.jobs().stream().anyMatch(job -> job.state() != JobState.NEW);
    if (!begun)
      throw new LoadException(
          "Package '%s' was not loaded: dataset '%s' has a load of this id already, made by another working directory at %s; drop the package (dropPendingPackages(), or: sluice drop -p %s --pending --yes) and run again, which chooses another id"
              .formatted(
                  source.loadId(),
                  target.dataset(),
                  rows.loadedAt(source.loadId()).map(Instant::toString).orElse("an unknown time"),
                  target.pipeline()));
  }

  private void keepMark(StoredPackage source, Optional<String> stateLoad) {
    DatasetMark.read(directory.folder(), target)
        .loaded(source.loadId(), stateLoad)
        .keep(directory, target);
  }

  private LoadInfo.Loaded commit(
      Database database, Catalog catalog, PackageContent content, Room room, StageProgress stage)
      throws SQLException {
    var start = System.nanoTime();
    var startedAt = clock.instant();
    var source = content.source();
    var taken = take(source, content);
    final Done done;
    final List<StoredJob> files;
    final Optional<String> unverified;
    try {
      files = source.jobs();
      unverified = source.unverified();
      done = transaction(database, catalog, taken, room, stage);
    } catch (SQLException | RuntimeException failed) {
      giveBack(source, failed);
      throw failed;
    }
    // The rows are at the destination, and nothing that fails from here on takes them back.
    overtaken |= done.before().overtaken();
    var load = done.load();
    var warnings = new ArrayList<>(database.warnings());
    warnings.addAll(done.before().warnings());
    warnings.addAll(checkpoint(database));
    unverified.ifPresent(warnings::add);
    putAway(
        source,
        warnings,
        () -> {
          fence.after(taken, done.before()).keep(directory, target); // the file has the rows
          if (!load.migration().added().isEmpty())
            directory.putPackageFile(source, "applied_schema_updates.json", updates(taken, load));
        });
    var jobs = new ArrayList<LoadInfo.Job>();
    for (var job : files) {
      var statement = load.statement(job.table());
      jobs.add(
          described(
              job,
              startedAt.plusNanos(statement.map(one -> one.began() - start).orElse(0L)),
              statement.map(PackageLoad.Statement::took).orElse(Duration.ZERO)));
    }
    return new LoadInfo.Loaded(
        source.loadId(),
        taken.schema().name(),
        "loaded",
        clock.instant(),
        Duration.ofNanos(System.nanoTime() - start),
        false,
        List.copyOf(jobs),
        Map.copyOf(load.rows()),
        columnNames(load.migration()),
        List.copyOf(warnings));
  }

  /// Marks the jobs as ours and as started.
  private PackageContent take(StoredPackage source, PackageContent content) {
    var ids = new LinkedHashSet<String>();
    for (var job : content.allJobs()) ids.add(job.name().jobId());
    var record = new LoadRecord(target.dataset(), ids, Map.of());
    directory.putPackageFile(source, LoadRecord.FILE, record.encode());
    for (var job : content.allJobs())
      if (job.state() != JobState.STARTED) directory.move(source, job, JobState.STARTED);
    return PackageContent.of(source, record);
  }

  private void giveBack(StoredPackage source, Exception failed) {
    try {
      for (var job : source.jobs(JobState.STARTED)) directory.move(source, job, JobState.NEW);
    } catch (RuntimeException alsoFailed) {
      failed.addSuppressed(alsoFailed);
    }
  }

  /// A committed transaction, and what the destination had before it.
  private record Done(PackageLoad load, Fence.Passed before) {}

  private Done transaction(
      Database database, Catalog catalog, PackageContent content, Room room, StageProgress stage)
      throws SQLException {
    database.execute("BEGIN TRANSACTION");
    try (var verification = Verification.begin(content.allJobs())) {
      var before = fence.pass(database, catalog, content);
      var load =
          new PackageLoad(
              database, content, catalog, room.lineBytes(), stage, PackageLoad.Mode.LOAD);
      run(load, verification);
      var record = new LoadRecord(target.dataset(), ids(content), load.effects());
      directory.putPackageFile(content.source(), LoadRecord.FILE, record.encode());
      database.execute("COMMIT");
      return new Done(load, before);
    } catch (SQLException | RuntimeException failed) {
      rollback(database, failed);
      throw failed;
    }
  }

  /// What DuckDB does not understand may be what happened to a file.
  private void run(PackageLoad load, Verification verification) throws SQLException {
    try {
      load.run(clock.instant());
    } catch (SQLException | LoadException failed) {
      try {
        verification.require();
      } catch (StoreException damaged) {
        damaged.addSuppressed(failed);
        throw damaged;
      }
      throw failed;
    }
    verification.require();
  }

  private static Set<String> ids(PackageContent content) {
    var ids = new TreeSet<String>();
    for (var job : content.allJobs()) ids.add(job.name().jobId());
    return ids;
  }

  static void rollback(Database database, Exception cause) {
    try {
      database.execute("ROLLBACK");
    } catch (SQLException none) {
      cause.addSuppressed(none); // a failed COMMIT has ended the transaction itself
    }
  }

  /// DuckDB would do it when the file is closed, but keep silent about an error.
  private static List<String> checkpoint(Database database) {
    try {
      database.execute("CHECKPOINT");
      return List.of();
    } catch (SQLException failed) {
      return List.of(
          "the rows are committed, but DuckDB could not write its checkpoint: "
              + Database.firstLine(String.valueOf(failed.getMessage())));
    }
  }

  /// Puts a package away whose rows are committed. What cannot be done now, the next run does.
  private void putAway(StoredPackage source, List<String> warnings, Runnable before) {
    try {
      before.run();
      for (var job : source.jobs())
        if (job.state() != JobState.COMPLETED) directory.move(source, job, JobState.COMPLETED);
      directory.complete(source, "loaded", config.get(KnownSettings.DELETE_COMPLETED_JOBS));
    } catch (StoreException open) {
      warnings.add(
          "the rows are committed, but the package is not put away: "
              + open.getMessage()
              + "; the next run does no more than that");
    }
  }

  private LoadInfo.Loaded alreadyLoaded(StoredPackage source, Optional<String> stateLoad) {
    var schema = Schema.read(source.schema(), source.folder().resolve("schema.json")).name();
    var jobs = new ArrayList<LoadInfo.Job>();
    for (var job : source.jobs()) jobs.add(described(job, clock.instant(), Duration.ZERO));
    var warnings = new ArrayList<String>();
    putAway(source, warnings, () -> keepMark(source, stateLoad));
    return new LoadInfo.Loaded(
        source.loadId(),
        schema,
        "loaded",
        clock.instant(),
        Duration.ZERO,
        true,
        List.copyOf(jobs),
        rows(jobs),
        Map.of(),
        List.copyOf(warnings));
  }

  private static Map<String, Long> rows(List<LoadInfo.Job> jobs) {
    var rows = new LinkedHashMap<String, Long>();
    for (var job : jobs) rows.merge(job.table(), job.rows().orElse(0), Long::sum);
    return rows;
  }

  private static LoadInfo.Job described(StoredJob job, Instant startedAt, Duration elapsed) {
    return new LoadInfo.Job(
        job.table(),
        job.name().fileName(),
        "completed",
        job.rows(),
        job.bytes(),
        startedAt,
        elapsed,
        Optional.empty());
  }

  private static Map<String, List<String>> columnNames(Migration migration) {
    var names = new LinkedHashMap<String, List<String>>();
    migration
        .added()
        .forEach((table, columns) ->
            names.put(table, columns.stream().map(column -> column.name()).toList()));
    return names;
  }

  /// What was created, in dlt's form: the tables with their new columns only.
  private static byte[] updates(PackageContent content, PackageLoad load) {
    var updates = new LinkedHashMap<String, Object>();
    load.migration()
        .added()
        .forEach((name, columns) -> {
          var table = new LinkedHashMap<String, Object>();
          content.schema().table(name).ifPresent(schema -> table.putAll(schema.properties()));
          var added = new LinkedHashMap<String, Object>();
          for (var column : columns) added.put(column.name(), column.properties());
          table.put("columns", added);
          updates.put(name, table);
        });
    return Json.dumpb(updates);
  }
}
