package dev.sluice.inspect;

import dev.sluice.schema.Schema;
import dev.sluice.seam.Seam;
import java.util.ArrayList;
import java.util.List;
import tech.tablesaw.api.Table;

/// Tables and reports as text and HTML, for notebooks, JShell and the command line.
@Seam
public final class Views {
  private Views() {}

  /// A table for a terminal of so many columns.
  public static String text(Table table, int width) {
    return GridText.of(Tables.grid(table), width);
  }

  /// A table as HTML.
  public static String html(Table table) {
    return GridHtml.of(Tables.grid(table));
  }

  /// A table as CSV, its header first; every value of a row in one line of the file.
  public static String csv(Table table) {
    return GridFiles.csv(Tables.grid(table));
  }

  /// A table as JSON: a list of objects, absent values left out.
  public static String json(Table table) {
    return GridFiles.json(Tables.grid(table));
  }

  /// A report of several lines as HTML.
  public static String html(String report) {
    return "<pre style=\"margin:0\">" + Svg.escape(report) + "</pre>";
  }

  /// A chart as HTML.
  public static String html(Chart chart) {
    return "<div style=\"max-width:100%;overflow-x:auto\">" + chart.svg() + "</div>";
  }

  public static String html(LoadPackage found) {
    return html(found.toString()) + GridHtml.of(PackageGrids.rowCounts("", found.stored().jobs()));
  }

  public static String html(PipelineTrace trace) {
    return html(trace.chart())
        + GridHtml.of(trace.stepGrid())
        + (trace.failed() ? GridHtml.of(trace.errorGrid()) : "");
  }

  public static String html(Schema schema) {
    return html(Chart.of(schema));
  }

  /// The columns of a schema as a table: table, column, type, nullable, hints.
  public static Table table(Schema schema) {
    var grid = Grid.of("schema " + schema.name(), "table", "column", "type", "nullable", "hints");
    for (var table : schema.tables()) {
      for (var column : table.columns()) {
        grid.row(
            table.name(),
            column.name(),
            PackageGrids.type(column),
            column.nullable(),
            PackageGrids.hints(column));
      }
    }
    return Tables.of(grid.build());
  }

  /// Rows made by somebody else as a table: any value is shown as at [LoadPackage].
  public static Table table(String title, Iterable<?> rows) {
    var grid = Grid.of(title);
    for (var row : rows) {
      grid.row(RowShape.of(row));
    }
    return Tables.of(grid.build());
  }

  /// The names of columns and values in rows, for what is no table.
  public static Table table(String title, List<String> names, List<? extends List<?>> rows) {
    var grid = Grid.of(title, names.toArray(String[]::new));
    for (var row : rows) {
      grid.row(new ArrayList<>(row).toArray());
    }
    return Tables.of(grid.build());
  }
}
