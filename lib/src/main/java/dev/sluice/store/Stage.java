package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.nio.file.Path;

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

  Path in(Path root) {
    return root.resolve(parent).resolve(folder);
  }
}
