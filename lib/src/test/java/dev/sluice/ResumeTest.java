package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.resource.Resource;
import dev.sluice.schema.SchemaContract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A run that is cut off by SIGKILL goes on from its last checkpoint, and every row comes once.
class ResumeTest {
  private static final int KILLED = 137;

  @TempDir Path folder;

  private int runUntilKilled(int page) throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                KilledExtract.class.getName(),
                folder.toString(),
                String.valueOf(page))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("killed.log").toFile())
            .start();
    return process.waitFor();
  }

  @Test
  void aKilledExtractGoesOnFromItsLastCheckpoint() throws Exception {
    assertThat(runUntilKilled(905)).isEqualTo(KILLED);
    assertThat(runUntilKilled(955)).isEqualTo(KILLED);
    var pipeline = KilledExtract.pipeline(folder);
    assertThat(pipeline.extractedPackages()).isEmpty();
    assertThat(pipeline.state().sources()).isEmpty();
    var resumedAt = new ArrayList<String>();
    var info =
        pipeline.extract(
            Resource.of("before", () -> List.of(Map.of("id", 1), Map.of("id", 2))),
            Resource.of(
                "paged",
                out -> {
                  out.resumedAt().ifPresent(resumedAt::add);
                  KilledExtract.pages(out, -1);
                }));
    assertThat(resumedAt).containsExactly("950");
    assertThat(info.packages().getFirst().resumed()).isTrue();
    pipeline.run();
    assertThat(pipeline.sql("select count(*), count(distinct id), max(page) from paged").print())
        .contains("10000")
        .contains("999");
    assertThat(pipeline.dataset().rowCount("before")).isEqualTo(2);
    assertThat(pipeline.state().at("sources", "killed", "resources", "paged", "page"))
        .contains(999L);
    pipeline.run(Resource.of("before", () -> List.of(Map.of("id", 3))));
    assertThat(pipeline.dataset().rowCount("before")).isEqualTo(3);
  }

  @Test
  void rowsSetAsideBehindTheCheckpointStandOnceAfterAResume() {
    var pipeline =
        KilledExtract.pipeline(folder)
            .contract(SchemaContract.evolve().tables(SchemaContract.Mode.DISCARD_ROW));
    KilledExtract.pipeline(folder).run(Resource.of("users", () -> List.of(Map.of("id", 0))));
    for (var failsBehind : List.of(1, 2)) {
      assertThatThrownBy(() -> pipeline.extract(odd(failsBehind))).hasMessageContaining("no more");
    }
    var info = pipeline.extract(odd(9));
    assertThat(info.packages().getFirst().tables())
        .filteredOn(table -> table.name().equals("odd"))
        .extracting(table -> table.setAside())
        .containsExactly(4L);
    assertThat(pipeline.extractedPackages().getFirst().quarantine().stringColumn("value").asList())
        .containsExactlyInAnyOrder("{\"id\":0}", "{\"id\":1}", "{\"id\":2}", "{\"id\":3}");
    pipeline.run();
    assertThat(pipeline.dataset().rowCount("users")).isEqualTo(5);
  }

  /// A row for a table that may not come to be with each of four rows, and a checkpoint between.
  private static Resource<Object> odd(int failsBehind) {
    return Resource.of(
        "users",
        out -> {
          for (int id = out.resumedAt().map(Integer::parseInt).orElse(0); id < 4; id++) {
            out.row(Map.of("id", id));
            out.table("odd", Map.of("id", id));
            if (id == failsBehind) {
              throw new IllegalStateException("no more");
            }
            out.checkpoint(String.valueOf(id + 1));
          }
        });
  }
}
