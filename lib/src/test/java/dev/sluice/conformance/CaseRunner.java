package dev.sluice.conformance;

import dev.sluice.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Runs cases in folders of their own and compares what is there after each run.
public final class CaseRunner {
  static final Expectation NOTHING =
      new Expectation(
          Optional.of(Map.of()),
          Optional.of(Map.of()),
          Optional.of(List.of()),
          Map.of(),
          Map.of(),
          Optional.empty());

  private final Engine engine;
  private final Path folder;

  /// @param folder empty; it gets a folder for each case
  public CaseRunner(Engine engine, Path folder) {
    this.engine = engine;
    this.folder = folder;
  }

  public Verdict run(Case recorded) {
    List<Expectation> found;
    try {
      found = runs(recorded);
    } catch (Exception unexpected) {
      return new Verdict(recorded, List.of("the runner itself failed: " + unexpected), false);
    }
    var differences = differences(recorded.expect(), found);
    var better =
        !differences.isEmpty()
            && better(recorded)
                .filter(expected -> differences(expected.expect(), found).isEmpty())
                .isPresent();
    return new Verdict(recorded, differences, better);
  }

  /// What a case makes here, in the form of a case.
  public String record(Case recorded) throws Exception {
    return Recording.of(recorded, runs(recorded));
  }

  private List<Expectation> runs(Case recorded) throws Exception {
    var own = Files.createDirectories(folder.resolve(recorded.name()));
    var found = new ArrayList<Expectation>();
    for (var run = 0; run < recorded.runs().size(); run++) {
      var answer = engine.run(recorded, run, own);
      var working = new WorkingFolder(own.resolve("pipelines/conformance"));
      var destination =
          Destination.look(
              own.resolve("conformance.duckdb"), recorded.ignore(), recorded.systemTables());
      found.add(
          new Expectation(
              Optional.of(working.schemas(recorded.systemTables())),
              Optional.of(destination.tables()),
              Optional.of(destination.loads()),
              working.state(),
              answer.pulled(),
              answer.error()));
    }
    return found;
  }

  static List<String> differences(List<Expectation> expected, List<Expectation> found) {
    var differences = new ArrayList<String>();
    for (var run = 0; run < expected.size(); run++) {
      var number = run + 1;
      Comparison.differences(
              expected.get(run), run == 0 ? NOTHING : found.get(run - 1), found.get(run))
          .forEach(difference -> differences.add("run %d: %s".formatted(number, difference)));
    }
    return differences;
  }

  /// Our own expectation where dlt has a weakness: `better/NAME.json` on the class path.
  private static Optional<Case> better(Case recorded) {
    if (!recorded.hasBetter()) return Optional.empty();
    try (var in = CaseRunner.class.getResourceAsStream("/better/" + recorded.name() + ".json")) {
      return in == null ? Optional.empty() : Optional.of(Case.of(Json.load(in)));
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }
}
