package dev.sluice.store;

import dev.sluice.seam.Seam;

/// The state of a job inside its package: the folder that its file is in.
@Seam
public enum JobState {
  NEW("new_jobs"),
  STARTED("started_jobs"),
  COMPLETED("completed_jobs"),
  FAILED("failed_jobs");

  private final String folder;

  JobState(String folder) {
    this.folder = folder;
  }

  /// The name of the folder, `new_jobs` for example.
  public String folder() {
    return folder;
  }
}
