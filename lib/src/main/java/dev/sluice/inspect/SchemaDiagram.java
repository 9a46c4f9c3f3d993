package dev.sluice.inspect;

import dev.sluice.schema.Schema;
import dev.sluice.schema.TableSchema;
import dev.sluice.table.Cells;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tables of a schema as boxes: a root table at the left, the tables nested in it to the right.
final class SchemaDiagram {
  private static final int MAX_TABLES = 60;
  private static final int MAX_COLUMNS = 14;
  private static final int LINE = 18;
  private static final int HEAD = 26;
  private static final int GAP = 18;
  private static final int MARGIN = 16;
  private static final int TOP = 44;

  private final Map<String, List<TableSchema>> children = new LinkedHashMap<>();
  private final Map<String, Box> boxes = new LinkedHashMap<>();
  private final List<Double> widths = new ArrayList<>();

  private record Box(TableSchema table, int depth, double y, double height) {}

  private SchemaDiagram() {}

  static Chart of(Schema schema) {
    return new SchemaDiagram().draw(schema);
  }

  private Chart draw(Schema schema) {
    var all = schema.dataTables().stream().filter(t -> !t.completeColumns().isEmpty()).toList();
    var names = all.stream().map(TableSchema::name).toList();
    var roots = new ArrayList<TableSchema>();
    for (var table : all) {
      var parent = table.parent().filter(names::contains);
      if (parent.isPresent()) {
        children.computeIfAbsent(parent.get(), key -> new ArrayList<>()).add(table);
      } else {
        roots.add(table);
      }
    }
    var y = (double) TOP;
    for (var root : roots) {
      y = place(root, 0, y);
    }
    var title = "schema " + schema.name() + ", version " + schema.version();
    var width = Math.max(320, x(widths.size()) - 3.0 * GAP + MARGIN);
    var svg = new Svg(title).bold(MARGIN, 24, title, 14, Svg.TEXT, width - 2 * MARGIN);
    boxes.values().forEach(box -> connect(box, svg));
    boxes.values().forEach(box -> draw(box, svg));
    if (boxes.size() < all.size()) {
      svg.text(
          MARGIN,
          y + 4,
          "and " + Cells.count(all.size() - boxes.size(), "more table"),
          12,
          Svg.FAINT,
          "start");
    }
    if (all.isEmpty()) {
      svg.text(MARGIN, TOP + 12, "no tables yet", 12, Svg.FAINT, "start");
    }
    return new Chart(title, svg.build(width, y + 24), Map.of());
  }

  /// Places a table and, beside it, what is nested in it; answers where the next may begin.
  private double place(TableSchema table, int depth, double y) {
    if (boxes.size() >= MAX_TABLES || depth > 20) {
      return y;
    }
    var box = new Box(table, depth, y, height(table));
    boxes.put(table.name(), box);
    while (widths.size() <= depth) {
      widths.add(0.0);
    }
    widths.set(depth, Math.max(widths.get(depth), width(table)));
    var below = y;
    for (var child : children.getOrDefault(table.name(), List.of())) {
      below = place(child, depth + 1, below);
    }
    return Math.max(below, y + box.height() + GAP);
  }

  private static List<String> lines(TableSchema table) {
    var columns = table.completeColumns();
    var lines = new ArrayList<String>();
    for (var column : columns.subList(0, Math.min(MAX_COLUMNS, columns.size()))) {
      lines.add(
          column.name()
              + "\t"
              + PackageGrids.type(column)
              + (column.has("primary_key") ? " PK" : ""));
    }
    if (columns.size() > MAX_COLUMNS) {
      lines.add("… " + Cells.count(columns.size() - MAX_COLUMNS) + " more columns\t");
    }
    return lines;
  }

  private static double height(TableSchema table) {
    return HEAD + LINE * lines(table).size() + 6.0;
  }

  private static double width(TableSchema table) {
    var columns =
        lines(table).stream().mapToDouble(line -> Svg.width(line, 12) + 36).max().orElse(0);
    return Math.max(
        140, Math.min(380, Math.max(columns, Svg.width(table.name(), 13) * 7 / 6 + 30)));
  }

  private double x(int depth) {
    var x = (double) MARGIN;
    for (var at = 0; at < depth; at++) {
      x += widths.get(at) + 3.0 * GAP;
    }
    return x;
  }

  private void connect(Box box, Svg svg) {
    var parent = box.table().parent().map(boxes::get).orElse(null);
    if (parent == null) {
      return;
    }
    var from = x(parent.depth()) + widths.get(parent.depth());
    var to = x(box.depth());
    var bend = to - 1.5 * GAP;
    svg.path(
        "M%s %s H%s V%s H%s"
            .formatted(
                Svg.n(from),
                Svg.n(parent.y() + HEAD / 2.0),
                Svg.n(bend),
                Svg.n(box.y() + HEAD / 2.0),
                Svg.n(to)),
        Svg.FAINT,
        false);
  }

  private void draw(Box box, Svg svg) {
    var x = x(box.depth());
    var width = widths.get(box.depth());
    svg.box(x, box.y(), width, box.height(), "#ffffff", Svg.FAINT)
        .box(x, box.y(), width, HEAD, Svg.SOFT, Svg.FAINT)
        .bold(x + 10, box.y() + 18, box.table().name(), 13, Svg.TEXT, width - 20);
    var y = box.y() + HEAD + 14;
    for (var line : lines(box.table())) {
      var parts = line.split("\t", -1);
      var type = Svg.width(parts[1], 11);
      svg.text(x + 10, y, Svg.fit(parts[0], 12, width - type - 30), 12, Svg.TEXT, "start")
          .text(x + width - 10, y, parts[1], 11, Svg.FAINT, "end");
      y += LINE;
    }
  }
}
