package dev.sluice.inspect;

import dev.sluice.json.Json;
import dev.sluice.json.JsonStreams;
import dev.sluice.json.TypedJson;
import dev.sluice.schema.Schema;
import dev.sluice.store.Compressor;
import dev.sluice.store.FolderUpdate;
import dev.sluice.store.PackageDraft;
import dev.sluice.store.PipelineFolder;
import dev.sluice.store.StoredPackage;
import dev.sluice.store.WorkingDirectory;
import dev.sluice.store.WriterSettings;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// Makes packages on disk as the stages do.
final class PackageFixture {
  private final Path pipelines;
  private final String name;

  PackageFixture(Path pipelines, String name) {
    this.pipelines = pipelines;
    this.name = name;
  }

  Packages packages() {
    return Packages.of(PipelineFolder.of(pipelines, name));
  }

  StoredPackage extracted(String loadId, Consumer<PackageDraft> content) {
    try (var directory = open()) {
      var draft = directory.draftExtract(loadId);
      draft.schema(Json.dumpb(Schema.of(name).toMap()));
      content.accept(draft);
      return directory.commitExtract(List.of(draft), FolderUpdate.none()).getFirst();
    }
  }

  StoredPackage normalized(String loadId, Schema schema, Consumer<PackageDraft> content) {
    var extracted = extracted(loadId, draft -> {});
    try (var directory = open()) {
      var draft = directory.draftNormalize(extracted);
      draft.schema(Json.dumpb(schema.toMap()));
      content.accept(draft);
      return directory.commitNormalize(draft, FolderUpdate.none());
    }
  }

  WorkingDirectory open() {
    return WorkingDirectory.open(pipelines, name, Duration.ofSeconds(1), new Random(1));
  }

  static void rows(PackageDraft draft, String table, String format, Object... rows) {
    try (var compressor = Compressor.inline()) {
      var writer = draft.writer(table, format, WriterSettings.defaults(), compressor);
      for (var row : rows) {
        var bytes = format.equals("typed-jsonl") ? typed(row) : Json.dumpb(row);
        writer.append(bytes, 0, bytes.length);
      }
      writer.finish();
    }
  }

  private static byte[] typed(Object row) {
    var bytes = new ByteArrayOutputStream();
    try (var json = JsonStreams.generator(bytes)) {
      TypedJson.write(json, row);
    }
    return bytes.toByteArray();
  }
}
