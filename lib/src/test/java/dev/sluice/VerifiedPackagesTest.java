package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.load.Destination;
import dev.sluice.resource.Resource;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What a package has to prove before it goes on, and that files of others are never touched.
class VerifiedPackagesTest {
  @TempDir Path folder;

  private Pipeline pipeline() {
    return Pipeline.of(
            "shop",
            new Surroundings(
                Map.of(),
                folder,
                InstantSource.system(),
                new Random(),
                new PrintStream(new ByteArrayOutputStream())))
        .pipelinesDir(folder.resolve("pipelines"))
        .to(Destination.duckdb("shop.duckdb"));
  }

  private static Resource<?> users(int... ids) {
    return Resource.of(
        "users", () -> Arrays.stream(ids).mapToObj(id -> Map.<String, Object>of("id", id)));
  }

  private Path root() {
    return folder.resolve("pipelines/shop");
  }

  private Path file(String pattern) throws IOException {
    try (var all = Files.walk(root())) {
      return all.filter(path -> root().relativize(path).toString().matches(pattern))
          .findFirst()
          .orElseThrow();
    }
  }

  // ------------------------------------------------------------------ who wrote it

  @Test
  void anExtractedPackageOfOursWithoutItsManifestIsRefused() throws IOException {
    var pipeline = pipeline();
    pipeline.extract(users(1));
    var manifest = file("normalize/extracted/.*/manifest.json");
    Files.delete(manifest);
    assertThatThrownBy(pipeline::normalize)
        .hasMessageContaining(
            "has lost its manifest '"
                + manifest
                + "', so that its files cannot be verified; restore it, or drop the package with"
                + " dropPendingPackages() and extract again");
    assertThat(pipeline.extractedPackages().getFirst().problems())
        .anyMatch(problem -> problem.contains("has lost its manifest"));
    assertThat(pipeline.dropPendingPackages()).hasSize(1);
    pipeline.run(users(1));
    assertThat(pipeline.dataset().rowCount("users")).isEqualTo(1);
  }

  @Test
  void aNormalizedPackageOfOursWithoutItsManifestIsRefused() throws IOException {
    var pipeline = pipeline();
    pipeline.extract(users(1));
    pipeline.normalize();
    Files.delete(file("load/normalized/.*/manifest.json"));
    assertThatThrownBy(pipeline::load).hasMessageContaining("has lost its manifest");
    assertThat(pipeline.normalizedPackages()).hasSize(1);
  }

  @Test
  void whatAnotherToolNormalizedOfOurExtractIsItsOwnAndUnverified() throws IOException {
    var pipeline = pipeline();
    pipeline.extract(users(1, 2));
    var record = Files.readAllBytes(root().resolve("packages.json"));
    pipeline.normalize();
    // as dlt leaves it: no manifest, and the record is that of our extract
    Files.delete(file("load/normalized/.*/manifest.json"));
    Files.write(root().resolve("packages.json"), record);
    assertThat(pipeline.normalizedPackages().getFirst().toString())
        .contains("unverified: another tool wrote it, without checksums");
    var info = pipeline.load();
    assertThat(info.toString()).contains("unverified: another tool wrote it, without checksums");
    assertThat(pipeline.dataset().rowCount("users")).isEqualTo(2);
  }

  @Test
  void whatWeWroteIsVerifiedAndNotSpokenOf() {
    var info = pipeline().run(users(1));
    assertThat(info.toString()).doesNotContain("verified");
    assertThat(pipeline().loadedPackages().getFirst().toString()).doesNotContain("verified");
  }

