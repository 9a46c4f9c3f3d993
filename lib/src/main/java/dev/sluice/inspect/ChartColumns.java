package dev.sluice.inspect;

import dev.sluice.config.Nearest;
import dev.sluice.table.Cells;
import dev.sluice.table.Grid;
import java.util.ArrayList;
import java.util.List;

/// Names and numbers to draw.
record ChartColumns(
    String title,
    String nameColumn,
    String numberColumn,
    List<String> names,
    List<Double> numbers) {

  static ChartColumns of(Grid grid, String names, String numbers) {
    require(grid, names);
    require(grid, numbers);
    var labels = new ArrayList<String>();
    var values = new ArrayList<Double>();
    var all = grid.column(numbers);
    for (var row = 0; row < grid.rows(); row++) {
      var value = number(all.get(row), numbers);
      if (!Double.isNaN(value)) {
        labels.add(Cells.text(grid.column(names).get(row)));
        values.add(value);
      }
    }
    return new ChartColumns(grid.title(), names, numbers, labels, values);
  }

  private static double number(@org.jspecify.annotations.Nullable Object value, String column) {
    return switch (value) {
      case null -> Double.NaN;
      case Long number -> number;
      case Double number when Double.isFinite(number) -> number;
      case Boolean bool -> bool ? 1 : 0;
      case String text -> parsed(text, column);
      default -> throw noNumber(value, column);
    };
  }

  private static double parsed(String text, String column) {
    try {
      var number = Double.parseDouble(text); // decimals and big integers are text
      return Double.isFinite(number) ? number : Double.NaN;
    } catch (NumberFormatException e) {
      throw noNumber(text, column);
    }
  }

  private static IllegalArgumentException noNumber(Object value, String column) {
    return new IllegalArgumentException(
        "Column '" + column + "' cannot be drawn: it holds '" + Cells.text(value) + "'");
  }

  private static void require(Grid grid, String column) {
    if (!grid.names().contains(column)) {
      throw new IllegalArgumentException(
          "The table has no column '" + column + "'" + Nearest.hint(column, grid.names()));
    }
  }
}
