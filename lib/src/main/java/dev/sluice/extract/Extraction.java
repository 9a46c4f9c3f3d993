package dev.sluice.extract;

import dev.sluice.config.Config;
import dev.sluice.config.KnownSettings;
import dev.sluice.json.RowEncoder;
import dev.sluice.progress.StageProgress;
import dev.sluice.resource.Evaluation;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Source;
import dev.sluice.schema.Schema;
import dev.sluice.schema.SchemaContract;
import dev.sluice.schema.SchemaEditor;
import dev.sluice.schema.State;
import dev.sluice.schema.SystemTables;
import dev.sluice.seam.Seam;
import dev.sluice.store.Compressor;
import dev.sluice.store.FolderUpdate;
import dev.sluice.store.PackageDraft;
import dev.sluice.store.SecretScan;
import dev.sluice.store.StoredPackage;
import dev.sluice.store.WorkingDirectory;
import dev.sluice.store.WriterSettings;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Evaluates sources into load packages: one package a source, all of them committed at once, with
/// the state of the pipeline in the last, so that no cursor is ahead of its rows.
@Seam
public final class Extraction {
  /// What an extract is told.
  ///
  /// - `schemaOf`: the stored schema of a source
  /// - `state`: what the pipeline remembered before
  /// - `contract`: of the run, above those of sources; null = none
  /// - `refresh`: dlt's word for what to forget first; null = nothing
  /// - `maxIdentifierLength`: of the destination, 0 = any
  /// - `knownDestination`: what goes into each package about how the destination stood; null =
  ///   nothing is known
  @Seam
  public record Request(
      String pipeline,
      List<Source> sources,
      Function<String, Optional<Schema>> schemaOf,
      State state,
      Config config,
      @Nullable SchemaContract contract,
      @Nullable String refresh,
      int maxIdentifierLength,
      @Nullable String knownDestination) {}

  private final WorkingDirectory directory;
  private final Request request;
  private final StageProgress progress;
  private final InstantSource clock;
  private final SourceStates states;
  private final Map<String, Drafted> packages = new LinkedHashMap<>();
  private final List<PackageDraft> resumable;
  private final SecretScan secrets;
  private final List<String> warnings = new ArrayList<>();
  private boolean stateMustBeWritten;

  private Extraction(
      WorkingDirectory directory, Request request, StageProgress progress, InstantSource clock) {
    this.directory = directory;
    this.request = request;
    this.progress = progress;
    this.clock = clock;
    this.states = new SourceStates(request.state().toMap());
    this.secrets = SecretScan.of(() -> request.config().secretsHandedOut(SecretScan.SHORTEST));
    this.resumable = new ArrayList<>(directory.resumableDrafts());
  }

  /// Extracts all sources.
  ///
  /// - fails with whatever a resource throws; then nothing is committed, and drafts are kept only
  ///   if they have a checkpoint to go on from
  public static ExtractInfo run(
      WorkingDirectory directory, Request request, StageProgress progress, InstantSource clock)
      throws Exception {
    return new Extraction(directory, request, progress, clock).run();
  }

  private ExtractInfo run() throws Exception {
    var started = clock.instant();
    var setAside = new LinkedHashMap<String, Map<String, Long>>();
    var sources = request.sources().stream().sorted(Comparator.comparing(Source::name)).toList();
    // A name that no file can have is said before the first row is asked for.
    sources.forEach(source -> directory.folder().schemaFile(source.name()));
    warnOfSharedTables(sources);
    List<StoredPackage> committed;
    try (var compressor = Compressor.threads(1)) {
      for (var source : sources) {
        var aside = setAside.computeIfAbsent(source.name(), name -> new LinkedHashMap<>());
        extract(source, compressor).forEach((table, rows) -> aside.merge(table, rows, Long::sum));
      }
      var remembered = writeState(compressor);
      committed = commit(remembered);
    } catch (Exception | Error failed) {
      packages.values().forEach(drafted -> discard(drafted.draft, failed));
      throw failed;
    }
    var infos = new ArrayList<ExtractInfo.ExtractedPackage>();
    for (var stored : committed) {
      var drafted =
          packages.values().stream()
              .filter(candidate -> candidate.draft.loadId().equals(stored.loadId()))
              .findFirst()
              .orElseThrow();
      infos.add(drafted.described(stored, setAside.getOrDefault(drafted.source, Map.of())));
    }
    return new ExtractInfo(
        request.pipeline(), infos, List.copyOf(warnings), started, clock.instant());
  }

