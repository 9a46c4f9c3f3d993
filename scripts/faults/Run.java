import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The harness: reads what is asked for, chooses points, runs them and prints what came of them.
final class Run {
  private static final String USAGE =
      """
      Usage: ./jbang faults [--kind K,K] [--stage S,S] [--points N] [--seed X] [--jobs N] [--write docs/faults.md]
             ./jbang faults --point kill/load/rename/7/second/jsonl   one point again, as it was printed
             ./jbang faults --kind soak [--rows N]                    many runs and many rows: does anything grow?
      Kinds: %s; selftest (results made wrong, all must be found out)
      Stages: open, sync, checkpoint, extract, normalize, load; any for limits""";

  private int points = 2_600;
  private long seed = 1;
  private int jobs = 2;
  private long rows = 20_000_000;
  private List<String> kinds = List.of();
  private List<String> stages = List.of();
  private List<Point> given = List.of();
  private Path write;
  private Path scratch;

  private Run() {}

  /// - returns the exit code: 0 if every point survived, 1 if one did not, 2 if nothing was run
  static int of(String... arguments) throws Exception {
    var usage = USAGE.formatted(String.join(", ", Kind.all().stream().map(Kind::name).toList()));
    if (List.of(arguments).contains("--help")) {
      System.out.println(usage);
      return 0;
    }
    var run = new Run();
    try {
      run.read(arguments);
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.err.println(usage);
      return 2;
    }
    return run.all();
  }

  private void read(String... arguments) {
    var rest = new ArrayDeque<>(List.of(arguments));
    while (!rest.isEmpty()) {
      var option = rest.pop();
      if (rest.isEmpty()) {
        throw new IllegalArgumentException("The option '%s' is unknown, or lacks its value".formatted(option));
      }
      var value = rest.pop();
      switch (option) {
        case "--kind" -> kinds = List.of(value.split(","));
        case "--stage" -> stages = List.of(value.split(","));
        case "--points" -> points = number(option, value).intValue();
        case "--seed" -> seed = number(option, value);
        case "--jobs" -> jobs = number(option, value).intValue();
        case "--rows" -> rows = number(option, value);
        case "--point" -> given = List.of(Point.parse(value));
        case "--write" -> write = Path.of(value).toAbsolutePath();
        case "--scratch" -> scratch = Path.of(value).toAbsolutePath();
        default -> throw new IllegalArgumentException("The option '%s' is unknown".formatted(option));
      }
    }
    for (var kind : kinds) {
      if (!kind.equals("soak")) {
        kind(kind);
      }
    }
    given.forEach(point -> kind(point.kind()));
  }

  private static Long number(String option, String value) {
    try {
      return Long.valueOf(value.replace("_", ""));
    } catch (NumberFormatException none) {
      throw new IllegalArgumentException("The value of '%s' is '%s', but must be a number".formatted(option, value), none);
    }
  }

  private static Kind kind(String name) {
    if (name.equals("selftest")) {
      return SelfTest.kind();
    }
    return Kind.all().stream()
        .filter(kind -> kind.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("There is no kind '%s' of fault".formatted(name)));
  }

  private int all() throws Exception {
    var lacking = lacking();
    if (lacking != null) {
      System.out.println("skipped: needs " + lacking);
      return 0;
    }
    var began = System.nanoTime();
    var folder = Files.createTempDirectory(scratch == null ? room() : Files.createDirectories(scratch), "sluice-faults");
    try {
      var start = new Worker.Start(folder, shim(folder));
      if (kinds.equals(List.of("soak"))) {
        return Soak.run(start, rows) ? 0 : 1;
      }
      start.train();
      var results = run(folder, start, plan(folder, start));
      return told(new Matrix(results), Duration.ofNanos(System.nanoTime() - began));
    } finally {
      Trees.delete(folder);
    }
  }

  private static String lacking() throws InterruptedException {
    if (!System.getProperty("os.name").equals("Linux")) {
      return "Linux, where a library can be put before the C library's functions";
    }
    try {
      var quiet = ProcessBuilder.Redirect.DISCARD;
      return new ProcessBuilder("gcc", "--version").redirectOutput(quiet).redirectError(quiet).start().waitFor() == 0 ? null : "gcc";
    } catch (IOException none) {
      return "gcc, which compiles what is put before the C library's functions";
    }
  }

  /// A file system in memory if there is one: what is not synced matters to no fault here, and syncing takes most of the time.
  private static Path room() throws IOException {
    var memory = Path.of("/dev/shm");
    var temporary = Path.of(System.getProperty("java.io.tmpdir"));
    return Files.isWritable(memory) && Files.getFileStore(memory).getUsableSpace() > 1L << 30 ? memory : temporary;
  }

  private static Path shim(Path folder) throws IOException, InterruptedException {
    var home = System.getenv("SLUICE_HOME");
    var source = Path.of(home == null ? "" : home).toAbsolutePath().resolve("scripts/faults/shim.c");
    if (!Files.exists(source)) {
      throw new IllegalStateException("There is no '%s'; start this by the ./jbang of a clone".formatted(source));
    }
    var library = folder.resolve("shim.so");
    var command = List.of("gcc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString(), "-ldl");
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IllegalStateException("gcc could not compile '%s'; its message is above".formatted(source));
    }
    return library;
  }

