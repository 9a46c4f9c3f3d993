package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.load.Destination;
import dev.sluice.resource.Resource;
import dev.sluice.schema.SchemaContract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A secret that a script was given is in no file of the working folder, and in no error.
class SecretsInDataTest {
  private static final String SECRET = "s3cr3t/\"v+lue\"-é";

  @TempDir Path folder;

  private Surroundings surroundings() {
    return new Surroundings(
        Map.of("SOURCES__SHOP__API_KEY", SECRET),
        folder,
        InstantSource.system(),
        new Random(1),
        new PrintStream(new ByteArrayOutputStream()));
  }

  private Pipeline pipeline() {
    // As a script gets it: by another config than the pipeline's.
    assertThat(surroundings().config().secret("sources.shop.api_key").reveal()).isEqualTo(SECRET);
    return Pipeline.of("shop", surroundings()).to(Destination.duckdb());
  }

  private static Resource<Object> rows(Object third) {
    return Resource.of(
        "users",
        out -> {
          out.row(Map.of("id", 1, "note", "a"));
          out.row(Map.of("id", 2, "note", "b"));
          out.row(Map.of("id", 3, "note", third));
        });
  }

  private List<Path> files() throws IOException {
    try (var all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private void noFileHoldsTheSecret() throws IOException {
    for (var file : files()) {
      var bytes = Files.readAllBytes(file);
      if (file.toString().endsWith(".gz")) {
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
          bytes = in.readAllBytes();
        }
      }
      assertThat(new String(bytes, StandardCharsets.UTF_8))
          .as(file.toString())
          .doesNotContain("s3cr3t");
    }
  }

  @Test
  void aPackageWithAKnownSecretIsNotCommitted() throws Exception {
    var failed =
        catchThrowableOfType(
            PipelineException.class, () -> pipeline().run(rows("key is " + SECRET + "!")));
    assertThat(failed.getMessage())
        .matches(
            "Pipeline 'shop' failed in extract: Table 'users', column 'note', row 3 of file"
                + " 'users\\.[0-9a-f]{10}\\.0\\.typed-jsonl\\.gz' would hold the secret"
                + " 'sources\\.shop\\.api_key' \\(encoded\\); take it out of the rows, or allow it"
                + " with the setting extract\\.allow_secrets_in_data = true");
    assertThat(failed.exitCode()).isEqualTo(2);
    assertThat(pipeline().extractedPackages()).isEmpty();
    noFileHoldsTheSecret();
  }

  @ParameterizedTest
  @ValueSource(strings = {"url", "form", "base64", "basic", "base64url", "lower", "deep", "name"})
  void everyFormOfItIsFound(String form) throws Exception {
    var bytes = SECRET.getBytes(StandardCharsets.UTF_8);
    var url = URLEncoder.encode(SECRET, StandardCharsets.UTF_8);
    Object value =
        switch (form) {
          case "url" -> "https://h/?k=" + url.replace("+", "%20") + "&x";
          case "form" -> "k=" + url;
          case "base64" -> "x " + Base64.getEncoder().encodeToString(bytes);
          case "basic" ->
              Base64.getEncoder()
                  .encodeToString(("user7:" + SECRET + "x").getBytes(StandardCharsets.UTF_8));
          case "base64url" -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
          case "lower" ->
              url.replace("%2F", "%2f")
                  .replace("%22", "%22")
                  .replace("%2B", "%2b")
                  .replace("%C3%A9", "%c3%a9");
          case "deep" -> Map.of("a", List.of(Map.of("b", SECRET)));
          default -> Map.of(SECRET, 1);
        };
    assertThatThrownBy(() -> pipeline().run(rows(value)))
        .hasMessageContaining("Table 'users', column 'note', row 3 of file")
        .hasMessageContaining("would hold the secret 'sources.shop.api_key'");
    noFileHoldsTheSecret();
  }

  @Test
  void aSettingAllowsIt() {
    var pipeline = pipeline().setting("extract.allow_secrets_in_data", true);
    pipeline.run(rows(SECRET));
    assertThat(pipeline.sql("select note from users where id = 3").getString(0, 0))
        .isEqualTo(SECRET);
  }

  @Test
  void rowsWithoutItAndWordsNearItPass() {
    var pipeline = pipeline();
    pipeline.run(rows("s3cr3t/ \"v+lue\"-é and " + SECRET.substring(1)));
    assertThat(pipeline.dataset().rowCount("users")).isEqualTo(3);
  }

  @Test
  void rowsThatAContractSetsAsideAreLookedAtToo() throws Exception {
    var pipeline = pipeline();
    pipeline.run(Resource.of("other", () -> List.of(Map.of("id", 1))));
    assertThatThrownBy(() ->
            pipeline.contract(SchemaContract.of(Map.of("tables", "discard_row"))).run(rows(SECRET)))
        .hasMessageContaining("would hold the secret 'sources.shop.api_key'");
    noFileHoldsTheSecret();
  }

  @Test
  void aStateWithASecretIsRefused() throws Exception {
    Resource<Object> remembering =
        Resource.of(
            "users",
            out -> {
              out.state().put("next", "https://h/?page=2&k=" + SECRET);
              out.row(Map.of("id", 1));
            });
    assertThatThrownBy(() -> pipeline().run(remembering))
        .hasMessageContaining(
            "The state of pipeline 'shop' would hold the secret 'sources.shop.api_key'");
    noFileHoldsTheSecret();
  }

  @Test
  void aCheckpointWithASecretIsRefused() throws Exception {
    Resource<Object> resuming =
        Resource.of(
            "users",
            out -> {
              out.row(Map.of("id", 1));
              out.checkpoint("https://h/?page=2&k=" + SECRET);
            });
    assertThatThrownBy(() -> pipeline().run(resuming))
        .hasMessageContaining("would hold the secret 'sources.shop.api_key'");
    noFileHoldsTheSecret();
  }

  @Test
  void noErrorTraceOrEventSaysIt() throws Exception {
    var events = new ArrayList<String>();
    Resource<Object> broken =
        Resource.of(
            "broken",
            out -> {
              throw new SQLException(
                  "no login",
                  new IllegalStateException(
                      "sent " + SECRET + " to jdbc:oracle:thin:scott/t1ger-pw@host:1521:x"));
            });
    var pipeline = pipeline().onEvent(event -> events.add(event.toString()));
    var failed = catchThrowableOfType(PipelineException.class, () -> pipeline.run(broken));
    var stack = new StringWriter();
    failed.printStackTrace(new PrintWriter(stack));
    assertThat(stack.toString())
        .contains("Caused by: java.sql.SQLException: no login")
        .contains(
            "Caused by: java.lang.IllegalStateException: sent *** to"
                + " jdbc:oracle:thin:***@host:1521:x")
        .contains("at dev.sluice.SecretsInDataTest.")
        .doesNotContain("s3cr3t", "t1ger");
    assertThat(String.join("\n", events)).contains("StepEnded").doesNotContain("s3cr3t", "t1ger");
    assertThat(Files.readString(pipeline.workingDirectory().resolve("trace.json")))
        .contains("sent ***")
        .doesNotContain("s3cr3t", "t1ger");
    noFileHoldsTheSecret();
  }

  @Test
  void anErrorWithoutASecretIsTheCauseItself() {
    var own = new IllegalStateException("no answer", new IOException("reset"));
    Resource<Object> broken =
        Resource.of(
            "broken",
            out -> {
              throw own;
            });
    var failed = catchThrowableOfType(PipelineException.class, () -> pipeline().run(broken));
    assertThat(failed).hasRootCause(own.getCause());
    assertThat(failed.getCause().getCause()).isSameAs(own);
  }

  @Test
  void whatTheTraceTellsOfSettingsHoldsNoSecretThatWasAskedForAsText() throws Exception {
    var config = surroundings().config();
    assertThat(config.get(String.class, "sources.shop.api_key")).isEqualTo(SECRET);
    assertThat(config.lookups().getFirst().value()).isEqualTo("***");
  }

  @Test
  void workingFoldersAreTheirOwnersAlone() throws Exception {
    pipeline().run(rows("x"));
    for (var each : List.of(".dlt", ".dlt/pipelines", ".dlt/pipelines/shop")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(each))))
          .as(each)
          .isEqualTo("rwx------");
    }
    var umask = Files.createFile(folder.resolve("as_others_are"));
    assertThat(Files.getPosixFilePermissions(folder.resolve("shop.duckdb")))
        .isEqualTo(Files.getPosixFilePermissions(umask));
  }

  @Test
  void aFolderForOthersToReadIsMadeAsOthersAre() throws Exception {
    var shared = folder.resolve("shared/etl");
    pipeline().pipelinesDir(shared).run(rows("x"));
    var umask = Files.createDirectory(folder.resolve("as_others_are"));
    assertThat(Files.getPosixFilePermissions(shared))
        .isEqualTo(Files.getPosixFilePermissions(umask));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(shared.resolve("shop"))))
        .isEqualTo("rwx------");
  }
}
