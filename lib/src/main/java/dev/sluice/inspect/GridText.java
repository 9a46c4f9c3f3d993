package dev.sluice.inspect;

import dev.sluice.table.Cells;
import dev.sluice.table.Grid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A grid for a terminal of a given width.
///
/// Columns are cut, widest first, until they fit; where that would leave nothing to read, each row
/// becomes a block of `name: value` lines. What is left out is said.
final class GridText {
  private static final int MIN_CELL = 8;
  private static final int MAX_BLOCK = 30;
  private static final String BETWEEN = "  ";

  private final Grid grid;
  private final int width;

  private GridText(Grid grid, int width) {
    this.grid = grid;
    this.width = Math.max(20, width);
  }

  static String of(Grid grid, int width) {
    return new GridText(grid, width).render();
  }

  private String render() {
    var lines = new ArrayList<String>();
    if (!grid.title().isEmpty()) {
      lines.addAll(wrapped(grid.title()));
    }
    if (grid.names().isEmpty()) {
      return String.join("\n", lines);
    }
    var natural = new int[grid.names().size()];
    for (var column = 0; column < natural.length; column++) {
      natural[column] = natural(column);
    }
    var least = Arrays.stream(natural).map(cell -> Math.min(cell, MIN_CELL)).sum();
    if (least + BETWEEN.length() * (natural.length - 1) <= width) {
      lines.addAll(table(fitted(natural), natural.length));
    } else if (natural.length <= MAX_BLOCK) {
      lines.addAll(blocks());
    } else {
      var shown = 0;
      for (var used = 0; shown < natural.length; shown++) {
        used += Math.min(natural[shown], 2 * MIN_CELL) + (shown == 0 ? 0 : BETWEEN.length());
        if (used > width) {
          break;
        }
      }
      lines.addAll(table(fitted(Arrays.copyOf(natural, Math.max(1, shown))), Math.max(1, shown)));
      lines.addAll(wrapped("… " + Cells.count(natural.length - Math.max(1, shown), "more column")));
    }
    return String.join("\n", lines);
  }

  private int natural(int column) {
    var widest = TextWidth.of(TextWidth.oneLine(grid.names().get(column)));
    for (var value : grid.columns().get(column)) {
      widest = Math.max(widest, TextWidth.of(cell(value)));
    }
    return Math.max(1, Math.min(width, widest));
  }

  /// The widest columns lose first.
  private int[] fitted(int[] natural) {
    var widths = natural.clone();
    var over = Arrays.stream(widths).sum() + BETWEEN.length() * (widths.length - 1) - width;
    while (over > 0) {
      var widest = 0;
      for (var column = 1; column < widths.length; column++) {
        if (widths[column] > widths[widest]) {
          widest = column;
        }
      }
      if (widths[widest] <= 1) {
        break;
      }
      widths[widest]--;
      over--;
    }
    return widths;
  }

  private List<String> table(int[] widths, int columns) {
    var lines = new ArrayList<String>();
    var header = new ArrayList<String>();
    var rule = new ArrayList<String>();
    for (var column = 0; column < columns; column++) {
      header.add(
          padded(TextWidth.oneLine(grid.names().get(column)), widths[column], numeric(column)));
      rule.add("─".repeat(widths[column]));
    }
    lines.add(String.join(BETWEEN, header).stripTrailing());
    lines.add(String.join(BETWEEN, rule));
    for (var row = 0; row < grid.rows(); row++) {
      var cells = new ArrayList<String>();
      for (var column = 0; column < columns; column++) {
        cells.add(
            padded(cell(grid.columns().get(column).get(row)), widths[column], numeric(column)));
      }
      lines.add(String.join(BETWEEN, cells).stripTrailing());
    }
    return lines;
  }

  private List<String> blocks() {
    var lines = new ArrayList<String>();
    var longest =
        grid.names().stream()
            .mapToInt(name -> TextWidth.of(TextWidth.oneLine(name)))
            .max()
            .orElse(0);
    var label = Math.min(longest, width / 2);
    for (var row = 0; row < grid.rows(); row++) {
      lines.add("─".repeat(Math.min(width, label + 10)));
      for (var column = 0; column < grid.names().size(); column++) {
        var name = padded(TextWidth.oneLine(grid.names().get(column)), label, false);
        var value = cell(grid.columns().get(column).get(row));
        lines.add(
            (name + BETWEEN + TextWidth.cut(value, Math.max(1, width - label - 2)))
                .stripTrailing());
      }
    }
    return lines;
  }

  private List<String> wrapped(String text) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (var word : TextWidth.oneLine(text).split(" ", -1)) {
      if (!line.isEmpty() && TextWidth.of(line.toString()) + 1 + TextWidth.of(word) > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private boolean numeric(int column) {
    var seen = false;
    for (var value : grid.columns().get(column)) {
      if (value != null && !(value instanceof Number)) {
        return false;
      }
      seen |= value != null;
    }
    return seen;
  }

  private static String cell(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case Long number -> number.toString();
      default -> TextWidth.oneLine(Cells.text(value));
    };
  }

  private static String padded(String text, int width, boolean right) {
    var cut = TextWidth.cut(text, width);
    var blank = " ".repeat(Math.max(0, width - TextWidth.of(cut)));
    return right ? blank + cut : cut + blank;
  }
}
