package dev.sluice.notebook;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/// The Python of `SLUICE_JUPYTER`, which finds a kernel `sluice` that has the classes under test
/// and keeps what it writes in the test's folder.
final class Jupyter {
  private Jupyter() {}

  static ProcessBuilder python(Path folder, List<String> arguments) throws Exception {
    var python = System.getenv("SLUICE_JUPYTER");
    assumeTrue(
        python != null,
        "skipped: needs JupyterLab and JJava; name the Python that has them in SLUICE_JUPYTER");
    var kernel = Files.createDirectories(folder.resolve("jupyter/kernels/sluice"));
    Files.writeString(
        kernel.resolve("kernel.json"), new JsonMapper().writeValueAsString(kernelOf(python)));
    var command = new ArrayList<>(List.of(python));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder.environment().put("JUPYTER_PATH", folder.resolve("jupyter").toString());
    builder.environment().put("JUPYTER_CONFIG_DIR", folder.resolve("config").toString());
    builder.environment().put("JUPYTER_DATA_DIR", folder.resolve("data").toString());
    builder.environment().put("JUPYTER_RUNTIME_DIR", folder.resolve("runtime").toString());
    builder.environment().put("IPYTHONDIR", folder.resolve("ipython").toString());
    return builder;
  }

  /// As `./jbang notebook` installs it, but with the classes that Maven has just compiled.
  private static Map<String, Object> kernelOf(String python) {
    var jar = Path.of(python).resolveSibling("../share/jupyter/kernels/java/jjava.jar").normalize();
    var classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry ->
                !entry.matches(".*(test-classes|jjava|gson|junit|archunit|assertj|jqwik).*"))
            .collect(Collectors.joining(File.pathSeparator));
    return Map.of(
        "argv",
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "--add-opens",
            "jdk.jshell/jdk.jshell=ALL-UNNAMED",
            "-jar",
            jar.toString(),
            "{connection_file}"),
        "display_name",
        "Sluice (Java)",
        "language",
        "java",
        "interrupt_mode",
        "message",
        "env",
        Map.of(
            "JJAVA_CLASSPATH",
            classPath,
            "PROGRESS",
            "dev.sluice.notebook.NotebookProgress",
            "SLUICE_STACKTRACE",
            "0"));
  }
}
