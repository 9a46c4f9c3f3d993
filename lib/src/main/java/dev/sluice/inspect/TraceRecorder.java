package dev.sluice.inspect;

import dev.sluice.config.Config;
import dev.sluice.seam.Seam;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Writes down what a run does while it does it. Steps may stand within steps (extract in run); a
/// step belongs to the thread that began it.
///
/// ```java
/// recorder.begin("extract");
/// try {
///   var info = extract();
///   recorder.end(info.loadIds(), Map.of("rows", 7), info.toString());
/// } catch (Exception e) {
///   recorder.fail(e);
///   throw e;
/// }
/// directory.put(PipelineTrace.FILE, recorder.trace(config.lookups()).after(earlier).toJson());
/// ```
@Seam
public final class TraceRecorder {
  private static final int MAX_STACK = 40;
  private static final int MAX_CHAIN = 20;

  private final String pipeline;
  private final InstantSource clock;
  private final UnaryOperator<String> mask;
  private final Instant startedAt;
  private final Deque<Open> open = new ArrayDeque<>();
  private final List<Map.Entry<Integer, TraceStep>> steps = new ArrayList<>();
  private int begun;

  private record Open(int number, String name, Instant startedAt) {}

  private TraceRecorder(String pipeline, InstantSource clock, UnaryOperator<String> mask) {
    this.pipeline = pipeline;
    this.clock = clock;
    this.mask = mask;
    this.startedAt = clock.instant();
  }

  /// `mask` takes secrets out of error messages and reports.
  public static TraceRecorder of(String pipeline, InstantSource clock, UnaryOperator<String> mask) {
    return new TraceRecorder(pipeline, clock, mask);
  }

  public void begin(String step) {
    open.push(new Open(begun++, step, clock.instant()));
  }

  /// Ends the step begun last. `info` is plain JSON: numbers, texts, lists, maps.
  public void end(List<String> loadIds, Map<String, ?> info, String report) {
    var facts = new LinkedHashMap<String, Object>();
    info.forEach((key, value) -> facts.put(key, masked(value)));
    finish(List.copyOf(loadIds), facts, mask.apply(report), List.of());
  }

  /// The same with no secret in its texts.
  private Object masked(Object value) {
    return switch (value) {
      case String text -> mask.apply(text);
      case List<?> list -> list.stream().map(this::masked).toList();
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<Object, Object>();
        map.forEach((key, inner) -> copy.put(key, masked(inner)));
        yield copy;
      }
      default -> value;
    };
  }

  /// Ends the step begun last with the error that ended it.
  public void fail(Throwable error) {
    fail(error, List.of());
  }

  /// The same, naming the packages that stay pending.
  public void fail(Throwable error, List<String> loadIds) {
    finish(List.copyOf(loadIds), Map.of(), "", chain(error));
  }

  /// What was recorded, steps in the order in which they began.
  public PipelineTrace trace(List<Config.Lookup> lookups) {
    return new PipelineTrace(
        pipeline,
        startedAt,
        clock.instant(),
        steps.stream().sorted(Map.Entry.comparingByKey()).map(Map.Entry::getValue).toList(),
        lookups);
  }

  private void finish(
      List<String> loadIds,
      Map<String, Object> info,
      String report,
      List<TraceStep.TraceError> errors) {
    var step = open.poll();
    if (step == null) {
      throw new IllegalStateException("No step of pipeline '" + pipeline + "' was begun");
    }
    steps.add(
        Map.entry(
            step.number(),
            new TraceStep(
                step.name(), step.startedAt(), clock.instant(), loadIds, info, report, errors)));
  }

  private List<TraceStep.TraceError> chain(Throwable error) {
    var chain = new ArrayList<TraceStep.TraceError>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable at = error; at != null && seen.add(at) && chain.size() < MAX_CHAIN; ) {
      var stack = new ArrayList<String>();
      for (var frame : at.getStackTrace()) {
        if (stack.size() == MAX_STACK) {
          break;
        }
        stack.add(frame.toString());
      }
      var message = at.getMessage() == null ? "" : at.getMessage();
      chain.add(new TraceStep.TraceError(at.getClass().getName(), mask.apply(message), stack));
      at = at.getCause();
    }
    return chain;
  }
}
