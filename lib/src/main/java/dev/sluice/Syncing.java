package dev.sluice;

import dev.sluice.load.Restore;
import dev.sluice.load.Target;
import dev.sluice.schema.State;
import dev.sluice.store.FolderUpdate;
import dev.sluice.store.Stage;
import dev.sluice.store.WorkingDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/// Brings the working directory in line with what the dataset knows: on a fresh machine, after
/// another machine has run the pipeline, and when the dataset is gone.
final class Syncing {
  private static final String SEEN = "destination.seen";

  private Syncing() {}

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

  private static Optional<String> look(Target target) {
    if (target.file().isEmpty()) {
      return Optional.empty();
    }
    var file = target.file().get();
    try {
      return Optional.of(
          "%s\n%s\n%d\n%s"
              .formatted(
                  file, target.dataset(), Files.size(file), Files.getLastModifiedTime(file)));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /// Takes over the state of the destination if it is newer, and schemas that are missing here.
  ///
  /// - a dataset that is gone takes state and schemas with it, unless packages are pending
  /// - returns whether anything changed
  static boolean sync(WorkingDirectory directory, Target target, State local, InstantSource clock) {
    var stored = Restore.of(target);
    var loadedBefore = local.at("_local", "first_run").filter(Boolean.FALSE::equals).isPresent();
    if (!stored.exists()) {
      var pending =
          !directory.folder().packages(Stage.EXTRACTED).isEmpty()
              || !directory.folder().packages(Stage.NORMALIZED).isEmpty();
      if (loadedBefore && !pending) {
        directory.update(forgotten(directory));
        return true;
      }
      return false;
    }
    var newer =
        stored
            .state()
            .map(Restore.StoredState::state)
            .filter(remote -> remote.version() >= local.version())
            .filter(remote -> !remote.versionHash().equals(local.versionHash()));
    var update = FolderUpdate.none();
    var changed = newer.isPresent();
    for (var schema : stored.schemas().values()) {
      if (newer.isPresent() || directory.folder().schema(schema.name()).isEmpty()) {
        update = update.schema(schema.name(), schema.bytes());
        changed = true;
      }
    }
    if (newer.isPresent()) {
      var taken = newer.get().with("_local", local.toMap().get("_local")).bumped();
      update =
          update.state(
              taken
                  .withLocal("first_run", false)
                  .withLocal("_last_extracted_at", clock.instant())
                  .withLocal("_last_extracted_hash", taken.versionHash())
                  .bytes());
    }
    if (changed) {
      directory.update(update);
    }
    return changed;
  }

  private static FolderUpdate forgotten(WorkingDirectory directory) {
    var update = FolderUpdate.none().dropState();
    for (var name : directory.folder().schemaNames()) {
      update = update.dropSchema(name);
    }
    return update;
  }
}
