package dev.sluice.progress;

import java.util.function.Consumer;

/// Shows what another shows, and tells a listener what happens.
record Listening(Progress shown, Consumer<Progress.Event> listener) implements Progress {
  @Override
  public void report(Snapshot snapshot) {
    shown.report(snapshot);
  }

  @Override
  public void event(Event event) {
    shown.event(event);
    listener.accept(event);
  }
}
