package dev.sluice.inspect;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The steps of a trace as spans of time: a step that stands within another is indented, and so are
/// the jobs in its info (`jobs`: a list with `job`, `started_at`, `finished_at`).
final class TraceSpans {
  private TraceSpans() {}

  static List<Timeline.Span> of(List<TraceStep> steps) {
    var spans = new ArrayList<Timeline.Span>();
    var around = new ArrayList<TraceStep>();
    for (var step : steps) {
      while (!around.isEmpty() && !within(step, around.getLast())) {
        around.removeLast();
      }
      spans.add(
          new Timeline.Span(
              step.name(), around.size(), step.startedAt(), step.finishedAt(), step.failed()));
      around.add(step);
      for (var job : TraceStep.list(step.info(), "jobs")) {
        if (job instanceof Map<?, ?> one) {
          add(one, around.size(), spans);
        }
      }
    }
    return spans;
  }

  private static boolean within(TraceStep inner, TraceStep outer) {
    return !inner.startedAt().isBefore(outer.startedAt())
        && !inner.finishedAt().isAfter(outer.finishedAt())
        && inner.startedAt().isBefore(outer.finishedAt());
  }

  private static void add(Map<?, ?> job, int depth, List<Timeline.Span> spans) {
    try {
      spans.add(
          new Timeline.Span(
              TraceStep.text(job, "job"),
              depth,
              Instant.parse(TraceStep.text(job, "started_at")),
              Instant.parse(TraceStep.text(job, "finished_at")),
              TraceStep.text(job, "state").equals("failed")));
    } catch (DateTimeException untimed) {
      return; // a job without times is no span
    }
  }
}
