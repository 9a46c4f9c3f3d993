package dev.sluice;

import static dev.sluice.Sluice.resource;
import static dev.sluice.Sluice.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.load.Destination;
import dev.sluice.progress.Progress.Event;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a listener is told, and what the Flight Recorder holds.
class EventsTest {
  @TempDir private Path folder;

  private Pipeline pipeline() {
    return Pipeline.of(
            "watched",
            new Surroundings(
                Map.of(),
                folder,
                InstantSource.system(),
                RandomGenerator.getDefault(),
                new PrintStream(OutputStream.nullOutputStream())))
        .to(Destination.duckdb(folder.resolve("watched.duckdb")));
  }

  @Test
  void aListenerIsToldOfStepsPagesFilesAndTables() {
    var events = new ArrayList<Event>();
    var orders =
        resource(
            "orders",
            out -> {
              out.page(List.of(row("id", 1), row("id", 2)));
              out.page(List.of(row("id", 3)));
            });
    pipeline().onEvent(events::add).run(orders);
    assertThat(events.stream().filter(Event.PageExtracted.class::isInstance))
        .containsExactly(
            new Event.PageExtracted("watched", "orders", 2),
            new Event.PageExtracted("watched", "orders", 1));
    assertThat(
            events.stream()
                .filter(Event.FileWritten.class::isInstance)
                .map(Event.FileWritten.class::cast)
                .filter(file -> file.table().equals("orders"))
                .map(file -> file.stage() + " " + file.rows()))
        .containsExactly("extract 3", "normalize 3");
    assertThat(
            events.stream()
                .filter(Event.TableLoaded.class::isInstance)
                .map(Event.TableLoaded.class::cast)
                .filter(loaded -> loaded.table().equals("orders"))
                .map(loaded -> loaded.files() + " " + loaded.rows()))
        .containsExactly("1 3");
    assertThat(
            events.stream()
                .filter(Event.StepEnded.class::isInstance)
                .map(Event.StepEnded.class::cast)
                .map(step -> step.step() + step.error()))
        .containsExactly(
            "syncOptional.empty",
            "extractOptional.empty",
            "normalizeOptional.empty",
            "loadOptional.empty");
  }

  @Test
  void aFailedStepSaysWhy() {
    var events = new ArrayList<Event>();
    var broken =
        resource(
            "broken",
            out -> {
              throw new IllegalStateException("no answer");
            });
    assertThatThrownBy(() -> pipeline().onEvent(events::add).extract(broken))
        .isInstanceOf(PipelineException.class);
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            Event.StepEnded.class,
            ended -> assertThat(ended.error().orElse("")).contains("no answer"));
  }

  @Test
  void aListenerThatThrowsIsToldNoMoreAndTheRunGoesOn() {
    var told = new ArrayList<Event>();
    var info =
        pipeline()
            .onEvent(event -> {
              told.add(event);
              if (event instanceof Event.PageExtracted)
                throw new IllegalStateException("unwilling");
            })
            .run("orders", List.of(row("id", 1)));
    assertThat(info.loadedAnything()).isTrue();
    assertThat(told.stream().filter(Event.FileWritten.class::isInstance))
        .noneMatch(event -> ((Event.FileWritten) event).stage().equals("extract"));
  }

  @Test
  void theFlightRecorderHoldsPagesFilesAndJobs() throws Exception {
    var file = folder.resolve("run.jfr");
    try (var recording = new Recording()) {
      recording.start();
      pipeline().run(resource("orders", out -> out.page(List.of(row("id", 1), row("id", 2)))));
      recording.stop();
      recording.dump(file);
    }
    var events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().startsWith("dev.sluice."))
            .toList();
    assertThat(events.stream().map(event -> event.getEventType().getName()))
        .contains("dev.sluice.Step", "dev.sluice.Page", "dev.sluice.File", "dev.sluice.Job");
    assertThat(of(events, "dev.sluice.Page").getLong("rows")).isEqualTo(2);
    assertThat(of(events, "dev.sluice.Job").getString("pipeline")).isEqualTo("watched");
    assertThat(of(events, "dev.sluice.Job").getDuration("took")).isPositive();
  }

  private static RecordedEvent of(List<RecordedEvent> events, String name) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
