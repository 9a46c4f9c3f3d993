///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Looks after pipelines from the command line: sluice --help
//DEPS info.picocli:picocli:4.7.7
//SOURCES ../lib/sluice.java
import dev.sluice.*;
import dev.sluice.config.*;
import dev.sluice.config.Config;
import dev.sluice.config.Masking;
import dev.sluice.inspect.*;
import dev.sluice.schema.*;
import dev.sluice.store.*;
import dev.sluice.table.Grid;
import java.util.random.RandomGenerator;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.*;

int RETRY = 1;
int PERSON = 2;

void main(String... arguments) {
  var line = new CommandLine(new Root());
  line.setUsageHelpAutoWidth(true).setCaseInsensitiveEnumValuesAllowed(true);
  line.setExecutionExceptionHandler((error, command, parsed) -> {
    var shown = Masking.chain(error, Sluice.config()::masked);
    command.getErr().println(shown.getMessage() == null ? shown.toString() : shown.getMessage());
    if ("1".equals(System.getenv("SLUICE_STACKTRACE"))) shown.printStackTrace(command.getErr());
    return switch (error) {
      case PipelineException failed -> failed.exitCode();
      case StoreException store -> store.retryMayCure() ? RETRY : PERSON;
      case UncheckedIOException io -> RETRY;
      default -> PERSON;
    };
  });
  System.exit(line.execute(arguments));
}

@Command(
    name = "sluice",
    mixinStandardHelpOptions = true,
    version = "sluice 0.1.0",
    description = "Looks after pipelines: what lies on disk, what was loaded, what failed, and what to do next.",
    subcommands = {
      Info.class, PackageList.class, Jobs.class, Rows.class, Tables.class, Sql.class, Schemas.class,
      Trace.class, Failed.class, Plan.class, Load.class, Undo.class, Drop.class, Sync.class, Settings.class,
      Doctor.class, Clean.class, Show.class, Completion.class,
      HelpCommand.class
    },
    footer = {
      "",
      "A command needs no pipeline name where there is one pipeline only, or where a load id says which.",
      "Pipelines are looked for in .dlt/pipelines of this folder, or in pipelines of DLT_DATA_DIR.",
      "",
      "Exit codes: 0 done, 1 failed but the same call may succeed later, 2 a person has to change something."
    })
static class Root implements Runnable {
  @Spec Model.CommandSpec spec;

  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}

/// What all commands share: where pipelines are, and how tables are written.
abstract static class Look implements Callable<Integer> {
  @Spec Model.CommandSpec spec;

  @Option(names = {"-d", "--pipelines-dir"}, paramLabel = "DIR", description = "The folder of the pipelines.")
  Path pipelinesDir;

  @Option(names = "--json", description = "Tables as JSON.")
  boolean json;

  @Option(names = "--csv", description = "Tables as CSV.")
  boolean csv;

  @Option(names = "--width", paramLabel = "N", description = "Columns of the terminal.")
  int width;

  @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this help.")
  boolean help;

  Path folder() {
    return pipelinesDir == null ? Sluice.config().pipelinesFolder() : pipelinesDir;
  }

