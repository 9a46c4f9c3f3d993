package dev.sluice.inspect;

import dev.sluice.json.Json;
import dev.sluice.table.Cells;
import dev.sluice.table.Grid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A grid for other programs.
final class GridFiles {
  private GridFiles() {}

  static String csv(Grid grid) {
    var csv = new StringBuilder(line(grid.names()));
    for (var row = 0; row < grid.rows(); row++) {
      var cells = new ArrayList<String>();
      for (var column : grid.columns()) {
        cells.add(Cells.text(column.get(row)));
      }
      csv.append(line(cells));
    }
    return csv.toString();
  }

  static String json(Grid grid) {
    var rows = new ArrayList<Map<String, Object>>();
    for (var row = 0; row < grid.rows(); row++) {
      var object = new LinkedHashMap<String, Object>();
      for (var column = 0; column < grid.names().size(); column++) {
        var value = grid.columns().get(column).get(row);
        if (value != null) {
          object.put(grid.names().get(column), plain(value));
        }
      }
      rows.add(object);
    }
    return rows.stream().map(Json::dumps).collect(Collectors.joining(",\n ", "[", "]"));
  }

  private static Object plain(Object value) {
    return switch (value) {
      case Long number -> number;
      case Boolean bool -> bool;
      case Double number when Double.isFinite(number) -> number;
      default -> Cells.text(value);
    };
  }

  private static String line(List<String> cells) {
    return cells.stream().map(GridFiles::quoted).collect(Collectors.joining(",", "", "\n"));
  }

  private static @Nullable String quoted(String text) {
    var plain = !text.isEmpty() && text.chars().noneMatch(c -> c == '"' || c == ',' || c < 0x20);
    return plain || text.isEmpty() ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
