package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import tools.jackson.databind.json.JsonMapper;

/// What JBang reads beside the library: the headers that scripts include, and the catalog.
class HeaderTest {
  @Test
  void theHeaderAndThePomNameTheSameDependencies() throws Exception {
    assertThat(dependenciesOfHeader(Path.of("sluicebuild.java")))
        .containsExactlyElementsOf(dependenciesOfPom());
  }

  /// Messages and pages that name a line to add; each must be the version that is tested here.
  @Test
  void everyLineToAddNamesTheVersionOfThePom() throws Exception {
    var versions = new HashMap<String, String>();
    for (var dependency : dependencies()) {
      versions.put(
          text(dependency, "groupId", "") + ":" + text(dependency, "artifactId", ""),
          text(dependency, "version", ""));
    }
    var lines = Pattern.compile("//DEPS ([\\w.]+:[\\w.-]+):([\\w.-]*\\w)");
    var found = new ArrayList<String>();
    try (var sources = Files.walk(Path.of("src/main/java"));
        var pages = Files.walk(Path.of("../docs"))) {
      for (var file :
          Stream.of(sources, pages, Stream.of(Path.of("../README.md")))
              .flatMap(files -> files)
              .filter(path -> path.toString().matches(".*\\.(java|md)"))
              .toList()) {
        for (var line : lines.matcher(Files.readString(file)).results().toList()) {
          // The library itself, and what pom.xml leaves out on purpose.
          if (!line.group(1).startsWith("dev.sluice:")
              && !line.group(1).startsWith("com.ibm.icu:")) {
            found.add(line.group(1));
            assertThat(line.group(2))
                .as(file + ": " + line.group())
                .isEqualTo(versions.get(line.group(1)));
          }
        }
      }
    }
    assertThat(found)
        .contains(
            "software.amazon.awssdk:s3", "com.github.luben:zstd-jni", "org.postgresql:postgresql");
  }

  @Test
  void everyAliasAndTemplateOfTheCatalogNamesAFile() throws Exception {
    var catalog = new JsonMapper().readTree(Files.readString(Path.of("../jbang-catalog.json")));
    var files = new ArrayList<String>();
    catalog.path("aliases").forEach(alias -> files.add(alias.path("script-ref").asString()));
    catalog
        .path("templates")
        .forEach(template ->
            template.path("file-refs").forEach(reference -> files.add(reference.asString())));
    assertThat(files).isNotEmpty().allSatisfy(file -> assertThat(Path.of("..", file)).exists());
  }

  private static List<String> dependenciesOfHeader(Path header) throws Exception {
    try (var lines = Files.lines(header)) {
      return lines
          .filter(line -> line.startsWith("//DEPS "))
          .map(line -> line.substring("//DEPS ".length()))
          .toList();
    }
  }

  /// Those of scope compile that users get; optional parts bring their own. One that comes without
  /// its dependencies is a `@fatjar` to JBang.
  private static List<String> dependenciesOfPom() throws Exception {
    var found = new ArrayList<String>();
    for (var dependency : dependencies()) {
      if (text(dependency, "scope", "compile").equals("compile")
          && text(dependency, "optional", "false").equals("false")) {
        var alone = dependency.getElementsByTagName("exclusion").getLength() > 0;
        found.add(
            String.join(
                    ":",
                    text(dependency, "groupId", ""),
                    text(dependency, "artifactId", ""),
                    text(dependency, "version", ""))
                + (alone ? "@fatjar" : ""));
      }
    }
    return found;
  }

  private static List<Element> dependencies() throws Exception {
    var pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse("pom.xml");
    var all = child(pom.getDocumentElement(), "dependencies").getElementsByTagName("dependency");
    return IntStream.range(0, all.getLength()).mapToObj(at -> (Element) all.item(at)).toList();
  }

  private static Element child(Element parent, String name) {
    for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        return element;
      }
    }
    throw new AssertionError("pom.xml has no <" + name + ">");
  }

  private static String text(Element parent, String name, String absent) {
    var found = parent.getElementsByTagName(name);
    return found.getLength() == 0 ? absent : found.item(0).getTextContent();
  }
}
