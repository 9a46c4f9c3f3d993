package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  /// Those of scope compile that users get; optional parts bring their own.
  private static List<String> dependenciesOfPom() throws Exception {
    var pom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse("pom.xml");
    var project = pom.getDocumentElement();
    var all = child(project, "dependencies").getElementsByTagName("dependency");
    var found = new ArrayList<String>();
    for (var i = 0; i < all.getLength(); i++) {
      var dependency = (Element) all.item(i);
      if (text(dependency, "scope", "compile").equals("compile")
          && text(dependency, "optional", "false").equals("false")) {
        found.add(
            String.join(
                ":",
                text(dependency, "groupId", ""),
                text(dependency, "artifactId", ""),
                text(dependency, "version", "")));
      }
    }
    return found;
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
