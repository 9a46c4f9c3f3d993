package dev.sluice.load;

import dev.sluice.config.Config;
import dev.sluice.config.KnownSettings;
import dev.sluice.seam.Seam;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A pipeline's dataset at its destination, and how to get there.
///
/// - `file`: the DuckDB file; empty if it is in memory
/// - `dataset`: the schema that holds the tables
/// - `lockTimeout`: how long to wait for another user of the file (setting `load.lock_timeout`)
/// - `memoryLimit`: of DuckDB (setting `load.memory_limit`); [#MEMORY_MEGABYTES] if empty, and more
///   for very wide tables and very long rows
/// - `threads`: of DuckDB: as many as `load.workers`, but no more than there are processors
///   (setting `load.threads`)
@Seam
public record Target(
    String pipeline,
    Destination destination,
    Optional<Path> file,
    String dataset,
    Duration lockTimeout,
    Optional<String> memoryLimit,
    int threads) {
  /// What DuckDB may hold in memory, beside the buffers of files being read.
  public static final int MEMORY_MEGABYTES = 256;

  private static final List<String> REPLACE_STRATEGIES =
      List.of("truncate-and-insert", "insert-from-staging", "staging-optimized");

  /// The target of a pipeline by its settings; `config` is already the pipeline's.
  ///
  /// - an IllegalArgumentException if the file is called like the dataset: DuckDB could not tell
  ///   them apart
  public static Target of(
      String pipeline, Destination destination, String dataset, Path workingFolder, Config config) {
    var file =
        destination.file(
            pipeline,
            workingFolder,
            config
                .find(KnownSettings.DUCKDB_CREDENTIALS)
                .filter(credentials -> !credentials.isBlank()));
    file.ifPresent(path -> requireOtherName(path, dataset));
    config.find(KnownSettings.REPLACE_STRATEGY).ifPresent(Target::requireStrategy);
    var workers = positive("load.workers", config.get(KnownSettings.LOAD_WORKERS));
    var threads =
        config
            .find(KnownSettings.LOAD_THREADS)
            .map(count -> positive("load.threads", count))
            .orElse(Math.min(workers, Runtime.getRuntime().availableProcessors()));
    return new Target(
        pipeline,
        destination,
        file,
        dataset,
        config.get(KnownSettings.LOAD_LOCK_TIMEOUT),
        config.find(KnownSettings.LOAD_MEMORY_LIMIT),
        threads);
  }

  /// `<pipeline>_dataset`, the name of a dataset that was given none.
  public static String defaultDataset(String pipeline) {
    return pipeline + "_dataset";
  }

  /// The place, as people read it.
  public String location() {
    return file.map(Path::toString).orElse(":memory:");
  }

  /// Whether the database is there already.
  public boolean exists() {
    return file.map(java.nio.file.Files::exists).orElse(true);
  }

  /// The memory of DuckDB, as it takes the setting.
  String memory() {
    return memoryLimit.orElse(MEMORY_MEGABYTES + "MB");
  }

  /// The same with other limits for DuckDB; a memory limit that was set stays.
  Target limits(int megabytes, int threadCount) {
    return new Target(
        pipeline,
        destination,
        file,
        dataset,
        lockTimeout,
        memoryLimit.or(() -> Optional.of(megabytes + "MB")),
        threadCount);
  }

  /// The same, in an empty database of its own.
  Target inMemory() {
    return new Target(
        pipeline,
        Destination.duckdb(":memory:"),
        Optional.empty(),
        dataset,
        lockTimeout,
        memoryLimit,
        threads);
  }

  private static void requireOtherName(Path file, String dataset) {
    var name = String.valueOf(file.getFileName());
    var dot = name.indexOf('.');
    var catalog = dot > 0 ? name.substring(0, dot) : name;
    if (catalog.equalsIgnoreCase(dataset))
      throw new IllegalArgumentException(
          "The DuckDB file '"
              + file
              + "' is called like the dataset '"
              + dataset
              + "', so that DuckDB could not tell '"
              + dataset
              + ".table' of the two apart; give the file or the dataset another name");
  }

  /// All of them replace in the one transaction here, but a word that is none is a mistake.
  private static void requireStrategy(String strategy) {
    if (!REPLACE_STRATEGIES.contains(strategy))
      throw new IllegalArgumentException(
          "Setting 'destination.replace_strategy' is '%s'; use %s"
              .formatted(strategy, String.join(", ", REPLACE_STRATEGIES)));
  }

  private static int positive(String key, int value) {
    if (value < 1)
      throw new IllegalArgumentException(
          "Setting '" + key + "' is '" + value + "', but must be at least 1");
    return value;
  }
}
