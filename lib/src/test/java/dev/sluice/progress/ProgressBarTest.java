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
    return new Snapshot(
        "shop",
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

  @Test
  void aWideTerminalShowsEverything() {
    assertThat(ProgressBar.line(at(false), 119))
        .isEqualTo(
            "shop normalize 3 s · █████░░░░░░░░░░░░░░░ 25 % · 3/12 files · 300,000 rows · 9 s left · 100,000/s · 213 MB");
  }

  @Test
  void fortyColumnsShowTheStageAndHowFarItIs() {
    assertThat(ProgressBar.line(at(false), 39)).isEqualTo("shop normalize 3 s · ██░░░░░░ 25 %");
  }

  @Test
  void whatIsWaitedForIsShownAndCut() {
    assertThat(ProgressBar.line(at(false, "GET /orders: 429, retry 2 of 5 in 4 s"), 60))
        .isEqualTo("shop normalize 3 s · ██░░░░░░ 25 % · waiting: GET /order…")
        .hasSizeLessThanOrEqualTo(60);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 20, 39, 40, 79, 80, 200})
  void noLineIsWiderThanTheTerminal(int width) {
    assertThat(ProgressBar.line(at(false, "a ".repeat(200)), width))
        .hasSizeLessThanOrEqualTo(width);
    assertThat(ProgressBar.line(at(true), width)).hasSizeLessThanOrEqualTo(width);
  }

  @Test
  void aStageIsRedrawnInPlaceAndKeptWhenItIsDone() {
    var bytes = new ByteArrayOutputStream();
    var bar = new ProgressBar(new PrintStream(bytes, true, StandardCharsets.UTF_8), () -> 40);
    bar.report(at(false));
    bar.report(at(true));
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "\r\u001B[2Kshop normalize 3 s · ██░░░░░░ 25 %"
                + "\r\u001B[2Kshop normalize 3 s done · ██░░░░░░ 25 %"
                + System.lineSeparator());
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
