import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What must hold: after a fault, what was said of it is true; after a restart, every row is there once.
final class Checks {
  private static final int RESTARTS = 3;

  private static final Pattern RAW =
      Pattern.compile("NoClassDefFound|NullPointer|ClassCast|IndexOutOfBounds|ExceptionInInitializer|UnsatisfiedLink|StackOverflow|NoSuchElement|: null\\b");

  private static final Pattern PATH_TWICE = Pattern.compile("'(/[^']+)'[^:]*: \\1(?: -> [^:\n]*)?(?:$|\n|;)");

  /// Sentences that say that the rows of the failed run are at the destination nevertheless.
  private static final Pattern SAYS_LOADED =
      Pattern.compile("(?i)(rows|it|package[^;.]*) (is|are|was|were) (all )?(committed|loaded|at the destination|in the destination)|loaded all the same|after (the|its) commit");

  private static final Pattern SAYS_NOTHING = Pattern.compile("(?i)nothing of it is at the destination|state is as before|was not loaded");

  /// Sentences that are true either way: that the next run looks, or that what was committed stays.
  private static final Pattern LEAVES_OPEN = Pattern.compile("(?i)whether (its|the) rows are at the destination|what was committed (before )?stays");

  private final Bed bed;
  private final Bed.Site site;
  private final List<String> problems;

  Checks(Bed bed, Bed.Site site, List<String> problems) {
    this.bed = bed;
    this.site = site;
    this.problems = problems;
  }

  /// What a folder is like between two runs, so that "as before" can be held against it.
  record Before(String state, List<String> packages) {}

  Before before() throws IOException {
    var state = site.pipeline().resolve("state.json");
    return new Before(Files.exists(state) ? Files.readString(state) : "", packages());
  }

  private List<String> packages() throws IOException {
    var found = new ArrayList<String>();
    for (var stage : List.of("normalize/extracted", "load/normalized")) {
      var folder = site.pipeline().resolve(stage);
      if (Files.isDirectory(folder)) {
        try (var all = Files.list(folder)) {
          all.map(path -> path.getFileName().toString()).filter(name -> !name.startsWith(".")).forEach(found::add);
        }
      }
    }
    return found.stream().sorted().toList();
  }

  /// Holds what a run said against what stands at the destination.
  ///
  /// - `answer`: what it said; nothing if it died
  /// - `round`: what was loaded before it; it was to load the next
  void truth(Map<String, Object> answer, Before before, int round) throws IOException {
    var look = bed.look(site);
    var found = look.round();
    if (found != round && found != round + 1) {
      problems.add("the destination has half of a package: " + look.difference(round + 1));
    }
    if (Bed.done(answer) && found != round + 1) {
      problems.add("the run said that it loaded, but: " + look.difference(round + 1));
    }
    if ("failed".equals(answer.get("outcome"))) {
      sentence(answer);
      claims(answer, before, found, round);
    }
  }

  private void claims(Map<String, Object> answer, Before before, int found, int round) throws IOException {
    var message = Bed.message(answer);
    var nothing = SAYS_NOTHING.matcher(message).find();
    var open = LEAVES_OPEN.matcher(message).find();
    var loaded = SAYS_LOADED.matcher(LEAVES_OPEN.matcher(SAYS_NOTHING.matcher(message).replaceAll("")).replaceAll("")).find();
    if (found == round + 1 && (nothing || !loaded && !open)) {
      problems.add("all rows are at the destination, but the run said: " + message);
    }
    if (found == round && loaded) {
      problems.add("no row is at the destination, but the run said: " + message);
    }
    var pending = answer.get("pending") instanceof List<?> ids ? ids : List.of();
    var there = packages();
    for (var id : pending) {
      if (!there.contains(String.valueOf(id))) {
        problems.add("package %s is not pending, but the run said: %s".formatted(id, message));
      }
    }
    if (message.contains("state is as before") && pending.isEmpty() && !before().equals(before)) {
      problems.add("state and packages are not as before, but the run said: " + message);
    }
  }

