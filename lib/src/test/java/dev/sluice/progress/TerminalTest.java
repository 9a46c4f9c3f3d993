package dev.sluice.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.progress.Progress.Counter;
import dev.sluice.progress.Progress.Snapshot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The bar on a real pseudo terminal, which `script` of util-linux makes.
class TerminalTest {
  private static final Path SCRIPT = Path.of("/usr/bin/script");

  /// Runs in a Java of its own, with the terminal as its standard error.
  static final class Stage {
    private Stage() {}

    public static void main(String... arguments) {
      var progress = Progress.named("auto", System.err);
      for (var stage : List.of("extract", "load")) {
        for (var done : List.of(1L, 6L, 12L)) {
          progress.report(
              new Snapshot(
                  "shop",
                  stage,
                  Duration.ofSeconds(done),
                  List.of(
                      new Counter("files", done, OptionalLong.of(12), 1),
                      new Counter("rows", done * 1_000_000, OptionalLong.empty(), 1e6)),
                  done == 6 ? List.of("GET /orders: 429, retry 2 of 5 in 4 s") : List.of(),
                  98,
                  213_000_000,
                  done == 12));
        }
      }
    }
  }

  private static String shown(String terminal, String redirect) throws Exception {
    assumeTrue(Files.isExecutable(SCRIPT), "skipped: needs script");
    var java = Path.of(System.getProperty("java.home"), "bin", "java");
    var run =
        "%s %s -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dstderr.encoding=UTF-8 -cp '%s' '%s' %s"
            .formatted(
                terminal,
                java,
                System.getProperty("java.class.path"),
                Stage.class.getName(),
                redirect);
    var builder = new ProcessBuilder(SCRIPT.toString(), "-qec", run, "/dev/null");
    builder.environment().put("TERM", "xterm");
    builder.environment().remove("COLUMNS");
    var process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 80, 120})
  void aTerminalShowsALineForEachStage(int columns) throws Exception {
    var lines = shown("stty cols " + columns + ";", "").split("\r\n");
    assertThat(lines).hasSize(2);
    for (var line : lines) {
      var drawn = line.replace("\u001B[K", "").split("\r");
      assertThat(drawn)
          .allSatisfy(one -> assertThat(one).hasSizeLessThan(columns))
          .anySatisfy(one -> assertThat(one).contains(" 50% |", "waiting: GET"));
      assertThat(drawn[drawn.length - 1]).contains("100% |████", "12/12 files");
    }
    assertThat(lines[0]).contains("extract");
    assertThat(lines[1]).contains("load");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2>&1 | cat", "2>/dev/null"})
  void whatIsNoTerminalGetsNothing(String redirect) throws Exception {
    assertThat(shown("", redirect)).isEmpty();
  }
}