  @Test
  void theRecordHoldsWhatWaitsAndForgetsWhatIsGone() throws IOException {
    var pipeline = pipeline();
    pipeline.extract(users(1));
    var first = pipeline.extractedPackages().getFirst().loadId();
    assertThat(Files.readString(root().resolve("packages.json")))
        .contains("\"packages\":{\"" + first + "\":\"extracted\"}");
    pipeline.normalize();
    assertThat(Files.readString(root().resolve("packages.json")))
        .contains("\"packages\":{\"" + first + "\":\"normalized\"}");
    pipeline.load();
    pipeline.extract(users(2));
    var second = pipeline.extractedPackages().getFirst().loadId();
    assertThat(Files.readString(root().resolve("packages.json")))
        .contains("\"packages\":{\"" + second + "\":\"extracted\"}");
  }

  @Test
  void theManifestOfTheReleaseBeforeInAPackageOfThisOneIsRefused() throws IOException {
    var pipeline = pipeline();
    pipeline.extract(users(1));
    var manifest = file("normalize/extracted/.*/manifest.json");
    Files.writeString(manifest, "{\"jobs\":{}}");
    assertThatThrownBy(pipeline::normalize)
        .hasMessageContaining("is not the one that was written, which has checksums");
  }

  // ------------------------------------------------------------------ what it says

  @Test
  void aManifestThatSaysSomethingElseIsRefused() throws IOException {
    var pipeline = pipeline();
    pipeline.extract(users(1));
    var manifest = file("normalize/extracted/.*/manifest.json");
    var text = Files.readString(manifest);
    for (var other :
        List.of(
            text.replaceFirst("\"rows\"", "\"sows\""),
            text.replaceFirst("\"rows\":1", "\"rows\":0"),
            text.replaceFirst("\"bytes\":", "\"bytes\":1"),
            text.substring(0, text.length() / 2),
            "",
            "{}")) {
      Files.writeString(manifest, other);
      assertThatThrownBy(pipeline::normalize)
          .hasMessageContaining("The manifest '" + manifest + "' is damaged (")
          .hasMessageContaining(
              "; restore the file, or drop the package with dropPendingPackages() and extract"
                  + " again");
    }
    Files.writeString(manifest, text);
    pipeline.run();
    assertThat(pipeline.dataset().rowCount("users")).isEqualTo(1);
  }

  @Test
  void aManifestOfTheReleaseBeforeIsReadStrictlyToo() throws IOException {
    var pipeline = pipeline();
    pipeline.extract(users(1));
    Files.delete(root().resolve("packages.json"));
    var manifest = file("normalize/extracted/.*/manifest.json");
    for (var text :
        List.of(
            "{\"jobs\":{\"a\":{\"table\":\"users\",\"sows\":1,\"bytes\":2}}}",
            "{\"jobs\":{\"a\":{\"table\":\"users\",\"bytes\":2}}}",
            "{\"jobs\":{\"a\":{\"table\":\"users\",\"rows\":1,\"rows\":1,\"bytes\":2}}}",
            "{\"jobs\":{},\"more\":1}",
            "{\"jobs\":{}} {}")) {
      Files.writeString(manifest, text);
      assertThatThrownBy(pipeline::normalize)
          .as(text)
          .hasMessageContaining("The manifest '" + manifest + "' is damaged (");
    }
  }

  @Test
  void aFileThatSomebodyPutIntoAPackageIsRefused() throws IOException {
    var pipeline = pipeline();
    pipeline.extract(users(1));
    pipeline.normalize();
    var job = file("load/normalized/.*/new_jobs/users\\..*");
    Files.copy(job, job.resolveSibling("users.ffff000000.0.jsonl.gz"));
    assertThatThrownBy(pipeline::load)
        .hasMessageContaining("users.ffff000000.0.jsonl.gz' does not stand in the manifest");
    assertThat(folder.resolve("shop.duckdb"))
        .satisfiesAnyOf(
            none -> assertThat(none).doesNotExist(),
            empty -> assertThat(pipeline.dataset().tables()).isEmpty());
  }

