package dev.sluice.load;

import dev.sluice.json.Json;
import dev.sluice.schema.State;
import dev.sluice.seam.Seam;
import dev.sluice.store.PipelineFolder;
import dev.sluice.store.Stage;
import dev.sluice.store.StoredPackage;
import dev.sluice.store.WorkingDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a working directory knows of one dataset, in a file of its own: how the dataset stood when
/// the pipeline last loaded into it or looked at it. A dataset that lacks that load went back.
///
/// - `load`: the newest load that the folder builds upon; empty if it never loaded there
/// - `stateLoad`: the load that brought the newest state that stands there
/// - `accepted`: the load whose state somebody said to go on from, though the dataset went back
@Seam
public record DatasetMark(
    String location,
    String dataset,
    Optional<String> load,
    Optional<String> stateLoad,
    Optional<String> accepted) {
  private static final int NAME_CHARACTERS = 16;
  private static final String FILE = "destination.";

  /// Where a folder of a release without marks says what it last loaded into.
  private static final String SEEN = "destination.seen";

  /// The mark of a dataset; one that knows nothing if there is none, and for databases in memory.
  public static DatasetMark read(PipelineFolder folder, Target target) {
    if (target.file().isEmpty()) {
      return unknown(target);
    }
    return folder
        .file(file(target))
        .map(DatasetMark::decode)
        .filter(found -> found.isOf(target))
        .or(() -> moved(folder, target))
        .orElseGet(() -> derived(folder, target));
  }

  /// The mark that a package was extracted with; empty if nobody wrote one.
  static Optional<DatasetMark> of(StoredPackage source) {
    return source.knownDestination().map(DatasetMark::decode);
  }

  static DatasetMark unknown(Target target) {
    return new DatasetMark(
        target.location(), target.dataset(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  boolean isOf(Target target) {
    return location.equals(target.location()) && dataset.equals(target.dataset());
  }

  /// After a load of ours; `state` is the load that brought the newest state.
  DatasetMark loaded(String loadId, Optional<String> state) {
    return new DatasetMark(location, dataset, Optional.of(loadId), state, accepted);
  }

  /// After a look at the dataset that found its newest state.
  ///
  /// - `taken`: whether the pipeline goes on from that state
  public DatasetMark seen(Optional<String> state, boolean taken) {
    return new DatasetMark(
        location, dataset, taken && state.isPresent() ? state : load, state, accepted);
  }

  /// With whatever stands in the dataset taken for right.
  ///
  /// - `newest`: the newest load of this folder that stands there
  public DatasetMark accepting(Optional<String> newest, Optional<String> state) {
    return new DatasetMark(location, dataset, newest, state, state);
  }

  /// With the state that stands in the dataset taken for right, but not yet what is missing there.
  public DatasetMark acceptingState(Optional<String> state) {
    return new DatasetMark(location, dataset, load, state, state);
  }

  /// Keeps it, durably; one of a database in memory is forgotten.
  public void keep(WorkingDirectory directory, Target target) {
    if (target.file().isEmpty()) {
      return;
    }
    var content = json().getBytes(StandardCharsets.UTF_8);
    var name = file(target);
    if (directory
        .folder()
        .file(name)
        .filter(old -> MessageDigest.isEqual(old, content))
        .isEmpty()) {
      directory.put(name, content);
    }
  }

  /// The refusal to go on with a dataset that went back.
  ///
  /// - `gone`: whether there is no dataset at all
  /// - `newest`: the newest load that it has
  public LoadException refusal(Target target, boolean gone, Optional<String> newest) {
    var name = target.pipeline();
    return new LoadException(
        "Dataset '%s' at '%s' %s, which this pipeline has made there%s: the destination went back (a backup put in its place, a file deleted), so that what came after would leave a hole. Choose: go on and accept the hole (ifRewound(GO_ON), or: sluice sync %s --go-on); extract everything again into emptied tables (ifRewound(EXTRACT_AGAIN), or: --extract-again); go back to the state that the destination has, so that what is missing is extracted again (ifRewound(TAKE_STATE), or: --take-state). If only rows of _dlt_loads were deleted, nothing is missing: go on"
            .formatted(
                dataset,
                location,
                gone
                    ? "is gone, and with it load '" + load.orElse("") + "'"
                    : "lacks load '" + load.orElse("") + "'",
                gone
                    ? ""
                    : newest.map(id -> " (its newest is '" + id + "')").orElse(" (it has none)"),
                name));
  }

  /// The text of its file.
  public String json() {
    var map = new LinkedHashMap<String, @Nullable Object>();
    map.put("location", location);
    map.put("dataset", dataset);
    map.put("load", load.orElse(null));
    map.put("state_load", stateLoad.orElse(null));
    map.put("accepted", accepted.orElse(null));
    return Json.dumps(map);
  }

  private static DatasetMark decode(byte[] bytes) {
    Map<String, @Nullable Object> map = Json.loadb(bytes);
    return new DatasetMark(
        String.valueOf(map.get("location")),
        String.valueOf(map.get("dataset")),
        text(map, "load"),
        text(map, "state_load"),
        text(map, "accepted"));
  }

  private static Optional<String> text(Map<String, @Nullable Object> map, String key) {
    return map.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private static String file(Target target) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256")
              .digest(
                  (target.location() + "\n" + target.dataset()).getBytes(StandardCharsets.UTF_8));
      return FILE + HexFormat.of().formatHex(digest).substring(0, NAME_CHARACTERS) + ".json";
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// Of a project that was moved as a whole, with working directory and database: the mark of the
  /// file of that name which is no more where it was. Two such files cannot be told apart.
  private static Optional<DatasetMark> moved(PipelineFolder folder, Target target) {
    var name = target.file().map(Path::getFileName);
    var left =
        folder.files(FILE).stream()
            .flatMap(file -> folder.file(file).stream())
            .map(DatasetMark::decode)
            .filter(mark -> mark.dataset.equals(target.dataset()))
            .filter(mark -> Optional.ofNullable(Path.of(mark.location).getFileName()).equals(name))
            .filter(mark -> !Files.exists(Path.of(mark.location)))
            .toList();
    return left.size() == 1 ? Optional.of(left.getFirst().at(target.location())) : Optional.empty();
  }

  private DatasetMark at(String place) {
    return new DatasetMark(place, dataset, load, stateLoad, accepted);
  }

  /// Of a folder without marks: the newest package that was loaded into a dataset of that name, if
  /// both the last load and the state say that the pipeline last loaded into this very file.
  private static DatasetMark derived(PipelineFolder folder, Target target) {
    var mark = unknown(target);
    var seen =
        folder.file(SEEN).map(bytes -> new String(bytes, StandardCharsets.UTF_8).lines().toList());
    if (seen.filter(
                lines ->
                    lines.size() > 1
                        && lines.getFirst().equals(target.location())
                        && lines.get(1).equals(target.dataset()))
            .isEmpty()
        || !locationOf(folder).equals(Optional.of(target.location()))) {
      return mark;
    }
    return folder.packages(Stage.LOADED).reversed().stream()
        .filter(loaded -> loaded.file(LoadRecord.FILE).isPresent())
        .filter(loaded -> LoadRecord.of(loaded).dataset().equals(target.dataset()))
        .filter(loaded -> loaded.completion().filter("loaded"::equals).isPresent())
        .findFirst()
        .map(loaded ->
            new DatasetMark(
                mark.location,
                mark.dataset,
                Optional.of(loaded.loadId()),
                Optional.empty(),
                Optional.empty()))
        .orElse(mark);
  }

  private static Optional<String> locationOf(PipelineFolder folder) {
    return folder
        .state()
        .map(json -> State.read(json, folder.root().resolve("state.json")))
        .flatMap(state -> state.at("_local", "destination_location"))
        .map(String::valueOf);
  }

  /// The loads that this folder itself has made or is about to make.
  static Set<String> own(PipelineFolder folder) {
    return List.of(Stage.NORMALIZED, Stage.LOADED).stream()
        .flatMap(stage -> folder.packages(stage).stream())
        .map(StoredPackage::loadId)
        .collect(Collectors.toSet());
  }
}
