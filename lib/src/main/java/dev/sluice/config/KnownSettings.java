package dev.sluice.config;

import dev.sluice.seam.Seam;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The table of all settings: each with its default, which stands nowhere else, and those of dlt
/// that do nothing here, so that both tools can share a file. `docs/settings.md` is written from
/// it.
///
/// A new one: a constant with a sentence, and its place in [#all()]; then
/// `config.get(KnownSettings.IT)` where it is heeded, and the page anew by `mvn -f lib test -Dquick
/// -Dtest=SettingsPageTest -Dsluice.settings=write`.
@Seam
public final class KnownSettings {
  private static final String UNLIMITED = "no limit";

  /// How progress is shown.
  public static final Setting<String> PROGRESS =
      open(
          "progress",
          String.class,
          "none",
          "How progress is shown: `none`, `log` (a line a second), `bar`, `auto` (a bar on a"
              + " terminal, nothing elsewhere), or the name of a class.");

  /// Whether state and schemas are taken from the destination.
  public static final Setting<Boolean> RESTORE_FROM_DESTINATION =
      here(
          "restore_from_destination",
          Boolean.class,
          true,
          "Whether a run first takes state and schemas from the destination, if somebody else"
              + " loaded there.");

  /// Threads of the pool.
  public static final Setting<Integer> EXTRACT_WORKERS =
      here(
          "extract.workers", Integer.class, 5, "Threads of the pool for deferred calls.", "worker");

  /// Deferred calls at once.
  public static final Setting<Integer> EXTRACT_MAX_PARALLEL_ITEMS =
      here(
          "extract.max_parallel_items",
          Integer.class,
          20,
          "Deferred calls that are queued or running at once.");

  /// Which resource has its turn; the first is the default.
  public static final Setting<String> EXTRACT_NEXT_ITEM_MODE =
      here(
          "extract.next_item_mode",
          String.class,
          "fifo",
          "Which resource has its turn: `fifo`, one after the other, or `round_robin`, an element"
              + " of each.");

  /// How long a promise may take.
  public static final Setting<Duration> EXTRACT_FUTURES_TIMEOUT =
      here(
          "extract.futures_timeout",
          Duration.class,
          Duration.ofMinutes(10),
          "Seconds that a CompletionStage may take; 0 = for ever.");

  /// Whether transformers get copies.
  public static final Setting<Boolean> EXTRACT_COPY_ON_FORK =
      here(
          "extract.copy_on_fork",
          Boolean.class,
          false,
          "Whether each transformer of a resource gets its own copy of a row.");

  /// How long a run waits for another of the same pipeline.
  public static final Setting<Duration> EXTRACT_LOCK_TIMEOUT =
      here(
          "extract.lock_timeout",
          Duration.class,
          Duration.ofSeconds(10),
          "Seconds to wait for another process that uses the pipeline's working directory.");

  /// Whether rows may hold what a secret says.
  public static final Setting<Boolean> EXTRACT_ALLOW_SECRETS_IN_DATA =
      here(
          "extract.allow_secrets_in_data",
          Boolean.class,
          false,
          "Whether rows may hold the text of a secret that this process has read; refused"
              + " otherwise, as a server may give back what it was sent.");

  /// Rows in memory before a flush.
  public static final Setting<Integer> BUFFER_MAX_ITEMS =
      here(
          "data_writer.buffer_max_items",
          Integer.class,
          5_000,
          "Rows in memory before they are written.");

  /// Bytes in memory before a flush.
  public static final Setting<Integer> BUFFER_MAX_BYTES =
      here(
          "data_writer.buffer_max_bytes",
          Integer.class,
          1 << 20,
          "Bytes in memory before they are written.");

  /// Rows of a file.
  public static final Setting<Long> FILE_MAX_ITEMS =
      limit("data_writer.file_max_items", "Rows after which another file is begun.");

  /// Bytes of a file.
  public static final Setting<Long> FILE_MAX_BYTES =
      limit(
          "data_writer.max_file_size",
          "Bytes, packed, after which another file is begun.",
          "file_max_bytes");

  /// Whether files stay plain.
  public static final Setting<Boolean> DISABLE_COMPRESSION =
      here(
          "data_writer.disable_compression",
          Boolean.class,
          false,
          "Whether the files of the stages stay unpacked instead of gzip.");

