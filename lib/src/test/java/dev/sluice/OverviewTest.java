package dev.sluice;

import static dev.sluice.Sluice.duckdb;
import static dev.sluice.Sluice.resource;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What somebody who works by hand is shown: the pipeline itself, its workers, and its failures.
class OverviewTest {
  @TempDir private Path folder;

  private Pipeline shop(Map<String, String> environment) {
    return Pipeline.of(
        "shop",
        new Surroundings(
            environment,
            folder,
            InstantSource.system(),
            RandomGenerator.of("L64X128MixRandom"),
            System.err));
  }

  @Test
  void aPipelineIsToldInAFewLinesBeforeAndAfterItsFirstRun() {
    assertThat(shop(Map.of()).info().stringColumn("value").asList())
        .containsExactly(
            "none yet", "", ".dlt/pipelines/shop", "0 extracted, 0 normalized", "0", "none yet");
    var pipeline = shop(Map.of()).to(duckdb());
    pipeline.run("users", List.of(Map.of("id", 1)));
    pipeline.extract(resource("users", () -> List.of(Map.of("id", 2))));
    var values = shop(Map.of()).info().stringColumn("value").asList();
    assertThat(values.subList(0, 5))
        .containsExactly(
            "duckdb shop.duckdb",
            "shop_dataset",
            ".dlt/pipelines/shop",
            "1 extracted, 0 normalized",
            "1");
    assertThat(values.getLast()).startsWith("done, 20");
  }

  @Test
  void theTimelineShowsWhatEachWorkerNormalizedAndWhatWasLoaded() {
    var pipeline =
        shop(Map.of())
            .to(duckdb())
            .setting("data_writer.file_max_items", 100)
            .setting("normalize.workers", 2);
    pipeline.run(
        resource("events", () -> IntStream.range(0, 1_000).mapToObj(id -> Map.of("id", id))));
    var svg = pipeline.lastTrace().orElseThrow().chart().svg();
    assertThat(svg).contains(">worker 1<", ">worker 2<", ">events<").contains("<title>events.");
    assertThat(svg.split("<title>events\\.", -1)).hasSize(11);
  }

  @Test
  void inANotebookAFailureShowsNoLineOfOurs() {
    var broken =
        resource(
            "users",
            out -> {
              throw new IOException("no answer");
            });
    assertThatThrownBy(() -> shop(Map.of("SLUICE_STACKTRACE", "0")).to(duckdb()).run(broken))
        .hasMessageStartingWith("Pipeline 'shop' failed in extract: Resource 'users' failed")
        .hasNoCause()
        .satisfies(failure -> assertThat(failure.getStackTrace()).isEmpty());
    assertThatThrownBy(() -> shop(Map.of()).to(duckdb()).run(broken))
        .hasRootCauseMessage("no answer");
    assertThat(shop(Map.of()).lastTrace().orElseThrow().errors().stringColumn("type").asList())
        .contains("java.io.IOException");
  }
}