  List<String> pipelines() {
    try (var found = Files.list(folder())) {
      return found
          .filter(path -> Files.isDirectory(path.resolve("schemas")) || Files.exists(path.resolve("state.json")))
          .map(path -> path.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException none) {
      return List.of();
    }
  }

  PipelineFolder named(String name) {
    var known = pipelines();
    if (name != null) {
      if (!known.contains(name))
        throw new IllegalArgumentException(
            "There is no pipeline '" + name + "' in '" + folder() + "'" + Nearest.hint(name, known));
      return PipelineFolder.of(folder(), name);
    }
    if (known.size() != 1)
      throw new IllegalArgumentException(
          known.isEmpty()
              ? "There is no pipeline in '" + folder() + "'; go to its folder, or name it with --pipelines-dir"
              : "Say which pipeline: " + String.join(", ", known));
    return PipelineFolder.of(folder(), known.getFirst());
  }

  /// The package of a load id, of whichever pipeline.
  LoadPackage loadPackage(String loadId, String name) {
    if (name == null) {
      var all = new ArrayList<String>();
      for (var pipeline : pipelines()) {
        var packages = Packages.of(PipelineFolder.of(folder(), pipeline)).all();
        for (var found : packages) if (found.loadId().equals(loadId)) return found;
        packages.forEach(one -> all.add(one.loadId()));
      }
      throw new IllegalArgumentException(
          "No pipeline in '" + folder() + "' has a package '" + loadId + "'" + Nearest.hint(loadId, all));
    }
    return Packages.of(named(name)).get(loadId);
  }

  Pipeline pipeline(String name) {
    return Sluice.pipeline(named(name).name()).pipelinesDir(folder());
  }

  void print(Grid grid) {
    say(json ? Views.json(grid) : csv ? Views.csv(grid).stripTrailing() : Views.text(grid, terminal()));
  }

  /// Names and values, never cut: they are to be read whole, or copied.
  void facts(Grid grid) {
    if (json || csv) {
      print(grid);
      return;
    }
    var names = grid.column("what");
    var longest = names.stream().mapToInt(name -> name.toString().length()).max().orElse(0);
    for (int row = 0; row < grid.rows(); row++) {
      var value = grid.column("value").get(row);
      if (terminal() < 60) say(names.get(row) + "\n  " + value);
      else say(names.get(row) + " ".repeat(longest + 2 - names.get(row).toString().length()) + value);
    }
  }

  /// One table for a program, several for a person.
  void print(List<Grid> grids) {
    if (!json && !csv) grids.forEach(this::print);
    else if (grids.size() == 1) print(grids.getFirst());
    else {
      var all = Grid.of("");
      for (var grid : grids)
        for (int row = 0; row < grid.rows(); row++) {
          var values = new LinkedHashMap<String, Object>();
          for (int column = 0; column < grid.names().size(); column++)
            values.put(grid.names().get(column), grid.columns().get(column).get(row));
          all.row(values);
        }
      print(all.build());
    }
  }

  /// Said before anything is done.
  void noTable() {
    if (csv) throw new ParameterException(spec.commandLine(), "'" + spec.name() + "' writes no table; --json is possible");
  }

  /// What is no table: a report, or the same as JSON.
  void report(Object text, Object data) {
    say(json ? dev.sluice.json.Json.dumps(data) : text);
  }

  void say(Object text) {
    spec.commandLine().getOut().println(text);
    spec.commandLine().getOut().flush();
  }

  static Optional<State> state(PipelineFolder folder) {
    return folder.state().map(bytes -> State.read(bytes, folder.root().resolve("state.json")));
  }

  static Optional<Schema> schema(PipelineFolder folder, String name) {
    return folder.schema(name).map(bytes -> Schema.read(bytes, folder.schemaFile(name)));
  }

  /// Where the pipeline loads to. A broken state is said elsewhere.
  static Optional<Object> location(PipelineFolder folder) {
    try {
      return state(folder).flatMap(state -> state.at("_local", "destination_location"));
    } catch (IllegalArgumentException broken) {
      return Optional.empty();
    }
  }

  static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  int terminal() {
    if (width > 0) return width;
    var columns = System.getenv("COLUMNS");
    if (columns != null && columns.matches("\\d{2,4}")) return Integer.parseInt(columns);
    if (System.console() == null || !System.console().isTerminal()) return 200;
    try {
      var asked = new ProcessBuilder("sh", "-c", "stty size </dev/tty").start();
      var size = new String(asked.getInputStream().readAllBytes()).trim();
      return size.matches("\\d+ \\d+") ? Integer.parseInt(size.split(" ")[1]) : 80;
    } catch (IOException notThere) {
      return 80;
    }
  }
}

abstract static class OfPipeline extends Look {
  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "The pipeline.")
  String name;
}

