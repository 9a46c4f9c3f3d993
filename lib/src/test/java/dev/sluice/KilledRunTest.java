package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGKILL at moments that a seed chooses, wherever the run is then; and again while it recovers.
class KilledRunTest {
  private static final int KILLS = 12;

  @TempDir Path folder;

  /// - returns whether it was killed before its end
  private boolean runFor(long millis) throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KilledRun.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("run.log").toFile())
            .start();
    var ended = process.waitFor(millis, TimeUnit.MILLISECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    } else {
      assertThat(process.exitValue()).as(Files.readString(folder.resolve("run.log"))).isZero();
    }
    return !ended;
  }

  @Test
  void everyRowComesOnceWhereverARunIsKilled() throws Exception {
    var start = System.nanoTime();
    assertThat(runFor(120_000)).isFalse();
    var whole = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    var seed = new Random().nextLong();
    var random = new Random(seed);
    var killed = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      // From the start of the JVM's own work to a little beyond the end of a run.
      if (runFor(whole / 4 + random.nextLong(Math.max(1, whole)))) {
        killed++;
      }
    }
    var pipeline = KilledRun.pipeline(folder);
    pipeline.run();
    var last =
        ((Number)
                pipeline
                    .state()
                    .at("sources", "killed", "resources", "numbered", "next")
                    .orElseThrow())
            .longValue();
    var said = "seed " + seed + ", killed " + killed + " times";
    assertThat(last).as(said).isGreaterThanOrEqualTo(KilledRun.ROWS);
    assertThat(pipeline.dataset().rowCount("numbered")).as(said).isEqualTo(last);
    assertThat(pipeline.dataset().rowCount("numbered__tags")).as(said).isEqualTo(2 * last);
    assertThat(
            pipeline
                .sql(
                    "select id from numbered group by id having count(*) > 1"
                        + " union all select list_idx from (select count(*) as list_idx from"
                        + " numbered__tags t anti join numbered n on n._dlt_id = t._dlt_parent_id)"
                        + " where list_idx > 0")
                .rowCount())
        .as(said)
        .isZero();
    assertThat(pipeline.sql("select 1 from numbered where id >= " + last).rowCount()).isZero();
    assertThat(pipeline.run().loadedAnything()).as(said).isFalse();
  }
}
