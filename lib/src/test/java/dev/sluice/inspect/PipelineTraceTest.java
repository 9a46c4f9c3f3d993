package dev.sluice.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Config;
import dev.sluice.store.PipelineFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PipelineTraceTest {
  private final AtomicLong seconds = new AtomicLong();
  private final InstantSource clock =
      () -> Instant.parse("2026-01-02T03:00:00Z").plusSeconds(seconds.getAndIncrement());

  private TraceRecorder recorder() {
    return TraceRecorder.of("shop", clock, text -> text.replace("hunter2", "***"));
  }

  private PipelineTrace single(String step) {
    var recorder = recorder();
    recorder.begin(step);
    recorder.end(List.of("1.5"), Map.of("rows", 7), step + " done");
    return recorder.trace(List.of());
  }

  @Test
  void aRunIsToldAsItsStepsInOrder() {
    var recorder = recorder();
    recorder.begin("run");
    recorder.begin("extract");
    recorder.end(List.of("1.5"), Map.of("rows", 7), "7 rows");
    recorder.begin("load");
    recorder.fail(
        new IllegalStateException("load failed", new IOException("no user:hunter2@host")),
        List.of("1.5"));
    recorder.fail(new IllegalStateException("run failed"));
    var trace =
        recorder.trace(List.of(new Config.Lookup("credentials.password", "***", "secrets.toml")));

    assertThat(trace.steps().stringColumn("step").asList())
        .containsExactly("run", "extract", "load");
    assertThat(trace.steps().stringColumn("outcome").asList())
        .containsExactly("failed", "done", "failed");
    assertThat(trace.steps().doubleColumn("seconds").asList()).containsExactly(5.0, 1.0, 1.0);
    assertThat(trace.errors().stringColumn("message").asList())
        .containsExactly("run failed", "load failed", "no user:***@host");
    assertThat(trace.settings().stringColumn("value").asList()).containsExactly("***");
    assertThat(trace.infos().stringColumn("value").asList()).containsExactly("7");
    assertThat(trace.failed()).isTrue();
    assertThat(trace)
        .hasToString(
            """
            pipeline shop, failed in 7.00 s, began 2026-01-02T03:00:00Z
              run failed after 5.00 s
                IllegalStateException: run failed
              extract 1.00 s, package 1.5
              load failed after 1.00 s, package 1.5
                IllegalStateException: load failed
                IOException: no user:***@host\
            """);
  }

  @Test
  void aLaterScriptReadsTheTraceOfTheLastRun(@TempDir Path pipelines) {
    var trace = single("extract");
    var folder = PipelineFolder.of(pipelines, "shop");
    assertThat(PipelineTrace.read(folder)).isEmpty();
    try (var directory = new PackageFixture(pipelines, "shop").open()) {
      directory.put(PipelineTrace.FILE, trace.toJson());
    }
    assertThat(PipelineTrace.read(folder).orElseThrow().toJson()).isEqualTo(trace.toJson());
  }

  @Test
  void singleStepsAddUpToAHundredAndARunBeginsAnother() {
    Optional<PipelineTrace> last = Optional.empty();
    for (var i = 0; i < 120; i++) {
      last = Optional.of(single("step " + i).after(last));
    }
    assertThat(last.orElseThrow().stepList()).hasSize(100);
    assertThat(last.orElseThrow().stepList().getFirst().name()).isEqualTo("step 20");
    var recorder = recorder();
    recorder.begin("run");
    recorder.begin("load");
    recorder.end(List.of(), Map.of(), "");
    recorder.end(List.of(), Map.of(), "");
    assertThat(recorder.trace(List.of()).after(last).stepList()).hasSize(2);
  }

  @Test
  void anUnreadableTraceIsNoTrace() {
    assertThat(PipelineTrace.ofJson(new byte[] {'{'})).isEmpty();
    assertThat(PipelineTrace.ofJson("[]".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .isEmpty();
  }
}
