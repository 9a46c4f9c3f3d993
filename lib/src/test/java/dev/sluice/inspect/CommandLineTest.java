package dev.sluice.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.schema.Schema;
import dev.sluice.store.FolderUpdate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        "completion                         | 0 | complete",
        "info shpo                          | 2 | did you mean 'shop'?",
        "rows 1767320000.25 user            | 2 | did you mean 'users'?",
        "jobs 1767320009.25                 | 2 | did you mean '1767320000.25'",
        "pakages                            | 2 | Did you mean: sluice packages",
        "load                               | 2 | has no destination yet",
      })
  void everyCommandSaysWhatItFoundOrWhatIsWrong(String arguments, int code, String says)
      throws Exception {
    var answer = sluice(arguments.strip().split(" +"));
    assertThat(answer.output()).contains(says).doesNotContain("\tat ");
    assertThat(answer.code()).as(answer.output()).isEqualTo(code);
  }

  @Test
  void showWritesAPage() throws Exception {
    var answer = sluice("show");
    assertThat(answer.code()).as(answer.output()).isZero();
    assertThat(Files.readString(folder.resolve("shop.html"))).contains("1767320001.25");
  }
}
