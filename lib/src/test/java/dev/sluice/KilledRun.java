package dev.sluice;

import dev.sluice.load.Destination;
import dev.sluice.pipe.Out;
import dev.sluice.resource.Resource;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/// A process that runs a pipeline to its end: a thousand new rows with nested ones, numbered on
/// from what the state says. Whoever kills it in between must not lose or double a row.
final class KilledRun {
  static final int ROWS = 1_000;

  private KilledRun() {}

  public static void main(String[] args) {
    pipeline(Path.of(args[0])).run(Resource.of("numbered", KilledRun::rows));
  }

  static Pipeline pipeline(Path folder) {
    return Pipeline.of(
            "killed",
            new Surroundings(Map.of(), folder, InstantSource.system(), new Random(), System.err))
        .to(Destination.duckdb())
        .setting("data_writer.file_max_items", 100)
        .setting("normalize.workers", 2);
  }

  private static void rows(Out<Object> out) {
    var next = ((Number) out.state().getOrDefault("next", 0)).intValue();
    for (int page = next; page < next + ROWS; page += 50) {
      out.page(
          IntStream.range(page, page + 50)
              .mapToObj(id -> Map.of("id", id, "tags", List.of("a", "b")))
              .toList());
    }
    out.state().put("next", next + ROWS);
  }
}
