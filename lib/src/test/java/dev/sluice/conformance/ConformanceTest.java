package dev.sluice.conformance;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Small pipelines that were recorded from dlt 1.31 make the same here.
///
/// Some of them: `mvn -f lib test -Dtest=ConformanceTest -Dcase=types_inferred,nulls`
class ConformanceTest {
  private static final Path CASES = Path.of("src/test/resources/conformance");

  @TempDir static Path folder;

  @TestFactory
  Stream<DynamicTest> theSameAsRecordedFromDlt() throws IOException {
    var names = System.getProperty("case", "");
    var chosen = names.isEmpty() ? Set.<String>of() : Set.of(names.split(","));
    var runner = new CaseRunner(new SluiceEngine(), folder);
    return Case.ofFolder(CASES, chosen).stream()
        .map(recorded ->
            dynamicTest(
                recorded.name(),
                () -> {
                  var verdict = runner.run(recorded);
                  if (!verdict.passed()) throw new AssertionError(verdict.report());
                }));
  }
}