  // ------------------------------------------------------------------ a source

  private Map<String, Long> extract(Source source, Compressor compressor) throws Exception {
    var drafted = drafted(source);
    var remembered = states.levelsOf(source, forgets(source));
    var sourceState = states.of(source.name());
    var schema = forget(source, drafted, sourceState);
    declare(source, schema);
    var aside = restore(source, schema, drafted, sourceState);
    var settings = request.config();
    try (var writer =
        new PackageWriter(
            drafted.draft,
            schema,
            new ContractGate(schema, request.contract(), contractOf(source)),
            compressor,
            resource ->
                WriterSettings.of(settings.at("sources", source.name(), resource).orAt("extract")),
            drafted.checkpoints,
            progress,
            warnings)) {
      Evaluation.run(
          source,
          new ExtractContext(source.name(), settings, sourceState, drafted.checkpoints, progress),
          writer);
      Replaced.empty(source, schema, writer);
      writer.finish().forEach((table, rows) -> aside.merge(table, rows, Long::sum));
      drafted.setAside |= !aside.isEmpty();
      drafted.gaveRows |=
          drafted.keptFiles || !aside.isEmpty() || !writer.tablesWithRows().isEmpty();
      drafted.schema = schema.toSchema();
      states.prune(source.name(), remembered);
      return aside;
    }
  }

  private Drafted drafted(Source source) {
    var known = packages.get(source.name());
    if (known != null) {
      return known;
    }
    var loadId = directory.newLoadId(clock.instant());
    for (var draft : resumable) {
      var checkpoints = Checkpoints.read(draft, source.name());
      if (checkpoints.isEmpty()) {
        continue;
      }
      if (request.refresh() != null) {
        directory.discard(draft); // what is to be forgotten is not gone on with, now or later
        continue;
      }
      if (!checkpoints.get().isOf(base(source.name()))) {
        // Rows that were chosen by another state than the package would name as its base.
        directory.discard(draft);
        warnings.add(
            "source '%s' begins anew: what was kept of the run that was cut off was chosen by another state than the pipeline's is now"
                .formatted(source.name()));
        continue;
      }
      // The newest of all, as the state belongs into the package that is loaded last.
      var renewed = guarded(directory.renewed(draft, loadId), source.name());
      var drafted =
          new Drafted(source.name(), renewed, checkpoints.get(), storedOrFresh(source.name()));
      drafted.keptFiles = true;
      packages.put(source.name(), drafted);
      return drafted;
    }
    var drafted =
        new Drafted(
            source.name(),
            guarded(directory.draftExtract(loadId), source.name()),
            Checkpoints.none(source.name(), base(source.name())),
            storedOrFresh(source.name()));
    packages.put(source.name(), drafted);
    return drafted;
  }

  /// Tells what the pipeline remembered of a source from everything else it could remember.
  private String base(String source) {
    var own = request.state().at("sources", source).orElse(Map.of());
    return State.of(request.pipeline()).with("sources", own).versionHash();
  }

  /// A secret that a server gave back must not go where rows go, unless it is allowed.
  private PackageDraft guarded(PackageDraft draft, String source) {
    if (!allowsSecrets(request.config().at("sources", source).orAt("extract"))) {
      draft.refuseSecrets(secrets);
    }
    return draft;
  }

  private static boolean allowsSecrets(Config config) {
    return config.get(KnownSettings.EXTRACT_ALLOW_SECRETS_IN_DATA);
  }

  private Schema storedOrFresh(String source) {
    var stored = request.schemaOf().apply(source);
    var wanted = request.config().at("sources", source).find(KnownSettings.SCHEMA_NAMING);
    if (stored.isEmpty()) {
      return Schema.of(source, wanted.orElse("snake_case"));
    }
    var schema = stored.get();
    if (wanted.isEmpty()
        || wanted.get().equals(schema.naming().name())
        || Refresh.of(request.refresh()) == Refresh.DROP_SOURCES) {
      return schema;
    }
    if (schema.dataTables().stream().anyMatch(table -> table.seenData())) {
      throw new IllegalArgumentException(
          "Schema '%s' names its tables by '%s', but the setting 'schema.naming' is '%s'; tables with rows cannot be renamed: drop them with refresh 'drop_sources', or set the naming back"
              .formatted(source, schema.naming().name(), wanted.get()));
    }
    return Schema.of(source, wanted.get());
  }

