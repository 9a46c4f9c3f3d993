package dev.sluice.inspect;

import dev.sluice.config.Config;
import dev.sluice.json.Json;
import dev.sluice.seam.Seam;
import dev.sluice.store.PipelineFolder;
import dev.sluice.table.Cells;
import dev.sluice.table.Grid;
import dev.sluice.table.Tables;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tech.tablesaw.api.Table;

/// What the last run did: its steps with their times, what came of them, the errors, and the
/// settings used with the place where each was found.
///
/// ```java
/// var trace = pipeline.lastTrace().orElseThrow();
/// IO.println(trace);            // a line a step
/// IO.println(trace.steps());    // as Tablesaw tables
/// IO.println(trace.errors());
/// IO.println(trace.settings()); // secrets are ***
/// ```
///
/// It is kept as `trace.json` in the pipeline's folder, so that any later script may look. Steps
/// that are called on one pipeline object one by one make one trace of up to 100; a run begins
/// another, and so does a later script.
public final class PipelineTrace {
  /// The file in the pipeline's folder.
  @Seam public static final String FILE = "trace.json";

  private static final int MAX_STEPS = 100;
  private static final int VERSION = 1;

  private final String pipeline;
  private final Instant startedAt;
  private final Instant finishedAt;
  private final List<TraceStep> steps;
  private final List<Config.Lookup> lookups;

  PipelineTrace(
      String pipeline,
      Instant startedAt,
      Instant finishedAt,
      List<TraceStep> steps,
      List<Config.Lookup> lookups) {
    this.pipeline = pipeline;
    this.startedAt = startedAt;
    this.finishedAt = finishedAt;
    this.steps = List.copyOf(steps);
    this.lookups = List.copyOf(lookups);
  }

  /// The trace kept in a pipeline's folder; empty if there is none, or none that can be read.
  @Seam
  public static Optional<PipelineTrace> read(PipelineFolder folder) {
    return folder.file(FILE).flatMap(PipelineTrace::ofJson);
  }

  /// The name of the pipeline.
  public String pipeline() {
    return pipeline;
  }

  /// When the first step began.
  public Instant startedAt() {
    return startedAt;
  }

  /// When the last step ended.
  public Instant finishedAt() {
    return finishedAt;
  }

  /// From the first step's begin to the last one's end.
  public Duration took() {
    return Duration.between(startedAt, finishedAt);
  }

  /// Whether a step failed.
  public boolean failed() {
    return steps.stream().anyMatch(TraceStep::failed);
  }

  /// The steps: step, started, seconds, outcome, load ids, error.
  public Table steps() {
    return Tables.of(stepGrid());
  }

  /// The errors, outermost first: step, depth, type, message.
  public Table errors() {
    return Tables.of(errorGrid());
  }

  /// The settings that were looked up: key, value (`***` for secrets), where it was found.
  public Table settings() {
    return Tables.of(settingGrid());
  }

  /// What each step counted: step, key, value.
  public Table infos() {
    return Tables.of(infoGrid());
  }

  /// The steps on an axis of time, and below them the files that each worker normalized and the
  /// tables that were loaded.
  public Chart chart() {
    var began = startedAt.truncatedTo(ChronoUnit.SECONDS);
    return Timeline.of("pipeline " + pipeline + ", " + began, TraceSpans.of(steps));
  }

  /// A line for each step.
  @Override
  public String toString() {
    return TraceText.of(this);
  }

  /// Whether there was no step at all.
  @Seam
  public boolean empty() {
    return steps.isEmpty();
  }

  /// The trace after an earlier one: a run of several steps stands alone, a single step is added.
  @Seam
  public PipelineTrace after(Optional<PipelineTrace> earlier) {
    if (earlier.isEmpty() || steps.size() > 1) {
      return this;
    }
    var all = new ArrayList<>(earlier.get().steps);
    all.addAll(steps);
    var kept = all.subList(Math.max(0, all.size() - MAX_STEPS), all.size());
    return new PipelineTrace(pipeline, kept.getFirst().startedAt(), finishedAt, kept, lookups);
  }

  /// As [#FILE] holds it.
  @Seam
  public byte[] toJson() {
    var map = new LinkedHashMap<String, Object>();
    map.put("version", VERSION);
    map.put("pipeline", pipeline);
    map.put("started_at", startedAt.toString());
    map.put("finished_at", finishedAt.toString());
    map.put("steps", steps.stream().map(TraceStep::toMap).toList());
    map.put(
        "settings",
        lookups.stream()
            .map(found ->
                Map.of("key", found.key(), "value", found.value(), "from", found.provider()))
            .toList());
    return Json.dumpb(map);
  }

  static Optional<PipelineTrace> ofJson(byte[] bytes) {
    try {
      Object read = Json.loadb(bytes);
      if (!(read instanceof Map<?, ?> map)) {
        return Optional.empty();
      }
      var steps = new ArrayList<TraceStep>();
      for (var step : TraceStep.list(map, "steps")) {
        if (step instanceof Map<?, ?> one) {
          steps.add(TraceStep.fromMap(one));
        }
      }
      var lookups = new ArrayList<Config.Lookup>();
      for (var setting : TraceStep.list(map, "settings")) {
        if (setting instanceof Map<?, ?> one) {
          lookups.add(
              new Config.Lookup(
                  TraceStep.text(one, "key"),
                  TraceStep.text(one, "value"),
                  TraceStep.text(one, "from")));
        }
      }
      return Optional.of(
          new PipelineTrace(
              TraceStep.text(map, "pipeline"),
              Instant.parse(TraceStep.text(map, "started_at")),
              Instant.parse(TraceStep.text(map, "finished_at")),
              steps,
              lookups));
    } catch (RuntimeException unreadable) {
      return Optional.empty(); // a trace that broke off is no reason to stop a run
    }
  }

  List<TraceStep> stepList() {
    return steps;
  }

  Grid stepGrid() {
    var grid =
        Grid.of(pipeline + " steps", "step", "started", "seconds", "outcome", "load ids", "error");
    for (var step : steps) {
      grid.row(
          step.name(),
          step.startedAt().truncatedTo(ChronoUnit.MILLIS),
          step.took().toMillis() / 1000.0,
          step.failed() ? "failed" : "done",
          String.join(", ", step.loadIds()),
          step.failed() ? step.errors().getFirst().message() : null);
    }
    return grid.build();
  }

  Grid errorGrid() {
    var grid = Grid.of(pipeline + " errors", "step", "depth", "type", "message", "at");
    for (var step : steps) {
      var depth = 0;
      for (var error : step.errors()) {
        grid.row(
            step.name(),
            depth++,
            error.type(),
            error.message(),
            error.stack().isEmpty() ? null : error.stack().getFirst());
      }
    }
    return grid.build();
  }

  Grid settingGrid() {
    var grid = Grid.of(pipeline + " settings", "key", "value", "from");
    lookups.forEach(found -> grid.row(found.key(), found.value(), found.provider()));
    return grid.build();
  }

  Grid infoGrid() {
    var grid = Grid.of(pipeline + " infos", "step", "key", "value");
    for (var step : steps) {
      step.info()
          .forEach((key, value) -> {
            if (!key.equals("jobs")) {
              grid.row(step.name(), key, Cells.text(Cells.of(value)));
            }
          });
    }
    return grid.build();
  }
}
