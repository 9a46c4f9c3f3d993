package dev.sluice.load;

import dev.sluice.json.Json;
import dev.sluice.schema.State;
import dev.sluice.schema.SystemTables;
import dev.sluice.schema.TableSchema;
import dev.sluice.store.PipelineFolder;
import dev.sluice.store.StoredPackage;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Keeps a package out whose rows were chosen by a state that is not the dataset's any more:
/// another working directory of the pipeline has loaded meanwhile, and the same rows would come
/// twice.
///
/// Asked within the load's own transaction, before its first change: what it finds is what the load
/// builds upon. A destination that lets two transactions write at a time has to lock the row of the
/// newest state as it is read; DuckDB's file has one user at a time.
final class Fence {
  private final PipelineFolder folder;
  private final Target target;
  private final Rules rules;

  /// What is checked.
  ///
  /// - `fenced`: setting `load.fence`, and `restore_from_destination`: whoever does not want the
  ///   destination's state has said that the working directory is right
  /// - `standing`: whether the last load of the folder must stand there still
  record Rules(boolean fenced, boolean standing) {}

  /// What the destination had before the load.
  ///
  /// - `overtaken`: whether its newest state is one that this folder has not seen
  /// - `warnings`: what would have been refused
  record Passed(Optional<Restore.StoredState> newest, boolean overtaken, List<String> warnings) {}

  Fence(PipelineFolder folder, Target target, Rules rules) {
    this.folder = folder;
    this.target = target;
    this.rules = rules;
  }

  Rules rules() {
    return rules;
  }

  /// Refuses before anything is opened, if a file is gone that the folder has loaded into: opening
  /// it would make a new one.
  void requireFile() {
    var mark = DatasetMark.read(folder, target);
    if (rules.standing() && mark.load().isPresent() && !target.exists()) {
      throw mark.refusal(target, true, Optional.empty());
    }
  }

  /// Refuses a dataset that went back.
  void requireStanding(Database database, Catalog catalog) throws SQLException {
    var load = DatasetMark.read(folder, target).load();
    if (!rules.standing() || load.isEmpty()) {
      return;
    }
    var rows = new SystemRows(database, catalog);
    var status = rows.status(load.get());
    if (status.isEmpty() || status.getAsLong() != 0) {
      throw DatasetMark.read(folder, target).refusal(target, !catalog.exists(), rows.newestLoad());
    }
  }

  /// Refuses what must not be loaded.
  ///
  /// - fails with [LoadException] if another load came between, or the dataset went back
  Passed pass(Database database, Catalog catalog, PackageContent content) throws SQLException {
    requireStanding(database, catalog);
    var rows = new SystemRows(database, catalog);
    var mark = DatasetMark.read(folder, target);
    var newest = rows.newestState(target.pipeline());
    if (newest.isEmpty() || builtUpon(newest.get(), content, mark)) {
      return new Passed(newest, false, List.of());
    }
    if (replacesAll(newest.get().state(), content)) {
      return new Passed(newest, true, List.of());
    }
    var between = between(newest.get(), content.source());
    if (rules.fenced()) {
      throw new LoadException(
          between
              + ": another working directory of this pipeline was quicker, and loading this one too would bring the same rows twice, or leave some out. Drop it (dropPendingPackages(), or: sluice drop -p "
              + target.pipeline()
              + " --pending --yes) and run again, which goes on from the state of that load; or load it all the same with the setting load.fence = false");
    }
    return new Passed(
        newest,
        true,
        List.of(between + "; it was loaded all the same, so look for rows that came twice"));
  }

  /// The mark after the load. A state that the folder has not seen stays one, so that the next run
  /// looks at it.
  DatasetMark after(PackageContent content, Passed passed) {
    var loadId = content.source().loadId();
    var before = passed.newest();
    var mark = DatasetMark.read(folder, target);
    if (passed.overtaken()) {
      return mark.loaded(loadId, mark.stateLoad());
    }
    var brings =
        content.jobs().containsKey(SystemTables.STATE)
            && carried(content.source())
                .map(State::version)
                .filter(
                    version -> before.filter(old -> old.state().version() > version).isPresent())
                .isEmpty();
    return mark.loaded(
        loadId, brings ? Optional.of(loadId) : before.map(Restore.StoredState::loadId));
  }

  private boolean builtUpon(Restore.StoredState newest, PackageContent content, DatasetMark mark) {
    var source = content.source();
    var known = DatasetMark.of(source).filter(one -> one.isOf(target));
    return isBase(newest.state(), source)
        || known.flatMap(DatasetMark::stateLoad).equals(Optional.of(newest.loadId()))
        || mark.accepted().equals(Optional.of(newest.loadId()))
        || DatasetMark.own(folder).contains(newest.loadId());
  }

  /// Whether the package was extracted from that state. A package that does not say from which (of
  /// an older dlt) must at least bring a newer one, if it brings any.
  private static boolean isBase(State newest, StoredPackage source) {
    var point = source.restorePoint();
    if (point.isEmpty()) {
      return carried(source).filter(state -> state.version() <= newest.version()).isEmpty();
    }
    return base(source)
        .filter(base -> base.version() == newest.version())
        .filter(base -> base.versionHash().equals(newest.versionHash()))
        .isPresent();
  }

  /// Whether its rows depend on no state: all of them come in the place of others, and the state
  /// that it brings knows of nothing that the newest does not.
  private static boolean replacesAll(State newest, PackageContent content) {
    var brings = content.jobs().getOrDefault(SystemTables.STATE, List.of());
    var rows = brings.stream().mapToLong(job -> job.rows().orElse(1)).sum();
    var harmless =
        rows == 0
            || carried(content.source())
                .filter(state -> state.sources().equals(newest.sources()))
                .isPresent();
    return harmless && content.roots().stream().allMatch(root -> replaces(root, content));
  }

  private static boolean replaces(TableSchema root, PackageContent content) {
    return content.schema().isSystem(root.name())
        || root.name().equals(SystemTables.STATE)
        || PackageContent.disposition(root).equals("skip")
        || PackageContent.disposition(root).equals("replace")
        || content.dropped().contains(root.name())
        || content.truncated().contains(root.name());
  }

  private static String between(Restore.StoredState newest, StoredPackage source) {
    return "Package '%s' was extracted from %s, but load '%s' of %s has brought version %d since"
        .formatted(
            source.loadId(),
            base(source)
                .map(base -> "version " + base.version() + " of the pipeline's state")
                .orElse("no state"),
            newest.loadId(),
            newest.createdAt().truncatedTo(ChronoUnit.SECONDS),
            newest.state().version());
  }

  /// The state that a package was extracted from; empty if there was none, or it does not say.
  static Optional<State> base(StoredPackage source) {
    return source
        .restorePoint()
        .flatMap(StoredPackage.RestorePoint::state)
        .map(json -> State.read(json, source.folder().resolve(".restore").resolve("state.json")));
  }

  /// The state that it brings, as its own file says.
  private static Optional<State> carried(StoredPackage source) {
    return source
        .state()
        .map(Json::<Map<String, Object>>loadb)
        .map(state -> state.get("pipeline_state"))
        .filter(Map.class::isInstance)
        .map(row -> ((Map<?, ?>) row).get("state"))
        .filter(String.class::isInstance)
        .map(text -> State.ofRow((String) text));
  }
}
