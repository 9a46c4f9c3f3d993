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
  /// Apache Parquet; a new file is begun when a column appears.
  PARQUET;

  /// The file name's ending and the spelling in configuration.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