  @Test
  void aStateThatWasChangedIsRefusedAndSaysWhatToDo() throws IOException {
    var pipeline = pipeline();
    pipeline.run(
        Resource.of(
            "users",
            out -> {
              out.row(Map.of("id", 1));
              out.state().put("cursor", 10);
            }));
    var state = root().resolve("state.json");
    var text = Files.readString(state);
    for (var other :
        List.of(
            text.replace("\"cursor\":10", "\"cursor\":11"),
            text.replaceFirst("\"_state_version\":\\d+", "\"_state_version\":7"))) {
      assertThat(other).isNotEqualTo(text);
      Files.writeString(state, other);
      assertThatThrownBy(() -> pipeline.run(users(2)))
          .hasMessageContaining("The state in '" + state + "' is damaged or was edited")
          .hasMessageContaining("delete its _version_hash to take it as it stands");
    }
    Files.writeString(
        state,
        text.replace("\"cursor\":10", "\"cursor\":11")
            .replaceFirst("\"_version_hash\":\"[^\"]*\",?", ""));
    pipeline.run(users(2));
    assertThat(pipeline.state().at("sources", "shop", "resources", "users", "cursor"))
        .contains(11L);
  }

  // ------------------------------------------------------------------ files of others

  private Path parquet(String name, int rows) throws Exception {
    var file = folder.resolve(name);
    Files.deleteIfExists(file);
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT n::BIGINT AS id FROM range(%d) t(n)) TO '%s' (FORMAT parquet)"
              .formatted(rows, file));
    }
    return file;
  }

  private static Resource<?> given(Path file, int rows) {
    return Resource.of(
        "orders",
        out ->
            assertThat(out.file(file, rows, List.of(ColumnSchema.of("id", DataType.BIGINT))))
                .isTrue());
  }

  @Test
  void aFileThatIsRewrittenAfterItWasTakenDoesNotChangeThePackage() throws Exception {
    var mine = parquet("mine.parquet", 5);
    var pipeline = pipeline();
    pipeline.extract(given(mine, 5));
    var taken = file("normalize/extracted/.*/orders\\..*");
    var content = Files.readAllBytes(mine);
    assertThat(taken).hasBinaryContent(content);
    Files.write(mine, new byte[content.length]); // in place
    assertThat(taken).hasBinaryContent(content);
    pipeline.normalize();
    pipeline.load();
    assertThat(pipeline.dataset().rowCount("orders")).isEqualTo(5);
    assertThat(mine).hasBinaryContent(new byte[content.length]);
  }

  @Test
  void aFileThatGrewIsNeitherCutNorTakenByAResume() throws Exception {
    var mine = parquet("mine.parquet", 5);
    var grown = new ByteArrayOutputStream();
    grown.write(Files.readAllBytes(mine));
    grown.write("more".getBytes(StandardCharsets.UTF_8));
    var pipeline = pipeline();
    assertThatThrownBy(() -> pipeline.run(resumed(mine, true))).hasMessageContaining("cut off");
    Files.write(mine, grown.toByteArray());
    pipeline.run(resumed(mine, false));
    assertThat(mine).hasBinaryContent(grown.toByteArray());
    assertThat(pipeline.dataset().rowCount("orders")).isEqualTo(5);
  }

  /// A draft of the release before: its file is mine by another name, and its checkpoint sums
  /// nothing.
  private void linkedDraft(Path mine) throws Exception {
    assertThatThrownBy(() -> pipeline().run(resumed(mine, true))).hasMessageContaining("cut off");
    var taken = file("normalize/[0-9a-f]{16}/.*/orders\\..*");
    Files.delete(taken);
    Files.createLink(taken, mine);
    var checkpoint = file("normalize/[0-9a-f]{16}/.*/checkpoint.json");
    Files.writeString(
        checkpoint,
        Files.readString(checkpoint)
            .replaceFirst("\"crc32c\":\"[0-9a-f]{8}\",", "")
            .replaceAll(",\"crc32c\":\"[0-9a-f]{8}\"", ""));
  }

  @Test
  void aFileThatTheReleaseBeforeLinkedIsGoneOnWithAsACopy() throws Exception {
    var mine = parquet("mine.parquet", 5);
    linkedDraft(mine);
    var content = Files.readAllBytes(mine);
    pipeline().run(resumed(mine, false));
    assertThat(pipeline().dataset().rowCount("orders")).isEqualTo(5);
    assertThat(mine).hasBinaryContent(content);
  }

  @Test
  void aFileThatTheReleaseBeforeLinkedAndThatGrewIsRefusedAndNotCut() throws Exception {
    var mine = parquet("mine.parquet", 5);
    linkedDraft(mine);
    var grown = new byte[(int) Files.size(mine) + 10];
    Files.write(mine, grown);
    assertThatThrownBy(() -> pipeline().run(resumed(mine, false)))
        .hasMessageContaining(
            "has " + grown.length + " bytes, but its checkpoint says " + (grown.length - 10));
    assertThat(mine).hasBinaryContent(grown);
  }

  private static Resource<?> resumed(Path file, boolean fails) {
    return Resource.of(
        "orders",
        out -> {
          if (out.resumedAt().isEmpty()) {
            out.file(file, 5, List.of(ColumnSchema.of("id", DataType.BIGINT)));
            out.checkpoint("taken");
          }
          if (fails) {
            throw new IllegalStateException("cut off");
          }
        });
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aFileThatMayOnlyBeReadIsLoadedAndStaysAsItIs() throws Exception {
    var mine = parquet("mine.parquet", 5);
    Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("r--r--r--"));
    var before = Files.readAttributes(mine, "unix:ino,nlink,mode,ctime");
    var pipeline = pipeline();
    pipeline.extract(given(mine, 5));
    assertThat(Files.getPosixFilePermissions(file("normalize/extracted/.*/orders\\..*")))
        .containsAll(PosixFilePermissions.fromString("rw-------"));
    pipeline.normalize();
    pipeline.load();
    assertThat(pipeline.dataset().rowCount("orders")).isEqualTo(5);
    assertThat(Files.readAttributes(mine, "unix:ino,nlink,mode,ctime")).isEqualTo(before);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void whatWeWroteOurselvesGoesOnByASecondName() throws Exception {
    var pipeline = pipeline();
    pipeline.extract(given(parquet("mine.parquet", 5), 5));
    var extracted = Files.getAttribute(file("normalize/extracted/.*/orders\\..*"), "unix:ino");
    pipeline.normalize();
    assertThat(Files.getAttribute(file("load/normalized/.*/orders\\..*"), "unix:ino"))
        .isEqualTo(extracted);
  }

  @Test
  void whatAnEarlierReleaseLinkedIsCopied() throws Exception {
    var mine = parquet("mine.parquet", 5);
    var pipeline = pipeline();
    pipeline.extract(given(mine, 5));
    var taken = file("normalize/extracted/.*/orders\\..*");
    Files.delete(taken);
    Files.createLink(taken, mine);
    Files.writeString(
        file("normalize/extracted/.*/manifest.json"),
        "{\"jobs\":{\"%s\":{\"table\":\"orders\",\"rows\":5,\"bytes\":%d}}}"
            .formatted(
                String.valueOf(taken.getFileName()).replaceFirst("\\.0\\.", "."),
                Files.size(mine)));
    try (var others = Stream.of(root().resolve("packages.json"))) {
      others.forEach(file -> file.toFile().delete());
    }
    pipeline.normalize();
    var normalized = file("load/normalized/.*/orders\\..*");
    assertThat(Files.readAttributes(normalized, "*").get("fileKey"))
        .isNotEqualTo(Files.readAttributes(mine, "*").get("fileKey"));
    pipeline.load();
    assertThat(pipeline.dataset().rowCount("orders")).isEqualTo(5);
  }
}
