package dev.sluice.sources;

import java.util.Locale;
import java.util.Optional;

/// What is in a file, by the end of its name; a `.gz` or `.zst` behind it does not matter.
enum FileFormat {
  JSONL,
  CSV,
  PARQUET,
  JSON;

  static Optional<FileFormat> of(String fileName) {
    var name = fileName.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|gzip|zst|zstd)$", "");
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "jsonl", "ndjson" -> Optional.of(JSONL);
      case "csv", "tsv" -> Optional.of(CSV);
      case "parquet" -> Optional.of(PARQUET);
      case "json", "geojson" -> Optional.of(JSON);
      default -> Optional.empty();
    };
  }
}
