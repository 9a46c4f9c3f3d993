package dev.sluice.progress;

import dev.sluice.seam.Seam;
import java.util.function.Consumer;

/// Tells what happens: to whoever listens, and to the JDK's Flight Recorder if it runs.
@Seam
public final class Events {
  private final Progress progress;
  private volatile boolean broken;

  private Events(Progress progress) {
    this.progress = progress;
  }

  public static Events of(Progress progress) {
    return new Events(progress);
  }

  /// A progress that shows the same and tells a listener, too.
  public static Progress listening(Progress shown, Consumer<Progress.Event> listener) {
    return new Listening(shown, listener);
  }

  /// Whether snapshots are looked at.
  static boolean shows(Progress progress) {
    return progress instanceof Listening listening
        ? shows(listening.shown())
        : progress != NoProgress.NONE;
  }

  /// Whether anybody is told; what happens with every row asks first.
  boolean wanted() {
    return progress != NoProgress.NONE || FlightEvents.recording();
  }

  public void happened(Progress.Event event) {
    FlightEvents.record(event);
    if (broken) {
      return;
    }
    try {
      progress.event(event);
    } catch (RuntimeException unwilling) {
      // A listener that fails must not fail a load.
      broken = true;
      System.getLogger(Events.class.getName())
          .log(System.Logger.Level.WARNING, "Events are no longer told", unwilling);
    }
  }
}
