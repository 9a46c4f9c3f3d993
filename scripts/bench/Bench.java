import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What the benchmarks share: fresh processes with their time and figures, and the RESULT line.
final class Bench {
  /// A process that ended well: its wall time, the processor time of it and its children (the
  /// steadier of the two on a busy machine), and the figures of its lines `FIGURE key=value ...`.
  record Run(double seconds, double cpuSeconds, Map<String, Double> figures) {
    double figure(String name) {
      var value = figures.get(name);
      if (value == null) throw new IllegalStateException("The process told no figure '" + name + "', only " + figures);
      return value;
    }
  }

  private Bench() {}

  /// Runs a command in a folder; its other output goes to `folder/output.txt`.
  static Run run(Path folder, List<String> command) throws IOException, InterruptedException {
    return run(folder, command, Map.of());
  }

  /// The same with settings as environment variables.
  static Run run(Path folder, List<String> command, Map<String, String> settings) throws IOException, InterruptedException {
    var output = folder.resolve("output.txt");
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(settings);
    var cpuBefore = cpuOfChildren();
    var start = System.nanoTime();
    var process = builder.start();
    var code = process.waitFor();
    var seconds = (System.nanoTime() - start) / 1e9;
    var lines = Files.readAllLines(output);
    if (code != 0) {
      throw new IllegalStateException(
          "%s ended with code %d:%n%s".formatted(command, code, String.join("\n", lines)));
    }
    return new Run(seconds, cpuOfChildren() - cpuBefore, figures(lines));
  }

  /// The runs of a script that are slower than all after them: the first builds it, the second
  /// notes what is hot in it, and the third makes a cache of the notes.
  static void warm(Path folder, List<String> whole, List<String> small, Map<String, String> settings) throws IOException, InterruptedException {
    for (var script : List.of(whole, whole, small)) run(fresh(folder, "warm"), script, settings);
    delete(folder.resolve("warm"));
  }

  /// User and system time of all processes that this one has waited for, 100 ticks a second.
  private static double cpuOfChildren() throws IOException {
    var stat = Files.readString(Path.of("/proc/self/stat"));
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / 100.0;
  }

  private static Map<String, Double> figures(List<String> lines) {
    var figures = new LinkedHashMap<String, Double>();
    for (var line : lines) {
      if (!line.startsWith("FIGURE ")) continue;
      for (var pair : line.substring("FIGURE ".length()).split(" ")) {
        figures.put(pair.substring(0, pair.indexOf('=')), Double.valueOf(pair.substring(pair.indexOf('=') + 1)));
      }
    }
    return figures;
  }

  /// The run whose time is the median.
  static Run median(List<Run> runs) {
    var sorted = new ArrayList<>(runs);
    sorted.sort(Comparator.comparing(Run::seconds));
    return sorted.get(sorted.size() / 2);
  }

  /// A script of this clone, run as a user runs it.
  static List<String> script(String name, String... arguments) {
    var command = new ArrayList<>(List.of(home().resolve("jbang").toString(), home().resolve("scripts").resolve(name).toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  /// The clone: the launcher says where it is; without it, the current folder.
  static Path home() {
    var home = System.getenv("SLUICE_HOME");
    var folder = Path.of(home == null ? "" : home).toAbsolutePath();
    if (!Files.exists(folder.resolve("scripts/bench"))) {
      throw new IllegalStateException("'%s' is no clone of Sluice; start this by its ./jbang".formatted(folder));
    }
    return folder;
  }

  /// A folder for one run, emptied before.
  static Path fresh(Path parent, String name) throws IOException {
    var folder = parent.resolve(name);
    delete(folder);
    return Files.createDirectories(folder);
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) return;
    try (var all = Files.walk(folder)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
    }
  }

  /// Prints figures as processes tell them to their parent.
  static void figures(Object... keysAndValues) {
    IO.println("FIGURE " + pairs(keysAndValues));
  }

  /// Prints the last line of a benchmark.
  static void result(Object... keysAndValues) {
    IO.println("RESULT " + pairs(keysAndValues));
  }

  private static String pairs(Object... keysAndValues) {
    var pairs = new ArrayList<String>();
    for (var i = 0; i < keysAndValues.length; i += 2) {
      var value = keysAndValues[i + 1];
      pairs.add(keysAndValues[i] + "=" + (value instanceof Double number ? String.format(Locale.ROOT, "%.2f", number) : value));
    }
    return pairs.stream().collect(Collectors.joining(" "));
  }

  /// How many rows all tables of a dataset have, dlt's own left out.
  static long rows(Path database, String dataset) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:duckdb:" + database);
        var statement = connection.createStatement();
        var sum =
            statement.executeQuery(
                "SELECT sum(estimated_size)::BIGINT FROM duckdb_tables() WHERE schema_name = '%s' AND table_name NOT LIKE '\\_dlt%%' ESCAPE '\\'"
                    .formatted(dataset))) {
      sum.next();
      return sum.getLong(1);
    }
  }

  /// The most memory this process ever had, in megabytes.
  static double peakMegabytes() throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) return Double.parseDouble(line.replaceAll("\\D", "")) / 1024;
    }
    throw new IOException("This system tells no peak memory in /proc/self/status");
  }
}
