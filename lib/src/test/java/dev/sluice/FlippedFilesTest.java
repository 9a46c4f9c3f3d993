package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.load.Destination;
import dev.sluice.resource.Incremental;
import dev.sluice.resource.Resource;
import dev.sluice.store.StoreException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bits flip, files are cut, blocks come back as zeros: in every kind of file of a working folder,
/// with packages that wait at each stage. Either the run is refused with a sentence that names the
/// file, or the rows are exactly right.
///
/// A sample by default; `-Dflips=1500` tries so many, `-Dflips.seed=7` others, `-Dflips.kind=TEXT`
/// only files whose kind holds the text.
class FlippedFilesTest {
  private static final int SAMPLE = 48;
  private static final int LOADED = 10;
  private static final int PENDING = 20;
  private static final int ALL = 30;

  /// The same at every run of the test, and another for each pipeline, whose rows have ids of it.
  private static final AtomicLong SEEDS = new AtomicLong();

  @TempDir static Path folder;

  /// A folder that waits: rows up to [#LOADED] are loaded, those up to [#PENDING] are on the way.
  private enum Waiting {
    EXTRACTED,
    EXTRACTED_PLAIN,
    NORMALIZED,
    NORMALIZED_PLAIN,
    NORMALIZED_PARQUET,
    DRAFT
  }

  private static Pipeline pipeline(Path place, boolean plain) {
    var settings =
        plain ? Map.of("DATA_WRITER__DISABLE_COMPRESSION", "true") : Map.<String, String>of();
    return Pipeline.of(
            "shop",
            new Surroundings(
                settings,
                place,
                InstantSource.system(),
                new Random(SEEDS.incrementAndGet()),
                new PrintStream(new ByteArrayOutputStream())))
        .pipelinesDir(place.resolve("pipelines"))
        .to(Destination.duckdb("shop.duckdb"));
  }

  private static Map<String, Object> row(int id) {
    return Map.of("id", id, "text", "text " + id * 7919, "tags", List.of(id, -id), "x", id / 8.0);
  }

  /// Rows 1 to `last`, of which the cursor lets those through that are new.
  private static Resource<?> rows(int last) {
    return Resource.of("users", () -> IntStream.rangeClosed(1, last).mapToObj(id -> row(id)))
        .incremental(Incremental.of("id"));
  }

  /// The same by pages with checkpoints, of which the third fails as long as it is told to.
  private static Resource<?> paged(boolean fails) {
    return Resource.of(
        "pages",
        out -> {
          for (int page = out.resumedAt().map(Integer::parseInt).orElse(0); page < 4; page++) {
            out.row(Map.of("id", page));
            if (page == 2 && fails) {
              throw new IllegalStateException("cut off");
            }
            out.checkpoint(String.valueOf(page + 1));
          }
        });
  }