  /// Whether a failure was told in a sentence that a person can act on.
  void sentence(Map<String, Object> answer) {
    var message = Bed.message(answer);
    var type = String.valueOf(answer.get("type"));
    // Before a step has begun, what cannot be read or made says so itself.
    var readable = Boolean.TRUE.equals(answer.get("readable")) && "open".equals(answer.get("stage"));
    if (!type.equals("dev.sluice.PipelineException") && !readable) {
      problems.add("the run ended with a raw " + answer.get("type") + ": " + message);
    } else if (message.isBlank() || RAW.matcher(message).find()) {
      problems.add("the run said no sentence: " + message);
    }
    if (PATH_TWICE.matcher(message).find()) {
      problems.add("the run said a path twice and no reason: " + message);
    }
    if (answer.get("exitCode") instanceof Integer code && code == 0) {
      problems.add("the run failed with exit code 0: " + message);
    }
    if (message.contains(Workload.SECRET_VALUE)) {
      problems.add("the run told a secret: " + message);
    }
  }

  /// Whether the message names what was done to the file.
  void names(Map<String, Object> answer, Pattern kind) {
    if ("failed".equals(answer.get("outcome")) && !kind.matcher(Bed.message(answer)).find()) {
      problems.add("the run did not say '" + kind + "': " + Bed.message(answer));
    }
  }

  /// Restarts until two rounds are loaded, and holds everything against what must be.
  void finish(int begin) throws IOException, InterruptedException {
    finish(begin, 2);
  }

  void finish(int begin, int last) throws IOException, InterruptedException {
    for (var round = Math.max(1, begin); round <= last; round++) {
      restart(round);
    }
    rows(last);
    folder();
    var loads = bed.look(site).loads();
    var again = bed.ask(site, "run", last);
    if (!Bed.done(again)) {
      problems.add("one more run failed: " + Bed.message(again));
    } else if (!bed.look(site).loads().equals(loads)) {
      problems.add("one more run was not idle: " + again.get("text"));
    }
  }

  private void restart(int round) throws IOException, InterruptedException {
    for (var attempt = 1; attempt <= RESTARTS; attempt++) {
      var answer = bed.ask(site, "run", round);
      if (Bed.done(answer)) {
        return;
      }
      problems.add("restart %d for round %d failed: %s".formatted(attempt, round, Bed.message(answer)));
    }
  }

  /// Rows, nested rows, loads, schema and cursors of a round.
  void rows(int round) throws IOException, InterruptedException {
    var look = bed.look(site);
    problems.addAll(look.difference(round));
    if (new HashSet<>(look.loads()).size() != look.loads().size() || look.loads().stream().anyMatch(load -> !load.endsWith(" 0"))) {
      problems.add("_dlt_loads has loads twice or unfinished: " + look.loads());
    }
    if (look.loads().size() != round) {
      problems.add("_dlt_loads has %d loads instead of %d: %s".formatted(look.loads().size(), round, look.loads()));
    }
    if (!look.unknownLoads().isEmpty()) {
      problems.add("rows are of loads that _dlt_loads does not have: " + look.unknownLoads());
    }
    var schema = bed.schema(site.format());
    if (!look.schema().equals(schema)) {
      var more = new ArrayList<>(look.schema());
      more.removeAll(schema);
      var less = new ArrayList<>(schema);
      less.removeAll(look.schema());
      problems.add("the tables have columns %s more and %s less than without a fault".formatted(more, less));
    }
    var cursors = new TreeMap<>(
        Map.of("orders", "" + Workload.orders(round), "customers", "" + round, "events", "" + (Workload.events(round) - 1)));
    if (!look.state().equals(cursors)) {
      problems.add("the state at the destination says " + look.state() + " instead of " + cursors);
    }
    var local = Look.progress(before().state().isEmpty() ? "{}" : before().state());
    if (!local.equals(cursors)) {
      problems.add("the state of the folder says " + local + " instead of " + cursors);
    }
  }

  /// What a run that is over must not leave behind.
  void folder() throws IOException {
    var secret = Workload.SECRET_VALUE.getBytes(StandardCharsets.UTF_8);
    for (var file : Trees.files(site.folder())) {
      var path = file.toString();
      var name = file.getFileName().toString();
      if (name.endsWith(".tmp") || path.contains("/.commit/") || name.matches(".*\\.new(\\.wal)?")
          || path.contains("/load/new/") || path.matches(".*/normalize/[0-9a-f]{16}/.*")) {
        problems.add("a file is left behind: " + path);
      }
      if (contains(site.folder().resolve(file), secret)) {
        problems.add("a secret stands in " + path);
      }
    }
    if (!packages().isEmpty()) {
      problems.add("packages are left behind: " + packages());
    }
  }

  private static boolean contains(Path file, byte[] wanted) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(new String(wanted, StandardCharsets.ISO_8859_1));
  }
}
