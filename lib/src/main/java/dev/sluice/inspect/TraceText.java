package dev.sluice.inspect;

import java.time.Duration;
import java.util.Locale;

/// A trace as a few lines of text.
final class TraceText {
  private TraceText() {}

  static String of(PipelineTrace trace) {
    var text =
        new StringBuilder()
            .append("pipeline ")
            .append(trace.pipeline())
            .append(", ")
            .append(trace.failed() ? "failed" : "done")
            .append(" in ")
            .append(seconds(trace.took()))
            .append(", began ")
            .append(trace.startedAt());
    for (var step : trace.stepList()) {
      text.append("\n  ")
          .append(step.name())
          .append(step.failed() ? " failed after " : " ")
          .append(seconds(step.took()));
      if (!step.loadIds().isEmpty()) {
        text.append(", package ").append(String.join(", ", step.loadIds()));
      }
      for (var error : step.errors()) {
        text.append("\n    ")
            .append(error.type().substring(error.type().lastIndexOf('.') + 1))
            .append(": ")
            .append(error.message().lines().findFirst().orElse(""));
      }
    }
    return text.toString();
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
  }
}