  private static Path waiting(Waiting waiting) throws IOException {
    var place = Files.createDirectories(folder.resolve("base").resolve(waiting.name()));
    var plain = waiting.name().endsWith("PLAIN");
    var pipeline = pipeline(place, plain);
    pipeline.run(rows(LOADED));
    if (waiting == Waiting.DRAFT) {
      try {
        pipeline.run(paged(true));
        throw new AssertionError("not cut off");
      } catch (PipelineException cutOff) {
        return place;
      }
    }
    pipeline.extract(rows(PENDING));
    switch (waiting) {
      case NORMALIZED, NORMALIZED_PLAIN -> pipeline.normalize(Sluice.JSONL);
      case NORMALIZED_PARQUET -> pipeline.normalize(Sluice.PARQUET);
      default -> {}
    }
    return place;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var all = Files.walk(from)) {
      for (var path : (Iterable<Path>) all::iterator) {
        var target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }

  /// The files whose damage matters, by kind: state, schemas, the record, and all that a package
  /// that waits brings.
  private static Map<String, List<Path>> kinds(Waiting waiting, Path place) throws IOException {
    var kinds = new TreeMap<String, List<Path>>();
    var root = place.resolve("pipelines/shop");
    try (var all = Files.walk(root)) {
      for (var file : (Iterable<Path>) all.filter(Files::isRegularFile).sorted()::iterator) {
        var name = root.relativize(file).toString().replace('\\', '/');
        if (name.matches(
            "(state|packages)\\.json|schemas/.*|normalize/[^.].*|load/normalized/.*")) {
          var inner = name.replaceFirst("^(normalize|load)/\\w+/[^/]+/", "");
          var kind =
              inner.startsWith("new_jobs/")
                  ? "job" + inner.replaceFirst("^[^.]*\\.[^.]*\\.\\d", "")
                  : inner;
          kinds.computeIfAbsent(waiting + " " + kind, key -> new ArrayList<>()).add(file);
        }
      }
    }
    return kinds;
  }

  /// Damages a file, and says how.
  private static String damage(Path file, Random random) throws IOException {
    var bytes = Files.readAllBytes(file);
    if (bytes.length == 0) {
      Files.write(file, new byte[] {(byte) random.nextInt()});
      return "a byte in an empty file";
    }
    var at = random.nextInt(bytes.length);
    switch (random.nextInt(8)) {
      case 0 -> {
        Files.write(file, Arrays.copyOf(bytes, at));
        return "cut at " + at;
      }
      case 1 -> {
        var end = Math.min(bytes.length, at + 1 + random.nextInt(64));
        Arrays.fill(bytes, at, end, (byte) 0);
        Files.write(file, bytes);
        return "zeros from " + at + " to " + end;
      }
      default -> {
        var bit = random.nextInt(8);
        bytes[at] ^= (byte) (1 << bit);
        Files.write(file, bytes);
        return "bit " + bit + " of byte " + at;
      }
    }
  }

  @Test
  void damagedFilesAreRefusedOrTheRowsAreRight() throws Exception {
    var count = Integer.getInteger("flips", SAMPLE);
    var random = new Random(Long.getLong("flips.seed", 20260101));
    var wanted = System.getProperty("flips.kind", "");
    var kinds = new TreeMap<String, List<Path>>();
    var places = new LinkedHashMap<Waiting, Path>();
    for (var waiting : Waiting.values()) {
      places.put(waiting, waiting(waiting));
      kinds.putAll(kinds(waiting, places.get(waiting)));
      var unharmed = folder.resolve("unharmed").resolve(waiting.name());
      copy(places.get(waiting), unharmed);
      assertThat(outcome(unharmed, waiting, unharmed)).as("%s", waiting).isEmpty();
      assertThat(look(unharmed, true, waiting)).as("%s", waiting).isEmpty();
    }
    kinds.keySet().removeIf(kind -> !kind.contains(wanted));
    assertThat(kinds.keySet())
        .anyMatch(kind -> kind.contains("job.typed-jsonl.gz") || !wanted.isEmpty());
    var names = new ArrayList<>(kinds.keySet());
    Collections.shuffle(names, random);
    int refused = 0;
    var wrong = new ArrayList<String>();
    for (int trial = 0; trial < count; trial++) {
      var kind = names.get(trial % names.size());
      var waiting = Waiting.valueOf(kind.substring(0, kind.indexOf(' ')));
      var base = places.get(waiting);
      var place = folder.resolve("trial" + trial);
      copy(base, place);
      var files = kinds.get(kind);
      var file = place.resolve(base.relativize(files.get(random.nextInt(files.size()))).toString());
      var how = damage(file, random);
      var said = outcome(place, waiting, file);
      if (!said.isEmpty()) {
        refused++;
        if (!said.contains(String.valueOf(file.getFileName()))) {
          wrong.add(kind + ", " + how + ": does not name the file: " + said);
        }
      }
      look(place, said.isEmpty(), waiting)
          .ifPresent(rows -> wrong.add(kind + ", " + how + ", '" + said + "': " + rows));
      delete(place);
    }
    System.out.printf("%d damages of %d kinds of file, %d refused%n", count, names.size(), refused);
    assertThat(wrong).isEmpty();
    assertThat(refused).isGreaterThan(count / 2);
  }

  /// Goes on as a user does; what was said if that was refused.
  private static String outcome(Path place, Waiting waiting, Path file) {
    var pipeline = pipeline(place, waiting.name().endsWith("PLAIN"));
    try {
      if (waiting == Waiting.DRAFT) {
        pipeline.run(paged(false));
      } else if (file.toString().contains(".restore")) {
        pipeline.dropPendingPackages();
      } else {
        pipeline.run(); // what waits
      }
      pipeline.run(rows(ALL));
      return "";
    } catch (PipelineException | StoreException | IllegalArgumentException refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  /// What is wrong with the rows at the destination: after a run those of all, after a refusal
  /// those of a package or more.
  private static Optional<String> look(Path place, boolean done, Waiting waiting) throws Exception {
    var url = "jdbc:duckdb:" + place.resolve("shop.duckdb");
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      var found = new ArrayList<String>();
      try (var rows =
          statement.executeQuery(
              "select id, text, x, (select list(value order by value) from shop_dataset.users__tags t"
                  + " where t._dlt_parent_id = u._dlt_id) from shop_dataset.users u order by id")) {
        while (rows.next()) {
          found.add(rows.getString(1) + rows.getString(2) + rows.getString(3) + rows.getString(4));
        }
      }
      var last = done ? ALL : found.size();
      var expected =
          IntStream.rangeClosed(1, last)
              .mapToObj(id -> id + "text " + id * 7919 + id / 8.0 + "[" + -id + ", " + id + "]")
              .toList();
      if (!found.equals(expected) || !List.of(LOADED, PENDING, ALL).contains(last)) {
        return Optional.of(found.size() + " rows " + found);
      }
      if (waiting == Waiting.DRAFT && done) {
        try (var rows =
            statement.executeQuery("select list(id order by id) from shop_dataset.pages")) {
          rows.next();
          if (!rows.getString(1).equals("[0, 1, 2, 3]")) {
            return Optional.of("pages " + rows.getString(1));
          }
        }
      }
      return Optional.empty();
    }
  }

  private static void delete(Path place) throws IOException {
    try (var all = Files.walk(place)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
