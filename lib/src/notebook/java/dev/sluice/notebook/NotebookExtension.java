package dev.sluice.notebook;

import dev.sluice.Pipeline;
import dev.sluice.extract.ExtractInfo;
import dev.sluice.inspect.Chart;
import dev.sluice.inspect.Dataset;
import dev.sluice.inspect.LoadPackage;
import dev.sluice.inspect.PipelineTrace;
import dev.sluice.inspect.Views;
import dev.sluice.load.LoadInfo;
import dev.sluice.load.LoadPlan;
import dev.sluice.normalize.NormalizeInfo;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Source;
import dev.sluice.schema.Schema;
import dev.sluice.seam.Seam;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import tech.tablesaw.api.Table;

/// What the JJava kernel finds on its class path (by ServiceLoader) and installs.
@Seam
public record NotebookExtension() implements Extension {
  private static final int MAX_ROWS = 50;
  private static final int PREVIEW_ROWS = 10;
  private static final String SVG = "image/svg+xml";
  private static final String VEGA_LITE = "application/vnd.vegalite.v5+json";
  private static final String IMPORTS =
      """
      import static dev.sluice.Sluice.*;
      import dev.sluice.*;
      import dev.sluice.config.*;
      import dev.sluice.extract.*;
      import dev.sluice.http.*;
      import dev.sluice.inspect.*;
      import dev.sluice.json.*;
      import dev.sluice.load.*;
      import dev.sluice.normalize.*;
      import dev.sluice.progress.*;
      import dev.sluice.resource.*;
      import dev.sluice.schema.*;
      import dev.sluice.sources.*;
      import java.math.*;
      import java.net.URI;
      import java.nio.file.*;
      import java.time.*;
      import java.util.*;
      import java.util.function.*;
      import java.util.stream.*;
      import tech.tablesaw.api.Table;
      """;

  @Override
  public void install(BaseKernel kernel) {
    var renderer = kernel.getRenderer();
    html(renderer, Table.class, NotebookExtension::table);
    html(renderer, Pipeline.class, NotebookExtension::pipeline);
    html(renderer, Source.class, NotebookExtension::source);
    html(renderer, Resource.class, NotebookExtension::preview);
    html(renderer, LoadPackage.class, Views::html);
    html(renderer, PipelineTrace.class, Views::html);
    html(renderer, Schema.class, Views::html);
    html(renderer, Dataset.class, dataset -> Views.html(Views.tables(dataset)));
    for (var report :
        List.of(ExtractInfo.class, NormalizeInfo.class, LoadInfo.class, LoadPlan.class)) {
      html(renderer, report, info -> Views.html(info.toString()));
    }
    html(renderer, List.class, NotebookExtension::packages);
    html(renderer, Optional.class, NotebookExtension::lastTrace);
    renderer
        .createRegistration(Chart.class)
        .preferring(SVG)
        .register((chart, context) -> draw(chart, context.getOutputContainer()));
    kernel.evalRaw(IMPORTS);
  }

  private static <T> void html(Renderer renderer, Class<T> type, Function<T, String> view) {
    renderer
        .createRegistration(type)
        .preferring(MIMEType.TEXT_HTML)
        .register((value, context) -> {
          var shown = view.apply(value);
          if (!shown.isEmpty()) {
            context.getOutputContainer().putHTML(shown);
          }
        });
  }

  private static String table(Table table) {
    return table.rowCount() <= MAX_ROWS
        ? Views.html(table)
        : Views.html(table.first(MAX_ROWS))
            + Views.html("the first %,d of %,d rows".formatted(MAX_ROWS, table.rowCount()));
  }

  /// What it is, and its packages: those that are pending and the last that were loaded.
  private static String pipeline(Pipeline pipeline) {
    var loaded = pipeline.loadedPackages();
    var packages = new ArrayList<>(loaded.subList(Math.max(0, loaded.size() - 5), loaded.size()));
    packages.addAll(pipeline.normalizedPackages());
    packages.addAll(pipeline.extractedPackages());
    return Views.html(pipeline.info())
        + (packages.isEmpty() ? "" : Views.html(Views.packages("packages", packages)));
  }

  private static String source(Source source) {
    var rows =
        source.resources().values().stream()
            .map(resource ->
                List.of(resource.name(), source.selected().contains(resource) ? "yes" : "no"))
            .toList();
    return Views.html(Views.grid("source " + source.name(), List.of("resource", "selected"), rows));
  }

  /// As `lastTrace()` has it.
  private static String lastTrace(Optional<?> found) {
    return found
        .filter(PipelineTrace.class::isInstance)
        .map(trace -> Views.html((PipelineTrace) trace))
        .orElse("");
  }

  /// The first rows; looking at a resource evaluates it as far as that.
  private static String preview(Resource<?> resource) {
    try {
      return Views.html(resource.head(PREVIEW_ROWS).setName(resource.toString()));
    } catch (RuntimeException failed) {
      return Views.html(resource + " cannot be shown: " + failed.getMessage());
    }
  }

  /// Lists of packages are tables; other lists stay text.
  private static String packages(List<?> values) {
    var packages =
        values.stream().filter(LoadPackage.class::isInstance).map(LoadPackage.class::cast).toList();
    return packages.isEmpty() || packages.size() < values.size()
        ? ""
        : Views.html(Views.packages("packages", packages));
  }

  /// JupyterLab draws the specification; whoever shows the notebook elsewhere has the picture.
  private static void draw(Chart chart, DisplayData shown) {
    shown.putData(SVG, chart.svg());
    if (!chart.vegaLite().isEmpty()) {
      shown.putData(VEGA_LITE, chart.vegaLite());
    }
    shown.putText(chart.toString());
  }
}
