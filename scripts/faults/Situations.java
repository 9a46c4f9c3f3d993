import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/// Events of daily life: two processes, two folders of one pipeline, a process that stands still, a clock
/// that is set back, a backup of the database that is put back, a database file that is deleted.
final class Situations {
  private static final Pattern IN_USE = Pattern.compile("(?i)is in use by|is open in process");

  private Situations() {}

  static List<Kind> kinds() {
    return List.of(
        new Kind("folders", 24, plan("load", "extracted", "normalized", "fresh"), Situations::twoFolders),
        new Kind("queue", 8, plan("load", "extracted", "normalized"), Situations::queue),
        new Kind("processes", 20, plan("open", "both"), Situations::twoProcesses),
        new Kind("stop", 24, Situations::anywhere, Situations::stopped),
        new Kind("clock", 16, plan("sync", "back-fresh", "back", "ahead-fresh"), Situations::clock),
        new Kind("backup", 24, plan("sync", "backup", "backup-pending", "deleted-pending", "deleted", "moved-deleted-pending"), Situations::backup),
        new Kind("handed", 12, plan("extract", "rewritten", "resumed", "resumed-longer"), Situations::handed),
        new Kind("wal", 12, plan("load", "all-deleted", "deleted", "pending"), Situations::staleWal));
  }

  /// The variants in turn, each with both beginnings and formats.
  private static Kind.Planner plan(String stage, String... variants) {
    return (profile, random, name, n) ->
        profile.wants(stage)
            ? new Point(
                name, stage, variants[n % variants.length], "" + n, Profile.pick(Profile.BEGINS, random), Profile.pick(Profile.FORMATS, random))
            : null;
  }

  private static Point anywhere(Profile profile, SplittableRandom random, String name, int n) {
    return profile.place(name, Control.CHANGES, random);
  }

  /// Folder B extracts, folder A runs, folder B loads: B's package was made of a state that is not the newest any more.
  private static Kind.Struck twoFolders(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    var round = point.before() + 1;
    var a = bed.site(point);
    var copy = bed.site(point);
    var b = new Bed.Site(copy.folder(), a.database(), a.format());
    if (point.what().equals("fresh")) {
      // Another machine, which knows nothing: it takes the state from the destination before it extracts.
      Trees.delete(b.folder().resolve(".dlt"));
    }
    Bed.require(bed.ask(b, "extract", round));
    if (!point.what().equals("extracted")) {
      Bed.require(bed.ask(b, "normalize", round));
    }
    var first = bed.ask(a, "run", round);
    Bed.require(first);
    var loaded = String.valueOf(((List<?>) first.get("loadIds")).getFirst());
    var late = bed.ask(b, "pending", round);
    var checks = new Checks(bed, b, problems);
    if (Bed.done(late)) {
      problems.add("the package of the other folder was loaded, though load %s came between".formatted(loaded));
    } else {
      checks.sentence(late);
      if (!Bed.message(late).contains(loaded)) {
        problems.add("the run did not name load " + loaded + ": " + Bed.message(late));
      }
    }
    problems.addAll(bed.look(a).difference(round));
    Bed.require(bed.ask(b, "drop", round));
    checks.finish(round);
    return Kind.Struck.of(late);
  }

  /// Packages of one folder that wait in a queue are loaded: that is no other folder's load.
  private static Kind.Struck queue(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    var site = bed.site(point);
    var round = point.before() + 1;
    Bed.require(bed.ask(site, "extract", round));
    if (point.what().equals("normalized")) {
      Bed.require(bed.ask(site, "normalize", round));
    }
    Bed.require(bed.ask(site, "extract", round + 1));
    var answer = bed.ask(site, "pending", round + 1);
    if (!Bed.done(answer)) {
      problems.add("packages of one folder were refused: " + Bed.message(answer));
    }
    new Checks(bed, site, problems).finish(round + 1, round + 1);
    return Kind.Struck.of(answer);
  }

  /// Two processes run the same at the same time.
  private static Kind.Struck twoProcesses(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    var site = bed.site(point);
    var checks = new Checks(bed, site, problems);
    var round = point.before() + 1;
    try (var other = bed.fresh()) {
      other.ask(Map.of("do", "ready"));
      var late = other.send(site.command("run", round));
      var own = bed.ask(site, "run", round);
      var answers = List.of(own, other.await(late, Worker.TIMEOUT_SECONDS).orElseGet(Bed::died));
      if (answers.stream().noneMatch(Bed::done)) {
        problems.add("neither of two processes loaded: " + Bed.message(own));
      }
      for (var answer : answers) {
        if (!Bed.done(answer)) {
          checks.sentence(answer);
          checks.names(answer, IN_USE);
        }
      }
    }
    checks.finish(round);
    return new Kind.Struck(true, "both ended");
  }

