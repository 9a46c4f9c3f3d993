package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The README names what is there.
class ReadmeTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern LINK = Pattern.compile("]\\((?!http)([^)#]+)");

  @Test
  void itsLinksLeadSomewhere() throws IOException {
    var pages =
        new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("notebooks/README.md")));
    pages.addAll(files("docs", ".md"));
    for (var page : pages) {
      var links =
          LINK.matcher(Files.readString(page)).results().map(link -> link.group(1)).toList();
      assertThat(links)
          .as("%s", page)
          .allSatisfy(link -> assertThat(page.resolveSibling(link)).exists());
    }
  }

  @Test
  void everyCaseThatIsBetterThanDltIsInItsTable() throws IOException {
    var readme = readme();
    assertThat(files("lib/src/test/resources/better", ".json"))
        .isNotEmpty()
        .allSatisfy(file ->
            assertThat(readme)
                .contains("`" + file.getFileName().toString().replace(".json", "") + "`"));
  }

  @Test
  void everyPackageIsInItsDrawing() throws IOException {
    var drawing =
        readme()
            .substring(readme().indexOf("## The packages"), readme().indexOf("## Dependencies"));
    try (var folders = Files.list(Path.of("src/main/java/dev/sluice"))) {
      assertThat(folders.filter(Files::isDirectory).map(folder -> folder.getFileName().toString()))
          .filteredOn(name -> !name.equals("seam"))
          .allSatisfy(name -> assertThat(drawing).contains(name));
    }
  }

  @Test
  void everyNotebookIsInTheirTable() throws IOException {
    var table = Files.readString(ROOT.resolve("notebooks/README.md"));
    assertThat(files("notebooks", ".ipynb"))
        .isNotEmpty()
        .allSatisfy(file -> assertThat(table).contains("(" + file.getFileName() + ")"));
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  private static List<Path> files(String folder, String ending) throws IOException {
    try (var files = Files.list(ROOT.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }
}
