package dev.sluice;

import dev.sluice.load.Destination;
import dev.sluice.pipe.Out;
import dev.sluice.resource.Resource;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A process that dies in the middle of an extract, by SIGKILL, at a page that is asked for.
final class KilledExtract {
  static final int PAGES = 1_000;
  static final int ROWS = 10;

  private KilledExtract() {}

  public static void main(String[] args) {
    var dieAt = Integer.parseInt(args[1]);
    pipeline(Path.of(args[0]))
        .run(
            Resource.of("before", () -> List.of(Map.of("id", 1), Map.of("id", 2))),
            Resource.of("paged", out -> pages(out, dieAt)));
  }

  static Pipeline pipeline(Path folder) {
    return Pipeline.of(
            "killed",
            new Surroundings(Map.of(), folder, InstantSource.system(), new Random(), System.err))
        .to(Destination.duckdb());
  }

  /// Pages with a checkpoint behind each; half of the rows come deferred.
  static void pages(Out<Object> out, int dieAt) throws Exception {
    for (int page = out.resumedAt().map(Integer::parseInt).orElse(0); page < PAGES; page++) {
      if (page == dieAt) {
        new ProcessBuilder("kill", "-9", String.valueOf(ProcessHandle.current().pid()))
            .inheritIO()
            .start()
            .waitFor();
      }
      var number = page;
      for (int row = 0; row < ROWS; row += 2) {
        var id = page * ROWS + row;
        out.row(Map.of("id", id, "page", page));
        out.defer(() -> Map.of("id", id + 1, "page", number));
      }
      out.state().put("page", page);
      if (page % 10 == 9) {
        out.checkpoint(String.valueOf(page + 1));
      }
    }
  }
}
