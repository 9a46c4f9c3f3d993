package dev.sluice.normalize;

import dev.sluice.json.Json;
import dev.sluice.progress.StageProgress;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.Schema;
import dev.sluice.schema.TableSchema;
import dev.sluice.store.Compressor;
import dev.sluice.store.FolderUpdate;
import dev.sluice.store.JobState;
import dev.sluice.store.PackageDraft;
import dev.sluice.store.StoredJob;
import dev.sluice.store.StoredPackage;
import dev.sluice.store.WorkingDirectory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// One package: its files normalized one by one or several at once, their changes of the schema
/// taken in the order of the files, and the whole committed.
final class PackageNormalizer {
  private static final String MARKS = "x-normalizer";

  private final WorkingDirectory directory;
  private final StoredPackage extracted;
  private final NormalizeSettings settings;
  private final StageProgress stage;
  private final InstantSource clock;
  private final RandomGenerator random;

  private final Map<String, Long> rows = new TreeMap<>();
  private final Map<String, Long> quarantined = new TreeMap<>();
  private final Map<String, Long> quarantinedValues = new TreeMap<>();
  private final Map<String, Set<String>> nullOnly = new TreeMap<>();
  private final List<StoredJob> files = new ArrayList<>();

  PackageNormalizer(
      WorkingDirectory directory,
      StoredPackage extracted,
      NormalizeSettings settings,
      StageProgress stage,
      InstantSource clock,
      RandomGenerator random) {
    this.directory = directory;
    this.extracted = extracted;
    this.settings = settings;
    this.stage = stage;
    this.clock = clock;
    this.random = random;
  }

  /// Normalizes and commits the package; empty if there is nothing to load. Then it is dropped, or
  /// put to the loaded ones if it holds rows that were set aside.
  Optional<NormalizeInfo.NormalizedPackage> run() {
    var started = clock.instant();
    extracted.requireWhole();
    var jobs = extracted.jobs(JobState.NEW);
    if (jobs.isEmpty() && !asksForMore()) {
      if (extracted.hasQuarantine()) {
        directory.complete(extracted, "loaded", false);
      } else {
        directory.drop(extracted);
      }
      return Optional.empty();
    }
    var base = base();
    var merge = new SchemaMerge(base, settings.maxNameLength());
    var draft = directory.draftNormalize(extracted);
    try (var compressor = Compressor.inline()) {
      stage.tally("files").total(jobs.size());
      var work =
          new FileQueue(
              extracted, draft, jobs, merge, settings, compressor, random, clock.instant(), stage);
      work.run(this::count);
      var schema = completed(merge);
      commit(draft, schema, merge);
      return Optional.of(
          new NormalizeInfo.NormalizedPackage(
              extracted.loadId(),
              schema.name(),
              schema.version(),
              rows,
              files.stream()
                  .map(file ->
                      new NormalizeInfo.LoadFile(
                          file.name().fileName(),
                          file.table(),
                          file.rows().orElse(0),
                          file.bytes()))
                  .toList(),
              newColumns(merge, false),
              newColumns(merge, true),
              names(nullOnly),
              quarantined,
              quarantinedValues,
              work.work(),
              started,
              Duration.between(started, clock.instant())));
    } catch (RuntimeException failed) {
      try {
        directory.discard(draft);
      } catch (RuntimeException undiscarded) {
        failed.addSuppressed(undiscarded);
      }
      throw failed;
    }
  }

  private Schema base() {
    var file = extracted.folder().resolve("schema.json");
    var own =
        extracted.unverified().isPresent()
            ? Schema.verified(extracted.schema(), file)
            : Schema.read(extracted.schema(), file);
    var look = directory.folder();
    var stored =
        look.schema(own.name())
            .map(json ->
                look.wroteSchema(own.name(), json)
                    ? Schema.read(json, look.schemaFile(own.name()))
                    : Schema.verified(json, look.schemaFile(own.name())));
    return BaseSchema.of(stored, own, settings.maxNameLength());
  }