@Command(name = "info", description = "What there is: all pipelines, or one.")
static class Info extends OfPipeline {
  private final List<List<Object>> rows = new ArrayList<>();
  private boolean broken;

  public Integer call() {
    if (name == null && pipelines().size() != 1) {
      for (var one : pipelines()) {
        var folder = PipelineFolder.of(folder(), one);
        var loaded = folder.packages(Stage.LOADED);
        rows.add(
            Arrays.asList(
                one,
                folder.packages(Stage.EXTRACTED).size() + folder.packages(Stage.NORMALIZED).size(),
                loaded.size(),
                loaded.isEmpty() ? null : loaded.getLast().loadId(),
                location(folder).orElse(null)));
      }
      print(Views.grid(count(rows.size(), "pipeline") + " in " + folder(), List.of("pipeline", "pending", "loaded", "last load", "destination"), rows));
      return 0;
    }
    var folder = named(name);
    rows.add(Arrays.asList("pipeline", folder.name()));
    rows.add(Arrays.asList("working directory", folder.root()));
    part("state", () -> state(folder).ifPresent(state -> {
      rows.add(Arrays.asList("destination", state.at("destination_type").orElse(null)));
      rows.add(Arrays.asList("location", state.at("_local", "destination_location").orElse(null)));
      rows.add(Arrays.asList("dataset", state.datasetName().orElse(null)));
    }));
    for (var schema : folder.schemaNames())
      part("schema " + schema, () -> {
        var read = schema(folder, schema).orElseThrow();
        rows.add(Arrays.asList("schema " + schema, "version " + read.version() + ", " + count(read.dataTables().size(), "table")));
      });
    rows.add(Arrays.asList("extracted packages", ids(folder, Stage.EXTRACTED)));
    rows.add(Arrays.asList("normalized packages", ids(folder, Stage.NORMALIZED)));
    rows.add(Arrays.asList("loaded packages", ids(folder, Stage.LOADED)));
    part("last run", () ->
        PipelineTrace.read(folder)
            .ifPresent(trace -> rows.add(Arrays.asList("last run", trace.toString().lines().findFirst().orElse("")))));
    facts(Views.grid("", List.of("what", "value"), rows));
    return broken ? 2 : 0;
  }

  /// What cannot be read is said in its place; the rest stands.
  private void part(String what, Runnable read) {
    try {
      read.run();
    } catch (IllegalArgumentException | StoreException unreadable) {
      rows.add(Arrays.asList(what, unreadable.getMessage()));
      broken = true;
    }
  }

  static String ids(PipelineFolder folder, Stage stage) {
    var found = folder.packages(stage);
    var newest = found.subList(Math.max(0, found.size() - 3), found.size()).reversed();
    return found.size()
        + (found.isEmpty() ? "" : ", newest " + newest.stream().map(StoredPackage::loadId).collect(Collectors.joining(", ")));
  }
}

@Command(name = "packages", description = "The load packages, the newest first.")
static class PackageList extends OfPipeline {
  @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "How many (default: 50).")
  int limit;

  public Integer call() {
    var folder = named(name);
    var all = Packages.of(folder).all().reversed();
    var shown = all.subList(0, Math.min(limit, all.size()));
    print(
        Views.packages(
            folder.name() + ": " + (shown.size() < all.size() ? "newest " + shown.size() + " of " : "") + count(all.size(), "package"),
            shown));
    return 0;
  }
}

/// What to do if the destination went back: one of three, or nothing.
static class IfRewound {
  @Option(names = "--go-on", description = "If the destination went back (a backup, a deleted file): accepts the hole.")
  boolean goOn;

  @Option(names = "--extract-again", description = "If it went back: drops what is pending, empties the tables; the next run extracts all rows.")
  boolean extractAgain;

  @Option(names = "--take-state", description = "If it went back: drops what is pending and takes the state there; the next run extracts what is missing.")
  boolean takeState;