  /// Files normalized at once.
  public static final Setting<Integer> NORMALIZE_WORKERS =
      here("normalize.workers", Integer.class, 1, "Files that are normalized at once.");

  /// The format of load files.
  public static final Setting<String> LOADER_FILE_FORMAT =
      here(
          "normalize.loader_file_format",
          String.class,
          "jsonl",
          "Load files unless a table has its own format: `jsonl` or `parquet`.");

  /// Whether columns that are only null are created.
  public static final Setting<Boolean> NULL_COLUMNS_AS_TEXT =
      here(
          "normalize.null_columns_as_text",
          Boolean.class,
          false,
          "Whether columns that hold only nulls are created, as text.");

  /// Whether new columns widen.
  public static final Setting<Boolean> PROMOTE_TYPES =
      here(
          "normalize.promote_types",
          Boolean.class,
          false,
          "Whether a column that a package brings widens (bigint to double, decimal or wei, date to"
              + " timestamp) where nothing is lost, instead of getting a variant.");

  /// Whether ready files get the load id.
  public static final Setting<Boolean> ADD_DLT_LOAD_ID =
      here(
          "normalize.parquet_normalizer.add_dlt_load_id",
          Boolean.class,
          false,
          "Whether rows of files that were handed over ready get `_dlt_load_id`.");

  /// Whether ready files get row ids.
  public static final Setting<Boolean> ADD_DLT_ID =
      here(
          "normalize.parquet_normalizer.add_dlt_id",
          Boolean.class,
          false,
          "Whether rows of files that were handed over ready get `_dlt_id`.");

  /// Workers of a load.
  public static final Setting<Integer> LOAD_WORKERS =
      here(
          "[load] workers",
          Integer.class,
          20,
          "The most threads of DuckDB, unless `load.threads` is set.");

  /// Threads of DuckDB.
  public static final Setting<Integer> LOAD_THREADS =
      open(
          "[load] threads",
          Integer.class,
          "`load.workers`, but no more than processors",
          "Threads of DuckDB during a load.");

  /// Memory of DuckDB.
  public static final Setting<String> LOAD_MEMORY_LIMIT =
      open(
          "[load] memory_limit",
          String.class,
          "256MB, more for very wide tables and long rows",
          "Memory of DuckDB during a load, as DuckDB writes it: `1GB`.");

  /// How long a load waits for the database.
  public static final Setting<Duration> LOAD_LOCK_TIMEOUT =
      here(
          "[load] lock_timeout",
          Duration.class,
          Duration.ofSeconds(10),
          "Seconds to wait for another process that has the DuckDB file open.");

  /// Whether a load looks if another came between.
  public static final Setting<Boolean> LOAD_FENCE =
      here(
          "[load] fence",
          Boolean.class,
          true,
          "Whether a package is refused if another working directory of the pipeline has loaded"
              + " since it was extracted; without it such rows come twice, as with dlt.");

  /// Whether the files of loaded packages go.
  public static final Setting<Boolean> DELETE_COMPLETED_JOBS =
      here(
          "[load] delete_completed_jobs",
          Boolean.class,
          false,
          "Whether the load files of a package are deleted once it is loaded.");

  /// How names are made.
  public static final Setting<String> SCHEMA_NAMING =
      open(
          "schema.naming",
          String.class,
          "snake_case, or what the schema has",
          "How names of tables and columns are made: `snake_case`, `duck_case`, `sql_ci_v1`,"
              + " `sql_cs_v1` or `direct`.");

  /// Where schemas are imported from.
  public static final Setting<String> IMPORT_SCHEMA_PATH =
      open("[schema] import_schema_path", String.class, "none", "Folder of schemas to begin with.");

  /// Where schemas are exported to.
  public static final Setting<String> EXPORT_SCHEMA_PATH =
      open(
          "[schema] export_schema_path",
          String.class,
          "none",
          "Folder into which schemas are written after a run.");

  /// The format of exported schemas.
  public static final Setting<String> EXTERNAL_SCHEMA_FORMAT =
      open(
          "[schema] external_schema_format",
          String.class,
          "yaml",
          "Files of schemas: `yaml`, `json`, or, to export alone, `dbml`.");

  /// The DuckDB file.
  public static final Setting<String> DUCKDB_CREDENTIALS =
      open(
          "[destination.duckdb] credentials",
          String.class,
          "`<pipeline>.duckdb`",
          "The DuckDB file, as a path or as a URL `duckdb:///shop.duckdb`.");

