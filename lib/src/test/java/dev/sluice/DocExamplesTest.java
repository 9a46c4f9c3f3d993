package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every Java example of a public doc comment, the README and docs compiles against the library.
///
/// An example is a few lines of a script, so it gets what a script has around it: imports, and the
/// names that examples use without declaring them (`doc-frame.txt`). A block that is a whole script
/// stands as it is; the comment `// not compiled:` with a reason exempts one.
class DocExamplesTest {
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  /// A public type that is no seam.
  private static final Pattern API =
      Pattern.compile("(?<!@Seam\n)^public (?!@)", Pattern.MULTILINE);

  private static final Path MAIN = Path.of("src/main/java");

  @TempDir private Path folder;

  @Test
  void everyExampleCompiles() throws Exception {
    var frame = Files.readString(Path.of("src/test/resources/doc-frame.txt"));
    var sources = new ArrayList<JavaFileObject>();
    var places = new LinkedHashMap<String, String>();
    for (var found : examples().entrySet()) {
      var name = "Example" + (places.size() + 1);
      places.put(name, found.getKey());
      sources.add(source(name, framed(frame, name, found.getValue())));
    }
    assertThat(sources).hasSizeGreaterThan(30);
    var wrong = new TreeMap<String, List<String>>();
    for (var said : compiled(sources)) {
      if (said.getKind() == Diagnostic.Kind.ERROR && said.getSource() != null) {
        var name = said.getSource().getName().replaceAll(".*/|\\.java", "");
        wrong
            .computeIfAbsent(places.getOrDefault(name, name), place -> new ArrayList<>())
            .add(line(said) + ": " + said.getMessage(null));
      }
    }
    assertThat(wrong)
        .as("names that examples use without declaring them stand in doc-frame.txt")
        .isEmpty();
  }

  private static String line(Diagnostic<? extends JavaFileObject> said) {
    try {
      return said.getSource()
          .getCharContent(true)
          .toString()
          .lines()
          .skip(said.getLineNumber() - 1)
          .findFirst()
          .orElse("")
          .strip();
    } catch (IOException impossible) {
      return "";
    }
  }

  /// By where it stands.
  private static Map<String, String> examples() throws IOException {
    var found = new TreeMap<String, String>();
    try (var files = Files.walk(MAIN)) {
      for (var file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        var source = Files.readString(file);
        if (API.matcher(source).find()) {
          add(found, MAIN.relativize(file).toString(), comments(source));
        }
      }
    }
    add(found, "README.md", Files.readString(Path.of("../README.md")));
    try (var files = Files.list(Path.of("../docs"))) {
      for (var file : files.filter(path -> path.toString().endsWith(".md")).toList()) {
        add(found, "docs/" + file.getFileName(), Files.readString(file));
      }
    }
    return found;
  }

  private static void add(Map<String, String> found, String place, String text) {
    var matcher = BLOCK.matcher(text);
    for (var number = 1; matcher.find(); number++) {
      if (!matcher.group(1).contains("// not compiled:")) {
        found.put(place + " #" + number, matcher.group(1));
      }
    }
  }

  /// The doc comments of a file without their slashes.
  private static String comments(String source) {
    return source
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("///"))
        .map(line -> line.substring(3).replaceFirst("^ ", ""))
        .collect(Collectors.joining("\n"));
  }

  private static String framed(String frame, String name, String example) {
    var code =
        example
            .lines()
            .filter(line -> !line.startsWith("//") && !line.startsWith("import "))
            .collect(Collectors.joining("\n"));
    var imports =
        example
            .lines()
            .filter(line -> line.startsWith("import ") && !line.contains("dev.sluice.Sluice.*"))
            .collect(Collectors.joining("\n"));
    var declares = code.contains("void main(") || code.stripLeading().startsWith("@");
    return frame
        .replace("IMPORTS", imports)
        .replace("NAME", name)
        .replace("MEMBERS", declares ? code : "")
        .replace("STATEMENTS", declares ? "" : code);
  }

  private static JavaFileObject source(String name, String text) {
    return new SimpleJavaFileObject(
        URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignored) {
        return text;
      }
    };
  }

  private List<Diagnostic<? extends JavaFileObject>> compiled(List<JavaFileObject> sources) {
    var said = new DiagnosticCollector<JavaFileObject>();
    var options =
        List.of(
            "-d",
            folder.toString(),
            "-proc:none",
            "-Xmaxerrs",
            "1000",
            "--should-stop=ifError=FLOW",
            "-classpath",
            System.getProperty("java.class.path"));
    ToolProvider.getSystemJavaCompiler().getTask(null, null, said, options, null, sources).call();
    return said.getDiagnostics();
  }
}
