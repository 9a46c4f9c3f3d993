package dev.sluice.inspect;

import dev.sluice.config.Nearest;
import dev.sluice.seam.Seam;
import dev.sluice.store.PipelineFolder;
import dev.sluice.store.Stage;
import java.util.Arrays;
import java.util.List;

/// The load packages of a pipeline, as the facade hands them out.
@Seam
public final class Packages {
  private final PipelineFolder folder;

  private Packages(PipelineFolder folder) {
    this.folder = folder;
  }

  public static Packages of(PipelineFolder folder) {
    return new Packages(folder);
  }

  public List<LoadPackage> extracted() {
    return in(Stage.EXTRACTED);
  }

  public List<LoadPackage> normalized() {
    return in(Stage.NORMALIZED);
  }

  public List<LoadPackage> loaded() {
    return in(Stage.LOADED);
  }

  /// All of them, the oldest first.
  public List<LoadPackage> all() {
    return Arrays.stream(Stage.values())
        .flatMap(stage -> in(stage).stream())
        .sorted((left, right) -> left.loadId().compareTo(right.loadId()))
        .toList();
  }

  /// The package with that id, in whichever stage it is; the error names the nearest ids.
  public LoadPackage get(String loadId) {
    return folder
        .find(loadId)
        .map(LoadPackage::of)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "Pipeline '"
                    + folder.name()
                    + "' has no package '"
                    + loadId
                    + "'"
                    + Nearest.hint(loadId, all().stream().map(LoadPackage::loadId).toList())));
  }

  private List<LoadPackage> in(Stage stage) {
    return folder.packages(stage).stream().map(LoadPackage::of).toList();
  }
}