  /// How tables are replaced.
  public static final Setting<String> REPLACE_STRATEGY =
      open(
          "[destination.duckdb] replace_strategy",
          String.class,
          "truncate-and-insert",
          "One of dlt's three; each replaces in the one transaction of the package.");

  /// The longest name of a column.
  public static final Setting<Integer> MAX_IDENTIFIER_LENGTH =
      here(
          "destination.max_identifier_length",
          Integer.class,
          0,
          "The longest name of a table or column; longer ones are cut and get a hash. 0 = any"
              + " length.");

  /// Retries of a request.
  public static final Setting<Integer> REQUEST_MAX_ATTEMPTS =
      here("[runtime] request_max_attempts", Integer.class, 5, "Retries of an HTTP request.");

  /// The growth of pauses.
  public static final Setting<Double> REQUEST_BACKOFF_FACTOR =
      here(
          "[runtime] request_backoff_factor",
          Double.class,
          1.0,
          "Seconds of the first pause between retries; each is twice the one before.");

  /// How long an answer may take.
  public static final Setting<Duration> REQUEST_TIMEOUT =
      here(
          "[runtime] request_timeout",
          Duration.class,
          Duration.ofSeconds(60),
          "Seconds within which an answer has to come.");

  /// The longest pause.
  public static final Setting<Duration> REQUEST_MAX_RETRY_DELAY =
      here(
          "[runtime] request_max_retry_delay",
          Duration.class,
          Duration.ofMinutes(5),
          "Seconds of the longest pause; a server that asks for more gets an error instead.");

  /// Whether secrets that others can read are refused.
  public static final Setting<Boolean> REFUSE_READABLE_SECRETS =
      here(
          "[runtime] refuse_readable_secrets",
          Boolean.class,
          false,
          "Whether a `secrets.toml` that others can read is refused; it is warned of otherwise.");

  /// The longest row of a file.
  public static final Setting<Integer> FILESYSTEM_MAX_ROW_BYTES =
      open(
          "[sources.filesystem] max_row_bytes",
          Integer.class,
          "16 MiB",
          "Bytes of the longest line or field of a file.");

  /// Whether links out of a folder are refused.
  public static final Setting<Boolean> FILESYSTEM_CONFINED =
      here(
          "[sources.filesystem] confined",
          Boolean.class,
          false,
          "Whether files are refused that a link takes from outside the source's folder.");

  private static final String THREADS = "workers are threads of this process";
  private static final String TRANSACTION =
      "a package is one transaction: it is loaded whole, or stays for the next run";
  private static final String LOGGING = "messages go to the logging of the JVM, which has its own";
  private static final String SILENT = "nothing is ever sent to anybody";
  private static final String ERROR_BODY = "an error of HTTP always shows the begin of the answer";

  /// What dlt heeds and nothing here does, each with the reason.
  private static final List<Setting<?>> WITHOUT_EFFECT =
      List.of(
          dlts("dev_mode", "a pipeline says so itself: pipeline(..).devMode()", "full_refresh"),
          dlts("extract.futures_poll_interval", "calls that are done wake the pipeline"),
          dlts("normalize.start_method", THREADS),
          dlts("normalize.pool_type", THREADS),
          dlts("normalize.run_sleep", "a stage ends when its packages are done"),
          dlts("load.start_method", THREADS),
          dlts("load.pool_type", THREADS),
          dlts("load.parallelism_strategy", "a package is one transaction of one connection"),
          dlts(
              "load.raise_on_failed_jobs",
              "a package that fails is always an error, and none of it is loaded"),
          dlts("load.raise_on_max_retries", TRANSACTION),
          dlts("load.truncate_staging_dataset", "staged rows are temporary and go by themselves"),
          dlts("load.start_new_jobs_on_signal", TRANSACTION),
          dlts("load.auto_abort_on_terminal_error", TRANSACTION),
          dlts("schema.external_schema_format_remove_defaults", "defaults are always left out"),
          dlts("schema.json_normalizer", "a resource says how deep: resource.maxTableNesting(1)"),
          dlts(
              "schema.allow_identifier_change_on_table_with_data",
              "tables with rows are never renamed"),
          dlts("schema.use_break_path_on_normalize", "names are broken as dlt does by default"),
          dlts("runtime.log_level", LOGGING),
          dlts("runtime.log_format", LOGGING),
          dlts("runtime.dlthub_telemetry", SILENT),
          dlts("runtime.dlthub_telemetry_endpoint", SILENT),
          dlts("runtime.dlthub_telemetry_segment_write_key", SILENT),
          dlts("runtime.dlthub_dsn", SILENT),
          dlts("runtime.sentry_dsn", SILENT),
          dlts("runtime.slack_incoming_hook", "pipeline.onEvent(..) tells whom you want"),
          dlts("runtime.intercept_signals", "control C may come at any time, and nothing is lost"),
          dlts("runtime.pipeline_name", "a pipeline is named where it is made: pipeline(name)"),
          dlts("runtime.run_id", "a run is known by the ids of its packages"),
          dlts("runtime.http_show_error_body", ERROR_BODY),
          dlts("runtime.http_max_error_body_length", ERROR_BODY),
          dlts(
              "runtime.config_files_storage_path",
              "DLT_PROJECT_DIR and DLT_CONFIG_FOLDER say where settings stand"));

