package dev.sluice;

import dev.sluice.extract.ExtractInfo;
import dev.sluice.inspect.Dataset;
import dev.sluice.inspect.LoadPackage;
import dev.sluice.inspect.PipelineTrace;
import dev.sluice.load.Destination;
import dev.sluice.load.LoadInfo;
import dev.sluice.load.LoadPlan;
import dev.sluice.normalize.NormalizeInfo;
import dev.sluice.progress.Progress;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Source;
import dev.sluice.schema.LoadFileFormat;
import dev.sluice.schema.Schema;
import dev.sluice.schema.SchemaContract;
import dev.sluice.schema.State;
import dev.sluice.table.Tables;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.Table;

/// Takes resources through extract, normalize and load, each of which can be called and looked at
/// by itself.
///
/// ```java
/// var pipeline = pipeline("shop").to(duckdb());
/// IO.println(pipeline.run(orders, users));
/// IO.println(pipeline.sql("select count(*) from orders"));
/// ```
///
/// Declaring touches no disk: only `run`, `extract`, `normalize`, `load` and the verbs that look
/// do. The stages meet on disk alone, in `.dlt/pipelines/<name>` of the working folder; so any
/// later process that knows the name can go on with what an earlier one began.
///
/// - one process at a time: a second one waits 10 s (setting `extract.lock_timeout`), then fails
///   and names the first
/// - a failed step is a [PipelineException]; nothing is half loaded, and pending packages are kept
public final class Pipeline {
  /// What a run forgets of its sources before it extracts.
  public enum Refresh {
    /// All tables of the source, its schema and its state.
    DROP_SOURCES,
    /// The tables and the state of the resources that are extracted.
    DROP_RESOURCES,
    /// The rows of those tables, and their state.
    DROP_DATA;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What to do if the destination went back: if the dataset lacks the load that the pipeline
  /// builds upon, or is gone while packages are pending. That happens when a backup is put in its
  /// place or its file is deleted.
  public enum Rewound {
    /// Load what comes next. The rows that are missing there stay missing.
    GO_ON,
    /// Drop pending packages, empty the pipeline's tables there, and extract all rows again.
    EXTRACT_AGAIN,
    /// Drop pending packages and go back to the state and schemas that the dataset has, so that the
    /// rows that are missing there are extracted again.
    TAKE_STATE
  }

  private final Declared declared;
  private final Stages stages;

  private Pipeline(Declared declared, Surroundings surroundings) {
    this.declared = declared;
    this.stages = new Stages(declared, surroundings);
  }

  static Pipeline of(String name, Surroundings surroundings) {
    return new Pipeline(new Declared(name, surroundings.config()), surroundings);
  }

  private Pipeline with(Consumer<Declared> change) {
    return new Pipeline(declared.with(change), stages.surroundings());
  }

  // ------------------------------------------------------------------ declare

  /// Says where to load to. A pipeline that ran before needs not be told again.
  public Pipeline to(Destination destination) {
    return with(d -> d.destination = destination);
  }

  /// Names the dataset: the schema of the database that holds the tables. Default:
  /// `<pipeline>_dataset`.
  public Pipeline datasetName(String name) {
    return with(d -> d.datasetName = name);
  }

  /// Starts from nothing, into a dataset of its own with a time in its name.
  public Pipeline devMode() {
    return with(d -> d.devMode = true);
  }

  /// Forgets something of the sources at each run before it extracts.
  public Pipeline refresh(Refresh mode) {
    return with(d -> d.refresh = mode);
  }

  /// Says what to do if the destination went back. Default: it is refused, before anything is
  /// extracted or loaded, and the message names the choices. A run that finds all of its loads
  /// there does nothing of it.
  ///
  /// ```java
  /// pipeline("shop").to(duckdb()).ifRewound(Pipeline.Rewound.TAKE_STATE).run(orders);
  /// ```
  ///
  /// - a dataset that is gone while nothing is pending needs no choice: all rows are extracted
  ///   again
  public Pipeline ifRewound(Rewound what) {
    return with(d -> d.rewound = what);
  }

  /// Says what may change in the schema, above what sources and resources say.
  public Pipeline contract(SchemaContract contract) {
    return with(d -> d.contract = contract);
  }

  /// Shows what happens. Default: the setting `progress` (`log`, `bar`, `none`).
  public Pipeline progress(Progress progress) {
    return with(d -> d.progress = progress);
  }

  /// Tells what happens: steps, pages, files, tables loaded, waits; see [Progress.Event]. Several
  /// listeners are told one after the other.
  ///
  /// ```java
  /// pipeline("shop").to(duckdb()).onEvent(event -> System.err.println(event)).run(orders);
  /// ```
  public Pipeline onEvent(Consumer<Progress.Event> listener) {
    return with(d -> d.listener = d.listener == null ? listener : d.listener.andThen(listener));
  }

  /// Moves the folder that holds the working directories of pipelines. Default: `.dlt/pipelines`,
  /// or `pipelines` in `DLT_DATA_DIR`.
  public Pipeline pipelinesDir(Path folder) {
    return with(d -> d.pipelinesDir = folder);
  }

  /// Sets a setting, above variables and files.
  ///
  /// ```java
  /// pipeline("shop").setting("normalize.workers", 2).setting("data_writer.file_max_items", 100_000);
  /// ```
  public Pipeline setting(String key, Object value) {
    return with(d -> d.config = d.config.set(key, value));
  }

  /// Takes schemas from `<name>.schema.yaml` files of a folder whenever they change there; the
  /// first run writes them.
  public Pipeline importSchemas(Path folder) {
    return with(d -> d.importSchemas = folder);
  }

  /// Writes schemas as `<name>.schema.yaml` into a folder whenever they change.
  public Pipeline exportSchemas(Path folder) {
    return with(d -> d.exportSchemas = folder);
  }

