package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.http.ChaosServer;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every public type's doc comment has an example in Java, and every example runs, in a folder of
/// its own and with a real DuckDB; so do those of the README. ([HttpDocTest] runs `docs/http.md`.)
///
/// An example is a few lines of a script, so it gets what a script has around it: imports
/// (`doc-frame.txt`), and the names that examples use without declaring them ([DocWorld]). Servers
/// it names stand on this machine. The examples of a file run one after the other in a Java of
/// their own, as a script's lines do; those of all files without a pipeline share one.
class DocExamplesTest {
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  /// A public type that is no seam.
  private static final Pattern API =
      Pattern.compile("(?<!@Seam\n(@FunctionalInterface\n)?)^public (?!@)", Pattern.MULTILINE);

  private static final List<Path> ROOTS =
      List.of(Path.of("src/main/java"), Path.of("src/s3/java"), Path.of("src/junit/java"));

  /// What is only compiled, and why.
  private static final Map<String, String> NOT_RUN =
      Map.of(
          "dev/sluice/s3/S3.java", "wants a bucket; S3Test loads from one",
          "dev/sluice/junit/SluiceTest.java", "is a test itself; SluiceTestTest runs the same");

  private static ChaosServer server;
  private static Map<String, String> examples;
  private static Map<String, List<String>> classes;
  private static Map<String, List<String>> wrong;

  @TempDir private static Path folder;

  @BeforeAll
  static void compile() throws Exception {
    server = ChaosServer.start();
    for (var path : List.of("contacts", "api/contacts", "orders", "users", "events", "posts")) {
      var rows =
          ChaosServer.json("[{\"id\": 1, \"title\": \"Valves\", \"updated_at\": \"2026-02-01\"}]");
      server.on("/" + path, rows).on("/v1/" + path, rows);
    }
    server.on("/v1/posts/1/comments", ChaosServer.json("[{\"id\": 2}]"));
    examples = examples();
    var frame = Files.readString(Path.of("src/test/resources/doc-frame.txt"));
    var sources = new ArrayList<JavaFileObject>();
    var places = new LinkedHashMap<String, String>();
    classes = new TreeMap<>();
    for (var found : examples.entrySet()) {
      var name = "Example" + (places.size() + 1);
      places.put(name, found.getKey());
      classes.computeIfAbsent(file(found.getKey()), file -> new ArrayList<>()).add(name);
      sources.add(source(name, framed(frame, name, atHome(found.getValue()))));
    }
    wrong = new TreeMap<>();
    for (var said : compiled(sources)) {
      if (said.getKind() == Diagnostic.Kind.ERROR && said.getSource() != null) {
        var name = said.getSource().getName().replaceAll(".*/|\\.java", "");
        wrong
            .computeIfAbsent(places.getOrDefault(name, name), place -> new ArrayList<>())
            .add(line(said) + ": " + said.getMessage(null));
      }
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void everyExampleCompiles() {
    assertThat(wrong)
        .as("names that examples use without declaring them stand in DocWorld")
        .isEmpty();
    assertThat(classes.keySet()).containsAll(NOT_RUN.keySet());
  }

  @Test
  void everyPublicTypeHasAnExample() throws IOException {
    assertThat(publicTypes().keySet())
        .hasSizeGreaterThan(40)
        .allSatisfy(type -> assertThat(classes).containsKey(type));
  }

  /// The places of examples, by the Java they run in.
  static Stream<Map.Entry<String, List<String>>> thoseThatRun() throws IOException {
    var texts = new TreeMap<String, String>();
    examples().forEach((place, text) -> texts.merge(file(place), text, String::concat));
    texts.keySet().removeIf(file -> NOT_RUN.containsKey(file) || file.startsWith("docs/"));
    return texts.keySet().stream()
        .collect(
            Collectors.groupingBy(
                file -> texts.get(file).contains("pipeline") ? file : "without a pipeline",
                TreeMap::new,
                Collectors.toList()))
        .entrySet()
        .stream();
  }

  @ParameterizedTest
  @MethodSource("thoseThatRun")
  void theExamplesRun(Map.Entry<String, List<String>> group) throws Exception {
    var text = new StringBuilder();
    var names = new ArrayList<String>();
    for (var file : group.getValue()) {
      names.addAll(classes.get(file));
      examples.forEach((place, example) -> {
        if (file(place).equals(file)) text.append(example);
      });
    }
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Ddoc.server=" + server.url("/v1"),
                "-Ddoc.files="
                    + text.toString().matches("(?s).*(page\\.json|Filesystem|SqlDatabase).*"),
                "-Ddoc.pipeline=" + Pattern.compile("\\b(pipeline|schema)\\.").matcher(text).find(),
                "-cp",
                folder + File.pathSeparator + System.getProperty("java.class.path"),
                DocWorld.class.getName()));
    command.addAll(names);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(Files.createTempDirectory(folder, "run").toFile());
    for (var secret : List.of("SHOP__API_KEY", "SHOP__PASSWORD", "ZENDESK__API_KEY")) {
      builder.environment().put("SOURCES__" + secret, "secret");
    }
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  /// Servers and databases that are not here have a stand-in that is.
  private static String atHome(String example) {
    return example
        .replaceAll("https://(api\\.)?example\\.com", server.url(""))
        .replaceAll("jdbc:postgresql://localhost/shop", "jdbc:duckdb:source.duckdb");
  }

  private static String file(String place) {
    return place.replaceAll(" #\\d+$", "");
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

  private static Map<String, String> publicTypes() throws IOException {
    var types = new TreeMap<String, String>();
    for (var root : ROOTS) {
      try (var files = Files.walk(root)) {
        for (var file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          var source = Files.readString(file);
          if (API.matcher(source).find()) {
            types.put(root.relativize(file).toString(), source);
          }
        }
      }
    }
    return types;
  }

  /// By where it stands.
  private static Map<String, String> examples() throws IOException {
    var found = new TreeMap<String, String>();
    publicTypes().forEach((type, source) -> add(found, type, comments(source)));
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
      found.put(place + " #" + number, matcher.group(1));
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
    var declares = code.contains("void main(") || code.stripLeading().startsWith("class ");
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

  private static List<Diagnostic<? extends JavaFileObject>> compiled(List<JavaFileObject> sources) {
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
