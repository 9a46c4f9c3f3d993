package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Errors that the operating system itself gives at the commits of a run: `strace` puts them there.
class StraceTest {
  @TempDir Path folder;

  @BeforeEach
  void strace() {
    Assumptions.assumeTrue(starts("strace", "-V"), "strace is not installed");
    Assumptions.assumeTrue(starts("strace", "-o", "/dev/null", "true"), "nobody may be traced");
  }

  private static boolean starts(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (java.io.IOException | InterruptedException notThere) {
      return false;
    }
  }

  /// Of the four syncs of `.commit` in a commit the second is that behind the rename of the
  /// journal, the fourth comes when all is in its place: first of the extract, then of normalize,
  /// and then of the package put away, when the rows are in.
  @ParameterizedTest
  @CsvSource({"2, extract", "4, extract", "6, normalize", "8, normalize", "10, ''"})
  void aJournalThatCannotBeSyncedLosesNothing(int sync, String stage) throws Exception {
    var commit = folder.resolve(".dlt/pipelines/killed/.commit");
    var log = folder.resolve("run.log");
    var process =
        new ProcessBuilder(
                "strace",
                "-f",
                "-o",
                "/dev/null",
                "-P",
                commit.toString(),
                "-e",
                "inject=fsync:error=EIO:when=" + sync,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KilledRun.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
    var told = Files.readString(log);
    if (stage.isEmpty()) {
      assertThat(process.exitValue()).as(told).isZero();
    } else {
      assertThat(told)
          .contains("Pipeline 'killed' failed in " + stage + ": Cannot ")
          .contains(": input/output error of the disk")
          .contains("; all the same the commit of package ");
    }
    var pipeline = KilledRun.pipeline(folder);
    pipeline.run();
    assertThat(pipeline.dataset().rowCount("numbered")).as(told).isEqualTo(KilledRun.ROWS);
    assertThat(pipeline.dataset().rowCount("numbered__tags")).isEqualTo(2 * KilledRun.ROWS);
    assertThat(pipeline.run().loadedAnything()).isFalse();
    assertThat(commit).doesNotExist();
  }
}
