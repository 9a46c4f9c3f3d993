package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The harness of faults: a handful of its points, and that it finds out what is wrong.
class FaultsTest {
  @TempDir Path folder;

  private record Answer(int code, String output) {}

  private Answer faults(String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of("../jbang").toAbsolutePath().normalize().toString());
    command.add(Path.of("../scripts/faults.java").toAbsolutePath().normalize().toString());
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .put("JBANG_CACHE_DIR", Path.of("target/jbang").toAbsolutePath().toString());
    builder.environment().put("JBANG_NO_VERSION_CHECK", "true");
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var answer = new Answer(process.waitFor(), output);
    assumeTrue(!output.contains("skipped: needs"), output);
    return answer;
  }

  @Test
  void everyRowComesOnceWhereverAPipelineIsStruck() throws Exception {
    var answer = faults("--kind", "kill,torn,short,processes", "--points", "10", "--seed", "5");
    assertThat(answer.output()).contains("| kill |", "| torn |", "| short |", "| processes |");
    assertThat(answer.output()).containsPattern("(?m)^[1-9]\\d* passed, 0 failed$");
    assertThat(answer.code()).isZero();
  }

  /// Rows lost, doubled and changed, reports that are not true: each must be found out.
  @Test
  void whatIsWrongIsFoundOut() throws Exception {
    var answer = faults("--kind", "selftest", "--points", "14");
    assertThat(answer.output())
        .contains(
            "orders has 119 rows instead of 120",
            "events has 81 rows instead of 80",
            "a secret stands in",
            "all rows are at the destination, but the run said",
            "0 passed, 14 failed");
    assertThat(answer.code()).isEqualTo(1);
  }

  @Test
  void aFailureIsRunAgainByItsName() throws Exception {
    var answer = faults("--point", "selftest/any/row-lost/0/second/jsonl");
    assertThat(answer.output())
        .contains("FAILED ./jbang faults --point selftest/any/row-lost/0/second/jsonl")
        .contains("1 missing ('7|order 7|8.75')");
    assertThat(answer.code()).isEqualTo(1);
  }

  @Test
  void whatIsNoKindIsRefused() throws Exception {
    var answer = faults("--kind", "earthquake");
    assertThat(answer.output()).contains("There is no kind 'earthquake' of fault");
    assertThat(answer.code()).isEqualTo(2);
  }
}