  private static final List<Setting<?>> WITH_EFFECT =
      List.of(
          PROGRESS,
          RESTORE_FROM_DESTINATION,
          EXTRACT_WORKERS,
          EXTRACT_MAX_PARALLEL_ITEMS,
          EXTRACT_NEXT_ITEM_MODE,
          EXTRACT_FUTURES_TIMEOUT,
          EXTRACT_COPY_ON_FORK,
          EXTRACT_LOCK_TIMEOUT,
          EXTRACT_ALLOW_SECRETS_IN_DATA,
          BUFFER_MAX_ITEMS,
          BUFFER_MAX_BYTES,
          FILE_MAX_ITEMS,
          FILE_MAX_BYTES,
          DISABLE_COMPRESSION,
          NORMALIZE_WORKERS,
          LOADER_FILE_FORMAT,
          NULL_COLUMNS_AS_TEXT,
          PROMOTE_TYPES,
          ADD_DLT_LOAD_ID,
          ADD_DLT_ID,
          LOAD_WORKERS,
          LOAD_THREADS,
          LOAD_MEMORY_LIMIT,
          LOAD_LOCK_TIMEOUT,
          LOAD_FENCE,
          DELETE_COMPLETED_JOBS,
          SCHEMA_NAMING,
          IMPORT_SCHEMA_PATH,
          EXPORT_SCHEMA_PATH,
          EXTERNAL_SCHEMA_FORMAT,
          DUCKDB_CREDENTIALS,
          REPLACE_STRATEGY,
          MAX_IDENTIFIER_LENGTH,
          REQUEST_MAX_ATTEMPTS,
          REQUEST_BACKOFF_FACTOR,
          REQUEST_TIMEOUT,
          REQUEST_MAX_RETRY_DELAY,
          REFUSE_READABLE_SECRETS,
          FILESYSTEM_MAX_ROW_BYTES,
          FILESYSTEM_CONFINED);

  private static final List<Setting<?>> ALL =
      Stream.concat(WITH_EFFECT.stream(), WITHOUT_EFFECT.stream()).toList();

  // Below these a pipeline's own names begin, which may be any.
  private static final Set<String> OWN_NAMES =
      Set.of("destination", "credentials", "storage", "workspace");

  private static final Map<String, List<String>> SPELLINGS = spellingsByName();
  private static final Map<String, Map<String, Setting<?>>> BY_SECTION = bySection();

  private KnownSettings() {}

  /// All settings, those that do nothing here last.
  public static List<Setting<?>> all() {
    return ALL;
  }

  /// The setting with this key, or with sections before it: `sources.shop.extract.workers`.
  public static Optional<Setting<?>> named(String key) {
    var path = List.of(key.split("\\."));
    return ALL.stream()
        .filter(setting ->
            setting.spellings().stream()
                .map(spelling -> {
                  var own = new ArrayList<>(setting.path());
                  own.set(own.size() - 1, spelling);
                  return own;
                })
                .anyMatch(own ->
                    path.size() >= own.size()
                        && (own.size() > 1 || path.size() == 1)
                        && path.subList(path.size() - own.size(), path.size()).equals(own)))
        .findFirst();
  }