  /// A process stands still in the middle; another is kept away, and the first goes on as if nothing were.
  private static Kind.Struck stopped(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    var site = bed.site(point);
    var checks = new Checks(bed, site, problems);
    var round = point.before() + 1;
    try (var process = bed.fresh()) {
      process.control.arm(point.stage(), List.of(point.what()), Control.Action.STOP, 0, false, point.nth());
      var answer = process.send(site.command("run", round));
      while (process.control.fired() == 0 && !answer.isDone()) {
        Thread.sleep(1);
      }
      if (process.control.fired() == 0) {
        return Kind.Struck.MISSED;
      }
      // Before it has the lock, another may go ahead, and does all of the work.
      var other = bed.ask(site, "run", round);
      if (!Bed.done(other)) {
        checks.sentence(other);
        checks.names(other, IN_USE);
      } else if (!point.stage().equals("open")) {
        problems.add("a second process was let in while the first stood still in " + process.control.struck());
      }
      new ProcessBuilder("kill", "-CONT", "" + process.pid()).inheritIO().start().waitFor();
      var end = process.await(answer, Worker.TIMEOUT_SECONDS).orElseGet(Bed::died);
      if (!Bed.done(end)) {
        problems.add("the process that stood still failed: " + Bed.message(end));
      }
      checks.finish(round);
      return Kind.Struck.of(end);
    }
  }

  private static Kind.Struck clock(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    var site = bed.site(point);
    var checks = new Checks(bed, site, problems);
    var hour = 3_600L;
    var worker = bed.worker();
    try {
      var fresh = point.what().endsWith("fresh");
      worker.control.clock(point.what().startsWith("ahead") ? 24 * hour : 0);
      Bed.require(bed.ask(site, "run", 1));
      for (var day = 1; day <= 3; day++) {
        worker.control.clock(point.what().startsWith("ahead") ? 0 : -day * hour);
        if (fresh) {
          Trees.delete(site.folder().resolve(".dlt"));
        }
        var answer = bed.ask(site, "run", 2);
        if (!Bed.done(answer)) {
          problems.add("run %d with the clock set back failed: %s".formatted(day, Bed.message(answer)));
        }
        bed.difference(site, 2).ifPresent(problems::add);
      }
    } finally {
      worker.control.clock(0);
    }
    checks.finish(2);
    return new Kind.Struck(true, "clock set");
  }

  /// The destination goes back to an earlier day, or is gone. What then lacks is never a silent hole.
  private static Kind.Struck backup(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    // A template is a folder that was moved together with its database, as a project that is renamed.
    var moved = point.what().startsWith("moved");
    var site = moved ? bed.site(bed.template(1, point.format()), point.format()) : loadedOnce(bed, point.format());
    var checks = new Checks(bed, site, problems);
    var kept = Files.readAllBytes(site.database());
    var next = 2;
    if (point.what().startsWith("backup")) {
      Bed.require(bed.ask(site, "run", 2));
      next = 3;
    }
    if (point.what().endsWith("pending")) {
      Bed.require(bed.ask(site, "extract", next));
      if (point.nth() % 8 < 4) {
        Bed.require(bed.ask(site, "normalize", next));
      }
    }
    Files.delete(site.database());
    Files.deleteIfExists(Look.wal(site.database()));
    if (point.what().startsWith("backup")) {
      Files.write(site.database(), kept);
    }
    var intact = bed.look(site).rows();
    var answer = bed.ask(site, "run", next);
    if (point.what().equals("deleted")) {
      // Nothing waits, nothing is left: it starts anew.
      if (!Bed.done(answer)) {
        problems.add("with the dataset gone and nothing pending the run failed: " + Bed.message(answer));
      }
      bed.difference(site, next).ifPresent(problems::add);
    } else if (Bed.done(answer)) {
      bed.difference(site, next).ifPresent(hole -> problems.add("the run went on in silence: " + hole));
    } else {
      checks.sentence(answer);
      if (!bed.look(site).rows().equals(intact)) {
        problems.add("the run refused, but changed the destination");
      }
    }
    return Kind.Struck.of(answer);
  }

  /// The database is deleted and its WAL is left.
  private static Kind.Struck staleWal(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    var site = loadedOnce(bed, point.format());
    var checks = new Checks(bed, site, problems);
    if (point.what().equals("pending")) {
      // Whoever looks at the destination empties its WAL, so this comes first.
      Bed.require(bed.ask(site, "extract", 2));
    }
    leaveWal(site.database());
    Files.delete(site.database());
    var next = 1;
    if (point.what().equals("all-deleted")) {
      Trees.delete(site.folder().resolve(".dlt"));
    } else {
      next = 2;
    }
    var answer = bed.ask(site, "run", next);
    if (Bed.done(answer)) {
      bed.difference(site, next).ifPresent(problems::add);
    } else {
      checks.sentence(answer);
      if (!point.what().equals("pending") && !Bed.message(answer).contains(".wal")) {
        problems.add("the run did not name the WAL: " + Bed.message(answer));
      }
    }
    return Kind.Struck.of(answer);
  }

