package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.load.Destination;
import dev.sluice.resource.Incremental;
import dev.sluice.resource.Resource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Working folders that the first release left behind, kept in `upgrade/0.1.0-first`: whatever
/// waits in them is normalized, loaded and gone on with.
class UpgradeTest {
  @TempDir Path folder;

  private Pipeline left(String name) throws IOException {
    var resource = "/upgrade/0.1.0-first/" + name + ".zip";
    try (var zip =
        new ZipInputStream(
            Objects.requireNonNull(UpgradeTest.class.getResourceAsStream(resource)))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        var target = folder.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(zip, target);
        }
      }
    }
    return Pipeline.of(
            "shop",
            new Surroundings(
                Map.of(),
                folder,
                InstantSource.system(),
                new Random(1),
                new PrintStream(new ByteArrayOutputStream())))
        .pipelinesDir(folder.resolve("pipelines"))
        .to(Destination.duckdb("shop.duckdb"));
  }

  /// The rows that the first release was given, from 1 on; the cursor lets new ones through.
  private static Resource<?> users(int last) {
    var rows =
        IntStream.rangeClosed(1, last)
            .mapToObj(id ->
                Map.of(
                    "id",
                    id,
                    "name",
                    "user " + id,
                    "tags",
                    List.of(Map.of("n", id), Map.of("n", -id)),
                    "amount",
                    new BigDecimal(id + ".25")))
            .toList();
    return Resource.of("users", () -> rows).incremental(Incremental.of("id")).merge("id");
  }

  private static void assertUsers(Pipeline pipeline, int last) {
    var expected =
        IntStream.rangeClosed(1, last)
            .mapToObj(id -> id + " user " + id + " " + id + ".25 [" + -id + ", " + id + "]")
            .toList();
    assertThat(
            column(
                pipeline,
                """
                select u.id || ' ' || name || ' ' || amount::decimal(9,2) || ' ' || (
                  select list(n order by n)::varchar from users__tags where _dlt_parent_id = u._dlt_id) as x
                from users u
                """))
        .isEqualTo(sorted(expected));
  }

  private static List<String> sorted(List<String> lines) {
    var sorted = new ArrayList<>(lines);
    sorted.sort(null);
    return sorted;
  }

  private static List<String> column(Pipeline pipeline, String sql) {
    return sorted(pipeline.sql(sql).stringColumn(0).asList());
  }

  private static void assertNotes(Pipeline pipeline, int last) {
    assertThat(column(pipeline, "select id || ' ' || text as x from notes"))
        .isEqualTo(
            sorted(IntStream.rangeClosed(1, last).mapToObj(id -> id + " note " + id).toList()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"extracted", "normalized_jsonl", "normalized_parquet"})
  void whatWaitsIsLoaded(String name) throws IOException {
    var pipeline = left(name);
    var waiting =
        (name.equals("extracted") ? pipeline.extractedPackages() : pipeline.normalizedPackages())
            .getFirst()
            .toString();
    assertThat(waiting).contains("unverified: an earlier release wrote it, without checksums");
    var info = pipeline.run();
    // What this release makes of it is verified again.
    assertThat(info.toString().contains("unverified")).isEqualTo(!name.equals("extracted"));
    assertUsers(pipeline, 20);
    assertNotes(pipeline, 5);
    pipeline.run(users(25));
    assertUsers(pipeline, 25);
  }

  @Test
  void aLoadedDatasetIsGoneOnWith() throws IOException {
    var pipeline = left("loaded");
    assertUsers(pipeline, 20);
    pipeline.run();
    assertUsers(pipeline, 40);
    assertNotes(pipeline, 10);
    pipeline.run(users(45));
    assertUsers(pipeline, 45);
  }

  @Test
  void whatWaitsBehindALoadCanBeDroppedAndComesAgain() throws IOException {
    var pipeline = left("loaded");
    assertThat(pipeline.dropPendingPackages()).hasSize(1);
    pipeline.run(users(40));
    assertUsers(pipeline, 40);
    assertNotes(pipeline, 5);
  }

  @Test
  void aFolderWhosePackagesWereDroppedBeginsAnew() throws IOException {
    var pipeline = left("dropped");
    pipeline.run(users(3));
    assertUsers(pipeline, 3);
  }

  @Test
  void anExtractGoesOnFromItsCheckpoint() throws IOException {
    var pipeline = left("draft");
    var resumed = new ArrayList<String>();
    pipeline.run(
        Resource.of(
            "paged",
            out -> {
              out.resumedAt().ifPresent(resumed::add);
              for (int page = out.resumedAt().map(Integer::parseInt).orElse(0); page < 4; page++) {
                out.row(Map.of("id", 2 * page));
                out.row(Map.of("id", 2 * page + 1));
                out.state().put("page", page);
                out.checkpoint(String.valueOf(page + 1));
              }
            }));
    assertThat(resumed).containsExactly("2");
    assertThat(column(pipeline, "select id::varchar as x from paged"))
        .containsExactly("0", "1", "2", "3", "4", "5", "6", "7");
  }
}
