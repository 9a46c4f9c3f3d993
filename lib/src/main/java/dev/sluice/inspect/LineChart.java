package dev.sluice.inspect;

/// A line through points at equal distances, in the order of the rows.
final class LineChart {
  private static final int MAX_POINTS = 5000;
  private static final int WIDTH = 720;
  private static final int HEIGHT = 300;
  private static final int LABELS = 5;
  private static final int LEFT = 64;
  private static final int TOP = 44;
  private static final int BOTTOM = HEIGHT - 44;

  private LineChart() {}

  static Chart of(ChartColumns data) {
    var points = Math.min(MAX_POINTS, data.names().size());
    var numbers = data.numbers().subList(0, points);
    var scale =
        Scale.of(
            numbers.stream().mapToDouble(Double::doubleValue).min().orElse(0),
            numbers.stream().mapToDouble(Double::doubleValue).max().orElse(1));
    var title = data.title().isEmpty() ? data.numberColumn() : data.title();
    var svg = new Svg(title).bold(16, 24, title, 14, Svg.TEXT, WIDTH - 32);
    for (var tick = 0; tick <= scale.ticks(); tick++) {
      var y = BOTTOM - scale.at(scale.tick(tick), BOTTOM - TOP);
      svg.line(LEFT, y, WIDTH - 24, y, Svg.GRID)
          .text(LEFT - 8, y + 4, Scale.label(scale.tick(tick)), 11, Svg.FAINT, "end");
    }
    var step = points < 2 ? 0 : (WIDTH - 24.0 - LEFT) / (points - 1);
    var path = new StringBuilder();
    for (var point = 0; point < points; point++) {
      path.append(point == 0 ? 'M' : 'L')
          .append(Svg.n(LEFT + point * step))
          .append(' ')
          .append(Svg.n(BOTTOM - scale.at(numbers.get(point), BOTTOM - TOP)));
    }
    if (points > 0) {
      svg.path(path.toString(), Svg.BAR, false);
    }
    var free = (double) LEFT;
    for (var label = 0; label < LABELS && points > 0; label++) {
      var point = (int) Math.round(label * (points - 1) / (LABELS - 1.0));
      var text = Svg.fit(data.names().get(point), 11, 130);
      var width = Svg.width(text, 11);
      var x = Math.min(LEFT + point * step, WIDTH - 24 - width);
      if (x >= free) {
        svg.text(x, BOTTOM + 20, text, 11, Svg.FAINT, "start");
        free = x + width + 12;
      }
    }
    return new Chart(
        title, svg.build(WIDTH, HEIGHT), BarChart.vegaLite(data, title, "line", "ordinal", points));
  }
}