  /// A file of the user's is handed over, and changes before it is loaded: what was extracted is loaded, and the file is the user's.
  private static Kind.Struck handed(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    var site = bed.empty("parquet");
    var file = site.folder().resolve("users.parquet");
    writeParquet(file, "first", 500);
    var command = site.command("hand", 1);
    command.put("file", file.toString());
    command.put("rows", 500);
    var resumes = point.what().startsWith("resumed");
    command.put("dies", resumes);
    try (var process = bed.fresh()) {
      var answer = process.ask(command).orElseGet(Bed::died);
      if (!resumes) {
        Bed.require(answer);
      } else if (process.code() != 137) {
        throw new IllegalStateException("The process did not die behind its checkpoint: " + Bed.message(answer));
      }
    }
    // In place, as editors and exports do: the same file with other bytes.
    var rewritten = site.folder().resolve("rewritten.parquet");
    writeParquet(rewritten, "other", point.what().endsWith("longer") ? 5_000 : 500);
    var theirs = point.what().equals("resumed") ? Files.readAllBytes(file) : Files.readAllBytes(rewritten);
    Files.write(file, theirs);
    if (resumes) {
      command.put("dies", false);
      Bed.require(bed.worker().ask(command).orElseGet(Bed::died));
    }
    var answer = bed.ask(site, "pending", 1);
    if (!Bed.done(answer)) {
      problems.add("the package was not loaded: " + Bed.message(answer));
    }
    if (!java.util.Arrays.equals(Files.readAllBytes(file), theirs)) {
      problems.add("the user's file has %d bytes instead of %d".formatted(Files.size(file), theirs.length));
    }
    var found = count(site, "SELECT count(*) FROM %s.handed WHERE text = 'first ' || id".formatted(Workload.DATASET));
    var all = count(site, "SELECT count(*) FROM %s.handed".formatted(Workload.DATASET));
    if (found != 500 || all != 500) {
      problems.add("of 500 rows that were extracted %d were loaded, among %d".formatted(found, all));
    }
    return Kind.Struck.of(answer);
  }

  private static void writeParquet(Path file, String word, int rows) throws IOException {
    sql("jdbc:duckdb:", "COPY (SELECT range AS id, '%s ' || range AS text FROM range(%d)) TO '%s' (FORMAT parquet)".formatted(word, rows, file));
  }

  private static long count(Bed.Site site, String query) throws IOException {
    if (!Files.exists(site.database())) {
      return 0;
    }
    return sql("jdbc:duckdb:" + site.database(), query);
  }

  /// - returns the number that the statement gives, 0 if it cannot be run
  private static long sql(String url, String statement) throws IOException {
    try (var connection = DriverManager.getConnection(url);
        var made = connection.createStatement()) {
      made.execute(statement);
      try (var found = made.getResultSet()) {
        return found != null && found.next() ? found.getLong(1) : 0;
      }
    } catch (SQLException failed) {
      throw new Bed.Unreadable(failed);
    }
  }

  private static Bed.Site loadedOnce(Bed bed, String format) throws IOException, InterruptedException {
    var site = bed.empty(format);
    Bed.require(bed.ask(site, "run", 1));
    return site;
  }

  /// Moves all rows of the dataset into the WAL, as a process leaves it that died behind its commit.
  private static void leaveWal(Path database) throws IOException {
    var original = Files.move(database, database.resolveSibling("original.duckdb"));
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute("ATTACH '%s' AS old (READ_ONLY)".formatted(original));
      statement.execute("ATTACH '%s' AS made (STORAGE_VERSION 'v1.0.0')".formatted(database));
      statement.execute("SET checkpoint_threshold = '1TB'");
      statement.execute("CHECKPOINT made");
      var tables = new ArrayList<String>();
      try (var found = statement.executeQuery("SELECT table_name FROM duckdb_tables() WHERE database_name = 'old'")) {
        while (found.next()) {
          tables.add(found.getString(1));
        }
      }
      statement.execute("BEGIN");
      statement.execute("CREATE SCHEMA made." + Workload.DATASET);
      for (var table : tables) {
        statement.execute("CREATE TABLE made.%s.%s AS FROM old.%1$s.%2$s".formatted(Workload.DATASET, table));
      }
      statement.execute("COMMIT");
      // The files as they are while the database is open: closing would empty the WAL.
      Files.copy(Look.wal(database), database.resolveSibling("wal"));
      Files.copy(database, database.resolveSibling("database"));
    } catch (SQLException failed) {
      throw new IOException(failed);
    }
    Files.deleteIfExists(database);
    Files.deleteIfExists(Look.wal(database));
    Files.move(database.resolveSibling("database"), database);
    Files.move(database.resolveSibling("wal"), Look.wal(database));
    Files.delete(original);
    if (Files.size(Look.wal(database)) < 1_000) {
      throw new IllegalStateException("The WAL holds no rows: " + Look.wal(database));
    }
  }
}
