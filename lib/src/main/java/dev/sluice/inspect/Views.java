package dev.sluice.inspect;

import dev.sluice.schema.Schema;
import dev.sluice.seam.Seam;
import dev.sluice.table.Grid;
import dev.sluice.table.Tables;
import java.util.ArrayList;
import java.util.List;
import tech.tablesaw.api.Table;

/// Tables and reports as text and HTML, for notebooks, JShell and the command line.
@Seam
public final class Views {
  private Views() {}

  /// A table for a terminal of so many columns.
  public static String text(Table table, int width) {
    return text(Tables.grid(table), width);
  }

  public static String text(Grid grid, int width) {
    return GridText.of(grid, width);
  }

  /// A table as HTML.
  public static String html(Table table) {
    return html(Tables.grid(table));
  }

  public static String html(Grid grid) {
    return GridHtml.of(grid);
  }

  /// As CSV, the header first.
  public static String csv(Grid grid) {
    return GridFiles.csv(grid);
  }

  /// As JSON: a list of objects, absent values left out.
  public static String json(Grid grid) {
    return GridFiles.json(grid);
  }

  /// A report of several lines as HTML.
  public static String html(String report) {
    return "<pre style=\"margin:0;font-family:var(--jp-code-font-family,monospace);white-space:pre-wrap;"
        + "word-break:normal;overflow-wrap:anywhere\">"
        + Svg.escape(report)
        + "</pre>";
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
    return Tables.of(columns(schema));
  }

  public static Grid columns(Schema schema) {
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
    return grid.build();
  }

  /// Packages, a line each: load id, stage, created, tables, files, rows, bytes.
  public static Grid packages(String title, List<LoadPackage> packages) {
    return PackageGrids.packages(title, packages);
  }

  public static Grid jobs(LoadPackage found) {
    return PackageGrids.jobs("package " + found.loadId(), found.stored().jobs());
  }

  public static Grid failed(LoadPackage found) {
    return PackageGrids.failed("failed jobs of package " + found.loadId(), found.stored());
  }

  public static Grid quarantine(LoadPackage found, long limit) {
    return Quarantine.read("quarantine of " + found.loadId(), found.folder(), limit);
  }

  public static Grid schemaUpdates(LoadPackage found) {
    return PackageGrids.schemaUpdates("schema updates of " + found.loadId(), found.updates());
  }

  public static Grid rows(LoadPackage found, String table, long limit) {
    return found.rowGrid(table, limit);
  }

  public static Grid steps(PipelineTrace trace) {
    return trace.stepGrid();
  }

  public static Grid errors(PipelineTrace trace) {
    return trace.errorGrid();
  }

  public static Grid settings(PipelineTrace trace) {
    return trace.settingGrid();
  }

  public static Grid tables(Dataset dataset) {
    return dataset.tableGrid();
  }

  public static Grid rows(Dataset dataset, String table, long limit) {
    return dataset.rowGrid(table, limit);
  }

  public static Grid sql(Dataset dataset, String query, long limit) {
    return dataset.sqlGrid(query, limit);
  }

  /// Values somebody made, in rows.
  public static Grid grid(String title, List<String> names, List<? extends List<?>> rows) {
    var grid = Grid.of(title, names.toArray(String[]::new));
    for (var row : rows) {
      grid.row(new ArrayList<>(row).toArray());
    }
    return grid.build();
  }

  /// Rows made by somebody else as a table: any value is shown as at [LoadPackage].
  public static Table table(String title, Iterable<?> rows) {
    var grid = Grid.of(title);
    for (var row : rows) {
      grid.row(RowShape.of(row));
    }
    return Tables.of(grid.build());
  }
}
