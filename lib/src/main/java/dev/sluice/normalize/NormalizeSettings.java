package dev.sluice.normalize;

import dev.sluice.config.Config;
import dev.sluice.schema.LoadFileFormat;
import dev.sluice.store.WriterSettings;
import java.util.Locale;

/// The settings of stage two.
///
/// - `workers` (1): files normalized at once
/// - `format` (jsonl): of load files, unless a table has its own
/// - `writer`: buffers and rotation of load files
/// - `maxNameLength` (0 = any): the longest name that the destination takes
/// - `promote` (false): a column that this package brings widens (bigint to double, decimal or wei,
///   date to timestamp) where nothing is lost, instead of getting a variant
/// - `nullColumnsAsText` (false): columns that hold only nulls are created, as text
/// - `addLoadId`, `addId` (false): whether tables get `_dlt_load_id` and `_dlt_id` for the rows of
///   files that were handed over ready
record NormalizeSettings(
    int workers,
    LoadFileFormat format,
    WriterSettings writer,
    int maxNameLength,
    boolean promote,
    boolean nullColumnsAsText,
    boolean addLoadId,
    boolean addId) {
  static NormalizeSettings defaults() {
    return new NormalizeSettings(
        1, LoadFileFormat.JSONL, WriterSettings.defaults(), 0, false, false, false, false);
  }

  static NormalizeSettings of(Config config) {
    var workers = config.find(Integer.class, "normalize.workers").orElse(1);
    if (workers < 1) {
      throw new CannotNormalize(
          "Setting 'normalize.workers' is '" + workers + "', but must be at least 1");
    }
    return new NormalizeSettings(
        workers,
        format(
            "Setting 'normalize.loader_file_format'",
            config.find(String.class, "normalize.loader_file_format").orElse("jsonl")),
        WriterSettings.of(config.at("normalize")),
        config.find(Integer.class, "destination.max_identifier_length").orElse(0),
        config.find(Boolean.class, "normalize.promote_types").orElse(false),
        config.find(Boolean.class, "normalize.null_columns_as_text").orElse(false),
        config.find(Boolean.class, "normalize.parquet_normalizer.add_dlt_load_id").orElse(false),
        config.find(Boolean.class, "normalize.parquet_normalizer.add_dlt_id").orElse(false));
  }

  static LoadFileFormat format(String where, String word) {
    return switch (word.strip().toLowerCase(Locale.ROOT)) {
      case "jsonl" -> LoadFileFormat.JSONL;
      case "parquet" -> LoadFileFormat.PARQUET;
      default ->
          throw new CannotNormalize(where + " is '" + word + "', but must be jsonl or parquet");
    };
  }

  NormalizeSettings workers(int count) {
    return new NormalizeSettings(
        count, format, writer, maxNameLength, promote, nullColumnsAsText, addLoadId, addId);
  }

  NormalizeSettings format(LoadFileFormat other) {
    return new NormalizeSettings(
        workers, other, writer, maxNameLength, promote, nullColumnsAsText, addLoadId, addId);
  }

  NormalizeSettings writer(WriterSettings other) {
    return new NormalizeSettings(
        workers, format, other, maxNameLength, promote, nullColumnsAsText, addLoadId, addId);
  }

  NormalizeSettings promote(boolean on) {
    return new NormalizeSettings(
        workers, format, writer, maxNameLength, on, nullColumnsAsText, addLoadId, addId);
  }
}
