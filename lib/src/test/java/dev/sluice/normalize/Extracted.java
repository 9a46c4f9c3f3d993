package dev.sluice.normalize;

import dev.sluice.json.Json;
import dev.sluice.schema.Schema;
import dev.sluice.store.FolderUpdate;
import dev.sluice.store.JobReader;
import dev.sluice.store.PackageDraft;
import dev.sluice.store.Stage;
import dev.sluice.store.StoredPackage;
import dev.sluice.store.WorkingDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// A working directory with extracted packages made by hand, and a look at what normalize made of
/// them.
final class Extracted implements AutoCloseable {
  static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-01T00:00:00Z"));

  final WorkingDirectory directory;

  private Extracted(WorkingDirectory directory) {
    this.directory = directory;
  }

  static Extracted in(Path folder) {
    return new Extracted(WorkingDirectory.open(folder, "p", Duration.ofSeconds(1), new Random(1)));
  }

  /// A package with these files (name and text), against that schema.
  StoredPackage add(String loadId, Schema schema, Map<String, String> files) throws IOException {
    var draft = directory.draftExtract(loadId);
    for (var file : files.entrySet()) {
      Files.writeString(draft.folder().resolve("new_jobs").resolve(file.getKey()), file.getValue());
    }
    draft.schema(schema.bytes());
    return commit(draft, FolderUpdate.none().schema(schema.name(), schema.bytes()));
  }

  /// A package whose files stand in no manifest, as those of another tool.
  StoredPackage commit(PackageDraft draft, FolderUpdate update) throws IOException {
    var stored = directory.commitExtract(List.of(draft), update).getFirst();
    Files.delete(stored.folder().resolve("manifest.json"));
    Files.delete(directory.folder().root().resolve("packages.json"));
    return stored;
  }

  /// One file of rows for a table.
  StoredPackage add(Schema schema, String table, String... lines) throws IOException {
    return add(
        "1700000000.0",
        schema,
        Map.of(table + ".0000000001.0.typed-jsonl", String.join("\n", lines) + "\n"));
  }

  NormalizeInfo normalize(NormalizeSettings settings) {
    return Normalization.of(directory, settings, CLOCK, new Random(2)).run();
  }

  NormalizeInfo normalize() {
    return normalize(NormalizeSettings.defaults());
  }

  StoredPackage normalized() {
    return directory.folder().packages(Stage.NORMALIZED).getLast();
  }

  Schema schema() {
    return Schema.read(normalized().schema());
  }

  /// The rows of all jsonl files, by table.
  Map<String, List<Map<String, Object>>> rows() throws IOException {
    var rows = new TreeMap<String, List<Map<String, Object>>>();
    for (var job : normalized().jobs()) {
      var table = rows.computeIfAbsent(job.table(), key -> new ArrayList<>());
      try (var in = JobReader.open(job.file())) {
        for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
          if (!line.isBlank()) {
            table.add(Json.loads(line));
          }
        }
      }
    }
    return rows;
  }

  @Override
  public void close() {
    directory.close();
  }
}