  static Pipeline in(Pipeline pipeline, IfRewound chosen) {
    if (chosen == null) return pipeline;
    return pipeline.ifRewound(
        chosen.goOn ? Pipeline.Rewound.GO_ON : chosen.takeState ? Pipeline.Rewound.TAKE_STATE : Pipeline.Rewound.EXTRACT_AGAIN);
  }
}

abstract static class OfPackage extends Look {
  @Parameters(index = "0", paramLabel = "LOAD_ID", description = "The load id of the package.")
  String loadId;

  @Option(names = {"-p", "--pipeline"}, paramLabel = "NAME", description = "The pipeline.")
  String name;

  LoadPackage found() {
    return loadPackage(loadId, name);
  }
}

@Command(name = "jobs", description = "The files of a package, and what is wrong with them.")
static class Jobs extends OfPackage {
  @Option(names = "--updates", description = "The schema updates instead.")
  boolean updates;

  public Integer call() {
    print(updates ? Views.schemaUpdates(found()) : Views.jobs(found()));
    var problems = found().problems();
    problems.forEach(spec.commandLine().getErr()::println);
    return problems.isEmpty() ? 0 : 2;
  }
}

@Command(name = "rows", description = "The rows of a table in a package.")
static class Rows extends OfPackage {
  @Parameters(index = "1", paramLabel = "TABLE", description = "The table.")
  String table;

  @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "How many (default: 20).")
  long limit;

  public Integer call() {
    print(Views.rows(found(), table, limit));
    var damaged = found().problems().stream().filter(problem -> problem.contains("/" + table + ".")).toList();
    damaged.forEach(spec.commandLine().getErr()::println);
    return damaged.isEmpty() ? 0 : 2;
  }
}

@Command(name = "tables", description = "The tables at the destination, or the rows of one.")
static class Tables extends Look {
  @Parameters(index = "0", arity = "0..1", paramLabel = "TABLE", description = "The table.")
  String table;

  @Option(names = {"-p", "--pipeline"}, paramLabel = "NAME", description = "The pipeline.")
  String name;

  @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "How many rows (default: 20).")
  long limit;

  public Integer call() {
    var dataset = pipeline(name).dataset();
    print(table == null ? Views.tables(dataset) : Views.rows(dataset, table, limit));
    return 0;
  }
}

@Command(name = "sql", description = "Asks the destination.")
static class Sql extends Look {
  @Parameters(index = "0", paramLabel = "QUERY", description = "The query; tables are looked up in the dataset first.")
  String query;

  @Option(names = {"-p", "--pipeline"}, paramLabel = "NAME", description = "The pipeline.")
  String name;

  @Option(names = "--limit", paramLabel = "N", defaultValue = "1000", description = "How many rows (default: 1,000).")
  long limit;

  public Integer call() {
    print(Views.sql(pipeline(name).dataset(), query, limit));
    return 0;
  }
}

@Command(name = "schema", description = "The schema: its columns, or as YAML, DBML, Mermaid, SVG.")
static class Schemas extends OfPipeline {
  enum Format { TABLE, YAML, DBML, MERMAID, SVG }

  @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "TABLE", description = "${COMPLETION-CANDIDATES}")
  Format format;

  @Option(names = "--schema", paramLabel = "NAME", description = "Which schema, if there are several.")
  String schema;

  public Integer call() {
    var folder = named(name);
    var names = schema == null ? folder.schemaNames() : List.of(schema);
    if (names.isEmpty())
      throw new IllegalArgumentException("Pipeline '" + folder.name() + "' has no schema yet");
    var tables = new ArrayList<Grid>();
    for (var one : names) {
      var read =
          schema(folder, one)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "Pipeline '" + folder.name() + "' has no schema '" + one + "'" + Nearest.hint(one, folder.schemaNames())));
      switch (format) {
        case TABLE -> tables.add(Views.columns(read));
        case YAML -> say(read.toYaml().stripTrailing());
        case DBML -> say(read.toDbml());
        case MERMAID -> say(read.toMermaid().stripTrailing());
        case SVG -> say(Chart.of(read).svg().stripTrailing());
      }
    }
    if (format == Format.TABLE) print(tables);
    return 0;
  }
}

