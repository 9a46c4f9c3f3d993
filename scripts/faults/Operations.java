import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/// Faults at the n-th operation of a kind in a stage.
final class Operations {
  private static final List<String> ROOMY = List.of("write", "open", "mkdir", "rename", "link", "truncate");
  private static final List<String> OPENS = List.of("open", "read");

  /// Instead of a kind of operation: all that follow the first commit of the folder.
  private static final String COMMIT = "commit";

  private static final Pattern FULL = Pattern.compile("(?i)no space left|disk is full|out of space");
  private static final Pattern BROKEN = Pattern.compile("(?i)input/output error|i/o error|input or output error");
  private static final Pattern MANY = Pattern.compile("(?i)too many (open files|files are open)");

  private Operations() {}

  static List<Kind> kinds() {
    var kinds = new ArrayList<Kind>();
    kinds.add(new Kind("kill", 300, aimed(Control.CHANGES), (bed, point, problems) -> killed(bed, point, problems, Control.Action.KILL)));
    kinds.add(new Kind("torn", 80, at(List.of("write")), (bed, point, problems) -> killed(bed, point, problems, Control.Action.TORN)));
    kinds.add(new Kind("pair", 100, Operations::pair, Operations::twice));
    kinds.add(new Kind("short", 80, at(List.of("write")), Operations::shortened));
    for (var sticky : List.of("", "+")) {
      var share = sticky.isEmpty() ? 2 : 1;
      kinds.add(new Kind("enospc" + sticky, 60 * share, aimed(ROOMY), (bed, point, problems) -> failing(bed, point, problems, Control.ENOSPC, FULL)));
      kinds.add(new Kind("eio" + sticky, 60 * share, aimed(Control.CHANGES), (bed, point, problems) -> failing(bed, point, problems, Control.EIO, BROKEN)));
      kinds.add(new Kind("emfile" + sticky, 40 * share, at(OPENS), (bed, point, problems) -> failing(bed, point, problems, Control.EMFILE, MANY)));
    }
    kinds.add(new Kind("interrupt", 420, Operations::interrupt, Operations::interrupted));
    kinds.add(new Kind("chaos", 30, Operations::chaos, Operations::chaotic));
    return kinds;
  }

  private static Kind.Planner at(List<String> ops) {
    return (profile, random, name, n) -> profile.place(name, ops, random);
  }

  /// One of five aims at a commit: at what follows the journal's rename, from which on the step has happened.
  private static Kind.Planner aimed(List<String> ops) {
    return (profile, random, name, n) -> n % 5 == 4 ? commit(profile, random, name) : profile.place(name, ops, random);
  }

  private static Point commit(Profile profile, SplittableRandom random, String name) {
    var stages = profile.among("extract", "normalize", "load");
    return stages.isEmpty()
        ? null
        : new Point(
            name,
            Profile.pick(stages, random),
            COMMIT,
            (1 + random.nextInt(16)) + "+1",
            Profile.pick(Profile.BEGINS, random),
            Profile.pick(Profile.FORMATS, random));
  }

  private static Point pair(Profile profile, SplittableRandom random, String name, int n) {
    var first = profile.place(name, Control.CHANGES, random);
    return first == null
        ? null
        : new Point(name, first.stage(), first.what(), first.number() + "+" + (1 + random.nextInt(120)), first.begin(), first.format());
  }

  /// Two of three aim, at any operation or at a commit; the others come at any time.
  private static Point interrupt(Profile profile, SplittableRandom random, String name, int n) {
    var place = n % 3 == 1 ? commit(profile, random, name) : profile.place(name, Control.CHANGES, random);
    return place == null || n % 3 != 2 || !profile.wants("any")
        ? place
        : new Point(name, "any", "micros", "" + random.nextInt(250_000), place.begin(), place.format());
  }

  private static Point chaos(Profile profile, SplittableRandom random, String name, int n) {
    var stages = profile.among("extract", "normalize", "load");
    return stages.isEmpty()
        ? null
        : new Point(
            name,
            Profile.pick(stages, random),
            List.of("kill", "error", "stop").get(n % 3),
            "" + (1 + random.nextInt(40)),
            Profile.pick(Profile.BEGINS, random),
            Profile.pick(Profile.FORMATS, random));
  }

  private static void arm(Worker worker, Point point, Control.Action action, int error, boolean sticky) {
    var aimed = point.what().equals(COMMIT);
    worker.control.arm(
        point.stage(), aimed ? Control.CHANGES : List.of(point.what()), action, error, sticky, point.nth(), aimed ? (int) point.second() : 0);
  }

  /// A process of its own dies.
  private static Kind.Struck killed(Bed bed, Point point, List<String> problems, Control.Action action) throws IOException, InterruptedException {
    var site = bed.site(point);
    var checks = new Checks(bed, site, problems);
    var answer = new LinkedHashMap<String, Object>();
    if (!kill(bed, site, point, action, answer)) {
      return Kind.Struck.MISSED;
    }
    try {
      checks.truth(Bed.died(), null, point.before());
    } catch (Bed.Unreadable damaged) {
      if (action != Control.Action.TORN || !damaged.getMessage().contains("Corrupt database file")) {
        throw damaged;
      }
      return told(bed, site, point, checks, problems);
    }
    checks.finish(point.before() + 1);
    return new Kind.Struck(true, "killed");
  }

