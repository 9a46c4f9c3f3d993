package dev.sluice.conformance;

import dev.sluice.conformance.Expectation.Failure;
import dev.sluice.json.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The real dlt in a Python process: what it makes of its own recorded cases must pass, or the
/// comparing is wrong.
public final class DltEngine implements Engine {
  private final Process process;
  private final BufferedWriter questions;
  private final BufferedReader answers;

  private DltEngine(Process process) {
    this.process = process;
    this.questions = process.outputWriter();
    this.answers = process.inputReader();
  }

  /// @param python an interpreter whose environment has dlt
  public static DltEngine start(Path python, Path script, Path log) throws IOException {
    return new DltEngine(
        new ProcessBuilder(python.toString(), script.toAbsolutePath().toString())
            .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
            .start());
  }

  @Override
  public Answer run(Case recorded, int run, Path folder) throws IOException {
    return step("run", recorded.runs().get(run), folder, "");
  }

  /// Makes one step alone: `extract`, `normalize`, `load`, or `run` for all three.
  ///
  /// @param format of the load files; empty for dlt's own choice
  Answer step(String step, Map<String, Object> run, Path folder, String format) throws IOException {
    questions.write(
        Json.dumps(
            Map.of(
                "step", step,
                "run", run,
                "folder", folder.toAbsolutePath().toString(),
                "format", format)));
    questions.newLine();
    questions.flush();
    var line = answers.readLine();
    if (line == null) throw new IOException("dlt's process ended; its log says why");
    Map<String, Object> answer = Json.loads(line);
    var pulled = new TreeMap<String, Long>();
    Tree.<Number>map(answer.get("pulled"))
        .forEach((resource, count) -> pulled.put(resource, count.longValue()));
    return new Answer(
        Optional.ofNullable(answer.get("error")).map(Tree::<String>map).map(DltEngine::failure),
        pulled);
  }

  private static Failure failure(Map<String, String> error) {
    return new Failure(error.get("step"), List.of(), error.get("message"));
  }

  @Override
  public void close() {
    process.destroy();
  }
}
