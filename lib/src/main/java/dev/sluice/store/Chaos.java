package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A fault that a user asks for, to see what becomes of a pipeline of their own: the variable
/// `SLUICE_CHAOS=kill:load:3` strikes at the third change that the load makes on the disk of the
/// working directory. Without the variable nothing is counted.
///
/// - `kill` halts the JVM at once, with code 137 and without any clean-up, as `kill -9` does
/// - `error` makes the change fail with an [IOException]
/// - `stop` interrupts the thread that runs the stage, as the stop button of a notebook does
/// - stages: `sync`, `extract`, `normalize`, `load`, counted over all times that a run enters them
/// - changes: a file is written, synced, renamed or deleted, a folder synced
@Seam
public final class Chaos {
  static final int KILLED = 137;

  private static final String VARIABLE = "SLUICE_CHAOS";
  private static final List<String> KINDS = List.of("kill", "error", "stop");
  private static final List<String> STAGES = List.of("sync", "extract", "normalize", "load");

  // Fixed when the class is loaded, so that a change costs nothing without the variable.
  private static final @Nullable String ASKED = System.getenv(VARIABLE);
  private static final @Nullable Chaos ACTIVE = ASKED == null ? null : parsed(ASKED);

  private final String kind;
  private final String stage;
  private final long nth;
  private final AtomicLong changes = new AtomicLong();
  private volatile @Nullable Thread inStage;

  private Chaos(String kind, String stage, long nth) {
    this.kind = kind;
    this.stage = stage;
    this.nth = nth;
  }

  /// A fault from its text.
  ///
  /// - fails with [IllegalArgumentException] if the text is none
  static Chaos of(String text) {
    var chaos = parsed(text);
    if (chaos == null) {
      throw new IllegalArgumentException(
          "The variable %s is '%s', but must be <kind>:<stage>:<n>, for instance kill:load:3; kinds are %s, stages %s, and n counts from 1"
              .formatted(VARIABLE, text, String.join(", ", KINDS), String.join(", ", STAGES)));
    }
    return chaos;
  }

  private static @Nullable Chaos parsed(String text) {
    var parts = text.strip().split(":", -1);
    return parts.length == 3
            && KINDS.contains(parts[0])
            && STAGES.contains(parts[1])
            && parts[2].matches("[1-9]\\d{0,8}")
        ? new Chaos(parts[0], parts[1], Long.parseLong(parts[2]))
        : null;
  }

  /// This thread begins a stage.
  ///
  /// - fails with [IllegalArgumentException] if the variable is set and says no fault
  public static void enter(String stage) {
    if (ASKED != null) {
      (ACTIVE == null ? of(ASKED) : ACTIVE).begin(stage);
    }
  }

  /// The stage is over.
  public static void leave() {
    if (ACTIVE != null) {
      ACTIVE.inStage = null;
    }
  }

  /// Something on the disk is about to change.
  static void change(String what, Path where) throws IOException {
    if (ACTIVE != null) {
      ACTIVE.strike(what, where);
    }
  }

  void begin(String entered) {
    inStage = entered.equals(stage) ? Thread.currentThread() : null;
  }

  void strike(String what, Path where) throws IOException {
    var thread = inStage;
    if (thread == null || changes.incrementAndGet() != nth) {
      return;
    }
    switch (kind) {
      case "kill" -> Runtime.getRuntime().halt(KILLED);
      case "stop" -> thread.interrupt();
      default ->
          throw new IOException(
              "%s=%s:%s:%d lets the %s of '%s' fail"
                  .formatted(VARIABLE, kind, stage, nth, what, where));
    }
  }
}
