package dev.sluice.progress;

enum NoProgress implements Progress {
  NONE;

  @Override
  public void report(Snapshot snapshot) {
    // Nobody looks.
  }
}
