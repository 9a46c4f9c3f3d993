package dev.sluice.inspect;

import dev.sluice.table.Cells;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;

/// Bars from left to right, a line each, with name and number.
final class BarChart {
  private static final int MAX_BARS = 100;
  private static final int WIDTH = 720;
  private static final int PLOT = 520; // "container" would let JupyterLab measure for ever
  private static final int ROW = 24;
  private static final int SIZE = 12;
  private static final int TOP = 44;

  private BarChart() {}

  static Chart of(ChartColumns data) {
    return of(data, Scale::label);
  }

  static Chart of(ChartColumns data, DoubleFunction<String> label) {
    var shown = Math.min(MAX_BARS, data.names().size());
    var names = data.names().subList(0, shown);
    var numbers = data.numbers().subList(0, shown);
    var scale =
        Scale.of(
            numbers.stream().mapToDouble(Double::doubleValue).min().orElse(0),
            numbers.stream().mapToDouble(Double::doubleValue).max().orElse(1));
    var widest = names.stream().mapToDouble(name -> Svg.width(name, SIZE)).max().orElse(0);
    var left = 16 + Math.min(240, widest) + 10;
    var length = WIDTH - left - 90;
    var bottom = TOP + ROW * shown;
    var title = data.title().isEmpty() ? data.numberColumn() : data.title();
    var svg = new Svg(title).bold(16, 24, title, 14, Svg.TEXT, WIDTH - 32);
    for (var tick = 0; tick <= scale.ticks(); tick++) {
      var x = left + scale.at(scale.tick(tick), length);
      svg.line(x, TOP - 4, x, bottom + 4, Svg.GRID)
          .text(x, bottom + 18, label.apply(scale.tick(tick)), 11, Svg.FAINT, "middle");
    }
    for (var row = 0; row < shown; row++) {
      var y = TOP + ROW * row;
      var zero = left + scale.at(0, length);
      var end = left + scale.at(numbers.get(row), length);
      var value = label.apply(numbers.get(row));
      svg.text(left - 8, y + 16, Svg.fit(names.get(row), SIZE, left - 26), SIZE, Svg.TEXT, "end")
          .rect(
              Math.min(zero, end),
              y + 4,
              Math.abs(end - zero),
              ROW - 8,
              Svg.BAR,
              names.get(row) + ": " + value)
          .text(Math.max(zero, end) + 6, y + 16, value, SIZE, Svg.TEXT, "start");
    }
    if (shown < data.names().size()) {
      svg.text(
          16,
          bottom + 36,
          "and " + Cells.count(data.names().size() - shown) + " more",
          SIZE,
          Svg.FAINT,
          "start");
    }
    return new Chart(
        title,
        svg.build(WIDTH, bottom + (shown < data.names().size() ? 48 : 30)),
        vegaLite(data, title, "bar", "nominal", shown));
  }

  static Map<String, Object> vegaLite(
      ChartColumns data, String title, String mark, String along, int shown) {
    var values = new ArrayList<Map<String, Object>>();
    for (var row = 0; row < shown; row++) {
      values.add(Map.of("name", data.names().get(row), "number", data.numbers().get(row)));
    }
    var name = new LinkedHashMap<String, Object>();
    name.put("field", "name");
    name.put("type", along);
    name.put("title", data.nameColumn());
    if (along.equals("nominal")) {
      name.put("sort", List.of());
    }
    var number = Map.of("field", "number", "type", "quantitative", "title", data.numberColumn());
    var bars = mark.equals("bar");
    return spec(
        title,
        values,
        Map.of("type", mark, "tooltip", true),
        Map.of(bars ? "y" : "x", name, bars ? "x" : "y", number));
  }

  static Map<String, Object> spec(
      String title, List<?> values, Map<String, Object> mark, Map<String, Object> encoding) {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("$schema", "https://vega.github.io/schema/vega-lite/v5.json");
    spec.put("title", title);
    spec.put("width", PLOT);
    spec.put("data", Map.of("values", values));
    spec.put("mark", mark);
    spec.put("encoding", encoding);
    return spec;
  }
}
