package dev.sluice;

import dev.sluice.inspect.PipelineTrace;
import dev.sluice.load.Target;
import dev.sluice.table.Grid;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// What a pipeline is and how far it has come, a line each.
final class Overview {
  private Overview() {}

  static Grid of(String name, Optional<Target> target, Stages stages) {
    var around = stages.surroundings().workingFolder();
    var packages = stages.packages();
    var grid = Grid.of("pipeline " + name, "what", "value");
    grid.row(
        "destination",
        target
            .map(to ->
                to.destination().type()
                    + " "
                    + to.file().map(file -> near(around, file)).orElse(to.location()))
            .orElse("none yet"));
    grid.row("dataset", target.map(Target::dataset).orElse(null));
    grid.row("working directory", near(around, stages.folder().root()));
    grid.row(
        "pending packages",
        "%d extracted, %d normalized"
            .formatted(packages.extracted().size(), packages.normalized().size()));
    grid.row("loaded packages", packages.loaded().size());
    grid.row(
        "last run",
        PipelineTrace.read(stages.folder())
            .map(trace ->
                (trace.failed() ? "failed, " : "done, ")
                    + trace.finishedAt().truncatedTo(ChronoUnit.SECONDS))
            .orElse("none yet"));
    return grid.build();
  }

  private static String near(Path around, Path file) {
    return (file.startsWith(around) ? around.relativize(file) : file).toString();
  }
}
