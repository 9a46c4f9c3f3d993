package dev.sluice.inspect;

import dev.sluice.schema.Schema;
import dev.sluice.schema.State;
import dev.sluice.seam.Seam;
import dev.sluice.store.PipelineFolder;
import dev.sluice.table.Cells;
import dev.sluice.table.Grid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Everything known of a pipeline on one page of HTML: no server, no network, no script.
@Seam
public final class Page {
  private static final int MAX_PACKAGES = 50;
  private static final int MAX_JOBS = 100;
  private static final int MAX_QUARANTINE = 100;

  private final StringBuilder html = new StringBuilder();
  private final PipelineFolder folder;

  private Page(PipelineFolder folder) {
    this.folder = folder;
  }

  /// The page as it is at `now`; the destination is looked at if one is given.
  public static String of(PipelineFolder folder, Optional<Dataset> dataset, Instant now) {
    return new Page(folder).render(dataset, now);
  }

  private String render(Optional<Dataset> dataset, Instant now) {
    var packages = Packages.of(folder).all();
    html.append(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>%s</title>
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; color: #1f2933; max-width: 1100px; margin: 2em auto; padding: 0 1em }
        h1 { margin-bottom: 0 } h2 { margin-top: 2em; border-bottom: 1px solid #e4e7eb }
        nav a { margin-right: 1em } .faint { color: #616e7c } .bad { color: #c0392b }
        details { margin: .5em 0 } summary { cursor: pointer } svg { max-width: 100%%; height: auto }
        tbody tr:nth-child(even) { background: #f5f7fa } h1, p, pre { overflow-wrap: anywhere }
        pre { white-space: pre-wrap }
        @media (prefers-color-scheme: dark) {
          :root { color-scheme: dark } body { color: #d9e2ec; background: #14191f }
          h2 { border-color: #3e4c59 } tbody tr:nth-child(even) { background: #1f2933 }
          .faint { color: #9aa5b1 } .bad { color: #f08c7d } a { color: #7cc4fa }
          svg { border-radius: 6px }
        }
        </style>
        </head>
        <body>
        <h1>%s</h1>
        <p class="faint">as of %s · %s</p>
        <nav><a href="#state">State</a><a href="#packages">Packages</a><a href="#rows">Rows</a>\
        <a href="#schema">Schema</a><a href="#trace">Last run</a><a href="#quarantine">Quarantine</a></nav>
        """
            .formatted(
                Svg.escape("Pipeline " + folder.name()),
                Svg.escape("Pipeline " + folder.name()),
                now,
                Svg.escape(folder.root().toString())));
    part("state", "State", () -> state(packages));
    part("packages", "Packages", () -> packages(packages));
    part("rows", "Rows", () -> rows(packages, dataset));
    part("schema", "Schema", this::schemas);
    part("trace", "Last run", this::trace);
    part("quarantine", "Quarantine", () -> quarantine(packages));
    return html.append("</body>\n</html>\n").toString();
  }

  /// What cannot be read is said in its place; the rest of the page stands.
  private void part(String id, String title, Runnable body) {
    html.append("<section id=\"%s\">\n<h2>%s</h2>\n".formatted(id, title));
    try {
      body.run();
    } catch (RuntimeException e) {
      html.append("<p class=\"bad\">")
          .append(Svg.escape(String.valueOf(e.getMessage())))
          .append("</p>\n");
    }
    html.append("</section>\n");
  }

  private void state(List<LoadPackage> packages) {
    var facts = Grid.of("", "what", "value");
    facts.row(
        "pending packages", packages.stream().filter(p -> !p.stage().equals("loaded")).count());
    facts.row("loaded packages", packages.stream().filter(p -> p.stage().equals("loaded")).count());
    facts.row("schemas", String.join(", ", folder.schemaNames()));
    readState()
        .ifPresent(state -> {
          facts.row("dataset", state.datasetName().orElse(null));
          facts.row("destination", state.at("destination_type").orElse(null));
          facts.row("location", state.at("_local", "destination_location").orElse(null));
          facts.row("state version", state.version());
        });
    add(facts.build());
    readState()
        .flatMap(state -> state.at("sources"))
        .ifPresent(sources -> details("what its sources remember", () -> add(flat("", sources))));
  }

  private Optional<State> readState() {
    return folder.state().map(json -> State.read(json, folder.root().resolve("state.json")));
  }

  private static Grid flat(String title, Object sources) {
    var flat = new LinkedHashMap<String, @Nullable Object>();
    flatten("", sources, flat);
    var grid = Grid.of(title, "key", "value");
    flat.forEach(grid::row);
    return grid.build();
  }

  private static void flatten(
      String path, @Nullable Object value, Map<String, @Nullable Object> flat) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map.forEach(
          (key, inner) -> flatten(path.isEmpty() ? "" + key : path + "." + key, inner, flat));
    } else {
      flat.put(path, value);
    }
  }

  private void packages(List<LoadPackage> all) {
    var newest = all.reversed().subList(0, Math.min(MAX_PACKAGES, all.size()));
    if (newest.isEmpty()) {
      html.append("<p>none yet</p>\n");
      return;
    }
    add(
        PackageGrids.packages(
            newest.size() < all.size()
                ? "the newest %d of %s".formatted(MAX_PACKAGES, Cells.count(all.size(), "package"))
                : "",
            newest));
    for (var one : newest) {
      details(
          "package " + one.loadId() + ", " + one.stage(),
          () -> {
            var jobs = one.stored().jobs();
            add(
                PackageGrids.jobs(
                    RowFiles.note("files", Math.min(MAX_JOBS, jobs.size()), jobs.size())
                        .replace(" rows)", ")"),
                    jobs.subList(0, Math.min(MAX_JOBS, jobs.size()))));
            var updates = Views.schemaUpdates(one);
            if (updates.rows() > 0) {
              add(updates);
            }
            var failed = Views.failed(one);
            if (failed.rows() > 0) {
              add(failed);
            }
            one.problems()
                .forEach(problem ->
                    html.append("<p class=\"bad\">").append(Svg.escape(problem)).append("</p>\n"));
          });
    }
  }

  private void rows(List<LoadPackage> packages, Optional<Dataset> dataset) {
    dataset.ifPresentOrElse(
        found -> {
          try {
            var tables = found.tableGrid();
            add(tables);
            html.append(
                BarChart.of(ChartColumns.of(tables.titled("rows per table"), "table", "rows"))
                    .svg());
          } catch (RuntimeException e) {
            html.append("<p class=\"bad\">")
                .append(Svg.escape(String.valueOf(e.getMessage())))
                .append("</p>\n");
          }
        },
        () -> html.append("<p class=\"faint\">The destination was not looked at.</p>\n"));
    var counts = Grid.of("rows per package", "package", "rows");
    for (var one : packages.subList(Math.max(0, packages.size() - 500), packages.size())) {
      var rows =
          PackageGrids.counts(one.stored().jobs()).entrySet().stream()
              .filter(entry -> !entry.getKey().startsWith("_dlt"))
              .mapToLong(entry -> {
                var known = entry.getValue().rows();
                return known == null ? 0 : known;
              })
              .sum();
      counts.row(Cells.text(PackageGrids.created(one.loadId())), rows);
    }
    var grid = counts.build();
    if (grid.rows() > 1) {
      html.append(LineChart.of(ChartColumns.of(grid, "package", "rows")).svg());
    }
  }

  private void schemas() {
    var names = folder.schemaNames();
    if (names.isEmpty()) {
      html.append("<p>none yet</p>\n");
    }
    for (var name : names) {
      var schema =
          folder.schema(name).map(json -> Schema.read(json, folder.schemaFile(name))).orElseThrow();
      html.append(Chart.of(schema).svg());
      details("columns of " + name, () -> add(Views.columns(schema)));
      details(
          "as YAML",
          () -> html.append("<pre>").append(Svg.escape(schema.toYaml())).append("</pre>\n"));
    }
  }

  private void trace() {
    PipelineTrace.read(folder)
        .ifPresentOrElse(
            trace -> {
              html.append(trace.chart().svg());
              add(trace.stepGrid());
              if (trace.failed()) {
                add(trace.errorGrid());
              }
              details("settings", () -> add(trace.settingGrid()));
            },
            () -> html.append("<p>none yet</p>\n"));
  }

  private void quarantine(List<LoadPackage> packages) {
    var found = new ArrayList<Grid>();
    for (var one : packages.reversed()) {
      if (!Quarantine.files(one.folder()).isEmpty() && found.size() < 10) {
        found.add(Views.quarantine(one, MAX_QUARANTINE));
      }
    }
    if (found.isEmpty()) {
      html.append("<p>No row was kept back.</p>\n");
    }
    found.forEach(this::add);
  }

  private void add(Grid grid) {
    html.append(GridHtml.of(grid)).append('\n');
  }

  private void details(String summary, Runnable body) {
    html.append("<details><summary>").append(Svg.escape(summary)).append("</summary>\n");
    try {
      body.run();
    } finally {
      html.append("</details>\n");
    }
  }
}
