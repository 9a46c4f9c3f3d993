///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Runs small pipelines recorded from dlt and compares what they make: DIR [NAME...]
//SOURCES ../lib/sluice.java
//SOURCES ../lib/src/test/java/dev/sluice/conformance/Canonical.java ../lib/src/test/java/dev/sluice/conformance/Case.java
//SOURCES ../lib/src/test/java/dev/sluice/conformance/CaseRunner.java ../lib/src/test/java/dev/sluice/conformance/Comparison.java
//SOURCES ../lib/src/test/java/dev/sluice/conformance/Destination.java ../lib/src/test/java/dev/sluice/conformance/Engine.java
//SOURCES ../lib/src/test/java/dev/sluice/conformance/Expectation.java ../lib/src/test/java/dev/sluice/conformance/Markers.java
//SOURCES ../lib/src/test/java/dev/sluice/conformance/Recording.java
//SOURCES ../lib/src/test/java/dev/sluice/conformance/SluiceEngine.java ../lib/src/test/java/dev/sluice/conformance/Tree.java
//SOURCES ../lib/src/test/java/dev/sluice/conformance/Verdict.java ../lib/src/test/java/dev/sluice/conformance/WorkingFolder.java
//FILES better/=../lib/src/test/resources/better/*.json
import dev.sluice.conformance.*;

// Prints a line for each case of the folder, with the first difference, and ends with code 1 if a case fails.
void main(String... arguments) throws Exception {
  if (arguments.length == 0) {
    IO.println("Usage: ./jbang conformance DIR [NAME...]");
    System.exit(2);
  }
  var names = Set.of(Arrays.copyOfRange(arguments, 1, arguments.length));
  var cases = Case.ofFolder(Path.of(arguments[0]), names);
  if (cases.isEmpty() || cases.size() < names.size()) {
    IO.println("The folder '%s' has %d of the cases %s".formatted(arguments[0], cases.size(), names));
    System.exit(2);
  }
  var folder = Files.createTempDirectory("sluice-conformance");
  int failed = 0, better = 0;
  try (var engine = new SluiceEngine()) {
    for (var each : cases) {
      var verdict = new CaseRunner(engine, folder).run(each);
      IO.println(verdict.line());
      if (!verdict.passed()) failed++;
      if (verdict.byBetter()) better++;
    }
  }
  IO.println("%d passed by a better result of our own, where dlt has a weakness".formatted(better));
  IO.println("%d passed, %d failed".formatted(cases.size() - failed, failed));
  System.exit(failed == 0 ? 0 : 1);
}
