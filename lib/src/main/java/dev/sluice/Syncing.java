package dev.sluice;

import dev.sluice.load.DatasetMark;
import dev.sluice.load.Restore;
import dev.sluice.load.Target;
import dev.sluice.schema.State;
import dev.sluice.store.FolderUpdate;
import dev.sluice.store.Stage;
import dev.sluice.store.StoredPackage;
import dev.sluice.store.WorkingDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Brings the working directory in line with what the dataset knows: on a fresh machine, after
/// another machine has run the pipeline, and when the dataset is gone.
final class Syncing {
  private static final String SEEN = "destination.seen";

  private final WorkingDirectory directory;
  private final Target target;
  private final State local;
  private final InstantSource clock;
  private final Choice choice;
  private final List<String> notes = new ArrayList<>();

  /// What is wanted of a sync.
  ///
  /// - `rewound`: what to do if the dataset went back; null = nobody has said it
  /// - `refuses`: whether that is refused then; else the pipeline goes on
  /// - `restores`: whether state and schemas are taken from the destination
  record Choice(Pipeline.@Nullable Rewound rewound, boolean refuses, boolean restores) {
    Pipeline.@Nullable Rewound made() {
      return rewound == null && !refuses ? Pipeline.Rewound.GO_ON : rewound;
    }
  }

  /// What a sync did.
  ///
  /// - `changed`: whether state or schemas here are others now
  /// - `again`: the state to go on from, if all tables are to be emptied and all rows extracted
  ///   again. It is for the caller to keep, together with the package that empties them: alone it
  ///   would double all rows
  record Synced(boolean changed, Optional<State> again, List<String> notes) {
    Synced(boolean changed, List<String> notes) {
      this(changed, Optional.empty(), notes);
    }

    /// What happened, a line each.
    @Override
    public String toString() {
      var taken =
          changed
              ? "state or schemas here were brought in line"
              : "the destination knows nothing newer";
      return notes.isEmpty() ? taken : taken + "\n" + String.join("\n", notes);
    }
  }

  private Syncing(
      WorkingDirectory directory, Target target, State local, InstantSource clock, Choice choice) {
    this.directory = directory;
    this.target = target;
    this.local = local;
    this.clock = clock;
    this.choice = choice;
  }

  /// Whether the destination is as this working directory left it.
  static boolean unchanged(WorkingDirectory directory, Target target) {
    var now = look(target);
    return now.isPresent()
        && directory
            .folder()
            .file(SEEN)
            .filter(seen -> Arrays.equals(seen, now.get().getBytes(StandardCharsets.UTF_8)))
            .isPresent();
  }

  /// Remembers how the destination looks now.
  static void remember(WorkingDirectory directory, Target target) {
    look(target).ifPresent(now -> directory.put(SEEN, now.getBytes(StandardCharsets.UTF_8)));
  }

