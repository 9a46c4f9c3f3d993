package dev.sluice.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The notebooks, executed headless, and how they are committed.
///
/// Executing needs `SLUICE_JUPYTER`, a Python with JupyterLab, nbclient and jjava; `.ci/run`
/// installs one. To write their outputs anew after a change:
///
/// ```
/// SLUICE_JUPYTER=python SLUICE_NOTEBOOKS_UPDATE=1 mvn -f lib test -Dquick -Dtest=NotebooksTest
/// ```
class NotebooksTest {
  private static final Path NOTEBOOKS = Path.of("../notebooks").toAbsolutePath().normalize();
  private static final Path SCRIPTS = Path.of("../scripts").toAbsolutePath().normalize();
  private static final Path PROGRAMS = Path.of("src/test/resources").toAbsolutePath();

  @TempDir private Path folder;
  private Path work;

  /// The notebooks reach the scripts' data beside their folder.
  @BeforeEach
  void besideTheScripts() throws Exception {
    work = Files.createDirectory(folder.resolve("notebooks"));
    Files.createSymbolicLink(folder.resolve("scripts"), SCRIPTS);
  }

  @Test
  void everyNotebookRuns() throws Exception {
    var command = new ArrayList<>(List.of("notebooks.py", "sluice", work.toString()));
    notebooks().forEach(file -> command.add(file.toString()));
    if ("1".equals(System.getenv("SLUICE_NOTEBOOKS_UPDATE"))) {
      command.add("--update");
    }
    var answer = python(command);
    assertThat(answer.code()).as(answer.output()).isZero();
    assertThat(answer.output())
        .contains(
            notebooks().stream().map(file -> "ok " + file.getFileName()).toArray(String[]::new));
  }

  @Test
  void anInterruptedCellRunsAgainAndNoRowIsThereTwice() throws Exception {
    var answer = python(List.of("interrupted.py", "sluice", work.toString()));
    assertThat(answer.code()).as(answer.output()).isZero();
    assertThat(answer.output())
        .containsSubsequence("interrupted: error", "again: Pipeline interrupted", "rows: ");
    assertThat(answer.output().lines().reduce((before, last) -> last).orElse(""))
        .contains("1000")
        .doesNotContain("1010");
  }

  @Test
  void theNotebooksAreCommittedAsTheyRan() throws Exception {
    for (var file : notebooks()) {
      var notebook = new JsonMapper().readTree(Files.readString(file));
      for (var cell : cells(notebook)) {
        assertThat(cell.path("execution_count").isNumber())
            .as("%s was run: %s", file.getFileName(), cell.path("source"))
            .isTrue();
        var failed = cell.path("outputs").toString().contains("\"output_type\":\"error\"");
        var meant = cell.path("metadata").toString().contains("raises-exception");
        assertThat(failed).as("%s fails: %s", file, cell.path("source")).isEqualTo(meant);
      }
      assertThat(notebook.toString())
          .doesNotContain("/tmp/", System.getProperty("user.home"))
          .doesNotContain("at dev.sluice.", "at java.base");
    }
  }

  private static List<JsonNode> cells(JsonNode notebook) {
    var cells = new ArrayList<JsonNode>();
    notebook
        .path("cells")
        .forEach(cell -> {
          if (cell.path("cell_type").asString().equals("code")) {
            cells.add(cell);
          }
        });
    return cells;
  }

  private static List<Path> notebooks() throws Exception {
    try (var files = Files.list(NOTEBOOKS)) {
      return files.filter(file -> file.toString().endsWith(".ipynb")).sorted().toList();
    }
  }

  private record Answer(int code, String output) {}

  private Answer python(List<String> arguments) throws Exception {
    var command = new ArrayList<>(List.of(PROGRAMS.resolve(arguments.getFirst()).toString()));
    command.addAll(arguments.subList(1, arguments.size()));
    var process =
        Jupyter.python(folder, command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), output);
  }
}
