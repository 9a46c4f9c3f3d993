package dev.sluice.store;

import dev.sluice.config.Config;
import dev.sluice.config.KnownSettings;
import dev.sluice.seam.Seam;

/// When a writer flushes and begins another file.
///
/// - `bufferMaxItems` (5000): rows in memory before a flush
/// - `bufferMaxBytes` (1 MiB): bytes in memory before a flush
/// - `fileMaxItems` (no limit): a file with as many rows is closed
/// - `maxFileSize` (no limit): a file with as many bytes, after compression, is closed
/// - `compress` (true): gzip, level 1; Parquet has Snappy
///
/// A row group of Parquet is 20 times `bufferMaxItems` rows or 4 times `bufferMaxBytes` bytes.
@Seam
public record WriterSettings(
    int bufferMaxItems, int bufferMaxBytes, long fileMaxItems, long maxFileSize, boolean compress) {
  public WriterSettings {
    if (bufferMaxItems < 1 || bufferMaxBytes < 1 || fileMaxItems < 1 || maxFileSize < 1) {
      throw StoreException.refused(
          "Buffer and file limits of a writer must be at least 1, but are buffer_max_items="
              + bufferMaxItems
              + ", buffer_max_bytes="
              + bufferMaxBytes
              + ", file_max_items="
              + fileMaxItems
              + ", max_file_size="
              + maxFileSize);
    }
  }

  public static WriterSettings defaults() {
    return new WriterSettings(
        KnownSettings.BUFFER_MAX_ITEMS.standardValue(),
        KnownSettings.BUFFER_MAX_BYTES.standardValue(),
        KnownSettings.FILE_MAX_ITEMS.standardValue(),
        KnownSettings.FILE_MAX_BYTES.standardValue(),
        !KnownSettings.DISABLE_COMPRESSION.standardValue());
  }

  /// The settings of `data_writer` in the sections that the config looks at: `config.at("sources",
  /// source).orAt("extract")` or `config.at("normalize")`.
  public static WriterSettings of(Config config) {
    return new WriterSettings(
        config.get(KnownSettings.BUFFER_MAX_ITEMS),
        config.get(KnownSettings.BUFFER_MAX_BYTES),
        config.get(KnownSettings.FILE_MAX_ITEMS),
        config.get(KnownSettings.FILE_MAX_BYTES),
        !config.get(KnownSettings.DISABLE_COMPRESSION));
  }

  public WriterSettings bufferMaxItems(int items) {
    return new WriterSettings(items, bufferMaxBytes, fileMaxItems, maxFileSize, compress);
  }

  public WriterSettings bufferMaxBytes(int bytes) {
    return new WriterSettings(bufferMaxItems, bytes, fileMaxItems, maxFileSize, compress);
  }

  public WriterSettings fileMaxItems(long items) {
    return new WriterSettings(bufferMaxItems, bufferMaxBytes, items, maxFileSize, compress);
  }

  public WriterSettings maxFileSize(long bytes) {
    return new WriterSettings(bufferMaxItems, bufferMaxBytes, fileMaxItems, bytes, compress);
  }

  public WriterSettings compress(boolean on) {
    return new WriterSettings(bufferMaxItems, bufferMaxBytes, fileMaxItems, maxFileSize, on);
  }
}