@Command(name = "trace", description = "What the last run did: steps, errors, settings.")
static class Trace extends OfPipeline {
  @Option(names = "--settings", description = "The settings used and where they were found.")
  boolean settings;

  public Integer call() {
    var folder = named(name);
    var trace = PipelineTrace.read(folder);
    if (trace.isEmpty()) {
      say("Pipeline '" + folder.name() + "' has no trace; it never ran");
      return 0;
    }
    if (settings) print(Views.settings(trace.get()));
    else {
      print(Views.steps(trace.get()));
      if (trace.get().failed() && !json && !csv) print(Views.errors(trace.get()));
    }
    return 0;
  }
}

@Command(name = "failed", description = "Failed jobs with their messages, and rows kept back with the reason.")
static class Failed extends OfPipeline {
  @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "How many rows (default: 50).")
  long limit;

  public Integer call() {
    var failed = new ArrayList<Grid>();
    for (var one : Packages.of(named(name)).all().reversed())
      for (var grid : List.of(Views.failed(one), Views.quarantine(one, limit)))
        if (grid.rows() > 0) failed.add(grid);
    if (failed.isEmpty() && !json && !csv) say("Nothing failed, no row was kept back");
    else print(failed);
    return 0;
  }
}

@Command(name = "plan", description = "What loading the pending packages would do; touches nothing.")
static class Plan extends OfPipeline {
  public Integer call() {
    noTable();
    var plan = pipeline(name).plan();
    report(plan, plan);
    return 0;
  }
}

@Command(name = "load", description = "Normalizes and loads what is pending, where the pipeline loaded before.")
static class Load extends OfPipeline {
  @Option(names = "--package", paramLabel = "LOAD_ID", description = "Only this normalized package.")
  String loadId;

  @ArgGroup IfRewound ifRewound;

  public Integer call() {
    noTable();
    var pipeline = IfRewound.in(pipeline(name), ifRewound);
    if (ifRewound != null) pipeline.syncDestination(); // or what it drops is normalized before
    if (loadId == null && !pipeline.extractedPackages().isEmpty()) {
      var normalized = pipeline.normalize();
      if (!json) say(normalized);
    }
    var loaded = loadId == null ? pipeline.load() : pipeline.load(loadId);
    report(loaded, loaded);
    return 0;
  }
}

@Command(name = "undo", description = "Takes back the newest load, where that can be done exactly; does it with --yes.")
static class Undo extends OfPackage {
  @Option(names = "--yes", description = "Really undoes.")
  boolean yes;

  public Integer call() {
    var found = found();
    if (!yes) {
      print(Views.jobs(found).titled("load " + loadId + " would be undone; --yes does it"));
      return 0;
    }
    var pipelineName = found.folder().getParent().getParent().getParent().getFileName().toString();
    var rows = new ArrayList<List<Object>>();
    pipeline(pipelineName).undo(loadId).forEach((table, count) -> rows.add(List.of(table, count)));
    print(Views.grid("load " + loadId + " is undone", List.of("table", "rows"), rows));
    return 0;
  }
}

@Command(
    name = "drop",
    description = "Drops resources with their tables and state, or pending packages; does it with --yes.")
static class Drop extends Look {
  @Parameters(arity = "0..*", paramLabel = "RESOURCE", description = "The resources.")
  List<String> resources = List.of();

  @Option(names = "--pending", description = "The pending packages instead.")
  boolean pending;

  @Option(names = {"-p", "--pipeline"}, paramLabel = "NAME", description = "The pipeline.")
  String name;

  @Option(names = "--yes", description = "Really drops.")
  boolean yes;

