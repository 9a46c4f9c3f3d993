package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The README names what is there.
class ReadmeTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern LINK = Pattern.compile("]\\((?!http)([^)#]+)");

  private static final Pattern CALL = Pattern.compile("\\b([a-z]\\w+)\\(");

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
  void whatTheTablesForDltUsersCallIsThere() throws Exception {
    var methods = new TreeSet<String>();
    try (var files = Files.walk(Path.of("target/classes/dev/sluice"))) {
      for (var file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        var name = Path.of("target/classes").relativize(file).toString().replace(".class", "");
        var type = Class.forName(name.replace('/', '.'), false, getClass().getClassLoader());
        if (Modifier.isPublic(type.getModifiers())) {
          Stream.of(type.getMethods()).map(Method::getName).forEach(methods::add);
        }
      }
    }
    var called = new TreeSet<String>();
    for (var row : Files.readAllLines(ROOT.resolve("docs/from-dlt.md"))) {
      var cells = row.split("(?<!\\\\)\\|");
      if (cells.length == 3) {
        CALL.matcher(cells[2]).results().forEach(call -> called.add(call.group(1)));
      }
    }
    assertThat(called).hasSizeGreaterThan(80);
    assertThat(methods).containsAll(called);
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
