package dev.sluice.progress;

import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/// Events of the JDK's Flight Recorder: `java -XX:StartFlightRecording=filename=run.jfr`, then `jfr
/// print --events 'dev.sluice.*' run.jfr` or JDK Mission Control.
///
/// How long something took is a field of its own: an event is written when it is over.
@SuppressWarnings("UnusedVariable") // the flight recorder reads the fields of events
final class FlightEvents {
  private FlightEvents() {}

  static boolean recording() {
    return FlightRecorder.isInitialized();
  }

  static void record(Progress.Event event) {
    // As long as nobody records, none of the classes below is loaded.
    if (recording()) {
      recorded(event).commit();
    }
  }

  private static Event recorded(Progress.Event event) {
    return switch (event) {
      case Progress.Event.StepStarted started ->
          new Step(started.pipeline(), started.step(), "started", Duration.ZERO, "");
      case Progress.Event.StepEnded ended ->
          new Step(
              ended.pipeline(),
              ended.step(),
              ended.error().isPresent() ? "failed" : "done",
              ended.took(),
              ended.error().orElse(""));
      case Progress.Event.PageExtracted page ->
          new Page(page.pipeline(), page.resource(), page.rows());
      case Progress.Event.FileWritten file ->
          new WrittenFile(file.pipeline(), file.stage(), file.table(), file.file(), file.rows());
      case Progress.Event.TableLoaded loaded ->
          new Job(
              loaded.pipeline(),
              loaded.loadId(),
              loaded.table(),
              loaded.files(),
              loaded.rows(),
              loaded.took());
      case Progress.Event.Waited waited ->
          new Wait(waited.pipeline(), waited.stage(), waited.why(), waited.took());
    };
  }

  @Name("dev.sluice.Step")
  @Label("Step")
  @Category("Sluice")
  @StackTrace(false)
  private static final class Step extends Event {
    final String pipeline;
    final String step;
    final String outcome;
    @Timespan final long took;
    final String error;

    Step(String pipeline, String step, String outcome, Duration took, String error) {
      this.pipeline = pipeline;
      this.step = step;
      this.outcome = outcome;
      this.took = took.toNanos();
      this.error = error;
    }
  }

  @Name("dev.sluice.Page")
  @Label("Page")
  @Category("Sluice")
  @StackTrace(false)
  private static final class Page extends Event {
    final String pipeline;
    final String resource;
    final long rows;

    Page(String pipeline, String resource, long rows) {
      this.pipeline = pipeline;
      this.resource = resource;
      this.rows = rows;
    }
  }

  @Name("dev.sluice.File")
  @Label("File")
  @Category("Sluice")
  @StackTrace(false)
  private static final class WrittenFile extends Event {
    final String pipeline;
    final String stage;
    final String table;
    final String file;
    final long rows;

    WrittenFile(String pipeline, String stage, String table, String file, long rows) {
      this.pipeline = pipeline;
      this.stage = stage;
      this.table = table;
      this.file = file;
      this.rows = rows;
    }
  }

  @Name("dev.sluice.Job")
  @Label("Job")
  @Category("Sluice")
  @StackTrace(false)
  private static final class Job extends Event {
    final String pipeline;
    final String loadId;
    final String table;
    final int files;
    final long rows;
    @Timespan final long took;

    Job(String pipeline, String loadId, String table, int files, long rows, Duration took) {
      this.pipeline = pipeline;
      this.loadId = loadId;
      this.table = table;
      this.files = files;
      this.rows = rows;
      this.took = took.toNanos();
    }
  }

  @Name("dev.sluice.Wait")
  @Label("Wait")
  @Category("Sluice")
  @StackTrace(false)
  private static final class Wait extends Event {
    final String pipeline;
    final String stage;
    final String why;
    @Timespan final long took;

    Wait(String pipeline, String stage, String why, Duration took) {
      this.pipeline = pipeline;
      this.stage = stage;
      this.why = why;
      this.took = took.toNanos();
    }
  }
}
