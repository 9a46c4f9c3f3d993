package dev.sluice.normalize;

import dev.sluice.config.Config;
import dev.sluice.config.KnownSettings;
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
        KnownSettings.NORMALIZE_WORKERS.standardValue(),
        format("The default", KnownSettings.LOADER_FILE_FORMAT.standardValue()),
        WriterSettings.defaults(),
        KnownSettings.MAX_IDENTIFIER_LENGTH.standardValue(),
        KnownSettings.PROMOTE_TYPES.standardValue(),
        KnownSettings.NULL_COLUMNS_AS_TEXT.standardValue(),
        KnownSettings.ADD_DLT_LOAD_ID.standardValue(),
        KnownSettings.ADD_DLT_ID.standardValue());
  }

  static NormalizeSettings of(Config config) {
    var workers = config.get(KnownSettings.NORMALIZE_WORKERS);
    if (workers < 1) {
      throw new CannotNormalize(
          "Setting 'normalize.workers' is '" + workers + "', but must be at least 1");
    }
    return new NormalizeSettings(
        workers,
        format(
            "Setting 'normalize.loader_file_format'", config.get(KnownSettings.LOADER_FILE_FORMAT)),
        WriterSettings.of(config.at("normalize")),
        config.get(KnownSettings.MAX_IDENTIFIER_LENGTH),
        config.get(KnownSettings.PROMOTE_TYPES),
        config.get(KnownSettings.NULL_COLUMNS_AS_TEXT),
        config.get(KnownSettings.ADD_DLT_LOAD_ID),
        config.get(KnownSettings.ADD_DLT_ID));
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