  public Integer call() {
    if (pending == !resources.isEmpty())
      throw new ParameterException(spec.commandLine(), "Name the resources to drop, or give --pending");
    var pipeline = pipeline(name);
    if (pending) {
      var waiting = new ArrayList<>(pipeline.extractedPackages());
      waiting.addAll(pipeline.normalizedPackages());
      var shown = Views.packages(count(waiting.size(), "pending package") + (yes ? " dropped" : " would be dropped; --yes does it"), waiting);
      if (yes) pipeline.dropPendingPackages();
      print(shown);
      return 0;
    }
    var rows = new ArrayList<List<Object>>();
    var known = new TreeSet<String>();
    for (var schema : pipeline.schemaNames())
      for (var table : pipeline.schema(schema).dataTables()) {
        var resource = pipeline.schema(schema).root(table.name()).resource().orElse("");
        known.add(resource);
        if (resources.contains(resource)) rows.add(List.of(resource, table.name()));
      }
    for (var resource : resources)
      if (!known.contains(resource))
        throw new IllegalArgumentException(
            "Pipeline '" + pipeline.name() + "' has no resource '" + resource + "'" + Nearest.hint(resource, known));
    if (yes) pipeline.drop(resources.toArray(String[]::new));
    print(
        Views.grid(
            count(rows.size(), "table") + (yes ? " dropped" : " would be dropped; --yes does it"),
            List.of("resource", "table"),
            rows));
    return 0;
  }
}

@Command(name = "sync", description = "Takes state and schemas from the destination.")
static class Sync extends OfPipeline {
  @Option(names = "--destination", paramLabel = "FILE", description = "The DuckDB file, where the pipeline is new here.")
  String destination;

  @Option(names = "--dataset", paramLabel = "NAME", description = "The dataset, where the pipeline is new here.")
  String dataset;

  @ArgGroup IfRewound ifRewound;

  public Integer call() {
    noTable();
    var pipeline = destination == null ? pipeline(name) : Sluice.pipeline(name).pipelinesDir(folder()).to(Sluice.duckdb(destination));
    if (dataset != null) pipeline = pipeline.datasetName(dataset);
    var taken = IfRewound.in(pipeline, ifRewound).syncDestination();
    report(taken ? "State and schemas were brought in line with the destination" : "Nothing to take: the destination knows nothing newer", Map.of("taken", taken));
    return 0;
  }
}

@Command(name = "clean", description = "Deletes old loaded packages; shows which, and does it with --yes.")
static class Clean extends OfPipeline {
  @Option(names = "--keep", paramLabel = "N", defaultValue = "10", description = "Newest packages to keep (default: 10).")
  int keep;

  @Option(names = "--yes", description = "Really deletes.")
  boolean yes;

  public Integer call() {
    var folder = named(name);
    var loaded = folder.packages(Stage.LOADED);
    var old = loaded.subList(0, Math.max(0, loaded.size() - keep));
    var shown =
        Views.packages(
            folder.name() + ": " + old.size() + " of " + count(loaded.size(), "loaded package") + " " + (yes ? "are deleted" : "would be deleted; --yes does it"),
            old.stream().map(LoadPackage::of).toList());
    if (yes && !old.isEmpty()) {
      try (var directory =
          WorkingDirectory.open(folder(), folder.name(), WorkingDirectory.LOCK_TIMEOUT, RandomGenerator.getDefault())) {
        old.forEach(directory::drop);
      }
    }
    print(shown);
    return 0;
  }
}

@Command(
    name = "settings",
    description = "What a setting is, where that stands, and its default; without a name all that are set.")
static class Settings extends Look {
  @Parameters(paramLabel = "NAME", arity = "0..1", description = "Its key, load.workers, also with sections before: sources.shop.extract.workers.")
  String name;

  @Option(names = {"-p", "--pipeline"}, paramLabel = "PIPELINE", description = "As this pipeline sees it.")
  String pipeline;

