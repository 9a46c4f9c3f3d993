package dev.sluice.pipe;

import dev.sluice.config.Config;
import dev.sluice.config.KnownSettings;
import dev.sluice.seam.Seam;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How resources are evaluated: the settings of `[extract]`.
///
/// - `workers`: threads of the pool
/// - `maxParallelItems`: deferred calls queued or running
/// - `nextItemMode`: which resource has its turn
/// - `futuresTimeout`: how long a CompletionStage may take; zero = for ever
/// - `copyOnFork`: whether each transformer of a parent gets its own copy of a row
@Seam
public record PipeSettings(
    int workers,
    int maxParallelItems,
    NextItemMode nextItemMode,
    Duration futuresTimeout,
    boolean copyOnFork) {
  /// Which resource has its turn.
  @Seam
  public enum NextItemMode {
    /// One after the other.
    FIFO,
    /// One element of each.
    ROUND_ROBIN
  }

  /// Checks the numbers.
  public PipeSettings {
    positive("extract.workers", workers);
    positive("extract.max_parallel_items", maxParallelItems);
  }

  /// What holds if nothing is set.
  public static PipeSettings defaults() {
    return new PipeSettings(
        KnownSettings.EXTRACT_WORKERS.standardValue(),
        KnownSettings.EXTRACT_MAX_PARALLEL_ITEMS.standardValue(),
        mode(KnownSettings.EXTRACT_NEXT_ITEM_MODE.standardValue()),
        KnownSettings.EXTRACT_FUTURES_TIMEOUT.standardValue(),
        KnownSettings.EXTRACT_COPY_ON_FORK.standardValue());
  }

  /// Those of a source, or of one resource of it: `[sources.shop.orders.extract]`, then
  /// `[sources.shop.extract]`, `[sources.extract]`, `[extract]`.
  public static PipeSettings of(Config config, String source, @Nullable String resource) {
    var here =
        resource == null ? config.at("sources", source) : config.at("sources", source, resource);
    return new PipeSettings(
        here.get(KnownSettings.EXTRACT_WORKERS),
        here.get(KnownSettings.EXTRACT_MAX_PARALLEL_ITEMS),
        mode(here.get(KnownSettings.EXTRACT_NEXT_ITEM_MODE)),
        here.get(KnownSettings.EXTRACT_FUTURES_TIMEOUT),
        here.get(KnownSettings.EXTRACT_COPY_ON_FORK));
  }

  private static NextItemMode mode(String word) {
    return switch (word.strip().toLowerCase(Locale.ROOT)) {
      case "fifo" -> NextItemMode.FIFO;
      case "round_robin" -> NextItemMode.ROUND_ROBIN;
      default ->
          throw new IllegalArgumentException(
              "Setting 'extract.next_item_mode' is '"
                  + word
                  + "', but must be fifo or round_robin");
    };
  }

  private static void positive(String key, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "Setting '" + key + "' is '" + value + "', but must be at least 1");
    }
  }
}
