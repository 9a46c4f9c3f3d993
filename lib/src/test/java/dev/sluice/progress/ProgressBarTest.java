package dev.sluice.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.progress.Progress.Counter;
import dev.sluice.progress.Progress.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressBarTest {
  private static Snapshot at(boolean done, String... waiting) {
    return of("shop", done, waiting);
  }

  private static Snapshot of(String pipeline, boolean done, String... waiting) {
    return new Snapshot(
        pipeline,
        "normalize",
        Duration.ofSeconds(3),
        List.of(
            new Counter("files", 3, OptionalLong.of(12), 1),
            new Counter("rows", 300_000, OptionalLong.empty(), 100_000)),
        List.of(waiting),
        98,
        213_000_000,
        done);
  }

  private static String drawn(int columns, Snapshot... snapshots) {
    var bytes = new ByteArrayOutputStream();
    var bar = new TerminalBar(new PrintStream(bytes, true, StandardCharsets.UTF_8), () -> columns);
    for (var snapshot : snapshots) {
      bar.report(snapshot);
    }
    return bytes.toString(StandardCharsets.UTF_8).replace("\u001B[K", "").replace("\r\n", "\n");
  }

  @Test
  void aWideTerminalShowsEverything() {
    assertThat(drawn(120, at(false)))
        .isEqualTo(
            "\rshop normalize  25% |█████████▎                           | 3/12 files · 300,000 rows · 9 s left · 100,000/s (0:00:03)");
  }

  @Test
  void fortyColumnsShowTheStageAndHowFarItIs() {
    assertThat(drawn(40, at(false))).isEqualTo("\rnormalize  25% |██▌       | 3/12 files");
  }

  @Test
  void whatIsWaitedForIsShownAndCut() {
    var waits = at(false, "GET /orders: 429, retry 2 of 5 in 4 s");
    assertThat(drawn(40, waits)).isEqualTo("\rnormalize  25% |██      | waiting: GE…");
    assertThat(drawn(120, waits)).contains("· waiting: GET /orders: 429… (0:00:03)");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 20, 39, 40, 79, 80, 200})
  void noLineIsWiderThanTheTerminal(int columns) {
    assertThat(drawn(columns, at(false, "a ".repeat(200)), at(true)).split("[\r\n]+"))
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(columns));
  }

  @Test
  void aStageIsRedrawnInPlaceAndKeptWhenItIsDone() {
    assertThat(drawn(40, at(false), at(true)))
        .isEqualTo(
            "\rnormalize  25% |██▌       | 3/12 files"
                + "\rnormalize 100% |██████████| 3/12 files"
                + System.lineSeparator());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ofPipelinesThatRunAtTheSameTimeOneIsDrawnAndOfTheOthersTheEnd(boolean sameObject) {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    var first = new TerminalBar(out, () -> 100);
    var second = sameObject ? first : new TerminalBar(out, () -> 100);
    first.report(of("shop", false));
    second.report(of("crm", false));
    second.report(of("crm", true));
    second.report(of("hr", false));
    first.report(of("shop", true));
    second.report(of("hr", false));
    assertThat(bytes.toString(StandardCharsets.UTF_8).split("[\r\n]+"))
        .extracting(line -> line.replaceFirst("(\\d%).*", "$1"))
        .containsExactly(
            "",
            "shop normalize  25%",
            "crm normalize 100%",
            "shop normalize 100%",
            "hr normalize  25%");
  }

  @Test
  void aDumbTerminalIsNotDrawnOn() {
    assertThat(new Terminal(Map.of("TERM", "dumb")).watched()).isFalse();
  }

  @Test
  void theWidthIsWhatColumnsSays() {
    assertThat(new Terminal(Map.of("COLUMNS", "40")).columns()).isEqualTo(40);
  }

  @Test
  void aClassOfOnesOwnIsFoundByItsName() {
    assertThat(Progress.named(Mine.class.getName(), System.err)).isInstanceOf(Mine.class);
    assertThatThrownBy(() -> Progress.named("no.such.Display", System.err))
        .hasMessage(
            "Setting 'progress' is 'no.such.Display', which is no class that implements"
                + " dev.sluice.progress.Progress and has a public constructor without parameters");
  }

  /// Shows nothing, of its own accord.
  public static final class Mine implements Progress {
    @Override
    public void report(Snapshot snapshot) {
      assertThat(snapshot).isNotNull();
    }
  }
}
