package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The scripts are the manual: every one is run as a user runs it, one after the other (JBang
/// cannot build one script twice at once).
class ScriptsTest {
  private static final Path SCRIPTS = Path.of("../scripts");
  private static final Path CASES = Path.of("src/test/resources/conformance").toAbsolutePath();

  /// A script with its arguments, and what stands in its output, in that order.
  private record Script(
      String name, List<String> arguments, List<String> typed, List<String> says) {
    Script says(String... words) {
      return new Script(name, arguments, typed, List.of(words));
    }

    Script typed(String... lines) {
      return new Script(name, arguments, List.of(lines), says);
    }
  }

  private static final List<Script> ALL =
      List.of(
          script("hello").says("user 10"),
          script("earthquakes")
              .says("earthquakes__geometry__coordinates", "loaded 1707 rows into earthquakes"),
          script("rest_api").says("earthquakes: 1,707 rows", "ci", "2.96"),
          script("rest_toml").says("comments: 3 rows", "Well said", "A picture, please"),
          script("retries").says("-> 429", "-> 500", "-> 503", "orders: 2 rows"),
          script("parallel_load").says("11 files", "1,000,000 row(s)", "LOADED"),
          script("bench", "1000", "--runs", "1").says("DuckDB's read", "RESULT process_s="),
          script("faults", "--help").says("Usage: ./jbang faults", "interrupt", "Stages: open"),
          script("parallel_callables").says("in thread", "row="),
          script("parallel_awaitables").says("in thread VirtualThread", "row="),
          script("decompose_serial").says("users has [resource 'users']", "orders"),
          script("decompose_parallel").says("users: {", "users=1"),
          script("files").says("Rome", "monday.csv", "has 2 fields instead of 3"),
          script("sluice_cli", "--help").says("Exit codes: 0 done"),
          script("sql_database").says("orders: 1 row", "Eve"),
          script("notebook", "--print").says("JJAVA_CLASSPATH", "sluicebuild.jar"),
          script("shell")
              .typed(
                  "var users = resource(\"users\", () -> List.of(row(\"id\", 7, \"name\", \"long \".repeat(99))))",
                  "pipeline(\"shell\").to(duckdb()).run(users)",
                  "pipeline(\"shell\").sql(\"select id, name from users\")",
                  "pipeline(\"shell\")",
                  "pipeline(\"shell\").loadPackage(\"7\")",
                  "LocalDate.of(2026, 1, 31).plusDays(1)")
              .says(
                  "users ==> resource 'users'",
                  "==> LoadInfo",
                  " 7  long long",
                  "1 row; '…' is cut",
                  "dataset            shell_dataset",
                  "has no package '7'",
                  "2026-02-01"),
          script("conformance", CASES.toString(), "types_inferred", "nested_deep")
              .says("ok    nested_deep", "ok    types_inferred", "2 passed, 0 failed"));

  @TempDir static Path folder;

  @BeforeAll
  static void jbangCanBeHad() throws Exception {
    var version = run(List.of("version"));
    assumeTrue(version.code() == 0, "skipped: needs JBang, " + version.output());
  }

  @TestFactory
  Stream<DynamicTest> everyScriptRunsAndSaysWhatItPromises() {
    return ALL.stream()
        .map(script ->
            dynamicTest(
                script.name(),
                () -> {
                  var command = new ArrayList<String>();
                  command.add(
                      SCRIPTS
                          .resolve(script.name() + ".java")
                          .toAbsolutePath()
                          .normalize()
                          .toString());
                  command.addAll(script.arguments());
                  var answer = run(command, typed(script) + "\n");
                  assertThat(answer.code()).as(answer.output()).isZero();
                  assertThat(answer.output()).containsSubsequence(script.says());
                }));
  }

  @Test
  void noScriptIsLeftOut() throws IOException {
    try (var files = Files.newDirectoryStream(SCRIPTS, "*.java")) {
      var names = new ArrayList<String>();
      files.forEach(file -> names.add(file.getFileName().toString().replace(".java", "")));
      assertThat(ALL.stream().map(Script::name)).containsExactlyInAnyOrderElementsOf(names);
    }
  }

  @Test
  void anAliasWorksFromAnyFolder() throws Exception {
    var answer = run(List.of("hello"));
    assertThat(answer.code()).as(answer.output()).isZero();
    assertThat(folder.resolve("hello.duckdb")).exists();
  }

  /// What JBang gets from Maven Central for a script of one line; the README says how much it is.
  @Test
  void whatAScriptPullsIsAsSmallAsTheReadmeSays() throws Exception {
    var answer =
        run(
            List.of(
                "info",
                "classpath",
                SCRIPTS.resolve("hello.java").toAbsolutePath().normalize().toString()));
    assertThat(answer.code()).as(answer.output()).isZero();
    var own = Path.of("target/jbang").toAbsolutePath();
    var bytes = 0L;
    for (var part : answer.output().split("[\\s" + File.pathSeparator + "]+", -1)) {
      if (part.endsWith(".jar") && !Path.of(part).startsWith(own)) {
        bytes += Files.size(Path.of(part));
      }
    }
    assertThat(bytes).isBetween(80_000_000L, 120_000_000L);
    assertThat(Files.readString(Path.of("../README.md")))
        .contains("pulls %d MB".formatted(Math.round(bytes / 1e6)));
  }

  private static String typed(Script script) {
    return script.typed().stream().map(line -> line + "\n").collect(Collectors.joining());
  }

  private static Script script(String name, String... arguments) {
    return new Script(name, List.of(arguments), List.of(), List.of());
  }

  private record Answer(int code, String output) {}

  private static Answer run(List<String> arguments) throws Exception {
    return run(arguments, "");
  }

  private static Answer run(List<String> arguments, String typed) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of("../jbang").toAbsolutePath().normalize().toString());
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .put("JBANG_CACHE_DIR", Path.of("target/jbang").toAbsolutePath().toString());
    builder.environment().put("JBANG_NO_VERSION_CHECK", "true");
    var process = builder.start();
    try (var in = process.getOutputStream()) {
      in.write(typed.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    var output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), output);
  }
}
