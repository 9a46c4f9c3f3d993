package dev.sluice;

import dev.sluice.config.KnownSettings;
import dev.sluice.extract.ExtractInfo;
import dev.sluice.extract.Extraction;
import dev.sluice.inspect.Dataset;
import dev.sluice.inspect.Packages;
import dev.sluice.inspect.PipelineTrace;
import dev.sluice.inspect.TraceRecorder;
import dev.sluice.load.Database;
import dev.sluice.load.DatasetMark;
import dev.sluice.load.Destination;
import dev.sluice.load.LoadInfo;
import dev.sluice.load.LoadPlan;
import dev.sluice.load.Loading;
import dev.sluice.load.Target;
import dev.sluice.normalize.Normalization;
import dev.sluice.normalize.NormalizeInfo;
import dev.sluice.progress.Events;
import dev.sluice.progress.Progress;
import dev.sluice.progress.StageProgress;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Source;
import dev.sluice.schema.LoadFileFormat;
import dev.sluice.schema.NamingConvention;
import dev.sluice.schema.Schema;
import dev.sluice.schema.SchemaFiles;
import dev.sluice.schema.State;
import dev.sluice.store.Chaos;
import dev.sluice.store.FolderUpdate;
import dev.sluice.store.PipelineFolder;
import dev.sluice.store.Stage;
import dev.sluice.store.StoreException;
import dev.sluice.store.StoredPackage;
import dev.sluice.store.WorkingDirectory;
import dev.sluice.table.Grid;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Runs what a pipeline declares: opens the working directory, goes through the stages, keeps the
/// trace, and makes readable what fails.
final class Stages {
  private static final int SCHEMA_NAME_LENGTH = 64;
  private static final DateTimeFormatter DEV_SUFFIX =
      DateTimeFormatter.ofPattern("_yyyyMMddHHmmss").withZone(ZoneOffset.UTC);

  private final Declared declared;
  private final Surroundings surroundings;
  private @Nullable String devSuffix;
  private Optional<PipelineTrace> lastTrace = Optional.empty();
  private boolean begun;
  private boolean warm;

