package dev.sluice.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.PipelineException;
import dev.sluice.Sluice;
import dev.sluice.conformance.Expectation.Failure;
import dev.sluice.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// dlt and Sluice work on one pipeline, one working directory and one dataset: whoever makes a run,
/// or a step of one, tables, schemas and state are those that dlt alone makes.
///
/// Runs with `mvn -f lib verify -Pinterop`, if `SLUICE_DLT_PYTHON` names a Python with dlt 1.31.0.
@Tag("interop")
class InteropTest {
  private static final Path CASES = Path.of("src/test/resources/conformance");
  private static final Path SCRIPT = Path.of("src/test/resources/dlt/run_case.py");

  @TempDir static Path folder;

  private static Path python;
  private static DltEngine dlt;
  private static final SluiceEngine SLUICE = new SluiceEngine();

  @BeforeAll
  static void start() throws Exception {
    var name = System.getenv("SLUICE_DLT_PYTHON");
    assumeTrue(name != null, "skipped: needs SLUICE_DLT_PYTHON, a Python with dlt 1.31.0");
    python = Path.of(name);
    dlt = DltEngine.start(python, SCRIPT, folder.resolve("dlt.log"));
  }

  @AfterAll
  static void stop() {
    if (dlt != null) dlt.close();
  }

  @TestFactory
  Stream<DynamicTest> dltPassesItsOwnCases() throws Exception {
    return tests("dlt", dlt, cases(1));
  }

  @TestFactory
  Stream<DynamicTest> sluiceContinuesWhatDltBegan() throws Exception {
    return tests("dlt, Sluice, dlt", turns(dlt, SLUICE), cases(2));
  }

  @TestFactory
  Stream<DynamicTest> dltContinuesWhatSluiceBegan() throws Exception {
    return tests("Sluice, dlt, Sluice", turns(SLUICE, dlt), cases(2));
  }

  @TestFactory
  Stream<DynamicTest> dltNormalizesAndLoadsWhatSluiceExtracted() throws Exception {
    return tests("Sluice extracts", relay(Set.of("extract")), cases(1));
  }

  @TestFactory
  Stream<DynamicTest> dltLoadsWhatSluiceNormalized() throws Exception {
    return tests("Sluice normalizes", relay(Set.of("extract", "normalize")), cases(1));
  }

  @TestFactory
  Stream<DynamicTest> sluiceNormalizesAndLoadsWhatDltExtracted() throws Exception {
    return tests("dlt extracts", relay(Set.of("normalize", "load")), cases(1));
  }

  @TestFactory
  Stream<DynamicTest> sluiceLoadsWhatDltNormalized() throws Exception {
    return tests("dlt normalizes", relay(Set.of("load")), cases(1));
  }

