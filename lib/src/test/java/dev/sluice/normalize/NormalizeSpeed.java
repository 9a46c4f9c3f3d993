package dev.sluice.normalize;

import dev.sluice.schema.Schema;
import dev.sluice.store.Compressor;
import dev.sluice.store.FolderUpdate;
import dev.sluice.store.PackageDraft;
import dev.sluice.store.WriterSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/// A stop watch for normalize, not a test: `flat`, `shuffled` or `nested`, documents, workers,
/// rounds.
final class NormalizeSpeed {
  private NormalizeSpeed() {}

  public static void main(String[] arguments) throws IOException {
    var kind = arguments.length > 0 ? arguments[0] : "flat";
    int documents = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
    int workers = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
    int rounds = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 5;
    var folder = Files.createTempDirectory("normalize-speed");
    for (int round = 0; round < rounds; round++) {
      try (var extracted = Extracted.in(folder.resolve("round" + round))) {
        var draft = extracted.directory.draftExtract("1700000000.0");
        long bytes = write(draft, kind, documents);
        var schema = Schema.of("speed");
        draft.schema(schema.bytes());
        extracted.directory.commitExtract(
            List.of(draft), FolderUpdate.none().schema("speed", schema.bytes()));
        var settings = NormalizeSettings.defaults().workers(workers);
        long start = System.nanoTime();
        var cpu = java.lang.management.ManagementFactory.getThreadMXBean();
        long cpuStart = cpu.getCurrentThreadCpuTime();
        var info = extracted.normalize(settings);
        double seconds = (System.nanoTime() - start) / 1e9;
        double busy = (cpu.getCurrentThreadCpuTime() - cpuStart) / 1e9;
        long rows = info.rowCounts().values().stream().mapToLong(Long::longValue).sum();
        System.out.printf(
            "%s workers=%d: %.3f s wall, %.3f s CPU of the calling thread, %.0f MB, %.0f MB/s of that CPU, %,d rows%n",
            kind, workers, seconds, busy, bytes / 1e6, bytes / 1e6 / busy, rows);
      }
      delete(folder.resolve("round" + round));
    }
    delete(folder);
  }

  private static long write(PackageDraft draft, String kind, int documents) {
    long total = 0;
    int files = 10;
    var random = new Random(1);
    try (var compressor = Compressor.inline()) {
      for (int file = 0; file < files; file++) {
        try (var writer =
            draft.writer(
                "table",
                "typed-jsonl",
                WriterSettings.defaults().bufferMaxBytes(1 << 22),
                compressor)) {
          for (int i = 0; i < documents / files; i++) {
            int id = file * (documents / files) + i;
            var row = row(kind, id, documents, random).getBytes(StandardCharsets.UTF_8);
            total += row.length;
            writer.append(row, 0, row.length);
          }
          writer.finish();
        }
      }
    }
    return total;
  }

  private static String row(String kind, int id, int documents, Random random) {
    var number = "\"row\":" + id;
    var text = "\"description\":\"this is row with id {_id}\"";
    var time = "\"timestamp\":\"2026-02-03T04:05:06.789012+00:00\"";
    return switch (kind) {
      case "flat" -> "{" + number + "," + text + "," + time + "}";
      case "shuffled" ->
          id == documents / 2
              ? "{" + number + ",\"surprise\":{\"a\":[1,{\"b\":2}]}}"
              : switch (random.nextInt(3)) {
                case 0 -> "{" + number + "," + text + "," + time + "}";
                case 1 -> "{" + text + "," + time + "," + number + "}";
                default -> "{" + time + "," + number + "," + text + "}";
              };
      default -> event(id, random);
    };
  }

  private static String event(int id, Random random) {
    var commits = new StringBuilder();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      commits
          .append(i == 0 ? "" : ",")
          .append("{\"sha\":\"")
          .append(Long.toHexString(random.nextLong()))
          .append("\",\"author\":{\"name\":\"user")
          .append(random.nextInt(1000))
          .append("\",\"email\":\"u")
          .append(random.nextInt(1000))
          .append("@example.org\"}")
          .append(",\"message\":\"Fix issue number ")
          .append(random.nextInt(10_000))
          .append("\",\"distinct\":")
          .append(random.nextBoolean())
          .append(",\"files\":[");
      int files = random.nextInt(5);
      for (int j = 0; j < files; j++) {
        commits
            .append(j == 0 ? "" : ",")
            .append("{\"path\":\"src/main/")
            .append(random.nextInt(1000))
            .append(".java\",\"added\":")
            .append(random.nextInt(100))
            .append(",\"score\":")
            .append(random.nextInt(1000) / 10.0)
            .append(",\"tags\":[\"a\",\"b")
            .append(random.nextInt(10))
            .append("\"]}");
      }
      commits.append("]}");
    }
    return "{\"id\":\""
        + (20_000_000_000L + id)
        + "\",\"type\":\"PushEvent\",\"actor\":{\"id\":"
        + random.nextInt(1_000_000)
        + ",\"login\":\"user"
        + random.nextInt(1000)
        + "\",\"url\":\"https://api.example.org/users/"
        + random.nextInt(1000)
        + "\"},\"repo\":{\"id\":"
        + random.nextInt(100_000)
        + ",\"name\":\"org/repo"
        + random.nextInt(500)
        + "\"},\"payload\":{\"push_id\":"
        + random.nextInt()
        + ",\"size\":"
        + count
        + ",\"ref\":\"refs/heads/main\",\"commits\":["
        + commits
        + "]},\"public\":true,\"created_at\":\"2026-02-03T04:05:06Z\"}";
  }

  private static void delete(Path path) throws IOException {
    if (Files.exists(path)) {
      try (var all = Files.walk(path)) {
        for (var one : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(one);
        }
      }
    }
  }
}
