package dev.sluice.resource;

import dev.sluice.json.TypedJson;
import dev.sluice.pipe.Deferred;
import dev.sluice.pipe.PipeSettings;
import dev.sluice.pipe.PipeSettings.NextItemMode;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// What the engine costs beside a sink that writes JSON, to be run by hand: `java …
/// dev.sluice.resource.EvaluationSpeed`.
class EvaluationSpeed {
  public static void main(String... arguments) throws Exception {
    for (int round = 0; round < 3; round++) {
      var fifo = pushed(NextItemMode.FIFO);
      var roundRobin = pushed(NextItemMode.ROUND_ROBIN);
      var noops = noops(false);
      var virtual = noops(true);
      var waits = waits();
      System.out.printf(
          "RESULT round_robin_vs_fifo=%.2f (fifo %.0f ms, round robin %.0f ms) noop_per_s=%.0f"
              + " async_per_s=%.0f deferred_vs_ideal=%.3f heap_mb=%d%n",
          roundRobin / fifo,
          fifo * 1e3,
          roundRobin * 1e3,
          1e6 / noops,
          1e6 / virtual,
          waits / 2.5,
          heap());
    }
  }

  /// 20 generators of 50,000 rows in pages of 100.
  private static double pushed(NextItemMode mode) throws Exception {
    var resources = new ArrayList<Resource<Object>>();
    for (int i = 0; i < 20; i++) {
      resources.add(
          Resource.of(
              "r" + i,
              out -> {
                for (int start = 0; start < 50_000; start += 100) {
                  var page = new ArrayList<Map<String, Object>>(100);
                  for (int id = start; id < start + 100; id++) {
                    page.add(Map.of("id", id, "name", "row " + id));
                  }
                  out.page(page);
                }
              }));
    }
    return seconds(Source.of("s", resources), settings(5, 20, mode), 1_000_000);
  }

  private static double noops(boolean virtual) throws Exception {
    Deferred<Integer, Integer> call = virtual ? Deferred.async(id -> id) : Deferred.defer(id -> id);
    var items = Resource.of("items", () -> IntStream.range(0, 1_000_000).boxed());
    return seconds(
        Source.of("s", items.transform("t", call)), settings(5, 20, NextItemMode.FIFO), 1_000_000);
  }

  private static double waits() throws Exception {
    var items = Resource.of("items", () -> IntStream.range(0, 1_000).boxed());
    var slow =
        items.transform(
            "t",
            Deferred.defer(id -> {
              Thread.sleep(50);
              return id;
            }));
    return seconds(Source.of("s", slow), settings(20, 20, NextItemMode.FIFO), 1_000);
  }

  private static double seconds(Source source, PipeSettings settings, long expected)
      throws Exception {
    var rows = new long[1];
    var file =
        new JsonFactory()
            .createGenerator(ObjectWriteContext.empty(), OutputStream.nullOutputStream());
    var started = System.nanoTime();
    Evaluation.run(
        source,
        EvaluationContext.passing(settings),
        new Sink() {
          @Override
          public void rows(Resource<?> resource, List<?> page, @Nullable String table) {
            rows[0] += page.size();
            TypedJson.write(file, page);
          }

          @Override
          public void checkpoint(
              List<Resource<?>> resources, String token, Map<String, Object> stateSnapshot) {}
        });
    if (rows[0] != expected) {
      throw new IllegalStateException(rows[0] + " rows instead of " + expected);
    }
    return (System.nanoTime() - started) / 1e9;
  }

  private static PipeSettings settings(int workers, int items, NextItemMode mode) {
    return new PipeSettings(workers, items, mode, Duration.ofMinutes(1), false);
  }

  private static long heap() {
    System.gc();
    return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20;
  }
}