  @Test
  void theCommandLineOfDltOpensOurWorkingDirectory() throws Exception {
    var own = Files.createDirectories(folder.resolve("command line"));
    var recorded = Case.read(CASES.resolve("nested_deep.json"));
    assertThat(SLUICE.run(recorded, 0, own).error()).isEmpty();
    var info =
        new ProcessBuilder(
                python.resolveSibling("dlt").toString(),
                "pipeline",
                "--pipelines-dir",
                own.resolve("pipelines").toString(),
                "conformance",
                "info")
            .directory(own.toFile())
            .redirectErrorStream(true)
            .start();
    var text = new String(info.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(info.waitFor()).as(text).isZero();
    assertThat(text).contains("conformance", "data", "shop");
  }

  @Test
  void sluiceFinishesAPackageThatDltHalfLoaded() throws Exception {
    var own = Files.createDirectories(folder.resolve("half loaded"));
    var file = halfLoaded(own);
    assertThat(sluiceStep("load", Map.of(), own, true).error()).isEmpty();
    var content = Destination.look(own.resolve("conformance.duckdb"), Set.of("_dlt_id"), false);
    assertThat(content.loads()).containsExactly("shop");
    assertThat(content.tables().get("a").rows().orElseThrow())
        .containsExactly("{\"_dlt_load_id\": \"$load:1\", \"id\": 1}");
    assertThat(content.tables().get("b").rows().orElseThrow())
        .containsExactly("{\"_dlt_load_id\": \"$load:1\", \"id\": 2}");
    assertThat(file).doesNotExist();
  }

  @Test
  void aJobThatDltStartedIsRefusedAndNamed() throws Exception {
    var own = Files.createDirectories(folder.resolve("started"));
    var file = halfLoaded(own);
    var started = Files.createDirectories(file.getParent().resolveSibling("started_jobs"));
    Files.move(file, started.resolve(file.getFileName()));
    var error = sluiceStep("load", Map.of(), own, true).error().orElseThrow();
    assertThat(error.step()).isEqualTo("load");
    assertThat(error.message()).contains(file.getFileName().toString());
  }

  /// Lets dlt load table a of a package, but not b, and gives the file of b.
  private static Path halfLoaded(Path own) throws Exception {
    Map<String, Object> run =
        Json.loads(
            """
            {"sources": [{"name": "shop", "resources": [
              {"name": "a", "items": [{"id": 1}]}, {"name": "b", "items": [{"id": 2}]}]}]}\
            """);
    assertThat(dlt.step("extract", run, own, "jsonl").error()).isEmpty();
    assertThat(dlt.step("normalize", run, own, "jsonl").error()).isEmpty();
    var file = jobOf("b", own);
    var whole = Files.readAllBytes(file);
    Files.writeString(file, "no JSON at all");
    assertThat(dlt.step("load", run, own, "jsonl").error()).isPresent();
    // A failed job stays a new one, with a higher count of retries in its name.
    var again = jobOf("b", own);
    Files.write(again, whole);
    return again;
  }

  private static Path jobOf(String table, Path own) throws Exception {
    try (var files = Files.walk(own.resolve("pipelines/conformance/load/normalized"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(table + "."))
          .filter(file -> file.getParent().endsWith("new_jobs"))
          .findFirst()
          .orElseThrow();
    }
  }

  private Stream<DynamicTest> tests(String who, Engine engine, List<Case> cases) {
    var runner = new CaseRunner(engine, folder.resolve(who));
    return cases.stream()
        .map(recorded ->
            dynamicTest(
                recorded.name() + ": " + who,
                () -> {
                  var verdict = runner.run(recorded);
                  if (!verdict.passed()) throw new AssertionError(verdict.report());
                }));
  }

  /// The cases in which both tools do the same, of at least so many runs.
  private static List<Case> cases(int runs) throws Exception {
    var names = System.getProperty("case", "");
    return Case.ofFolder(CASES, names.isEmpty() ? Set.of() : Set.of(names.split(","))).stream()
        .filter(recorded -> !recorded.hasBetter() && recorded.runs().size() >= runs)
        .toList();
  }

  private static Engine turns(Engine first, Engine second) {
    return (recorded, run, own) -> (run % 2 == 0 ? first : second).run(recorded, run, own);
  }

  /// Some steps of each run by Sluice, the others by dlt. What dlt loads is in a format of its
  /// choice, since insert_values is read by dlt alone.
  private static Engine relay(Set<String> bySluice) {
    return (recorded, run, own) -> {
      var declared = recorded.runs().get(run);
      var pulled = new TreeMap<String, Long>();
      for (var step : List.of("extract", "normalize", "load")) {
        var answer =
            bySluice.contains(step)
                ? sluiceStep(step, declared, own, bySluice.contains("load"))
                : dlt.step(step, declared, own, bySluice.contains("load") ? "jsonl" : "");
        answer.pulled().forEach((resource, count) -> pulled.merge(resource, count, Long::sum));
        if (answer.error().isPresent()) {
          SluiceEngine.pipelineOf(declared, own).dropPendingPackages();
          return new Engine.Answer(answer.error(), pulled);
        }
      }
      return new Engine.Answer(Optional.empty(), pulled);
    };
  }

  private static Engine.Answer sluiceStep(
      String step, Map<String, Object> run, Path own, boolean loads) {
    var pulled = new TreeMap<String, Long>();
    var pipeline = SluiceEngine.pipelineOf(run, own);
    try {
      switch (step) {
        case "extract" -> pipeline.extract(SluiceEngine.sources(run, pulled));
        // dlt takes the text of bytes in JSON for the bytes themselves.
        case "normalize" -> pipeline.normalize(loads ? Sluice.JSONL : Sluice.PARQUET);
        default -> pipeline.load();
      }
      return new Engine.Answer(Optional.empty(), pulled);
    } catch (PipelineException failed) {
      var failure = new Failure(failed.step(), List.of(), failed.getMessage());
      return new Engine.Answer(Optional.of(failure), pulled);
    }
  }
}