  /// DuckDB writes anew blocks that its newest header still needs: half of one, which only power that is lost leaves, is what
  /// its checksums tell. Then a run must not say that it loaded.
  private static Kind.Struck told(Bed bed, Bed.Site site, Point point, Checks checks, List<String> problems)
      throws IOException, InterruptedException {
    var next = bed.ask(site, "run", point.before() + 1);
    if (Bed.done(next)) {
      problems.add("the database is damaged, but the run said that it loaded");
    } else {
      checks.sentence(next);
    }
    return new Kind.Struck(true, "told by DuckDB to whoever reads");
  }

  private static boolean kill(Bed bed, Bed.Site site, Point point, Control.Action action, Map<String, Object> answer)
      throws IOException, InterruptedException {
    try (var process = bed.fresh()) {
      arm(process, point, action, 0, false);
      process.ask(site.command("run", point.before() + 1)).ifPresent(answer::putAll);
      return process.control.fired() > 0;
    }
  }

  /// It dies, and the next one dies while it recovers.
  private static Kind.Struck twice(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    var site = bed.site(point);
    var checks = new Checks(bed, site, problems);
    if (!kill(bed, site, point, Control.Action.KILL, new LinkedHashMap<>())) {
      return Kind.Struck.MISSED;
    }
    try (var process = bed.fresh()) {
      process.control.arm("any", Control.CHANGES, Control.Action.KILL, 0, false, point.second());
      process.ask(site.command("run", point.before() + 1));
    }
    checks.truth(Bed.died(), null, point.before());
    checks.finish(point.before() + 1);
    return new Kind.Struck(true, "killed twice");
  }

  /// Half of a write is done and the rest must follow: nobody may notice.
  private static Kind.Struck shortened(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    var site = bed.site(point);
    var checks = new Checks(bed, site, problems);
    var before = checks.before();
    var answer = struck(bed, site, point, Control.Action.SHORT, 0, false);
    if (answer.isEmpty()) {
      return Kind.Struck.MISSED;
    }
    if (!Bed.done(answer)) {
      problems.add("a short write is no error, but the run said: " + Bed.message(answer));
    }
    checks.truth(answer, before, point.before());
    checks.finish(point.before() + 1);
    return Kind.Struck.of(answer);
  }

  private static Kind.Struck failing(Bed bed, Point point, List<String> problems, int error, Pattern kind) throws IOException, InterruptedException {
    var site = bed.site(point);
    var checks = new Checks(bed, site, problems);
    var before = checks.before();
    var answer = struck(bed, site, point, Control.Action.FAIL, error, point.kind().endsWith("+"));
    if (answer.isEmpty()) {
      return Kind.Struck.MISSED;
    }
    checks.truth(answer, before, point.before());
    checks.names(answer, kind);
    checks.finish(point.before() + 1);
    return Kind.Struck.of(answer);
  }

  /// What the process of the bed answers with the fault armed; nothing if the fault did not happen.
  private static Map<String, Object> struck(Bed bed, Bed.Site site, Point point, Control.Action action, int error, boolean sticky)
      throws IOException, InterruptedException {
    var worker = bed.worker();
    arm(worker, point, action, error, sticky);
    try {
      var answer = worker.ask(site.command("run", point.before() + 1)).orElseGet(Bed::died);
      return worker.control.fired() > 0 ? answer : Map.of();
    } finally {
      worker.control.disarm();
    }
  }

  private static Kind.Struck interrupted(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    var site = bed.site(point);
    var checks = new Checks(bed, site, problems);
    var before = checks.before();
    Map<String, Object> answer;
    if (point.stage().equals("any")) {
      var command = site.command("run", point.before() + 1);
      command.put("interruptAfterMicros", point.nth());
      bed.worker().control.disarm();
      answer = bed.worker().ask(command).orElseGet(Bed::died);
    } else {
      answer = struck(bed, site, point, Control.Action.TELL, 0, false);
    }
    if (answer.isEmpty()) {
      return Kind.Struck.MISSED;
    }
    if (!Bed.done(answer) && !Integer.valueOf(130).equals(answer.get("exitCode"))) {
      problems.add("the exit code after an interrupt is " + answer.get("exitCode") + ": " + Bed.message(answer));
    }
    checks.truth(answer, before, point.before());
    checks.finish(point.before() + 1);
    return Kind.Struck.of(answer);
  }

  /// The library's own hook, as a user sets it.
  private static Kind.Struck chaotic(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    var site = bed.site(point);
    var checks = new Checks(bed, site, problems);
    var before = checks.before();
    var setting = point.what() + ":" + point.stage() + ":" + point.number();
    Map<String, Object> answer;
    try (var process = bed.start.variable("SLUICE_CHAOS", setting).in(site.folder())) {
      var said = process.ask(site.command("run", point.before() + 1));
      if (said.isEmpty() && process.code() != 137) {
        problems.add("SLUICE_CHAOS=" + setting + " ended the process with code " + process.code());
      }
      answer = said.orElseGet(Bed::died);
    }
    if (Bed.done(answer)) {
      return Kind.Struck.MISSED;
    }
    if (point.what().equals("error")) {
      checks.names(answer, Pattern.compile("SLUICE_CHAOS"));
    }
    checks.truth(answer, before, point.before());
    checks.finish(point.before() + 1);
    return Kind.Struck.of(answer);
  }
}