  /// The path itself and then the same with each other spelling of its last part.
  static List<List<String>> spellings(List<String> path) {
    var others = SPELLINGS.getOrDefault(path.getLast(), List.of());
    if (others.isEmpty()) {
      return List.of(path);
    }
    var all = new ArrayList<List<String>>();
    all.add(path);
    for (var other : others) {
      var spelled = new ArrayList<>(path);
      spelled.set(path.size() - 1, other);
      all.add(List.copyOf(spelled));
    }
    return all;
  }

  /// What to say of a key that looks like a setting of ours and is none: nothing, or the nearest
  /// one.
  static Optional<String> suspect(List<String> path) {
    var known = neighbours(path);
    var key = path.getLast();
    if (known.isEmpty() || known.containsKey(key)) {
      return Optional.empty();
    }
    return Optional.of(
        Nearest.of(key, known.keySet()).stream()
            .findFirst()
            .map(name -> "; did you mean '" + name + "'?")
            .orElse(""));
  }

  /// Why a setting of dlt's at this path does nothing here; empty if it does, or is none.
  static Optional<String> noEffect(List<String> path) {
    var setting =
        path.size() == 1
            ? named(path.getFirst()).orElse(null)
            : neighbours(path).get(path.getLast());
    return setting == null ? Optional.empty() : setting.noEffect();
  }

  /// The settings of the section that the path is in; none if that is not one of ours.
  private static Map<String, Setting<?>> neighbours(List<String> path) {
    if (path.size() < 2 || path.stream().anyMatch(OWN_NAMES::contains)) {
      return Map.of();
    }
    var section = path.get(path.size() - 2);
    // [sources.load] is a source of that name; only the page's own sections stand right below
    // [sources].
    var belowSources = path.size() >= 3 && path.get(path.size() - 3).equals("sources");
    return belowSources && !section.equals("extract") && !section.equals("data_writer")
        ? Map.of()
        : BY_SECTION.getOrDefault(section, Map.of());
  }

  private static Map<String, List<String>> spellingsByName() {
    var found = new HashMap<String, List<String>>();
    for (var setting : ALL) {
      if (!setting.aliases().isEmpty()) {
        for (var one : setting.spellings()) {
          var others = new LinkedHashSet<>(setting.spellings());
          others.remove(one);
          found.put(one, List.copyOf(others));
        }
      }
    }
    return Map.copyOf(found);
  }

  private static Map<String, Map<String, Setting<?>>> bySection() {
    var found = new HashMap<String, Map<String, Setting<?>>>();
    for (var setting : ALL) {
      var path = setting.path();
      if (path.size() > 1 && path.stream().noneMatch(OWN_NAMES::contains)) {
        var section = found.computeIfAbsent(path.get(path.size() - 2), name -> new TreeMap<>());
        setting.spellings().forEach(spelling -> section.put(spelling, setting));
      }
    }
    return found;
  }

  // ------------------------------------------------------------------ kinds of rows

  private static <T> Setting<T> here(
      String key, Class<T> type, T standard, String summary, String... aliases) {
    var shown =
        standard instanceof Duration seconds
            ? String.valueOf(seconds.toSeconds())
            : String.valueOf(standard);
    return row(key, type, standard, shown, summary, Optional.empty(), aliases);
  }

  /// One whose default is not a value: it depends, or there is none.
  private static <T> Setting<T> open(String key, Class<T> type, String otherwise, String summary) {
    return row(key, type, null, otherwise, summary, Optional.empty());
  }

  private static Setting<Long> limit(String key, String summary, String... aliases) {
    return row(key, Long.class, Long.MAX_VALUE, UNLIMITED, summary, Optional.empty(), aliases);
  }

  private static Setting<Object> dlts(String key, String because, String... aliases) {
    return row(key, Object.class, null, "", "", Optional.of(because), aliases);
  }

  /// - `key`: `[load] workers` if the section may be left out, `extract.workers` if not
  private static <T> Setting<T> row(
      String key,
      Class<T> type,
      @Nullable T standard,
      String otherwise,
      String summary,
      Optional<String> noEffect,
      String... aliases) {
    var end = key.indexOf("] ");
    return new Setting<>(
        end < 0 ? List.of() : List.of(key.substring(1, end).split("\\.")),
        end < 0 ? key : key.substring(end + 2),
        type,
        standard,
        otherwise,
        List.of(aliases),
        summary,
        noEffect);
  }
}