  public Integer call() {
    java.util.logging.Logger.getLogger(Config.class.getName()).setLevel(java.util.logging.Level.OFF); // What it warns of stands in the answer.
    var config = pipeline == null ? Sluice.config() : Sluice.config().pipeline(pipeline);
    var found = new ArrayList<List<?>>();
    if (name != null) found.add(row(asked(config), setting()));
    else
      for (var setting : KnownSettings.all())
        if (config.lookup(setting).isPresent()) found.add(row(config, setting));
    if (found.isEmpty()) say("Nothing is set; sluice settings NAME says the default of one, docs/settings.md has them all");
    else print(Views.grid("", List.of("setting", "value", "where from", "default", "what it does"), found));
    return 0;
  }

  private Setting<?> setting() {
    return KnownSettings.named(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no setting '" + name + "'" + Nearest.hint(name, KnownSettings.all().stream().map(Setting::key).toList())));
  }

  /// As the sections see it that stand before the key: a pipeline's name, those of a source.
  private Config asked(Config config) {
    var parts = List.of(name.split("\\."));
    var before = parts.subList(0, parts.size() - setting().key().split("\\.").length);
    if (before.isEmpty()) return config;
    if (before.getFirst().equals("sources")) return config.at(before.toArray(String[]::new));
    return config.pipeline(before.getFirst()).at(before.subList(1, before.size()).toArray(String[]::new));
  }

  private static List<?> row(Config config, Setting<?> setting) {
    var there = config.lookup(setting);
    return Arrays.asList(
        there.map(Config.Lookup::key).orElse(setting.key()),
        there.map(Config.Lookup::value).orElse(setting.otherwise()),
        there.map(Config.Lookup::provider).orElse(setting.noEffect().isPresent() ? "" : "default"),
        setting.otherwise(),
        setting.noEffect().map(because -> "has no effect here, because " + because).orElse(setting.summary()));
  }
}

@Command(name = "doctor", description = "Looks at JDK, disk, permissions, settings, packages, locks, destinations.")
static class Doctor extends Look {
  private static final String STORAGE =
      "select coalesce(tags['storage_version'], 'v1.0.0+') as storage from duckdb_databases() where not internal";

  private final java.util.logging.Logger config = java.util.logging.Logger.getLogger(Config.class.getName());
  private final List<List<?>> found = new ArrayList<>();
  private boolean bad;

  public Integer call() {
    config.setLevel(java.util.logging.Level.OFF); // What it warns of stands in the answer.
    var settings = Sluice.config();
    check("java", Runtime.version().feature() >= 21, Runtime.version() + " in " + System.getProperty("java.home"), "install a JDK 25");
    disk(folder());
    var secrets = settings.settingsFolder().resolve("secrets.toml");
    if (Files.exists(secrets)) check("secrets", isPrivate(secrets), secrets + (isPrivate(secrets) ? " is yours alone" : " can be read by others"), "chmod 600 " + secrets);
    var unknown = settings.warnings();
    if (unknown.isEmpty()) check("settings", true, settings.settingsFolder() + " holds no unknown key", "");
    unknown.forEach(warning -> check("settings", false, warning, "correct it"));
    settings.withoutEffect().forEach(note -> check("settings", true, note, ""));
    check("duckdb", true, version(), "");
    for (var name : pipelines()) pipeline(PipelineFolder.of(folder(), name));
    if (json || csv) print(Views.grid("", List.of("what", "ok", "found", "what to do"), found));
    else
      for (var one : found) {
        say((one.get(1).equals("yes") ? "ok  " : "NO  ") + one.get(0) + ": " + one.get(2));
        if (!one.get(3).equals("")) say("    → " + one.get(3));
      }
    return bad ? 2 : 0;
  }

