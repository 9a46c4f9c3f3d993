package dev.sluice.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.schema.Schema;
import dev.sluice.store.FolderUpdate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The command line as a user runs it, over packages that lie on disk.
final class CommandLineTest {
  @TempDir static Path folder;

  private record Answer(int code, String output) {}

  @BeforeAll
  static void aPipelineWithPackages() throws Exception {
    assumeTrue(jbang(List.of("version")).code() == 0, "skipped: needs JBang");
    var fixture = new PackageFixture(folder.resolve(".dlt/pipelines"), "shop");
    fixture.normalized(
        "1767320000.25",
        Schema.of("shop"),
        draft -> PackageFixture.rows(draft, "users", "jsonl", Map.of("id", 1, "name", "Ada")));
    fixture.extracted(
        "1767320001.25",
        draft -> PackageFixture.rows(draft, "orders", "typed-jsonl", Map.of("id", 7)));
    try (var directory = fixture.open()) {
      directory.update(FolderUpdate.none().schema("shop", Schema.of("shop").bytes()));
    }
  }

  private static Answer sluice(String... arguments) throws Exception {
    var command =
        new ArrayList<>(List.of(Path.of("../scripts/sluice_cli.java").toRealPath().toString()));
    command.addAll(List.of(arguments));
    return jbang(command);
  }

  private static Answer jbang(List<String> arguments) throws Exception {
    var command = new ArrayList<>(List.of(Path.of("../jbang").toRealPath().toString()));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .put("JBANG_CACHE_DIR", Path.of("target/jbang-cli").toAbsolutePath().toString());
    builder.environment().put("JBANG_NO_VERSION_CHECK", "true");
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), output);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--help                             | 0 | Exit codes: 0 done",
        "info                               | 0 | extracted packages   1, newest 1767320001.25",
        "packages shop                      | 0 | shop: 2 packages",
        "packages --json                    | 0 | \"load id\":\"1767320001.25\",\"stage\":\"extracted\"",
        "jobs 1767320000.25                 | 0 | package 1767320000.25",
        "rows 1767320001.25 orders --csv    | 0 | id",
        "rows 1767320000.25 users           | 0 | users (1 row)",
        "schema --format yaml               | 0 | name: shop",
        "trace                              | 0 | it never ran",
        "failed                             | 0 | Nothing failed",
        "clean                              | 0 | 0 of 0 loaded packages would be deleted",
        "drop --pending                     | 0 | 2 pending packages would be dropped; --yes does it",
        "doctor                             | 0 | holds no unknown key",
        "doctor                             | 0 | ok  file system:",
        "settings load.workers              | 0 | 20",
        "settings load.workers --json       | 0 | {\"setting\":\"load.workers\",\"value\":\"20\",\"where from\":\"default\",\"default\":\"20\"",
        "settings runtime.log_level --json  | 0 | has no effect here, because messages go to the logging of the JVM",
        "settings shop.load.workers --csv   | 0 | load.workers,20,default,20",
        "settings                           | 0 | Nothing is set; sluice settings NAME says the default of one",
        "settings load.wrokers              | 2 | There is no setting 'load.wrokers'; did you mean 'load.workers'",
        "doctor --csv                       | 0 | what,ok,found,what to do",
        "failed --json                      | 0 | []",
        "show --json                        | 0 | {\"page\":",
        "plan --csv                         | 2 | 'plan' writes no table; --json is possible",
        "info --json                        | 0 | {\"what\":\"pipeline\",\"value\":\"shop\"}",
        "info --width 40                    | 0 | schema shop",
        "completion                         | 0 | complete",
        "info shpo                          | 2 | did you mean 'shop'?",
        "rows 1767320000.25 user            | 2 | did you mean 'users'?",
        "jobs 1767320009.25                 | 2 | did you mean '1767320000.25'",
        "pakages                            | 2 | Did you mean: sluice packages",
        "load                               | 2 | has no destination yet",
        "sync --help                        | 0 | --extract-again",
        "load --take-state --go-on          | 2 | mutually exclusive",
      })
  void everyCommandSaysWhatItFoundOrWhatIsWrong(String arguments, int code, String says)
      throws Exception {
    var answer = sluice(arguments.strip().split(" +"));
    assertThat(answer.output()).contains(says).doesNotContain("\tat ");
    assertThat(answer.code()).as(answer.output()).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "info",
        "packages",
        "jobs",
        "rows",
        "tables",
        "sql",
        "schema",
        "trace",
        "failed",
        "plan",
        "load",
        "undo",
        "drop",
        "sync",
        "doctor",
        "clean",
        "show",
        "completion"
      })
  void everyCommandHasHelp(String command) throws Exception {
    var answer = sluice(command, "--help");
    assertThat(answer.output())
        .contains("Usage: sluice " + command, "--json", "-d, --pipelines-dir");
    assertThat(answer.code()).isZero();
  }

  @Test
  void whatCannotBeReadIsSaidAndTheRestShown() throws Exception {
    new PackageFixture(folder.resolve("broken"), "shop")
        .extracted(
            "1767320001.25",
            draft -> PackageFixture.rows(draft, "orders", "typed-jsonl", Map.of("id", 7)));
    var shop = folder.resolve("broken/shop");
    Files.createDirectories(shop.resolve("schemas"));
    Files.writeString(shop.resolve("schemas/shop.schema.json"), "{\"x");
    Files.writeString(
        shop.resolve("state.json"), "{\"pipeline_name\": \"shop\", \"_state_engine_version\": 99}");
    for (var command : List.of("info", "doctor")) {
      var answer = sluice(command, "-d", "broken");
      assertThat(answer.output())
          .contains(
              "Cannot read the schema in '" + shop.resolve("schemas/shop.schema.json"),
              "has engine version 99, but this release knows only up to 4; update Sluice");
      assertThat(answer.code()).as(answer.output()).isEqualTo(2);
    }
    assertThat(sluice("info", "-d", "broken").output()).contains("1767320001.25");
    assertThat(sluice("show", "-d", "broken", "-o", "broken.html").code()).isZero();
    assertThat(Files.readString(folder.resolve("broken.html"))).contains("Cannot read the schema");
  }

  @Test
  void aDamagedFileIsReadUpToTheDamage() throws Exception {
    new PackageFixture(folder.resolve("damaged"), "shop")
        .extracted(
            "1767320001.25",
            draft ->
                PackageFixture.rows(
                    draft,
                    "orders",
                    "typed-jsonl",
                    Map.of("id", 7),
                    Map.of("id", "x".repeat(100))));
    try (var files = Files.walk(folder.resolve("damaged"))) {
      var file = files.filter(path -> path.getFileName().toString().startsWith("orders.")).toList();
      var bytes = Files.readAllBytes(file.getFirst());
      Files.write(file.getFirst(), Arrays.copyOf(bytes, bytes.length - 12));
    }
    var answer = sluice("rows", "1767320001.25", "orders", "-d", "damaged");
    assertThat(answer.output()).contains("breaks after row", "rows up to the damage can be read");
    assertThat(answer.code()).as(answer.output()).isEqualTo(2);
  }

  @Test
  void showWritesAPage() throws Exception {
    var answer = sluice("show");
    assertThat(answer.code()).as(answer.output()).isZero();
    assertThat(Files.readString(folder.resolve("shop.html"))).contains("1767320001.25");
  }
}
