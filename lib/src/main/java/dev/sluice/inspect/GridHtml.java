package dev.sluice.inspect;

import dev.sluice.table.Cells;
import dev.sluice.table.Grid;
import org.jspecify.annotations.Nullable;

/// A grid as a piece of HTML: plain markup, styled within, no script.
final class GridHtml {
  private static final int MAX_COLUMNS = 100;
  private static final int MAX_CELL = 300;
  private static final String TABLE =
      "<div style=\"overflow-x:auto\"><table style=\"border-collapse:collapse;font-size:13px\">";
  private static final String CAPTION =
      "<caption style=\"text-align:left;padding:4px 0;font-weight:600;white-space:nowrap\">";
  private static final String HEAD = ";padding:2px 10px;border-bottom:1px solid #999\">";
  private static final String CELL = ";padding:2px 10px;vertical-align:top\">";

  private GridHtml() {}

  static String of(Grid grid) {
    var shown = Math.min(MAX_COLUMNS, grid.names().size());
    var html = new StringBuilder(TABLE);
    var title = grid.title();
    if (shown < grid.names().size()) {
      title += " – " + Cells.count(grid.names().size() - shown, "more column") + " not shown";
    }
    if (!title.isEmpty()) {
      html.append(CAPTION).append(Svg.escape(title)).append("</caption>");
    }
    html.append("<thead><tr>");
    var align = new String[shown];
    for (var column = 0; column < shown; column++) {
      align[column] =
          grid.columns().get(column).stream().allMatch(v -> v == null || v instanceof Number)
              ? "right"
              : "left";
      html.append("<th style=\"text-align:")
          .append(align[column])
          .append(HEAD)
          .append(Svg.escape(grid.names().get(column)))
          .append("</th>");
    }
    html.append("</tr></thead><tbody>");
    for (var row = 0; row < grid.rows(); row++) {
      html.append("<tr>");
      for (var column = 0; column < shown; column++) {
        html.append("<td style=\"text-align:")
            .append(align[column])
            .append(CELL)
            .append(cell(grid.columns().get(column).get(row)))
            .append("</td>");
      }
      html.append("</tr>\n");
    }
    return html.append("</tbody></table></div>").toString();
  }

  private static String cell(@Nullable Object value) {
    if (value == null) {
      return "<span style=\"color:#999\">–</span>";
    }
    var text = Cells.text(value);
    return Svg.escape(
        text.length() <= MAX_CELL
            ? text
            : TextWidth.cut(text, MAX_CELL) + " (" + Cells.count(text.length(), "character") + ")");
  }
}