  /// Size and time could be those of a backup; the time at which the file system noted the last
  /// change cannot be set by anybody.
  private static Optional<String> look(Target target) {
    if (target.file().isEmpty()) {
      return Optional.empty();
    }
    var file = target.file().get();
    try {
      var noted =
          file.getFileSystem().supportedFileAttributeViews().contains("unix")
              ? "\n"
                  + Files.getAttribute(file, "unix:ctime")
                  + "\n"
                  + Files.getAttribute(file, "unix:ino")
              : "";
      return Optional.of(
          "%s\n%s\n%d\n%s%s"
              .formatted(
                  file,
                  target.dataset(),
                  Files.size(file),
                  Files.getLastModifiedTime(file),
                  noted));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /// Whether the file is gone that the pipeline has loaded into; asked without opening it.
  static boolean lost(WorkingDirectory directory, Target target) {
    return !target.exists() && DatasetMark.read(directory.folder(), target).load().isPresent();
  }

  /// Takes over the state of the destination if it is newer, and schemas that are missing here.
  ///
  /// - a dataset that is gone takes state and schemas with it, unless packages are pending
  /// - fails if the dataset lacks the load that the state here builds upon, and nobody has said
  ///   what to do then
  static Synced sync(
      WorkingDirectory directory, Target target, State local, InstantSource clock, Choice choice) {
    return new Syncing(directory, target, local, clock, choice).run();
  }

  private Synced run() {
    var mark = DatasetMark.read(directory.folder(), target);
    var own =
        directory.folder().packages(Stage.LOADED).stream().map(StoredPackage::loadId).toList();
    var asked = Stream.concat(mark.load().stream(), own.stream()).toList();
    var stored = Restore.of(target, asked);
    stored.newestLoad().ifPresent(directory::keepLoadIdsAbove);
    if (!stored.exists()) {
      return withoutDataset(mark);
    }
    if (mark.load().isPresent() && !stored.loads().contains(mark.load().get())) {
      return wentBack(mark, stored);
    }
    return takeNewer(mark, stored);
  }

  private Synced withoutDataset(DatasetMark mark) {
    var known = mark.load().isPresent();
    if (!pending().isEmpty()) {
      if (!known) {
        return new Synced(false, List.of()); // to be loaded there for the first time
      }
      return switch (choice.made()) {
        case null -> throw mark.refusal(target, true, Optional.empty());
        case GO_ON -> {
          accept(mark, Optional.empty(), Optional.empty());
          note(
              "gone; what is pending is loaded into a new one: rows of earlier loads are missing there",
              mark);
          yield new Synced(false, notes);
        }
        case EXTRACT_AGAIN, TAKE_STATE -> {
          note("gone, and " + dropPending() + "; all rows are extracted again", mark);
          yield forget(mark);
        }
      };
    }
    var loadedBefore = local.at("_local", "first_run").filter(Boolean.FALSE::equals).isPresent();
    if (!loadedBefore && !known) {
      return new Synced(false, List.of());
    }
    if (!choice.restores() && choice.rewound() == null) {
      accept(mark, Optional.empty(), Optional.empty());
      note(
          "gone; restore_from_destination is false, so the state here is kept and only rows after its cursors come",
          mark);
      return new Synced(false, notes);
    }
    if (choice.rewound() == Pipeline.Rewound.GO_ON && known) {
      accept(mark, Optional.empty(), Optional.empty());
      note("gone; the state here is kept: rows of earlier loads are missing there", mark);
      return new Synced(false, notes);
    }
    if (known) {
      note("gone; the pipeline starts anew and extracts all rows", mark);
    }
    return forget(mark);
  }

  private Synced forget(DatasetMark mark) {
    directory.update(forgotten(directory));
    mark.accepting(Optional.empty(), Optional.empty()).keep(directory, target);
    return new Synced(true, notes);
  }

  private Synced wentBack(DatasetMark mark, Restore stored) {
    var state = stored.state().map(Restore.StoredState::loadId);
    var newest = stored.loads().stream().max(Comparator.naturalOrder());
    return switch (choice.made()) {
      case null -> throw mark.refusal(target, false, stored.newestLoad());
      case GO_ON -> {
        accept(mark, newest, state);
        note(
            "without that load; the pipeline goes on as it is: rows of the loads that are missing there stay missing",
            mark);
        yield takeNewer(DatasetMark.read(directory.folder(), target), stored);
      }
      case EXTRACT_AGAIN -> {
        note(
            "without that load; its tables are emptied and all rows extracted again" + droppedToo(),
            mark);
        var update = FolderUpdate.none();
        for (var schema : stored.schemas().values()) {
          if (directory.folder().schema(schema.name()).isEmpty()) {
            update = update.schema(schema.name(), schema.bytes());
          }
        }
        directory.update(update);
        mark.acceptingState(state).keep(directory, target); // until its tables are emptied
        yield new Synced(true, Optional.of(stateAbove(stored)), notes);
      }
      case TAKE_STATE -> {
        note(
            "without that load; state and schemas are those of the dataset again, so that what is missing is extracted again"
                + droppedToo(),
            mark);
        directory.update(forgotten(directory));
        take(stored);
        accept(mark, newest.isPresent() ? newest : state, state);
        yield new Synced(true, notes);
      }
    };
  }

  /// A state that remembers no source, newer than the one that stands there.
  private State stateAbove(Restore stored) {
    var now =
        directory
            .folder()
            .state()
            .map(State::read)
            .orElseGet(() -> State.of(target.pipeline()).bumped());
    var version =
        Math.max(now.version(), stored.state().map(found -> found.state().version()).orElse(0));
    return now.with("sources", new LinkedHashMap<>()).with("_state_version", (long) version);
  }

  private Synced takeNewer(DatasetMark mark, Restore stored) {
    var newer =
        stored
            .state()
            .map(Restore.StoredState::state)
            .filter(remote -> choice.restores())
            .filter(remote -> remote.version() >= local.version())
            .filter(remote -> !remote.versionHash().equals(local.versionHash()));
    var update = FolderUpdate.none();
    var changed = newer.isPresent();
    for (var schema : stored.schemas().values()) {
      if (newer.isPresent()
          || (choice.restores() && directory.folder().schema(schema.name()).isEmpty())) {
        update = update.schema(schema.name(), schema.bytes());
        changed = true;
      }
    }
    if (newer.isPresent()) {
      update = update.state(taken(newer.get()).bytes());
    }
    if (changed) {
      directory.update(update);
    }
    mark.seen(stored.state().map(Restore.StoredState::loadId), newer.isPresent())
        .keep(directory, target);
    return new Synced(changed, notes);
  }

  private void take(Restore stored) {
    var update = FolderUpdate.none();
    for (var schema : stored.schemas().values()) {
      update = update.schema(schema.name(), schema.bytes());
    }
    if (stored.state().isPresent()) {
      update = update.state(taken(stored.state().get().state()).bytes());
    }
    directory.update(update);
  }

  /// The state of the destination with what belongs to this machine. Its version stays: that is how
  /// a load knows that the dataset is as it was.
  private State taken(State remote) {
    var taken = remote.with("_local", local.toMap().get("_local"));
    return taken
        .with("_version_hash", taken.versionHash())
        .withLocal("first_run", false)
        .withLocal("_last_extracted_at", clock.instant())
        .withLocal("_last_extracted_hash", taken.versionHash());
  }

  private void accept(DatasetMark mark, Optional<String> newest, Optional<String> state) {
    mark.accepting(newest, state).keep(directory, target);
  }

  private void note(String what, DatasetMark mark) {
    notes.add(
        "Dataset '%s' at '%s', into which load '%s' was made, is %s"
            .formatted(target.dataset(), target.location(), mark.load().orElse(""), what));
  }

  private List<StoredPackage> pending() {
    return Stream.of(Stage.EXTRACTED, Stage.NORMALIZED)
        .flatMap(stage -> directory.folder().packages(stage).stream())
        .toList();
  }

  /// Their rows come again, with those that are missing.
  private String dropPending() {
    var dropped = pending().stream().map(StoredPackage::loadId).sorted().toList();
    directory.rollBack(pending());
    directory.resumableDrafts().forEach(directory::discard);
    return "pending packages " + dropped + " were dropped";
  }

  private String droppedToo() {
    return pending().isEmpty() ? "" : "; " + dropPending();
  }

  private static FolderUpdate forgotten(WorkingDirectory directory) {
    var update = FolderUpdate.none().dropState();
    for (var name : directory.folder().schemaNames()) {
      update = update.dropSchema(name);
    }
    return update;
  }
}