  /// Whether the package has tables to drop or empty, so that it must reach the load without rows.
  private boolean asksForMore() {
    return extracted
        .state()
        .map(bytes -> Json.<Map<String, Object>>loadb(bytes))
        .filter(state ->
            Stream.of("dropped_tables", "truncated_tables")
                .anyMatch(key -> state.get(key) instanceof List<?> list && !list.isEmpty()))
        .isPresent();
  }

  private void count(FileNormalizer.Result file) {
    file.rows().forEach((table, count) -> rows.merge(table, count, Long::sum));
    file.quarantine().rows().forEach((table, n) -> quarantined.merge(table, n, Long::sum));
    file.quarantine().values().forEach((table, n) -> quarantinedValues.merge(table, n, Long::sum));
    file.nullOnly()
        .forEach((table, columns) ->
            nullOnly.computeIfAbsent(table, key -> new LinkedHashSet<>()).addAll(columns));
    files.addAll(file.files());
  }

  /// The schema with the marks of tables that now have data; a column that must not be null and
  /// never had a value is refused.
  private Schema completed(SchemaMerge merge) {
    var editor = merge.editor();
    var withoutNulls = new ArrayList<String>();
    nullOnly.forEach((table, columns) -> {
      columns.removeIf(
          column -> editor.column(table, column).filter(ColumnSchema::complete).isPresent());
      if (settings.nullColumnsAsText() && editor.has(table)) {
        for (var column : columns) {
          editor.put(
              table,
              ColumnSchema.of(column)
                  .with("data_type", DataType.TEXT.word())
                  .with("nullable", true));
        }
        columns.clear();
      }
      if (columns.isEmpty() || !editor.has(table)) {
        withoutNulls.add(table);
      }
    });
    withoutNulls.forEach(nullOnly::remove);
    for (var name : rows.keySet()) {
      var table = editor.table(name).orElseThrow();
      for (var column : table.columns()) {
        if (!column.complete() && !column.nullable()) {
          throw new CannotNormalize(
              "Column '%s' of table '%s' must not be null, but no row of package %s gives it a value; fill it, or declare its type and let it be null"
                  .formatted(column.name(), name, extracted.loadId()));
        }
      }
      editor.property(name, MARKS, marks(table));
    }
    return editor.toSchema();
  }

  private static Map<String, Object> marks(TableSchema table) {
    var marks = new LinkedHashMap<String, Object>();
    if (table.property(MARKS) instanceof Map<?, ?> before) {
      before.forEach((key, value) -> marks.put((String) key, value));
    }
    marks.remove("evolve-columns-once");
    marks.putIfAbsent("seen-data", true);
    return marks;
  }

  private void commit(PackageDraft draft, Schema schema, SchemaMerge merge) {
    var bytes = schema.bytes();
    draft.schema(bytes);
    var updates = new LinkedHashMap<String, Object>();
    merge.updates().forEach((name, table) -> updates.put(name, dictionary(table)));
    draft.schemaUpdates(Json.dumpb(updates));
    extracted.state().ifPresent(draft::state);
    directory.commitNormalize(draft, FolderUpdate.none().schema(schema.name(), bytes));
  }

  private static Map<String, Object> dictionary(TableSchema table) {
    var dictionary = new LinkedHashMap<String, Object>(table.properties());
    var columns = new LinkedHashMap<String, Object>();
    table.columns().forEach(column -> columns.put(column.name(), column.properties()));
    dictionary.put("columns", columns);
    return dictionary;
  }

  private static Map<String, List<String>> newColumns(SchemaMerge merge, boolean variants) {
    var all = new TreeMap<String, List<String>>();
    merge
        .updates()
        .forEach((name, table) -> {
          var columns =
              table.columns().stream()
                  .filter(column -> column.has("variant") == variants)
                  .map(column -> column.name() + " " + column.property("data_type"))
                  .toList();
          if (!columns.isEmpty()) {
            all.put(name, columns);
          }
        });
    return all;
  }

  private static Map<String, List<String>> names(Map<String, Set<String>> sets) {
    var lists = new TreeMap<String, List<String>>();
    sets.forEach((name, set) -> lists.put(name, List.copyOf(set)));
    return lists;
  }
}
