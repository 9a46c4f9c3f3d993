package dev.sluice.schema;

import java.util.Locale;

/// The format of the files between normalize and load.
///
/// ```java
/// pipeline.extract(users);
/// pipeline.normalize(LoadFileFormat.PARQUET);
/// LoadFileFormat.PARQUET.word();   // "parquet"
/// ```
public enum LoadFileFormat {
  /// A JSON object a line, the default.
  JSONL,
  /// Apache Parquet, compressed by Snappy: loads in half the time of JSON. A file has the same
  /// columns throughout, so another is begun when one appears after a row group was written.
  PARQUET;

  /// The file name's ending and the spelling in configuration.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
