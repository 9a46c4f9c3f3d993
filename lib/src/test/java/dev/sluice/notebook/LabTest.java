package dev.sluice.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// The first notebook as a person has it: JupyterLab in Chromium. What it looks like is kept in
/// `target/lab.png`, what Lab says in `target/lab.log`.
class LabTest {
  private static final String CELLS = "[...document.querySelectorAll('.jp-CodeCell')]";

  @TempDir private Path folder;

  @Test
  void aNotebookRunsInTheBrowserAndShowsTablesAndPictures() throws Exception {
    var chromium = Browser.chromium();
    assumeTrue(chromium.isPresent(), "skipped: needs Chromium to look at JupyterLab");
    var notebooks = Files.createDirectory(folder.resolve("notebooks"));
    var notebook = Path.of("../notebooks/1_first_steps.ipynb");
    Files.copy(notebook, notebooks.resolve("first.ipynb"));
    Files.createSymbolicLink(
        folder.resolve("scripts"), Path.of("../scripts").toAbsolutePath().normalize());
    var command =
        List.of(
            "-m",
            "jupyterlab",
            "--allow-root",
            "--no-browser",
            "--ServerApp.port=0",
            "--LabApp.news_url=None",
            "--LabApp.expose_app_in_browser=True");
    var lab =
        Jupyter.python(folder, command)
            .directory(notebooks.toFile())
            .redirectErrorStream(true)
            .redirectOutput(Path.of("target/lab.log").toFile())
            .start();
    try (var browser = Browser.start(chromium.get(), folder.resolve("profile"))) {
      browser.open(address(lab).formatted("/tree/first.ipynb"));
      // opened as it is committed: with its tables and pictures
      browser.await(
          CELLS + ".length > 10 && document.querySelector('.vega-embed svg, .vega-embed canvas')");
      browser.js("jupyterapp.shell.activateById(document.querySelector('.jp-NotebookPanel').id)");
      browser.await(
          "jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.connectionStatus === 'connected'");
      browser.js("jupyterapp.commands.execute('notebook:clear-all-cell-outputs')");
      assertThat(browser.js("document.querySelectorAll('.jp-OutputArea-output').length").asInt())
          .isZero();
      browser.js("void jupyterapp.commands.execute('notebook:run-all-cells')");
      browser.await(
          CELLS
              + ".every(cell => /\\[\\d+\\]/.test(cell.querySelector('.jp-InputPrompt').textContent))");
      browser.await("document.querySelector('.vega-embed svg, .vega-embed canvas')");
      browser.js("document.querySelector('.vega-embed').scrollIntoView()");
      browser.screenshot(Path.of("target/lab.png"));

      assertThat(
              texts(
                  browser,
                  "[data-mime-type=\"application/vnd.jupyter.stderr\"], .jp-OutputArea-error"))
          .isEmpty();
      assertThat(texts(browser, "td")).contains("22km NNE of Hualian, Taiwan");
      assertThat(browser.js(CELLS + ".filter(cell => cell.querySelector('table')).length").asInt())
          .isGreaterThanOrEqualTo(6);
      assertThat(sizes(browser, ".vega-embed svg, .vega-embed canvas")).hasSize(1);
      assertThat(sizes(browser, ".jp-RenderedHTML svg")).hasSizeGreaterThanOrEqualTo(2);
    } finally {
      lab.destroy();
      lab.waitFor();
    }
  }

  /// Where Lab listens, with the token that it made.
  private String address(Process lab) throws Exception {
    var file = folder.resolve("runtime/jpserver-" + lab.pid() + ".json");
    Browser.until("JupyterLab listens", () -> Files.exists(file) && Files.size(file) > 0);
    var server = new JsonMapper().readTree(Files.readString(file));
    return server.path("url").asString() + "lab%s?token=" + server.path("token").asString();
  }

  private static List<String> texts(Browser browser, String selector) throws Exception {
    return browser
        .js(
            "[...document.querySelectorAll('%s')].map(found => found.textContent)"
                .formatted(selector))
        .valueStream()
        .map(text -> text.asString())
        .toList();
  }

  /// The widths of what can be seen.
  private static List<Integer> sizes(Browser browser, String selector) throws Exception {
    return browser
        .js(
            "[...document.querySelectorAll('%s')].map(found => found.getBoundingClientRect()).filter(box => box.width > 200 && box.height > 60).map(box => Math.round(box.width))"
                .formatted(selector))
        .valueStream()
        .map(width -> width.asInt())
        .toList();
  }
}
