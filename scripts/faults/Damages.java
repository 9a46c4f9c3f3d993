import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Files that change between two stages, as disks and people change them: the next run refuses, or its
/// rows are exactly right.
final class Damages {
  private Damages() {}

  static List<Kind> kinds() {
    return List.of(
        new Kind("flip", 1_000, Damages::plan, Damages::run),
        new Kind("cut", 100, Damages::plan, Damages::run),
        new Kind("zero", 100, Damages::plan, Damages::run));
  }

  /// `checkpoint` is an extract that died behind a checkpoint.
  private static Point plan(Profile profile, SplittableRandom random, String name, int n) {
    var stages = profile.among("checkpoint", "extract", "normalize", "load");
    return stages.isEmpty()
        ? null
        : new Point(
            name,
            stages.get(n % stages.size()),
            "any",
            "" + random.nextLong(1L << 40),
            Profile.pick(Profile.BEGINS, random),
            Profile.pick(Profile.FORMATS, random));
  }

  private static Bed.Site site(Bed bed, Point point) throws IOException, InterruptedException {
    var round = point.before() + 1;
    var name = "after " + point.stage() + " " + point.begin() + " " + point.format();
    return bed.site(
        bed.template(name, () -> {
          if (point.stage().equals("checkpoint")) {
            return dieBehindCheckpoint(bed, point);
          }
          var site = bed.site(point);
          switch (point.stage()) {
            case "load" -> Bed.require(bed.ask(site, "run", round));
            default -> {
              Bed.require(bed.ask(site, "extract", round));
              if (point.stage().equals("normalize")) {
                Bed.require(bed.ask(site, "normalize", round));
              }
            }
          }
          return site.folder();
        }),
        point.format());
  }

  /// Each checkpoint ends with a rename; which one it is differs from run to run.
  private static Path dieBehindCheckpoint(Bed bed, Point point) throws IOException, InterruptedException {
    for (var rename = 3; rename < 12; rename++) {
      var site = bed.site(point);
      try (var process = bed.fresh()) {
        process.control.arm("extract", List.of("rename"), Control.Action.KILL, 0, false, rename);
        process.ask(site.command("run", point.before() + 1));
      }
      if (Trees.files(site.pipeline()).stream().anyMatch(file -> file.endsWith("checkpoint.json"))) {
        return site.folder();
      }
    }
    throw new IllegalStateException("No extract that is killed leaves a checkpoint behind");
  }

  private static Kind.Struck run(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    var site = site(bed, point);
    var checks = new Checks(bed, site, problems);
    var random = new SplittableRandom(point.nth());
    var file = pick(site.folder(), random);
    if (file == null) {
      return Kind.Struck.MISSED;
    }
    var whole = Files.readAllBytes(site.folder().resolve(file));
    var damage = damaged(point.kind(), whole, random);
    if (Arrays.equals(whole, damage)) {
      return Kind.Struck.MISSED;
    }
    var loaded = point.stage().equals("load") ? point.before() + 1 : point.before();
    var intact = bed.look(site);
    Files.write(site.folder().resolve(file), damage);
    var answer = bed.ask(site, "run", loaded + 1);
    var said = point.kind() + " in " + file + ": ";
    var own = new ArrayList<String>();
    if (Bed.done(answer)) {
      try {
        own.addAll(bed.look(site).difference(loaded + 1));
      } catch (Bed.Unreadable unreadable) {
        if (file.toString().startsWith("x.duckdb") && unreadable.getMessage().contains("Corrupt database file")) {
          return new Kind.Struck(true, "told by DuckDB to whoever reads");
        }
        own.add(unreadable.getMessage());
      }
      own.forEach(problem -> problems.add(said + problem));
      return Kind.Struck.of(answer);
    }
    var sentences = new ArrayList<String>();
    new Checks(bed, site, sentences).sentence(answer);
    sentences.forEach(problem -> problems.add(said + problem));
    var back = restore(site.folder(), file, damage, whole);
    if (!file.toString().startsWith("x.duckdb") || back) {
      var now = bed.look(site);
      if (!now.rows().equals(intact.rows())) {
        problems.add(said + "it was refused, but the destination has changed: " + now.difference(loaded));
      }
    }
    if (back) {
      // Refusing must not have spoilt anything.
      var before = problems.size();
      checks.finish(loaded + 1, loaded + 1);
      for (var i = before; i < problems.size(); i++) {
        problems.set(i, said + "refused, and with the file put right: " + problems.get(i));
      }
    }
    return new Kind.Struck(true, "refused");
  }

  /// Every other time a file with rows, else one of a random sort, so that the many do not hide the few.
  private static Path pick(Path folder, SplittableRandom random) throws IOException {
    var sorts = new LinkedHashMap<String, List<Path>>();
    for (var file : Trees.files(folder)) {
      if (Files.size(folder.resolve(file)) > 0) {
        sorts.computeIfAbsent(sort(file), sort -> new ArrayList<>()).add(file);
      }
    }
    if (sorts.isEmpty()) {
      return null;
    }
    var rows = sorts.keySet().stream().filter(sort -> sort.contains("_jobs/") && !sort.contains("/loaded/")).sorted().toList();
    if (!rows.isEmpty() && random.nextBoolean()) {
      return Profile.pick(sorts.get(Profile.pick(rows, random)), random);
    }
    var names = sorts.keySet().stream().sorted().toList();
    return Profile.pick(sorts.get(Profile.pick(names, random)), random);
  }

  /// The folder by its purpose, and the name without what differs from run to run.
  private static String sort(Path file) {
    return file.toString().replaceAll("\\d{10}\\.\\d+", "id").replaceAll("[0-9a-f]{16}", "draft").replaceAll("/[^/]*\\.([0-9a-f]{10})\\.", "/job.");
  }

  private static byte[] damaged(String kind, byte[] whole, SplittableRandom random) {
    var at = random.nextInt(whole.length);
    return switch (kind) {
      case "cut" -> Arrays.copyOf(whole, at);
      case "zero" -> {
        var damage = whole.clone();
        Arrays.fill(damage, at, Math.min(whole.length, at + 1 + random.nextInt(512)), (byte) 0);
        yield damage;
      }
      default -> {
        var damage = whole.clone();
        damage[at] ^= (byte) (1 << random.nextInt(8));
        yield damage;
      }
    };
  }

  /// Puts the file right again, wherever it has been moved to.
  ///
  /// - returns whether it was found as it was damaged
  private static boolean restore(Path folder, Path file, byte[] damage, byte[] whole) throws IOException {
    for (var found : Trees.files(folder)) {
      if (found.getFileName().equals(file.getFileName()) && Arrays.equals(Files.readAllBytes(folder.resolve(found)), damage)) {
        Files.write(folder.resolve(found), whole);
        return true;
      }
    }
    return false;
  }
}
