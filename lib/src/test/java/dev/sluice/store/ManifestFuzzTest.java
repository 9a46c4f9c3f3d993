package dev.sluice.store;

import dev.sluice.fuzz.Hostile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/// A package whose `manifest.json` is anything.
class ManifestFuzzTest {
  private static Path folder;
  private static StoredPackage stored;
  private static String manifest;

  @BeforeContainer
  static void aPackage() throws IOException {
    folder = Files.createTempDirectory("sluice-manifest");
    try (var directory =
            WorkingDirectory.open(folder, "shop", Duration.ofSeconds(1), new Random(1));
        var compressor = Compressor.inline()) {
      var draft = directory.draftExtract("1.1");
      var row = "{\"id\":1}".getBytes();
      for (var table : List.of("users", "orders/of")) {
        var writer = draft.writer(table, "jsonl", WriterSettings.defaults(), compressor);
        writer.append(row, 0, row.length);
        writer.finish();
      }
      draft.schema("{}".getBytes());
      stored = directory.commitExtract(List.of(draft), FolderUpdate.none()).getFirst();
    }
    manifest = Files.readString(stored.folder().resolve(Manifest.FILE));
  }

  @AfterContainer
  static void remove() throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted((a, b) -> b.compareTo(a)).toList()) Files.delete(file);
    }
  }

  @Property(seed = Hostile.SEED)
  void aManifestIsReadOrRefused(@ForAll("manifests") byte[] content) throws IOException {
    Files.write(stored.folder().resolve(Manifest.FILE), content);
    Hostile.readOrRefused(() -> stored.jobs());
  }

  @Provide
  Arbitrary<byte[]> manifests() {
    return Hostile.bytes(
        Stream.of(manifest, manifest.replace("1", "12345678901234567890")).toArray(String[]::new));
  }
}
