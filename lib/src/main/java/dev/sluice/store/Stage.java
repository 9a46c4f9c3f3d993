package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.nio.file.Path;
import java.util.Arrays;

/// How far a package has come; each stage has a folder of its own in the working directory.
@Seam
public enum Stage {
  EXTRACTED("normalize", "extracted"),
  NORMALIZED("load", "normalized"),
  LOADED("load", "loaded");

  private final String parent;
  private final String folder;

  Stage(String parent, String folder) {
    this.parent = parent;
    this.folder = folder;
  }

  /// The stage's name in lower case.
  String word() {
    return folder;
  }

  static Stage named(String word) {
    return Arrays.stream(values())
        .filter(stage -> stage.folder.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no stage: " + word));
  }

  Path in(Path root) {
    return root.resolve(parent).resolve(folder);
  }
}