  // ------------------------------------------------------------------ run

  /// Normalizes and loads what is pending.
  public LoadInfo run() {
    return stages.run(List.of());
  }

  /// Loads what is pending, then extracts, normalizes and loads these resources. They form a source
  /// named like the pipeline.
  public LoadInfo run(Resource<?>... resources) {
    return stages.run(stages.sourcesOf(List.of(resources)));
  }

  /// Loads what is pending, then extracts, normalizes and loads these sources, a package each, in
  /// the order of their names.
  public LoadInfo run(Source... sources) {
    return stages.run(List.of(sources));
  }

  /// Loads rows into a table.
  ///
  /// ```java
  /// pipeline.run("users", List.of(Map.of("id", 1, "name", "Ada")));
  /// ```
  public LoadInfo run(String table, Iterable<?> rows) {
    return run(Resource.of(table, () -> rows));
  }

  /// Extracts resources into a load package. Call it again to extract again, also while packages
  /// are pending.
  public ExtractInfo extract(Resource<?>... resources) {
    return stages.extract(stages.sourcesOf(List.of(resources)));
  }

  /// Extracts sources into a load package each.
  public ExtractInfo extract(Source... sources) {
    return stages.extract(List.of(sources));
  }

  /// Normalizes all extracted packages.
  public NormalizeInfo normalize() {
    return stages.normalize(null);
  }

  /// Normalizes all extracted packages into load files of a format.
  public NormalizeInfo normalize(LoadFileFormat format) {
    return stages.normalize(format);
  }

  /// Loads all normalized packages, the oldest first, each in one transaction.
  ///
  /// - fails if another working directory of this pipeline has loaded since a package was
  ///   extracted, as its rows would come twice; the setting `load.fence = false` loads it all the
  ///   same
  /// - fails if the destination went back; see [#ifRewound(Rewound)]
  public LoadInfo load() {
    return stages.load(null);
  }

  /// Loads one normalized package.
  public LoadInfo load(String loadId) {
    return stages.load(loadId);
  }

  /// Drops all packages that are extracted or normalized and not loaded, and says which. State and
  /// schemas go back to where they were before the first of them, so that its rows are extracted
  /// again.
  public List<String> dropPendingPackages() {
    return stages.dropPending();
  }

  /// What loading the normalized packages would do: new columns, statements, rows of each table.
  /// Nothing is touched.
  ///
  /// - fails as the load would if another load came between, or the destination went back
  public LoadPlan plan() {
    return stages.plan();
  }

  /// Takes the newest load back where that is exact (rows that were only added, scd2): its rows,
  /// its entry in `_dlt_loads` and the state, here and at the destination. The next run extracts
  /// them again.
  ///
  /// - returns how many rows of which table went
  public Map<String, Long> undo(String loadId) {
    return stages.undo(loadId);
  }

  /// Drops the tables and the state of resources, at the destination as well.
  public LoadInfo drop(String... resources) {
    return stages.drop(List.of(resources));
  }

  /// Takes state and schemas from the destination if they are newer there; if the dataset is gone,
  /// the pipeline forgets what it knew of it. `run` and `extract` do it by themselves, unless the
  /// setting `restore_from_destination` is false.
  ///
  /// - fails if the destination went back; see [#ifRewound(Rewound)]
  /// - returns whether anything changed here
  public boolean syncDestination() {
    return stages.syncDestination();
  }

  // ------------------------------------------------------------------ look

  /// The name.
  public String name() {
    return declared.name;
  }

  /// What it is and how far it has come, a line each: destination, dataset, working directory,
  /// packages, last run. A notebook and JShell show it for the pipeline itself.
  public Table info() {
    return Tables.of(stages.overview());
  }

  /// The working directory: packages, schemas and state.
  public Path workingDirectory() {
    return stages.folder().root();
  }

  /// Packages that wait for normalize, in order.
  public List<LoadPackage> extractedPackages() {
    return stages.packages().extracted();
  }

  /// Packages that wait for load, in order.
  public List<LoadPackage> normalizedPackages() {
    return stages.packages().normalized();
  }

  /// Packages that are loaded, in order.
  public List<LoadPackage> loadedPackages() {
    return stages.packages().loaded();
  }

  /// The package of a load id, whichever stage it is in.
  public LoadPackage loadPackage(String loadId) {
    return stages.packages().get(loadId);
  }

  /// The dataset at the destination.
  public Dataset dataset() {
    return stages.dataset();
  }

  /// Asks the destination; tables are looked up in the dataset first. At most 1,000 rows.
  public Table sql(String query, @Nullable Object... parameters) {
    return dataset().sql(query, parameters);
  }

  /// The first 1,000 rows of a table at the destination.
  public Table table(String table) {
    return dataset().table(table);
  }

  /// The first rows of a table at the destination.
  public Table table(String table, long limit) {
    return dataset().table(table, limit);
  }

  /// The schema of the resources without a source; a new one if the pipeline never ran.
  public Schema schema() {
    return stages.defaultSchema();
  }

  /// The schema of a source.
  public Schema schema(String source) {
    return stages.schema(source);
  }

  /// The names of all schemas.
  public List<String> schemaNames() {
    return stages.folder().schemaNames();
  }

  /// What the pipeline remembers.
  public State state() {
    return stages.state();
  }

  /// What the last run did; empty if there was none.
  public Optional<PipelineTrace> lastTrace() {
    return PipelineTrace.read(stages.folder());
  }

  /// The name, the destination and the working directory.
  @Override
  public String toString() {
    return "pipeline "
        + declared.name
        + (declared.destination == null ? "" : " to " + declared.destination)
        + ", working directory "
        + workingDirectory();
  }
}
