package dev.sluice.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Holds the comparing itself against dlt: it must find no difference in what dlt makes of the
/// cases that were recorded from it.
@Tag("interop")
class DltConformanceTest {
  @Test
  void dltPassesItsOwnCases(@TempDir Path folder) throws Exception {
    var python = System.getenv("SLUICE_DLT_PYTHON");
    assumeTrue(python != null, "skipped: needs SLUICE_DLT_PYTHON, a Python with dlt 1.31.0");
    var script = Path.of("src/test/resources/dlt/run_case.py");
    try (var engine = DltEngine.start(Path.of(python), script, folder.resolve("dlt.log"))) {
      var runner = new CaseRunner(engine, folder);
      var cases = Case.ofFolder(Path.of("src/test/resources/conformance"), chosen());
      var failed = cases.stream().map(runner::run).filter(verdict -> !verdict.passed());
      assertThat(failed.map(verdict -> verdict.line() + verdict.differences())).isEmpty();
    }
  }

  private static Set<String> chosen() {
    var names = System.getProperty("case", "");
    return names.isEmpty() ? Set.of() : Set.of(names.split(","));
  }
}