  private void pipeline(PipelineFolder folder) {
    var what = "pipeline " + folder.name();
    try (var directory =
        WorkingDirectory.open(folder(), folder.name(), Duration.ofMillis(50), RandomGenerator.getDefault())) {
      check(what, true, "not in use", "");
    } catch (StoreException locked) {
      check(what, false, locked.getMessage(), "wait for it, or end it");
    }
    for (var one : Packages.of(folder).all())
      for (var problem : one.problems())
        check(what, false, problem, "sluice rows " + one.loadId() + " TABLE shows what can be saved" + (one.stage().equals("loaded") ? "" : "; sluice drop --pending gives it up"));
    tried(what, () -> state(folder));
    for (var name : folder.schemaNames()) tried(what, () -> schema(folder, name));
    tried(what, () -> PipelineTrace.read(folder));
    if (location(folder).isPresent()) tried(what, () -> dataset(what, folder));
  }

  private void dataset(String what, PipelineFolder folder) {
    var dataset = Sluice.pipeline(folder.name()).pipelinesDir(folder()).dataset();
    var tables = dataset.tableNames();
    var storage = Views.sql(dataset, STORAGE, 1).column("storage");
    check(what, true, "its dataset has " + count(tables.size(), "table") + "; " + location(folder).orElse("") + " can be read from DuckDB " + storage.getFirst(), "");
  }

  /// What a file cannot be read for says itself what to do.
  private void tried(String what, Runnable look) {
    try {
      look.run();
    } catch (RuntimeException unreadable) {
      check(what, false, unreadable.getMessage(), "");
    }
  }

  private void disk(Path folder) {
    var there = folder.toAbsolutePath();
    while (!Files.exists(there)) there = there.getParent();
    try {
      var store = Files.getFileStore(there);
      var gigabytes = store.getUsableSpace() / 1_000_000_000.0;
      check("disk", gigabytes > 1, String.format(Locale.ROOT, "%.1f GB free on %s", gigabytes, store.name()), "free some space");
      check(
          "file system",
          !store.type().matches("(?i)nfs.*|cifs|smb.*|9p|fuse.*"),
          store.type() + (store.type().matches("(?i)nfs.*|cifs|smb.*|9p|fuse.*") ? ", where locks of other machines may not be seen" : ""),
          "let DLT_DATA_DIR name a folder of a local disk");
      check("folder", Files.isWritable(there), there + (Files.isWritable(there) ? " can be written" : " cannot be written"), "change its permissions");
    } catch (IOException unreadable) {
      check("disk", false, unreadable.toString(), "");
    }
  }

  private static boolean isPrivate(Path file) {
    try {
      return Files.getPosixFilePermissions(file).stream().allMatch(one -> one.name().startsWith("OWNER"));
    } catch (IOException | UnsupportedOperationException unknown) {
      return true;
    }
  }

  private static String version() {
    try (var connection = java.sql.DriverManager.getConnection("jdbc:duckdb:")) {
      return connection.getMetaData().getDatabaseProductVersion() + ", of the driver here";
    } catch (java.sql.SQLException e) {
      return e.getMessage();
    }
  }

  private void check(String what, boolean ok, String text, String next) {
    found.add(List.of(what, ok ? "yes" : "no", text, ok ? "" : next));
    bad |= !ok;
  }
}

@Command(name = "show", description = "Writes one page of HTML with everything known of a pipeline.")
static class Show extends OfPipeline {
  @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "The file (default: NAME.html).")
  Path output;

  @Option(names = "--offline", description = "Without a look at the destination.")
  boolean offline;

  public Integer call() throws IOException {
    noTable();
    var folder = named(name);
    var known = !offline && location(folder).isPresent();
    var dataset = known ? Optional.of(pipeline(folder.name()).dataset()) : Optional.<Dataset>empty();
    var file = output == null ? Path.of(folder.name() + ".html") : output;
    Files.writeString(file, Page.of(folder, dataset, Instant.now()));
    report(file.toAbsolutePath(), Map.of("page", file.toAbsolutePath().toString()));
    return 0;
  }
}

@Command(name = "completion", description = "Prints a completion script: source <(sluice completion)")
static class Completion extends Look {
  public Integer call() {
    say(AutoComplete.bash("sluice", new CommandLine(new Root())));
    return 0;
  }
}