  private List<Point> plan(Path folder, Worker.Start start) throws IOException, InterruptedException {
    if (!given.isEmpty()) {
      return given;
    }
    var chosen = kinds.isEmpty() ? Kind.all() : kinds.stream().map(Run::kind).toList();
    Profile profile;
    try (var bed = new Bed(folder.resolve("profile"), start)) {
      profile = Profile.of(bed, stages);
    }
    var shares = chosen.stream().mapToInt(Kind::share).sum();
    var all = new ArrayList<Point>();
    for (var kind : chosen) {
      var random = new SplittableRandom(seed * 31 + kind.name().hashCode());
      var wanted = Math.max(1, Math.round((double) points * kind.share() / shares));
      var found = new LinkedHashSet<Point>();
      for (var n = 0; n < 4 * wanted && found.size() < wanted; n++) {
        var point = kind.planner().plan(profile, random, kind.name(), n);
        if (point != null) {
          found.add(point);
        }
      }
      all.addAll(found);
    }
    Collections.shuffle(all, new Random(seed));
    return all;
  }

  private List<Point.Result> run(Path folder, Worker.Start start, List<Point> all) throws InterruptedException {
    System.out.println("%,d points, seed %d, %d at a time".formatted(all.size(), seed, jobs));
    Queue<Point> queue = new ConcurrentLinkedQueue<>(all);
    var results = new TreeMap<Integer, Point.Result>();
    var threads = new ArrayList<Thread>();
    for (var job = 0; job < Math.min(jobs, all.size()); job++) {
      var own = folder.resolve("bed" + job);
      threads.add(Thread.ofPlatform().start(() -> serve(own, start, all, queue, results)));
    }
    for (var thread : threads) {
      thread.join();
    }
    return List.copyOf(results.values());
  }

  private static void serve(Path own, Worker.Start start, List<Point> all, Queue<Point> queue, Map<Integer, Point.Result> results) {
    try (var bed = new Bed(own, start)) {
      Point point;
      while ((point = queue.poll()) != null) {
        var result = run(bed, point);
        synchronized (results) {
          results.put(all.indexOf(point), result);
          tell(result, results.size(), all.size());
        }
      }
    } catch (IOException unusable) {
      throw new java.io.UncheckedIOException(unusable);
    }
  }

  private static Point.Result run(Bed bed, Point point) {
    var problems = new ArrayList<String>();
    try {
      var struck = kind(point.kind()).runner().run(bed, point, problems);
      return new Point.Result(point, struck.happened(), struck.outcome(), List.copyOf(problems));
    } catch (IOException | IllegalStateException failed) {
      problems.add(String.valueOf(failed.getMessage()));
      return new Point.Result(point, true, "stuck", List.copyOf(problems));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return new Point.Result(point, false, "stopped", List.of("The harness was interrupted"));
    } finally {
      bed.sweep();
    }
  }

  private static void tell(Point.Result result, int done, int all) {
    if (!result.survived()) {
      System.out.println("FAILED ./jbang faults --point " + result.point());
      result.problems().stream().limit(6).forEach(problem -> System.out.println("  " + problem.replace("\n", "\n    ")));
    }
    if (done % 100 == 0) {
      System.out.println("%,d of %,d points".formatted(done, all));
    }
  }

  private int told(Matrix matrix, Duration took) throws IOException {
    System.out.println();
    matrix.lines().forEach(System.out::println);
    System.out.println();
    if (matrix.missed() > 0) {
      System.out.println("%d points were not reached, since a run had fewer operations than the one that was counted".formatted(matrix.missed()));
    }
    matrix.impossible().forEach(kind -> System.out.println("skipped: no point of '%s' could be made here; 'disk' and 'tmp' need root".formatted(kind)));
    System.out.println("seed %d, %d:%02d minutes".formatted(seed, took.toMinutes(), took.toSecondsPart()));
    System.out.println("%d passed, %d failed".formatted(matrix.passed(), matrix.failed()));
    if (write != null) {
      Pages.write(write, matrix, command(), took);
    }
    return matrix.failed() > 0 || matrix.passed() == 0 ? 1 : 0;
  }

  private String command() {
    return "./jbang faults"
        + (kinds.isEmpty() ? "" : " --kind " + String.join(",", kinds))
        + (stages.isEmpty() ? "" : " --stage " + String.join(",", stages))
        + " --points " + points + " --seed " + seed + " --jobs " + jobs;
  }

  /// The page of the documentation with its table.
  private static final class Pages {
    private static final String BEGIN = "<!-- The harness writes from here -->";
    private static final String END = "<!-- to here -->";

    static void write(Path page, Matrix matrix, String command, Duration took) throws IOException {
      var text = Files.readString(page);
      var begin = text.indexOf(BEGIN);
      var end = text.indexOf(END);
      if (begin < 0 || end < begin) {
        throw new IllegalStateException("'%s' has no lines '%s' and '%s' for the table to stand between".formatted(page, BEGIN, END));
      }
      var table = new ArrayList<String>();
      table.add("`%s`, %s, %d:%02d minutes: %,d passed, %,d failed%s.".formatted(
          command, LocalDate.now(), took.toMinutes(), took.toSecondsPart(), matrix.passed(), matrix.failed(),
          matrix.missed() == 0 ? "" : ", %,d not reached".formatted(matrix.missed())));
      table.add("");
      table.addAll(matrix.lines());
      Files.writeString(page, text.substring(0, begin) + BEGIN + "\n" + String.join("\n", table) + "\n" + text.substring(end));
    }
  }
}
