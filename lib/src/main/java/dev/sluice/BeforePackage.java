package dev.sluice;

import dev.sluice.schema.Schema;
import dev.sluice.schema.State;
import dev.sluice.store.PipelineFolder;
import dev.sluice.store.Stage;
import dev.sluice.store.StoredPackage;
import dev.sluice.store.StoredPackage.RestorePoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// What a pipeline goes back to without a package: its state and schemas before the extract.
///
/// - several sources make a package each, and some may be loaded already: those keep their cursors
///   and schemas, or their rows would come twice
final class BeforePackage {
  private BeforePackage() {}

  /// Where to go back to; empty if nobody kept it.
  static Optional<RestorePoint> of(PipelineFolder folder, StoredPackage unwanted) {
    var loaded = loadedBeside(folder, unwanted);
    return unwanted
        .restorePoint()
        .map(before -> loaded.isEmpty() ? before : keeping(folder, before, loaded));
  }

  /// The sources of the same extract that are loaded.
  private static List<String> loadedBeside(PipelineFolder folder, StoredPackage unwanted) {
    var together = unwanted.extractedWith();
    return folder.packages(Stage.LOADED).stream()
        .filter(other -> together.contains(other.loadId()))
        .filter(other -> !other.loadId().equals(unwanted.loadId()))
        .map(other -> Schema.read(other.schema(), other.folder().resolve("schema.json")).name())
        .toList();
  }

  private static RestorePoint keeping(
      PipelineFolder folder, RestorePoint before, List<String> sources) {
    var file = folder.root().resolve("state.json");
    var now = folder.state().map(json -> State.read(json, file));
    if (now.isEmpty()) {
      return before;
    }
    var state = before.state().map(json -> State.read(json, file));
    var cursors =
        new LinkedHashMap<String, Object>(state.map(State::sources).orElseGet(LinkedHashMap::new));
    var schemas = new LinkedHashMap<>(before.schemas());
    for (var source : sources) {
      if (now.get().sources().get(source) instanceof Object kept) {
        cursors.put(source, kept);
      } else {
        cursors.remove(source);
      }
      folder.schema(source).ifPresent(schema -> schemas.put(source, schema));
    }
    // Before the first extract there was no state: what is not of a source is as it is now.
    var back = state.orElse(now.get()).with("sources", cursors).bumped();
    return new RestorePoint(Optional.of(back.bytes()), schemas);
  }
}