  /// Forgets what is to be forgotten, and gives the schema to go on with.
  private SchemaEditor forget(
      Source source, Drafted drafted, Map<String, @Nullable Object> sourceState) {
    var schema = SchemaEditor.of(drafted.schema, request.maxIdentifierLength());
    var mode = Refresh.of(request.refresh());
    if (!forgets(source)) {
      return schema;
    }
    if (mode == Refresh.DROP_SOURCES && drafted.anew) {
      return schema; // an earlier part of the same source has forgotten all of it
    }
    var resources = source.evaluated().stream().map(Resource::name).toList();
    mode.forget(schema, resources, sourceState)
        .forEach((key, value) -> drafted.state.merge(key, value, Refresh::both));
    stateMustBeWritten |= drafted.state.containsKey("dropped_tables");
    if (mode != Refresh.DROP_SOURCES) {
      return schema;
    }
    drafted.anew = true;
    return SchemaEditor.of(anew(source.name(), drafted.schema), request.maxIdentifierLength());
  }

  /// An empty schema that infers types as the one before did.
  private Schema anew(String source, Schema before) {
    var naming = request.config().at("sources", source).find(KnownSettings.SCHEMA_NAMING);
    var schema = SchemaEditor.of(Schema.of(source, naming.orElse(before.naming().name())), 0);
    for (var rule : List.of("detections", "preferred_types")) {
      schema.setting(rule, before.settings().get(rule));
    }
    return schema.toSchema();
  }

  private boolean forgets(Source source) {
    return request.refresh() != null && request.schemaOf().apply(source.name()).isPresent();
  }

  /// The rules of the source go into its schema anew with every run.
  private void declare(Source source, SchemaEditor schema) {
    schema.complete();
    schema.propagateRootKeys();
    schema.setting("schema_contract", contractOf(source));
    schema.maxNesting(source.maxTableNesting().orElse(null));
  }

  private @Nullable Object contractOf(Source source) {
    var contract = request.contract() == null ? source.contract().orElse(null) : request.contract();
    return contract == null ? null : contract.toSetting();
  }

  /// A replaced resource begins without a memory; one that goes on from a checkpoint has that of
  /// the checkpoint.
  ///
  /// - returns how many rows of which table are set aside already
  @SuppressWarnings("unchecked")
  private static Map<String, Long> restore(
      Source source,
      SchemaEditor schema,
      Drafted drafted,
      Map<String, @Nullable Object> sourceState) {
    if (sourceState.get("resources") instanceof Map<?, ?> states) {
      for (var resource : source.evaluated()) {
        if (Replaced.is(resource)) {
          states.remove(resource.name());
        }
      }
    }
    if (!drafted.keptFiles || drafted.restored) {
      return new LinkedHashMap<>();
    }
    drafted.restored = true; // parts of one source share its draft
    var aside = drafted.checkpoints.restore(drafted.draft);
    drafted.checkpoints.schema().ifPresent(saved -> saved.dataTables().forEach(schema::update));
    var states =
        (Map<String, @Nullable Object>)
            sourceState.computeIfAbsent(
                "resources", name -> new LinkedHashMap<String, @Nullable Object>());
    states.putAll(drafted.checkpoints.states());
    return aside;
  }

  private void warnOfSharedTables(List<Source> sources) {
    var owners = new LinkedHashMap<String, String>();
    for (var source : sources) {
      for (var resource : source.selected()) {
        var table = resource.hints().table().orElse(resource.name());
        var owner = owners.putIfAbsent(table, source.name());
        if (owner != null && !owner.equals(source.name())) {
          warnings.add(
              "sources '%s' and '%s' both feed table '%s' of one dataset; give one of them another table name"
                  .formatted(owner, source.name(), table));
        }
      }
    }
  }

  // ------------------------------------------------------------------ state

