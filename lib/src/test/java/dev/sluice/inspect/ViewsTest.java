package dev.sluice.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.schema.Schema;
import dev.sluice.table.Grid;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ViewsTest {
  private static Grid users() {
    return Grid.of("users (2 rows)", "id", "name", "note")
        .row(1, "Ada", "wrote the first program, and a long letter about it to a friend in London")
        .row(20, "日本", null)
        .build();
  }

  private static Grid wide(int columns) {
    var row = new LinkedHashMap<String, Object>();
    for (var i = 0; i < columns; i++) {
      row.put("column_" + i, i);
    }
    return Grid.of("wide").row(row).build();
  }

  @Test
  void aTableIsCutToTheTerminal() {
    assertThat(GridText.of(users(), 40))
        .isEqualTo(
            """
            users (2 rows)
            id  name  note
            ──  ────  ──────────────────────────────
             1  Ada   wrote the first program, and …
            20  日本\
            """);
  }

  /// JupyterLab measures a picture that is to be as wide as its container again and again, and
  /// freezes.
  @Test
  void aPictureInANotebookHasAWidthOfItsOwn() {
    var bars = BarChart.of(ChartColumns.of(Grid.of("", "n", "x").row("a", 1).build(), "n", "x"));
    assertThat(bars.vegaLite()).containsEntry("width", 520);
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 40, 80, 200})
  void noLineIsWiderThanTheTerminal(int width) {
    for (var grid : List.of(users(), wide(7), wide(25), wide(3000))) {
      assertThat(GridText.of(grid, width).lines())
          .allSatisfy(line -> assertThat(TextWidth.of(line)).isLessThanOrEqualTo(width));
    }
  }

  @Test
  void tooManyColumnsForTheTerminalAreBlocksOfLines() {
    assertThat(GridText.of(wide(5), 40))
        .isEqualTo(
            """
            wide
            ──────────────────
            column_0  0
            column_1  1
            column_2  2
            column_3  3
            column_4  4\
            """);
  }

  @Test
  void ofThreeThousandColumnsThoseThatFitAreShown() {
    assertThat(GridText.of(wide(3000), 40).lines().toList())
        .containsExactly(
            "wide",
            "column_0  column_1  column_2  column_3",
            "────────  ────────  ────────  ────────",
            "       0         1         2         3",
            "… 2,996 more columns");
  }

  @Test
  void nothingInAValueReachesTheTerminalAsACommand() {
    var text = GridText.of(Grid.of("", "a").row("x\u001b[31m\ny\u202e").build(), 80);
    assertThat(text).isEqualTo("a\n" + "─".repeat(9) + "\nx·[31m↵y·");
  }

  @Test
  void htmlEscapesValuesAndCutsThem() {
    var html = GridHtml.of(Grid.of("t <1>", "a", "b").row("<script>", "y".repeat(500)).build());
    assertThat(html)
        .contains("t &lt;1&gt;", "&lt;script&gt;", "… (500 characters)")
        .doesNotContain("<script>");
    assertThat(GridHtml.of(wide(3000))).contains("wide – 2,900 more columns not shown");
  }

  @Test
  void csvAndJsonHoldEveryValue() {
    var grid = Grid.of("", "id", "text").row(1, "a \"b\", c\nd").row(2, null).build();
    assertThat(GridFiles.csv(grid)).isEqualTo("id,text\n1,\"a \"\"b\"\", c\nd\"\n2,\n");
    assertThat(GridFiles.json(grid))
        .isEqualTo("[{\"id\":1,\"text\":\"a \\\"b\\\", c\\nd\"},\n {\"id\":2}]");
  }

  @Test
  void rowsOfAResourceAreATable() {
    record User(int id, String name) {}
    var table = Views.table("users", List.of(new User(1, "Ada"), Map.of("id", 2), 3));
    assertThat(table.columnNames()).containsExactly("id", "name", "value");
    assertThat(table.rowCount()).isEqualTo(3);
  }

  @Test
  void chartsAreWellFormedAndSaySoMuchAsTheirData(@TempDir Path folder) throws Exception {
    var counts =
        Grid.of("rows per table", "table", "rows")
            .row("earthquakes", 1707)
            .row("earthquakes__geometry__coordinates", 5121)
            .row("_dlt_pipeline_state", 1)
            .row("a <name> & more", 3000)
            .build();
    var at = Instant.parse("2026-01-02T03:00:00Z");
    var charts =
        Map.of(
            "bars",
            BarChart.of(ChartColumns.of(counts, "table", "rows")),
            "line",
            LineChart.of(
                ChartColumns.of(
                    Grid.of("visits", "day", "visits")
                        .row("2026-01-01", 120)
                        .row("2026-01-02", 340)
                        .row("2026-01-03", 90)
                        .row("2026-01-04", 560)
                        .build(),
                    "day",
                    "visits")),
            "timeline",
            Timeline.of(
                "pipeline shop",
                List.of(
                    new Timeline.Span("run", 0, at, at.plusMillis(4200), true, "run"),
                    new Timeline.Span(
                        "extract", 1, at.plusMillis(10), at.plusMillis(1900), false, "extract"),
                    new Timeline.Span(
                        "worker 1", 2, at.plusMillis(1910), at.plusMillis(2300), false, "a.jsonl"),
                    new Timeline.Span(
                        "worker 1", 2, at.plusMillis(2310), at.plusMillis(3300), false, "b.jsonl"),
                    new Timeline.Span(
                        "load", 1, at.plusMillis(3310), at.plusMillis(4190), true, "load"))),
            "schema",
            Chart.of(recorded()));
    for (var chart : charts.entrySet()) {
      var file = folder.resolve(chart.getKey() + ".svg");
      chart.getValue().save(file);
      var svg =
          DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toUri().toString());
      assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
      if (System.getenv("SLUICE_PICTURES") != null) {
        chart.getValue().save(Path.of(System.getenv("SLUICE_PICTURES"), chart.getKey() + ".svg"));
      }
    }
    assertThat(charts.get("bars").svg())
        .contains("earthquakes: 1,707", "a &lt;name&gt; &amp; more");
    assertThat(charts.get("timeline").svg())
        .contains("4.20 s, failed", "1.38 s, 2 files", "a.jsonl: 0.39 s", "b.jsonl: 0.99 s")
        .containsOnlyOnce(">worker 1<");
    assertThat(charts.get("schema").svg()).contains("users__orders__lines", "decimal(10,2)");
    assertThat(charts.get("bars").vegaLite()).containsKeys("$schema", "data", "mark", "encoding");
  }

  private static Schema recorded() throws Exception {
    try (var stream = Schema.class.getResourceAsStream("render/schema.yaml")) {
      return Schema.ofYaml(
          new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void namesThatBeginAlikeAreToldApartInAPicture() {
    var prefix = "company_registrations_of_every_country__";
    var names = Grid.of("rows", "table", "rows");
    for (var end : List.of("addresses__lines", "addresses__owners")) {
      names.row(prefix + "offices__" + end, 1);
    }
    assertThat(BarChart.of(ChartColumns.of(names.build(), "table", "rows")).svg())
        .contains(">company_registra…_addresses__lines<", ">company_registra…addresses__owners<");
    assertThat(TextWidth.cutMiddle("orders__lines__taxes", 11)).isEqualTo("order…taxes");
    assertThat(TextWidth.cutMiddle("注文__明細__税金", 10)).isEqualTo("注文…_税金");
    assertThat(TextWidth.cutMiddle("orders", 6)).isEqualTo("orders");
    assertThat(TextWidth.cutMiddle("orders", 1)).isEqualTo("…");
  }

  @Test
  void emptyDataIsAPictureToo() {
    var none = Grid.of("none", "table", "rows").build();
    assertThat(BarChart.of(ChartColumns.of(none, "table", "rows")).svg()).startsWith("<svg");
    assertThat(LineChart.of(ChartColumns.of(none, "table", "rows")).svg()).startsWith("<svg");
    assertThat(Timeline.of("none", List.of()).svg()).startsWith("<svg");
    assertThat(Chart.of(Schema.of("none")).svg()).contains("no tables yet");
  }

  @Test
  void aColumnThatIsNotThereOrHoldsNoNumbersIsNamed() {
    assertThatThrownBy(() -> ChartColumns.of(users(), "nam", "id"))
        .hasMessage("The table has no column 'nam'; did you mean 'name'?");
    assertThatThrownBy(() -> ChartColumns.of(users(), "id", "name"))
        .hasMessage("Column 'name' cannot be drawn: it holds 'Ada'");
  }

  @Test
  void aHundredBarsAreDrawnAndTheRestCounted() {
    var many = Grid.of("many", "n", "v");
    IntStream.range(0, 250).forEach(i -> many.row("n" + i, i));
    var svg = BarChart.of(ChartColumns.of(many.build(), "n", "v")).svg();
    assertThat(svg).contains("and 150 more").doesNotContain(">n100<");
  }

  /// Looks at packages and a trace as text; run in a JVM of its own.
  public static final class LookAtText {
    public static void main(String[] arguments) {
      var found =
          Packages.of(dev.sluice.store.PipelineFolder.of(Path.of(arguments[0]), "shop")).get("1.5");
      System.out.println(found + Views.text(Views.rows(found, "users", 10), 80));
      System.out.println(found.jobList() + Views.csv(Views.jobs(found)));
      System.out.println(found.chart().svg().length() + found.problems().toString());
    }
  }

  @Test
  void textAndPicturesDoNotLoadTablesaw(@TempDir Path folder) throws Exception {
    new PackageFixture(folder, "shop")
        .extracted(
            "1.5", draft -> PackageFixture.rows(draft, "users", "typed-jsonl", Map.of("id", 1)));
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load",
                "-cp",
                System.getProperty("java.class.path"),
                LookAtText.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("users (1 row)", "dev.sluice.inspect.GridText");
    assertThat(output.lines().filter(line -> line.contains("tech.tablesaw"))).isEmpty();
  }
}
