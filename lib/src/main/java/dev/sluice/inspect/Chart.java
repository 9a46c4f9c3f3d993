package dev.sluice.inspect;

import dev.sluice.schema.Schema;
import dev.sluice.seam.IoFault;
import dev.sluice.table.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tech.tablesaw.api.Table;

/// A picture of what lies on disk or at the destination: SVG, made here, and a Vega-Lite
/// specification of the same; neither needs a network.
///
/// ```java
/// pipeline.lastTrace().orElseThrow().chart().save(Path.of("timeline.svg"));
/// Chart.of(pipeline.schema()).save(Path.of("schema.svg"));
/// var perDay = pipeline.sql("select day, count(*) as visits from visits group by day order by day");
/// Chart.bars(perDay, "day", "visits").save(Path.of("visits.svg"));
/// ```
///
/// A notebook shows it as the last value of a cell.
public final class Chart {
  private final String title;
  private final String svg;
  private final Map<String, Object> vegaLite;

  Chart(String title, String svg, Map<String, Object> vegaLite) {
    this.title = title;
    this.svg = svg;
    this.vegaLite = vegaLite;
  }

  /// A bar for each row of a table, from a column of names and one of numbers; at most 100 bars.
  public static Chart bars(Table table, String names, String numbers) {
    return BarChart.of(ChartColumns.of(Tables.grid(table), names, numbers));
  }

  /// A line through the rows of a table, from a column of names, numbers, dates or times in order
  /// and one of numbers.
  public static Chart line(Table table, String along, String numbers) {
    return LineChart.of(ChartColumns.of(Tables.grid(table), along, numbers));
  }

  /// The tables of a schema with their columns, nested tables to the right of their parents.
  public static Chart of(Schema schema) {
    return SchemaDiagram.of(schema);
  }

  /// What it shows.
  public String title() {
    return title;
  }

  /// The picture.
  public String svg() {
    return svg;
  }

  /// The specification for Vega-Lite 5, its data within; empty for a diagram of a schema.
  public Map<String, Object> vegaLite() {
    return vegaLite;
  }

  /// Writes the picture to a file.
  public Path save(Path file) {
    try {
      return Files.writeString(file, svg);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write the picture '" + file + "': " + IoFault.said(e, file), e);
    }
  }

  /// What it shows, as a line of text.
  @Override
  public String toString() {
    return "chart: " + title;
  }
}
