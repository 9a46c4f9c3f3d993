import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Too little of something: memory, open files, file sizes, room on the disk and in the temporary folder.
final class Limits {
  private Limits() {}

  static List<Kind> kinds() {
    return List.of(
        new Kind("memory", 10, plan(40, 25), Limits::memory),
        new Kind("files", 24, plan(40, 80), Limits::files),
        new Kind("filesize", 24, plan(1, 600), Limits::fileSize),
        new Kind("disk", 24, plan(40, 1_400), Limits::disk),
        new Kind("tmp", 4, plan(64, 1), Limits::temporary));
  }

  private static Kind.Planner plan(int least, int range) {
    return (profile, random, name, n) ->
        profile.wants("any")
            ? new Point(name, "any", "limit", "" + (least + random.nextInt(range)), pick(Profile.BEGINS, random), pick(Profile.FORMATS, random))
            : null;
  }

  private static <T> T pick(List<T> all, SplittableRandom random) {
    return Profile.pick(all, random);
  }

  /// A heap of so many megabytes.
  private static Kind.Struck memory(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    return limited(bed, point, problems, bed.start.options("-Xmx" + point.number() + "m"), bed.site(point));
  }

  /// So many open files.
  private static Kind.Struck files(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    return limited(bed, point, problems, bed.start.prefix("sh", "-c", "ulimit -n " + point.number() + "; exec \"$@\"", "sh"), bed.site(point));
  }

  /// Files of so many kilobytes.
  private static Kind.Struck fileSize(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    // ulimit of sh counts blocks of 512 bytes.
    var limit = bed.start.prefix("sh", "-c", "ulimit -f " + 2 * point.nth() + "; exec \"$@\"", "sh").options("-XX:-UsePerfData");
    return limited(bed, point, problems, limit, bed.site(point));
  }

  private static Kind.Struck limited(Bed bed, Point point, List<String> problems, Worker.Start start, Bed.Site site) throws IOException, InterruptedException {
    var checks = new Checks(bed, site, problems);
    var before = checks.before();
    Map<String, Object> answer;
    try (var process = start.in(site.folder())) {
      if (process.ask(Map.of("do", "ready")).isEmpty()) {
        return Kind.Struck.MISSED; // not even a JVM starts
      }
      answer = process.ask(site.command("run", point.before() + 1)).orElseGet(Bed::died);
    }
    checks.truth(answer, before, point.before());
    checks.finish(point.before() + 1);
    return Kind.Struck.of(answer);
  }

  /// A disk of so many kilobytes, which is given more room afterwards.
  private static Kind.Struck disk(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    var template = bed.template(point.before(), point.format());
    var mount = new Mount(bed.empty(point.format()).folder());
    var size = point.nth() + Trees.kilobytes(template);
    if (!mount.of(size + "k")) {
      return Kind.Struck.MISSED;
    }
    try {
      var site = new Bed.Site(mount.folder().resolve("work"), point.format());
      Trees.copy(template, site.folder());
      var checks = new Checks(bed, site, problems);
      var before = checks.before();
      bed.worker().control.disarm();
      var answer = bed.ask(site, "run", point.before() + 1);
      mount.resize("64m");
      checks.truth(answer, before, point.before());
      checks.finish(point.before() + 1);
      return Kind.Struck.of(answer);
    } finally {
      mount.end();
    }
  }

  /// A temporary folder of 64 kilobytes, into which DuckDB's driver unpacks its library.
  private static Kind.Struck temporary(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    var mount = new Mount(bed.empty(point.format()).folder());
    if (!mount.of(point.number() + "k")) {
      return Kind.Struck.MISSED;
    }
    try {
      var start = bed.start.options("-Djava.io.tmpdir=" + mount.folder(), "-XX:-UsePerfData").classPath(wholeDriver(bed.start.classPath()));
      return limited(bed, point, problems, start, bed.site(point));
    } finally {
      mount.end();
    }
  }

  /// The launcher puts a driver in front whose library is unpacked already; the one that everybody has unpacks it at each start.
  private static String wholeDriver(String classPath) {
    var jars = new java.util.ArrayList<>(List.of(classPath.split(java.io.File.pathSeparator)));
    var repository = Path.of(System.getProperty("user.home"), ".m2/repository/org/duckdb/duckdb_jdbc");
    jars.replaceAll(jar -> {
      var name = Path.of(jar).getFileName().toString();
      var version = name.replaceAll("duckdb_jdbc-(.*)\\.jar", "$1");
      var whole = repository.resolve(version).resolve(name);
      return name.startsWith("duckdb_jdbc-") && Files.exists(whole) ? whole.toString() : jar;
    });
    return String.join(java.io.File.pathSeparator, jars);
  }

  /// A file system in memory; mounting one needs root.
  private record Mount(Path folder) {
    boolean of(String size) throws IOException, InterruptedException {
      return run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
    }

    void resize(String size) throws IOException, InterruptedException {
      run("mount", "-o", "remount,size=" + size, folder.toString());
    }

    void end() throws IOException, InterruptedException {
      run("umount", "-l", folder.toString());
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
      var quiet = ProcessBuilder.Redirect.DISCARD;
      return new ProcessBuilder(command).redirectOutput(quiet).redirectError(quiet).start().waitFor() == 0;
    }
  }
}
