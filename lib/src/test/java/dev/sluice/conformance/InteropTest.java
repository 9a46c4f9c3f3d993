package dev.sluice.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.PipelineException;
import dev.sluice.Sluice;
import dev.sluice.conformance.Expectation.Failure;
import dev.sluice.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
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
/// Runs with `mvn -f lib verify -Pinterop`, if `SLUICE_DLT_PYTHON` names a Python with dlt 1.31.0:
/// of all pairs of a case and a division of the work every fourth, so that each case is there and
/// each division meets cases of all sorts. `-Dinterop=all` runs all pairs, `-Dcase=NAME,…` those of
/// some cases.
@Tag("interop")
class InteropTest {
  private static final Path CASES = Path.of("src/test/resources/conformance");
  private static final Path SCRIPT = Path.of("src/test/resources/dlt/run_case.py");

  /// Who does what; the order says which cases each meets.
  private static final List<String> DIVISIONS =
      List.of(
          "dlt",
          "Sluice extracts",
          "Sluice normalizes",
          "dlt extracts",
          "dlt normalizes",
          "dlt, Sluice, dlt",
          "Sluice, dlt, Sluice");

  private static final int SHARE = 4;

  private static final Map<String, Object> TWO_TABLES =
      Json.loads(
          """
          {"sources": [{"name": "shop", "resources": [
            {"name": "a", "items": [{"id": 1}]}, {"name": "b", "items": [{"id": 2}]}]}]}\
          """);

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
    // Integers beyond 64 bits are none that dlt writes as JSON lines.
    var written =
        cases(1).stream().filter(recorded -> !recorded.name().equals("hugeints_declared")).toList();
    return tests("dlt normalizes", relay(Set.of("load")), written);
  }

  /// A version too low, and dlt takes an older state for the newer one; another hash, and it stores
  /// a schema anew.
  @TestFactory
  Stream<DynamicTest> versionsAndHashesAreThoseOfDlt() throws Exception {
    return Stream.of("incremental_boundary", "merge_scd2", "evolve_columns")
        .map(name ->
            dynamicTest(
                name,
                () -> {
                  var alone = versions(name, "by dlt", dlt);
                  assertThat(versions(name, "by Sluice", SLUICE)).isEqualTo(alone);
                  assertThat(versions(name, "dlt first", turns(dlt, SLUICE))).isEqualTo(alone);
                  assertThat(versions(name, "Sluice first", turns(SLUICE, dlt))).isEqualTo(alone);
                }));
  }

  /// After each run: version of the state, version and hash of the schema.
  private static List<String> versions(String name, String who, Engine engine) throws Exception {
    var recorded = Case.read(CASES.resolve(name + ".json"));
    var own = Files.createDirectories(folder.resolve("versions " + who).resolve(name));
    var pipeline = own.resolve("pipelines/conformance");
    var all = new ArrayList<String>();
    for (var run = 0; run < recorded.runs().size(); run++) {
      assertThat(engine.run(recorded, run, own).error()).isEmpty();
      Map<String, Object> state = Json.loads(Files.readString(pipeline.resolve("state.json")));
      Map<String, Object> schema =
          Json.loads(Files.readString(pipeline.resolve("schemas/shop.schema.json")));
      all.add(
          "state %s, schema %s %s"
              .formatted(
                  state.get("_state_version"), schema.get("version"), schema.get("version_hash")));
    }
    return all;
  }

  @TestFactory
  Stream<DynamicTest> theCommandLineOfDltReadsOurWorkingDirectory() throws Exception {
    var own = Files.createDirectories(folder.resolve("command line"));
    var recorded = Case.read(CASES.resolve("nested_deep.json"));
    assertThat(SLUICE.run(recorded, 0, own).error()).isEmpty();
    assertThat(sluiceStep("extract", recorded.runs().getFirst(), own, true).error()).isEmpty();
    var said =
        Map.of(
            "info", List.of("shop", "1 extracted", "1 completed", "things with 3 table(s)"),
            "failed-jobs", List.of("No failed jobs found"),
            // What we know of a run is not pickled by Python.
            "trace", List.of("Pipeline does not have last run trace"),
            "schema", List.of("things__a__l__y"),
            "load-package", List.of("in EXTRACTED state", "Jobs details", "things"));
    return said.entrySet().stream()
        .map(answer ->
            dynamicTest(
                answer.getKey(),
                () -> assertThat(ask(own, answer.getKey())).contains(answer.getValue())));
  }

  private static String ask(Path own, String operation) throws Exception {
    var asked =
        new ProcessBuilder(
                python.resolveSibling("dlt").toString(),
                "pipeline",
                "--pipelines-dir",
                own.resolve("pipelines").toString(),
                "conformance",
                operation)
            .directory(own.toFile())
            .redirectErrorStream(true)
            .start();
    var text = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(asked.waitFor()).as(text).isZero();
    return text;
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

  /// A state that dlt has written counts like any other.
  @Test
  void aPackageThatALoadOfDltHasOvertakenIsRefused() throws Exception {
    var own = Files.createDirectories(folder.resolve("overtaken by dlt"));
    var elsewhere = SluiceEngine.pipelineOf(TWO_TABLES, own).pipelinesDir(own.resolve("elsewhere"));
    elsewhere.extract(SluiceEngine.sources(TWO_TABLES, new TreeMap<>()));
    elsewhere.normalize(Sluice.JSONL);
    for (var step : List.of("extract", "normalize", "load")) {
      assertThat(dlt.step(step, TWO_TABLES, own, "jsonl").error()).isEmpty();
    }
    assertThatThrownBy(elsewhere::load)
        .hasMessageContaining("another working directory of this pipeline was quicker");
    elsewhere.dropPendingPackages();
    elsewhere.run(SluiceEngine.sources(TWO_TABLES, new TreeMap<>()));
    assertThat(elsewhere.dataset().rowCount("a")).isEqualTo(2); // of two runs
    for (var step : List.of("extract", "normalize", "load")) {
      assertThat(dlt.step(step, TWO_TABLES, own, "jsonl").error()).isEmpty();
    }
    assertThat(elsewhere.dataset().rowCount("a")).isEqualTo(3);
  }

  @Test
  void aPackageOfDltThatOurLoadHasOvertakenIsRefused() throws Exception {
    var own = Files.createDirectories(folder.resolve("overtaken by Sluice"));
    assertThat(dlt.step("extract", TWO_TABLES, own, "jsonl").error()).isEmpty();
    assertThat(dlt.step("normalize", TWO_TABLES, own, "jsonl").error()).isEmpty();
    SluiceEngine.pipelineOf(TWO_TABLES, own)
        .pipelinesDir(own.resolve("elsewhere"))
        .run(SluiceEngine.sources(TWO_TABLES, new TreeMap<>()));
    assertThat(sluiceStep("load", TWO_TABLES, own, true).error().orElseThrow().message())
        .contains("another working directory of this pipeline was quicker");
    assertThat(SluiceEngine.pipelineOf(TWO_TABLES, own).dataset().rowCount("a")).isEqualTo(1);
  }

  /// Lets dlt load table a of a package, but not b, and gives the file of b.
  private static Path halfLoaded(Path own) throws Exception {
    var run = TWO_TABLES;
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
    var all = "all".equals(System.getProperty("interop")) || System.getProperty("case") != null;
    return IntStream.range(0, cases.size())
        .filter(index -> all || (index + DIVISIONS.indexOf(who)) % SHARE == 0)
        .mapToObj(cases::get)
        .map(recorded ->
            dynamicTest(
                recorded.name() + ": " + who,
                () -> {
                  var verdict = runner.run(recorded);
                  if (!verdict.passed()) throw new AssertionError(verdict.report());
                }));
  }

  /// Cases of one tool alone. Names of fewer than 19 characters: dlt shortens the columns of its
  /// system tables too, which we do not. Two hints of a kind: we refuse them before the first row,
  /// dlt when it loads, so neither does in the middle of the other's work.
  private static final Set<String> ALONE = Set.of("names_shortened_of_dlt", "hints_two_of_a_kind");

  /// The cases in which both tools do the same, of at least so many runs.
  private static List<Case> cases(int runs) throws Exception {
    var names = System.getProperty("case", "");
    return Case.ofFolder(CASES, names.isEmpty() ? Set.of() : Set.of(names.split(","))).stream()
        .filter(recorded -> !recorded.hasBetter() && recorded.runs().size() >= runs)
        .filter(recorded -> !ALONE.contains(recorded.name()))
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
