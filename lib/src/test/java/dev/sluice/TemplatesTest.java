package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.http.ChaosServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `jbang init -t pipeline@…`: what the templates make runs as it is, from any folder.
class TemplatesTest {
  private static final Path CATALOG = Path.of("../jbang-catalog.json").toAbsolutePath().normalize();

  @TempDir static Path folder;

  @BeforeAll
  static void jbangCanBeHad() throws Exception {
    assumeTrue(run("", "version").code() == 0, "skipped: needs JBang");
  }

  @Test
  void plainRowsAreLoaded() throws Exception {
    made("pipeline", "cities");
    assertThat(run("", "cities.java").output()).contains("cities: 2 rows", "Berlin", "Rome");
  }

  @Test
  void aScriptKeepsWhereTheLibraryIsSoThatAnyJBangRunsIt() throws Exception {
    made("pipeline", "kept");
    var clone = CATALOG.getParent();
    assertThat(Files.readString(folder.resolve("kept.java")))
        .contains("//SOURCES ${env.SLUICE_HOME:" + clone + "}/lib/sluice.java");
  }

  @Test
  void aDatabaseIsLoaded() throws Exception {
    made("pipeline-sql", "shop");
    assertThat(run("", "shop.java").output()).contains("orders: 2 rows", "Grace", "12.50");
  }

  @Test
  void filesAreLoaded() throws Exception {
    made("pipeline-files", "readings");
    assertThat(run("", "readings.java").output()).contains("readings: 2 rows", "monday.csv");
  }

  @Test
  void anApiIsLoadedPageAfterPage() throws Exception {
    try (var github = ChaosServer.start()) {
      github.on(
          "/repos/jbangdev/jbang/issues",
          ChaosServer.json(
              """
              [{"id": 1, "number": 7, "title": "An alias is not found", "state": "open",
                "updated_at": "2026-02-03T04:05:06Z"}]\
              """));
      made("pipeline-rest", "issues");
      assertThat(run(github.url(""), "issues.java").output())
          .contains("issues: 1 rows", "An alias is not found");
    }
  }

  private static void made(String template, String name) throws Exception {
    var answer = run("", "init", "-t", template + "@" + CATALOG, name + ".java");
    assertThat(answer.code()).as(answer.output()).isZero();
  }

  private record Answer(int code, String output) {}

  private static Answer run(String url, String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of("../jbang").toAbsolutePath().normalize().toString());
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .put("JBANG_CACHE_DIR", Path.of("target/jbang").toAbsolutePath().toString());
    builder.environment().put("JBANG_NO_VERSION_CHECK", "true");
    if (!url.isEmpty()) {
      builder.environment().put("SOURCES__GITHUB__URL", url);
    }
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), output);
  }
}
