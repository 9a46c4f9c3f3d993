package dev.sluice.inspect;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Spans of time below one another, on one axis of seconds from the first begin.
final class Timeline {
  private static final int WIDTH = 720;
  private static final int ROW = 24;
  private static final int TOP = 44;
  private static final int MAX_SPANS = 1_000;

  /// `depth` indents the name; a failed span is red. Spans of one name that follow one another
  /// share a line; `what` tells them apart.
  record Span(String name, int depth, Instant from, Instant to, boolean failed, String what) {}

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
    var lines = lines(spans);
    var bottom = TOP + ROW * lines.size();
    var svg = new Svg(title).bold(16, 24, title, 14, Svg.TEXT, WIDTH - 32);
    for (var tick = 0; tick <= scale.ticks(); tick++) {
      var x = left + scale.at(scale.tick(tick), length);
      svg.line(x, TOP - 4, x, bottom + 4, Svg.GRID)
          .text(x, bottom + 18, Scale.label(scale.tick(tick)) + " s", 11, Svg.FAINT, "middle");
    }
    for (var row = 0; row < lines.size(); row++) {
      var line = lines.get(row);
      var name = line.getFirst();
      var y = TOP + ROW * row;
      svg.text(
          16 + 14 * name.depth(),
          y + 16,
          Svg.fit(name.name(), 12, left - 24 - 14.0 * name.depth()),
          12,
          Svg.TEXT,
          "start");
      var sum = 0.0;
      var right = 0.0;
      for (var span : line) {
        var x = left + scale.at(seconds(begin, span.from()), length);
        var width = scale.at(seconds(span.from(), span.to()), length);
        svg.rect(
            x,
            y + 4,
            width - (line.size() > 1 ? 1 : 0),
            ROW - 8,
            span.failed() ? Svg.BAD : span.depth() == 0 ? Svg.BAR : Svg.GOOD,
            span.what() + ": " + took(seconds(span.from(), span.to()), span.failed()));
        sum += seconds(span.from(), span.to());
        right = Math.max(right, x + width);
      }
      svg.text(
          right + 6,
          y + 16,
          took(sum, name.failed()) + (line.size() > 1 ? ", " + line.size() + " files" : ""),
          12,
          name.failed() ? Svg.BAD : Svg.TEXT,
          "start");
    }
    return new Chart(title, svg.build(WIDTH, bottom + 30), vegaLite(title, spans));
  }

  private static List<List<Span>> lines(List<Span> spans) {
    var lines = new ArrayList<List<Span>>();
    for (var span : spans) {
      var above = lines.isEmpty() ? null : lines.getLast().getFirst();
      if (above == null
          || span.depth() == 0
          || above.depth() != span.depth()
          || !above.name().equals(span.name())) {
        lines.add(new ArrayList<>());
      }
      lines.getLast().add(span);
    }
    return lines;
  }

  private static String took(double seconds, boolean failed) {
    return String.format(Locale.ROOT, "%.2f s", seconds) + (failed ? ", failed" : "");
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
                    " ".repeat(2 * span.depth()) + span.name(),
                    "what",
                    span.what(),
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