  Stages(Declared declared, Surroundings surroundings) {
    this.declared = declared;
    this.surroundings = surroundings;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  // ------------------------------------------------------------------ verbs

  LoadInfo run(List<Source> sources) {
    warmUp();
    return within(
        "run",
        (directory, trace) -> {
          target(); // or rows are extracted that cannot be loaded
          var notes = syncIfChanged(directory, trace);
          var finished = finishPending(directory, trace, sources, notes);
          if (sources.isEmpty() && finished.isPresent()) {
            return finished.get();
          }
          step(
              directory,
              trace,
              "extract",
              () -> extract(directory, sources, notes),
              ExtractInfo::loadIds);
          step(
              directory,
              trace,
              "normalize",
              () -> normalize(directory, null),
              NormalizeInfo::loadIds);
          return step(
              directory, trace, "load", () -> load(directory, null, notes), LoadInfo::loadIds);
        });
  }

  /// Nothing new is extracted before the old is loaded, and whoever waits for it is told.
  private Optional<LoadInfo> finishPending(
      WorkingDirectory directory, TraceRecorder trace, List<Source> sources, List<String> notes) {
    if (pending(directory).isEmpty()) {
      return Optional.empty();
    }
    try {
      step(directory, trace, "normalize", () -> normalize(directory, null), NormalizeInfo::loadIds);
      return Optional.of(
          step(directory, trace, "load", () -> load(directory, null, notes), LoadInfo::loadIds));
    } catch (PipelineException failed) {
      throw sources.isEmpty()
          ? failed
          : failed.with("Nothing new was extracted: what was pending before this run comes first");
    }
  }

  ExtractInfo extract(List<Source> sources) {
    if (declared.destination != null) {
      warmUp();
    }
    return within(
        "extract",
        (directory, trace) -> {
          var notes = syncIfChanged(directory, trace);
          return step(
              directory,
              trace,
              "extract",
              () -> extract(directory, sources, notes),
              ExtractInfo::loadIds);
        });
  }

  NormalizeInfo normalize(@Nullable LoadFileFormat format) {
    return within(
        "normalize",
        (directory, trace) ->
            step(
                directory,
                trace,
                "normalize",
                () -> normalize(directory, format),
                NormalizeInfo::loadIds));
  }

  LoadInfo load(@Nullable String loadId) {
    warmUp();
    return within(
        "load",
        (directory, trace) -> {
          List<String> notes =
              declared.rewound == null ? List.of() : syncIfChanged(directory, trace);
          return step(
              directory, trace, "load", () -> load(directory, loadId, notes), LoadInfo::loadIds);
        });
  }

  LoadPlan plan() {
    return within("plan", (directory, trace) -> fenced(loading(directory)).plan());
  }

  Map<String, Long> undo(String loadId) {
    return within(
        "undo",
        (directory, trace) -> {
          // The load's own package is pending if an undo was cut short, which is gone on with.
          if (pending(directory).stream().anyMatch(other -> !other.loadId().equals(loadId))) {
            throw new IllegalStateException(
                "Packages %s are pending; load or drop them before a load is undone"
                    .formatted(pendingIds(directory.folder())));
          }
          var known = state(directory.folder());
          var target = target();
          var removed = loading(directory).undo(loadId);
          // Their rows are to be extracted again, so the package goes and the state is that before
          // it.
          directory.rollBack(
              directory.folder().packages(Stage.NORMALIZED),
              unwanted -> BeforePackage.of(directory.folder(), unwanted));
          keepDestination(directory, known);
          Syncing.remember(directory, target);
          return removed;
        });
  }

  LoadInfo drop(List<String> resources) {
    return within(
        "drop",
        (directory, trace) -> {
          if (!pending(directory).isEmpty()) {
            throw new IllegalStateException(
                "Packages %s are pending; load or drop them before tables are dropped"
                    .formatted(pendingIds(directory.folder())));
          }
          if (target().exists()) {
            syncIfChanged(directory, trace, false); // or the state of others is overwritten
          }
          var sources = Dropping.sources(schemas(directory.folder()), resources);
          var state = state(directory.folder());
          return drop(directory, trace, sources, state, Pipeline.Refresh.DROP_RESOURCES);
        });
  }

  private LoadInfo drop(
      WorkingDirectory directory,
      TraceRecorder trace,
      List<Source> sources,
      State state,
      Pipeline.Refresh refresh) {
    step(
        directory,
        trace,
        "extract",
        () -> extract(directory, sources, state, refresh, List.of()),
        ExtractInfo::loadIds);
    step(directory, trace, "normalize", () -> normalize(directory, null), NormalizeInfo::loadIds);
    return step(
        directory,
        trace,
        "load",
        () -> load(directory, loading(directory).wherever(), null),
        LoadInfo::loadIds);
  }

  boolean syncDestination() {
    return within("sync", (directory, trace) -> sync(directory, trace, true, true).changed());
  }

  List<String> dropPending() {
    return within(
        "drop",
        (directory, trace) -> {
          var known = state(directory.folder());
          var dropped = pending(directory);
          // What a cut off extract has kept goes first: it begins where the state now is no more.
          directory.resumableDrafts().forEach(directory::discard);
          directory.rollBack(dropped, unwanted -> BeforePackage.of(directory.folder(), unwanted));
          keepDestination(directory, known);
          return dropped.stream().map(StoredPackage::loadId).toList();
        });
  }

  // ------------------------------------------------------------------ stages

  private ExtractInfo extract(WorkingDirectory directory, List<Source> sources, List<String> notes)
      throws Exception {
    return extract(directory, sources, state(directory.folder()), declared.refresh, notes);
  }

  private ExtractInfo extract(
      WorkingDirectory directory,
      List<Source> sources,
      State before,
      Pipeline.@Nullable Refresh refresh,
      List<String> notes)
      throws Exception {
    var state = withOurProperties(before);
    try (var progress = StageProgress.start(progress(), declared.name, "extract")) {
      var info =
          Extraction.run(
              directory,
              new Extraction.Request(
                  declared.name,
                  sources,
                  source -> schemaFiles().current(source, storedSchema(directory.folder(), source)),
                  state,
                  declared.config,
                  declared.contract,
                  refresh == null ? null : refresh.word(),
                  maxIdentifierLength(),
                  knowsDestination()
                      ? DatasetMark.read(directory.folder(), target()).json()
                      : null),
              progress,
              surroundings.clock());
      writeSchemaFiles(directory, schemaFiles()::saved);
      return new ExtractInfo(
          info.pipeline(),
          info.packages(),
          Stream.concat(notes.stream(), info.warnings().stream()).toList(),
          info.startedAt(),
          info.finishedAt());
    }
  }

  private NormalizeInfo normalize(WorkingDirectory directory, @Nullable LoadFileFormat format) {
    var stage =
        Normalization.of(
            directory, declared.config, progress(), surroundings.clock(), surroundings.random());
    var before = storedSchemas(directory.folder());
    var info = format == null ? stage.run() : stage.format(format).run();
    writeSchemaFiles(
        directory,
        after -> schemaFiles().linkedAs(after, before.getOrDefault(after.name(), after)));
    return info;
  }

  private LoadInfo load(WorkingDirectory directory, @Nullable String loadId, List<String> notes) {
    return load(directory, fenced(loading(directory).noting(notes)), loadId);
  }

  /// As much as what is declared can be fenced.
  private Loading fenced(Loading loading) {
    if (declared.devMode) {
      return loading.unfenced();
    }
    return declared.refresh == null ? loading : loading.wherever();
  }

  private LoadInfo load(WorkingDirectory directory, Loading loading, @Nullable String loadId) {
    var info = loadId == null ? loading.loadAll() : loading.load(loadId);
    return info.loadedAnything() ? noted(directory, loading, info) : info;
  }

  /// Notes here what is loaded there. Nothing of it is needed: without, the next run looks at the
  /// destination, as it must if a package is not put away.
  private LoadInfo noted(WorkingDirectory directory, Loading loading, LoadInfo info) {
    try {
      if (firstRun(directory.folder())) {
        directory.update(
            FolderUpdate.none()
                .state(state(directory.folder()).withLocal("first_run", false).bytes()));
      }
      if (!loading.overtaken()
          && pendingIds(directory.folder()).stream().noneMatch(info.loadIds()::contains)) {
        remember(directory); // else the next run has to look at the destination
      }
      return info;
    } catch (StoreException unnoted) {
      return info.warned(
          "the rows are committed, but the working folder does not say so yet: "
              + unnoted.getMessage()
              + "; the next run looks at the destination");
    }
  }

  private Loading loading(WorkingDirectory directory) {
    return Loading.of(directory, target(), declared.config, progress(), surroundings.clock());
  }

  // ------------------------------------------------------------------ what the destination knows

  /// Looks at the destination only if somebody else may have changed it: opening it takes longer
  /// than a small load.
  ///
  /// - returns what is worth knowing about it
  private List<String> syncIfChanged(WorkingDirectory directory, TraceRecorder trace) {
    return syncIfChanged(directory, trace, declared.refresh == null);
  }

  private List<String> syncIfChanged(
      WorkingDirectory directory, TraceRecorder trace, boolean refuses) {
    if (declared.devMode || !knowsDestination()) {
      return List.of();
    }
    var needed =
        declared.rewound != null
            || (restores()
                ? !Syncing.unchanged(directory, target())
                : Syncing.lost(directory, target()));
    return needed ? sync(directory, trace, refuses, restores()).notes() : List.of();
  }

  private boolean restores() {
    return declared.config.get(KnownSettings.RESTORE_FROM_DESTINATION);
  }

  private Syncing.Synced sync(
      WorkingDirectory directory, TraceRecorder trace, boolean refuses, boolean restores) {
    var known = state(directory.folder());
    var choice = new Syncing.Choice(declared.rewound, refuses, restores);
    var synced =
        step(
            directory,
            trace,
            "sync",
            () -> Syncing.sync(directory, target(), known, surroundings.clock(), choice),
            done -> List.of());
    for (var note : synced.notes()) {
      System.getLogger(Stages.class.getName()).log(System.Logger.Level.WARNING, note);
    }
    if (declared.rewound != null) {
      keepDestination(directory, known);
    }
    synced
        .again()
        .ifPresent(anew -> {
          var schemas = schemas(directory.folder());
          var sources = Dropping.sources(schemas, Dropping.all(schemas));
          if (!sources.isEmpty()) {
            drop(directory, trace, sources, anew, Pipeline.Refresh.DROP_SOURCES);
            return;
          }
          var mark = DatasetMark.read(directory.folder(), target());
          directory.update(FolderUpdate.none().state(anew.bytes()));
          mark.accepting(Optional.empty(), mark.stateLoad()).keep(directory, target());
        });
    return synced;
  }

  private boolean knowsDestination() {
    return declared.destination != null || state().at("_local", "destination_location").isPresent();
  }

  private void remember(WorkingDirectory directory) {
    Syncing.remember(directory, target());
  }

  /// Where a pipeline loads to stays known even if it goes back to before its first package.
  private void keepDestination(WorkingDirectory directory, State known) {
    var state = state(directory.folder());
    if (state.at("destination_type").isPresent() || known.at("destination_type").isEmpty()) {
      return;
    }
    for (var key : List.of("destination_type", "dataset_name")) {
      state = state.with(key, known.at(key).orElse(null));
    }
    for (var key : List.of("destination_location", "initial_cwd")) {
      state = state.withLocal(key, known.at("_local", key).orElse(null));
    }
    // Another content takes another hash; the version is that of a pipeline which has not run.
    state = state.with("_version_hash", null).bumped();
    directory.update(FolderUpdate.none().state(state.bytes()));
  }

  private boolean firstRun(PipelineFolder folder) {
    return state(folder).at("_local", "first_run").filter(Boolean.TRUE::equals).isPresent();
  }

  private SchemaFiles schemaFiles() {
    var files = SchemaFiles.none();
    var config = declared.config;
    var from =
        declared.importSchemas != null
            ? Optional.of(declared.importSchemas)
            : config.find(KnownSettings.IMPORT_SCHEMA_PATH).map(Path::of);
    var to =
        declared.exportSchemas != null
            ? Optional.of(declared.exportSchemas)
            : config.find(KnownSettings.EXPORT_SCHEMA_PATH).map(Path::of);
    if (from.isPresent()) {
      files = files.importFrom(surroundings.workingFolder().resolve(from.get()));
    }
    if (to.isPresent()) {
      files = files.exportTo(surroundings.workingFolder().resolve(to.get()));
    }
    var format = config.find(KnownSettings.EXTERNAL_SCHEMA_FORMAT);
    return format.isPresent() ? files.format(format.get()) : files;
  }

  private void writeSchemaFiles(WorkingDirectory directory, UnaryOperator<Schema> link) {
    var files = schemaFiles();
    storedSchemas(directory.folder())
        .forEach((name, stored) -> {
          var linked = link.apply(stored);
          if (!linked.toMap().equals(stored.toMap())) {
            directory.update(FolderUpdate.none().schema(name, linked.bytes()));
          }
          files.export(linked);
        });
  }

  private static Map<String, Schema> storedSchemas(PipelineFolder folder) {
    var schemas = new LinkedHashMap<String, Schema>();
    for (var name : folder.schemaNames()) {
      storedSchema(folder, name).ifPresent(schema -> schemas.put(name, schema));
    }
    return schemas;
  }

  // ------------------------------------------------------------------ what is declared

  /// Bare resources form a source named like the pipeline.
  List<Source> sourcesOf(List<Resource<?>> resources) {
    if (resources.isEmpty()) {
      return List.of();
    }
    String name;
    try {
      name = state().defaultSchemaName().orElseGet(this::defaultSchemaName);
    } catch (StoreException failed) {
      if (failed.getCause() == null) {
        throw failed; // a name, not a disk
      }
      throw failure("open", List.of(), failed, null, 0);
    }
    return List.of(Source.of(name, resources.toArray(new Resource<?>[0])));
  }

  private String defaultSchemaName() {
    var suffix = "_pipeline";
    var name =
        declared.name.endsWith(suffix)
            ? declared.name.substring(0, declared.name.length() - suffix.length())
            : declared.name;
    return NamingConvention.of("snake_case", SCHEMA_NAME_LENGTH).identifier(name);
  }

  private int maxIdentifierLength() {
    return declared.config.get(KnownSettings.MAX_IDENTIFIER_LENGTH);
  }

  private Progress progress() {
    return declared.listener == null ? shown() : Events.listening(shown(), declared.listener);
  }

  private Progress shown() {
    if (declared.progress != null) {
      return declared.progress;
    }
    return declared
        .config
        .find(KnownSettings.PROGRESS)
        .map(name -> Progress.named(name, surroundings.out()))
        .orElseGet(Progress::none);
  }

  private Target target() {
    return Target.of(
        declared.name, destination(), datasetName(), surroundings.workingFolder(), declared.config);
  }

  private Destination destination() {
    if (declared.destination != null) {
      return declared.destination;
    }
    return state()
        .at("_local", "destination_location")
        .map(location -> Destination.duckdb(String.valueOf(location)))
        .orElseThrow(() ->
            new IllegalStateException(
                "Pipeline '%s' has no destination yet; say where to load to, for instance pipeline(\"%s\").to(duckdb())"
                    .formatted(declared.name, declared.name)));
  }

  private String datasetName() {
    var name =
        declared.datasetName != null
            ? declared.datasetName
            : declared.devMode
                ? Target.defaultDataset(declared.name)
                : state().datasetName().orElse(Target.defaultDataset(declared.name));
    return declared.devMode ? name + devSuffix() : name;
  }

  private synchronized String devSuffix() {
    if (devSuffix == null) {
      devSuffix = DEV_SUFFIX.format(surroundings.clock().instant());
    }
    return devSuffix;
  }

  private State withOurProperties(State state) {
    var ours = state.with("pipeline_name", declared.name);
    if (declared.destination == null && ours.at("destination_type").isEmpty()) {
      return ours;
    }
    var target = target();
    ours =
        ours.with("dataset_name", target.dataset())
            .with("destination_type", "dlt.destinations." + target.destination().type())
            .with("destination_name", null)
            .withLocal("initial_cwd", surroundings.workingFolder().toString())
            .withLocal("_dev_mode", declared.devMode);
    return target.file().isEmpty()
        ? ours
        : ours.withLocal("destination_location", target.location());
  }

  // ------------------------------------------------------------------ looking

  PipelineFolder folder() {
    return PipelineFolder.of(pipelinesDir(), declared.name);
  }

  private Path pipelinesDir() {
    return declared.pipelinesDir == null
        ? declared.config.pipelinesFolder()
        : declared.pipelinesDir;
  }

  Packages packages() {
    return Packages.of(folder());
  }

  Grid overview() {
    return Overview.of(
        declared.name, knowsDestination() ? Optional.of(target()) : Optional.empty(), this);
  }

  Dataset dataset() {
    var target = target();
    return Dataset.of(target.dataset(), () -> Database.read(target).connection());
  }

  State state() {
    return state(folder());
  }

  private State state(PipelineFolder folder) {
    return folder
        .state()
        .map(json -> {
          var file = folder.root().resolve("state.json");
          return folder.wroteState(json)
              ? State.read(json, file)
              : State.verified(json, folder.hasOtherVersion(json), file);
        })
        // With a hash from the start, so that what the first run adds makes version 1, as in dlt.
        .orElseGet(() -> State.of(declared.name).bumped());
  }

  Schema defaultSchema() {
    var name = state().defaultSchemaName().orElseGet(this::defaultSchemaName);
    return storedSchema(folder(), name).orElseGet(() -> Schema.of(name));
  }

  Schema schema(String source) {
    return storedSchema(folder(), source)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "Pipeline '%s' has no schema '%s'; it has %s"
                    .formatted(declared.name, source, folder().schemaNames())));
  }

  private static List<Schema> schemas(PipelineFolder folder) {
    return folder.schemaNames().stream()
        .flatMap(name -> storedSchema(folder, name).stream())
        .toList();
  }

  private static Optional<Schema> storedSchema(PipelineFolder folder, String source) {
    return folder
        .schema(source)
        .map(json -> {
          var file = folder.schemaFile(source);
          return folder.wroteSchema(source, json)
              ? Schema.read(json, file)
              : Schema.verified(json, file);
        });
  }

  // ------------------------------------------------------------------ around a step

  @FunctionalInterface
  private interface Body<T> {
    T run(WorkingDirectory directory, TraceRecorder trace) throws Exception;
  }

  private <T> T within(String verb, Body<T> body) {
    WorkingDirectory opened;
    try {
      opened =
          WorkingDirectory.open(
              pipelinesDir(),
              declared.name,
              declared.config.get(KnownSettings.EXTRACT_LOCK_TIMEOUT),
              surroundings.random());
    } catch (RuntimeException locked) {
      throw failure("open", List.of(), locked, null, 0);
    }
    try (var directory = opened) {
      var trace = TraceRecorder.of(declared.name, surroundings.clock(), declared.config::masked);
      try {
        begin(directory);
        return body.run(directory, trace);
      } catch (PipelineException known) {
        throw known;
      } catch (Exception failed) {
        throw failure(verb, pendingAfter(failed, directory), failed, directory, 0);
      } finally {
        keep(directory, trace, verb);
      }
    }
  }

  /// In development a pipeline object begins with nothing.
  private synchronized void begin(WorkingDirectory directory) {
    if (declared.devMode && !begun) {
      directory.clear();
    }
    begun = true;
  }

  private <T> T step(
      WorkingDirectory directory,
      TraceRecorder trace,
      String name,
      Callable<T> body,
      java.util.function.Function<T, List<String>> loadIds) {
    trace.begin(name);
    var events = Events.of(progress());
    var began = System.nanoTime();
    var commits = directory.commits();
    events.happened(new Progress.Event.StepStarted(declared.name, name));
    try {
      Chaos.enter(name);
      var info = body.call();
      trace.end(loadIds.apply(info), StepFacts.of(info), String.valueOf(info));
      events.happened(
          new Progress.Event.StepEnded(declared.name, name, since(began), Optional.empty()));
      return info;
    } catch (Exception failed) {
      events.happened(
          new Progress.Event.StepEnded(
              declared.name,
              name,
              since(began),
              Optional.of(declared.config.masked(String.valueOf(failed.getMessage())))));
      var pending = pendingAfter(failed, directory);
      trace.fail(failed, pending);
      throw failure(name, pending, failed, directory, commits);
    } finally {
      Chaos.leave();
    }
  }

  /// What hinders the look hides nothing of what failed first.
  private static List<String> pendingAfter(Exception failed, WorkingDirectory directory) {
    try {
      return pendingIds(directory.folder());
    } catch (RuntimeException unseen) {
      failed.addSuppressed(unseen);
      return List.of();
    }
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /// - `before`: commits that were made when the step began
  private PipelineException failure(
      String step,
      List<String> pending,
      Throwable cause,
      @Nullable WorkingDirectory directory,
      int before) {
    var commits = directory == null ? 0 : directory.commits();
    var failure =
        Failures.of(
            declared.name, step, null, pending, cause, declared.config::masked, commits > 0);
    if (commits > before && !Failures.tellsOfCommits(failure)) {
      failure =
          failure.with("What it had committed before that stays; the next run goes on from there");
    }
    return "0".equals(surroundings.environment().get("SLUICE_STACKTRACE"))
        ? Failures.ofCells(failure)
        : failure;
  }

  private static List<StoredPackage> pending(WorkingDirectory directory) {
    var all = new ArrayList<StoredPackage>();
    all.addAll(directory.folder().packages(Stage.EXTRACTED));
    all.addAll(directory.folder().packages(Stage.NORMALIZED));
    return all;
  }

  private static List<String> pendingIds(PipelineFolder folder) {
    return Stream.of(Stage.EXTRACTED, Stage.NORMALIZED)
        .flatMap(stage -> folder.packages(stage).stream())
        .map(StoredPackage::loadId)
        .sorted()
        .toList();
  }

  private void keep(WorkingDirectory directory, TraceRecorder recorder, String verb) {
    try {
      var trace = recorder.trace(declared.config.lookups());
      if (trace.empty()) {
        return; // looked only
      }
      // What an earlier script did is another run, as in dlt.
      var whole = verb.equals("run") ? trace : trace.after(lastTrace);
      lastTrace = Optional.of(whole);
      directory.put(PipelineTrace.FILE, whole.toJson());
    } catch (RuntimeException unwritable) {
      System.getLogger(Stages.class.getName())
          .log(
              System.Logger.Level.WARNING, "The trace was not written: " + unwritable.getMessage());
    }
  }

  /// DuckDB's library takes a third of a second to load; a load is foreseen, and another core idle.
  private synchronized void warmUp() {
    if (warm) {
      return;
    }
    warm = true;
    Thread.ofPlatform()
        .daemon()
        .name("sluice-duckdb")
        .start(() -> {
          try {
            Database.warmUp();
          } catch (LinkageError | RuntimeException cold) {
            // The process ends meanwhile, or the load says what is wrong.
            System.getLogger(Stages.class.getName())
                .log(System.Logger.Level.DEBUG, "DuckDB was not loaded ahead", cold);
          }
        });
  }
}
