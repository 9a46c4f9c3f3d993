package dev.sluice.inspect;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The steps of a trace as spans of time: a step that stands within another is indented, and so is
/// what it timed (`jobs` in its info): the files that each worker normalized, and the tables
/// loaded.
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
              step.name(),
              around.size(),
              step.startedAt(),
              step.finishedAt(),
              step.failed(),
              step.name()));
      around.add(step);
      var depth = around.size();
      TraceStep.list(step.info(), "jobs").stream()
          .flatMap(job -> job instanceof Map<?, ?> one ? span(one, depth) : Stream.empty())
          .sorted(Comparator.comparing(Timeline.Span::name))
          .forEach(spans::add);
    }
    return spans;
  }

  private static boolean within(TraceStep inner, TraceStep outer) {
    return !inner.startedAt().isBefore(outer.startedAt())
        && !inner.finishedAt().isAfter(outer.finishedAt())
        && inner.startedAt().isBefore(outer.finishedAt());
  }

  private static Stream<Timeline.Span> span(Map<?, ?> job, int depth) {
    try {
      var worker = TraceStep.text(job, "worker");
      return Stream.of(
          new Timeline.Span(
              worker.isEmpty() ? TraceStep.text(job, "table_name") : worker,
              depth,
              Instant.parse(TraceStep.text(job, "started_at")),
              Instant.parse(TraceStep.text(job, "finished_at")),
              false,
              TraceStep.text(job, worker.isEmpty() ? "table_name" : "job_id")));
    } catch (DateTimeException untimed) {
      return Stream.empty();
    }
  }
}
