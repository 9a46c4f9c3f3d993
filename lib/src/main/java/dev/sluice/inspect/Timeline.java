package dev.sluice.inspect;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Spans of time below one another, on one axis of seconds from the first begin.
final class Timeline {
  private static final int WIDTH = 720;
  private static final int ROW = 24;
  private static final int TOP = 44;
  private static final int MAX_SPANS = 200;

  /// `depth` indents the name; a failed span is red.
  record Span(String name, int depth, Instant from, Instant to, boolean failed) {}

  private Timeline() {}

  static Chart of(String title, List<Span> all) {
    var spans = all.subList(0, Math.min(MAX_SPANS, all.size()));
    var begin = spans.stream().map(Span::from).min(Instant::compareTo).orElse(Instant.EPOCH);
    var end = spans.stream().map(Span::to).max(Instant::compareTo).orElse(begin);
    var scale = Scale.upTo(Math.max(seconds(begin, end), 0.001));
    var widest =
        spans.stream()
            .mapToDouble(span -> Svg.width(span.name(), 12) + 14 * span.depth())
            .max()
            .orElse(0);
    var left = 16 + Math.min(240, Math.max(90, widest)) + 16;
    var length = WIDTH - left - (spans.stream().anyMatch(Span::failed) ? 140 : 80);
    var bottom = TOP + ROW * spans.size();
    var svg = new Svg(title).bold(16, 24, title, 14, Svg.TEXT, WIDTH - 32);
    for (var tick = 0; tick <= scale.ticks(); tick++) {
      var x = left + scale.at(scale.tick(tick), length);
      svg.line(x, TOP - 4, x, bottom + 4, Svg.GRID)
          .text(x, bottom + 18, Scale.label(scale.tick(tick)) + " s", 11, Svg.FAINT, "middle");
    }
    for (var row = 0; row < spans.size(); row++) {
      var span = spans.get(row);
      var y = TOP + ROW * row;
      var x = left + scale.at(seconds(begin, span.from()), length);
      var width = scale.at(seconds(span.from(), span.to()), length);
      var took = String.format(Locale.ROOT, "%.2f s", seconds(span.from(), span.to()));
      svg.text(
              16 + 14 * span.depth(),
              y + 16,
              Svg.fit(span.name(), 12, left - 24 - 14.0 * span.depth()),
              12,
              Svg.TEXT,
              "start")
          .rect(
              x,
              y + 4,
              width,
              ROW - 8,
              span.failed() ? Svg.BAD : span.depth() == 0 ? Svg.BAR : Svg.GOOD,
              span.name() + ": " + took + (span.failed() ? ", failed" : ""))
          .text(
              x + width + 6,
              y + 16,
              took + (span.failed() ? ", failed" : ""),
              12,
              span.failed() ? Svg.BAD : Svg.TEXT,
              "start");
    }
    return new Chart(title, svg.build(WIDTH, bottom + 30), vegaLite(title, spans));
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }

  private static Map<String, Object> vegaLite(String title, List<Span> spans) {
    var values =
        spans.stream()
            .map(span ->
                Map.of(
                    "name",
                    span.name(),
                    "from",
                    span.from().toString(),
                    "to",
                    span.to().toString(),
                    "outcome",
                    span.failed() ? "failed" : "done"))
            .toList();
    return BarChart.spec(
        title,
        values,
        Map.of("type", "bar", "tooltip", true),
        Map.of(
            "y", Map.of("field", "name", "type", "nominal", "sort", List.of(), "title", "step"),
            "x", Map.of("field", "from", "type", "temporal", "title", "time"),
            "x2", Map.of("field", "to"),
            "color", Map.of("field", "outcome", "type", "nominal")));
  }
}
