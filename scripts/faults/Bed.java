import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where one point after the other is run: a folder, a process that is used again and again, and
/// working folders to begin with.
final class Bed implements AutoCloseable {
  final Path scratch;
  final Worker.Start start;

  private final Path sites;
  private final Map<String, Path> templates = new HashMap<>();
  private final Map<String, List<String>> schemas = new HashMap<>();
  private Worker worker;
  private int count;

  Bed(Path scratch, Worker.Start start) throws IOException {
    this.scratch = Files.createDirectories(scratch);
    this.sites = Files.createDirectories(scratch.resolve("sites"));
    this.start = start;
  }

  /// A working folder with its database.
  record Site(Path folder, Path database, String format) {
    Site(Path folder, String format) {
      this(folder, folder.resolve("x.duckdb"), format);
    }

    Map<String, Object> command(String what, int round) {
      var command = new LinkedHashMap<String, Object>();
      command.put("do", what);
      command.put("folder", folder.toString());
      command.put("database", database.toString());
      command.put("format", format);
      command.put("round", round);
      return command;
    }

    Path pipeline() {
      return folder.resolve(".dlt/pipelines").resolve(Workload.PIPELINE);
    }
  }

  /// The process that serves this bed; a new one if the last has died.
  Worker worker() throws IOException {
    if (worker == null || !worker.alive()) {
      closeWorker();
      worker = start.in(sites);
    }
    return worker;
  }

  /// A fresh process for one point.
  Worker fresh() throws IOException {
    return start.in(sites);
  }

  /// Does something by the process of this bed, with no fault armed.
  Map<String, Object> ask(Site site, String what, int round) throws IOException, InterruptedException {
    worker().control.disarm();
    return worker().ask(site.command(what, round)).orElseGet(Bed::died);
  }

  static Map<String, Object> died() {
    return Map.of("outcome", "died");
  }

  static boolean done(Map<String, Object> answer) {
    return "done".equals(answer.get("outcome"));
  }

  static String message(Map<String, Object> answer) {
    return String.valueOf(answer.getOrDefault("message", answer.get("outcome")));
  }

  /// A folder of its own for a point, with the rounds before it loaded.
  Site site(Point point) throws IOException, InterruptedException {
    return site(template(point.before(), point.format()), point.format());
  }

  Site site(Path template, String format) throws IOException {
    var folder = sites.resolve("site" + count++);
    Trees.copy(template, folder);
    return new Site(folder, format);
  }

  Site empty(String format) throws IOException {
    return new Site(Files.createDirectories(sites.resolve("site" + count++)), format);
  }

  /// A folder in which the first rounds are loaded.
  Path template(int rounds, String format) throws IOException, InterruptedException {
    return template(rounds + " " + format, () -> {
      var site = empty(format);
      for (var round = 1; round <= rounds; round++) {
        require(ask(site, "run", round));
      }
      return site.folder();
    });
  }

  @FunctionalInterface
  interface Maker {
    Path make() throws IOException, InterruptedException;
  }

  Path template(String name, Maker maker) throws IOException, InterruptedException {
    var known = templates.get(name);
    if (known == null) {
      // Moved away from where it was made: nothing in it may depend on its place.
      var made = maker.make();
      known = scratch.resolve("template" + templates.size());
      Trees.copy(made, known);
      Trees.delete(made);
      templates.put(name, known);
    }
    return known;
  }

  static void require(Map<String, Object> answer) {
    if (!done(answer)) {
      throw new IllegalStateException("A run without a fault failed: " + message(answer));
    }
  }

  /// The columns that a run without faults makes.
  List<String> schema(String format) throws IOException, InterruptedException {
    var known = schemas.get(format);
    if (known == null) {
      known = look(new Site(template(1, format), format)).schema();
      schemas.put(format, known);
    }
    return known;
  }

  Look look(Site site) throws IOException {
    try {
      return Look.at(site.database(), scratch);
    } catch (java.sql.SQLException unreadable) {
      throw new Unreadable(unreadable);
    }
  }

  /// The destination cannot be opened.
  static final class Unreadable extends IOException {
    private static final long serialVersionUID = 1L;

    Unreadable(Exception cause) {
      super("The database cannot be read: " + cause.getMessage(), cause);
    }
  }

  Optional<String> difference(Site site, int round) throws IOException {
    var sentences = new ArrayList<>(look(site).difference(round));
    return sentences.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", sentences));
  }

  /// Removes the folders of the point that is over.
  void sweep() {
    try (var all = java.nio.file.Files.list(sites)) {
      for (var site : all.toList()) {
        Trees.delete(site);
      }
    } catch (IOException busy) {
      System.err.println("A folder stays: " + busy);
    }
  }

  private void closeWorker() {
    if (worker != null) {
      worker.close();
      worker = null;
    }
  }

  @Override
  public void close() throws IOException {
    closeWorker();
    Trees.delete(scratch);
  }
}
