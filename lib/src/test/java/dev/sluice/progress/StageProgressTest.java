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
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StageProgressTest {
  private static final Snapshot HALF_DONE =
      new Snapshot(
          "shop",
          "extract",
          Duration.ofMillis(3_000),
          List.of(
              new Counter("rows", 512_000, OptionalLong.empty(), 170_666.6),
              new Counter("files", 5, OptionalLong.of(10), 1.6)),
          List.of("GET /orders: 429, retry 2 of 5 in 4 s"),
          98.4,
          213_400_000,
          false);

  private final AtomicLong clock = new AtomicLong();

  @Test
  void aLineSaysStageCountsRateCpuMemoryAndWaits() {
    var bytes = new ByteArrayOutputStream();
    Progress.log(new PrintStream(bytes, true, StandardCharsets.UTF_8)).report(HALF_DONE);
    assertThat(bytes.toString(StandardCharsets.UTF_8).strip())
        .isEqualTo(
            "shop extract 3.0 s | rows 512,000 (170,667/s) | files 5/10 | cpu 98 % | memory 213 MB"
                + " | waiting: GET /orders: 429, retry 2 of 5 in 4 s");
  }

  @Test
  void aBarIsDrawnOverItself() {
    var bytes = new ByteArrayOutputStream();
    Progress.named("tqdm", new PrintStream(bytes, true, StandardCharsets.UTF_8)).report(HALF_DONE);
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .startsWith("\rshop extract  50% |")
        .doesNotContain("\n");
  }

  @Test
  void aStageShowsItsCountersUntilItEnds() throws InterruptedException {
    var seen = new CopyOnWriteArrayList<Snapshot>();
    var ticked = new CountDownLatch(1);
    Progress progress =
        snapshot -> {
          seen.add(snapshot);
          ticked.countDown();
        };
    try (var stage =
        StageProgress.start(progress, "shop", "load", Duration.ofMillis(1), clock::get)) {
      stage.tally("rows").add(10);
      stage.tally("jobs").total(3);
      try (var wait = stage.waiting("the lock of shop.duckdb")) {
        assertThat(wait).isNotNull();
        ticked.await();
      }
      clock.set(2_000_000_000L);
      stage.tally("rows").add(10);
      assertThat(stage.tally("rows").sum()).isEqualTo(20);
    }
    assertThat(seen.getFirst().waiting()).containsExactly("the lock of shop.duckdb");
    var last = seen.getLast();
    assertThat(last.done()).isTrue();
    assertThat(last.waiting()).isEmpty();
    assertThat(last.elapsed()).isEqualTo(Duration.ofSeconds(2));
    assertThat(last.counters())
        .containsExactly(
            new Counter("rows", 20, OptionalLong.empty(), 10),
            new Counter("jobs", 0, OptionalLong.of(3), 0));
    assertThat(last.memoryBytes()).isPositive();
    assertThat(seen.subList(0, seen.size() - 1)).noneMatch(Snapshot::done);
  }

  @Test
  void aDisplayThatFailsDoesNotFailTheStage() {
    var calls = new AtomicLong();
    try (var stage =
        StageProgress.start(
            snapshot -> {
              calls.incrementAndGet();
              throw new IllegalStateException("no terminal");
            },
            "shop",
            "load")) {
      stage.tally("rows").add(1);
    }
    assertThat(calls).hasValue(1);
  }

  @Test
  void nobodyLookingMeansNoThread() {
    try (var stage = StageProgress.start(Progress.none(), "shop", "quiet")) {
      stage.tally("rows").add(1);
      assertThat(stage.tally("rows").sum()).isEqualTo(1);
      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .doesNotContain("sluice-progress");
    }
  }

  @Test
  void anUnknownDisplayIsRefused() {
    assertThatThrownBy(() -> Progress.named("loud", System.err))
        .hasMessage("Setting 'progress' is 'loud', but must be one of none, log, bar, auto");
  }
}