  /// Writes the state as a row into the last package, if it is another than the one written last.
  private State writeState(Compressor compressor) {
    var names = new TreeSet<>(directory.folder().schemaNames());
    names.addAll(packages.keySet());
    var before = State.of(states.all());
    if (before.defaultSchemaName().isEmpty() && !names.isEmpty()) {
      var first = packages.isEmpty() ? names.first() : packages.keySet().iterator().next();
      before = before.with("default_schema_name", first);
    }
    if (!names.isEmpty()) {
      before = before.with("schema_names", List.copyOf(names));
    }
    var now = before.bumped();
    var written = request.state().at("_local", "_last_extracted_hash");
    var wanted = request.config().get(KnownSettings.RESTORE_FROM_DESTINATION);
    if (packages.isEmpty()
        || !wanted
        || (!stateMustBeWritten && written.equals(Optional.of(now.versionHash())))) {
      return now;
    }
    var home = packageOfDefaultSchema(now);
    var target =
        packages.values().stream()
            .filter(drafted -> !drafted.empty() || drafted == home)
            .reduce((earlier, later) -> later)
            .orElseThrow();
    var row = now.row(target.draft.loadId(), clock.instant());
    target.state.put("pipeline_state", row);
    writeStateFile(target, row, compressor);
    if (home.empty()) {
      writeStateFile(home, null, compressor); // the load that dlt makes for the state
    }
    return now.withLocal("_last_extracted_at", clock.instant())
        .withLocal("_last_extracted_hash", now.versionHash());
  }

  private void writeStateFile(Drafted target, @Nullable Map<String, ?> row, Compressor compressor) {
    var schema = SchemaEditor.of(target.schema, request.maxIdentifierLength());
    target.withoutState = target.schema;
    var table = schema.normalized(SystemTables.state());
    schema.update(table);
    target.schema = schema.toSchema();
    var settings = WriterSettings.of(request.config());
    try (var writer = target.draft.writer(table.name(), "typed-jsonl", settings, compressor)) {
      if (row == null) {
        writer.ensureFile();
      } else {
        var bytes = RowEncoder.buffered();
        bytes.encode(row);
        writer.append(bytes.bytes(), bytes.offset(), bytes.length());
      }
      writer.finish();
    }
  }

  /// New state makes a load of the default schema, as in dlt; if none of its sources is extracted,
  /// in a package of its own.
  private Drafted packageOfDefaultSchema(State now) {
    var name = now.defaultSchemaName().orElseThrow();
    var known = packages.get(name);
    if (known != null) {
      return known;
    }
    var schema = request.schemaOf().apply(name);
    if (schema.isEmpty()) {
      return packages.values().stream().reduce((earlier, later) -> later).orElseThrow();
    }
    var draft = guarded(directory.draftExtract(directory.newLoadId(clock.instant())), name);
    var drafted = new Drafted(name, draft, Checkpoints.none(name, base(name)), schema.get());
    drafted.gaveRows = true;
    packages.put(name, drafted);
    return drafted;
  }

  // ------------------------------------------------------------------ commit

  private List<StoredPackage> commit(State remembered) {
    if (!allowsSecrets(request.config().at("extract"))) {
      secrets.content("The state of pipeline '" + request.pipeline() + "'", remembered.bytes());
    }
    var update = FolderUpdate.none().state(remembered.bytes());
    var drafts = new ArrayList<PackageDraft>();
    var look = directory.folder();
    var before = new LinkedHashMap<String, byte[]>();
    look.schemaNames().forEach(name -> before.put(name, look.schema(name).orElseThrow()));
    for (var drafted : packages.values()) {
      // Hints, resources and the state are one change, as in dlt.
      var stored = request.schemaOf().apply(drafted.source).isPresent() && !drafted.anew;
      drafted.schema =
          stored
              ? drafted.schema.after(drafted.before)
              : drafted.schema.first(drafted.hashesBefore());
      update = update.schema(drafted.source, drafted.schema.bytes());
      if (!drafted.gaveRows && !drafted.state.containsKey("refresh")) {
        warnings.add("source '%s' gave no rows".formatted(drafted.source));
      }
      if (drafted.empty() && !drafted.setAside) {
        directory.discard(drafted.draft);
        continue;
      }
      drafted.draft.schema(drafted.schema.bytes());
      drafted.draft.state(PackageState.bytes(drafted.draft.loadId(), drafted.state));
      drafted.draft.restorePoint(look.state().orElse(null), before);
      if (request.knownDestination() != null) {
        drafted.draft.knownDestination(request.knownDestination().getBytes(StandardCharsets.UTF_8));
      }
      drafts.add(drafted.draft);
    }
    if (drafts.size() > 1) {
      var together = drafts.stream().map(PackageDraft::loadId).toList();
      drafts.forEach(draft -> draft.extractedWith(together));
    }
    return directory.commitExtract(drafts, update);
  }

  private void discard(PackageDraft draft, Throwable failed) {
    try {
      if (draft.checkpoint().isEmpty()) {
        directory.discard(draft);
      }
    } catch (RuntimeException alsoFailed) {
      failed.addSuppressed(alsoFailed);
    }
  }
}
