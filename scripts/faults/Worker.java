import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.json.JsonMapper;

/// A process under test as the harness sees it.
final class Worker implements AutoCloseable {
  static final long TIMEOUT_SECONDS = 60;

  private static final JsonMapper JSON = new JsonMapper();

  final Control control;

  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;
  private final Path controlFile;

  private Worker(Process process, Control control, Path controlFile) {
    this.process = process;
    this.control = control;
    this.controlFile = controlFile;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /// How a process is started.
  ///
  /// - `shim`: what is preloaded
  /// - `archive`: of loaded classes, so that a process starts in half the time; used if it is there
  /// - `prefix`: what stands before the command, `ulimit` for instance
  record Start(
      Path scratch, Path shim, Path archive, List<String> prefix, List<String> options, String classPath, Map<String, String> variables) {
    Start(Path scratch, Path shim) {
      this(scratch, shim, scratch.resolve("child.aot"), List.of(), List.of(), System.getProperty("java.class.path"), Map.of());
    }

    Start prefix(String... words) {
      return new Start(scratch, shim, archive, List.of(words), options, classPath, variables);
    }

    Start options(String... more) {
      return new Start(scratch, shim, archive, prefix, List.of(more), classPath, variables);
    }

    Start classPath(String path) {
      return new Start(scratch, shim, archive, prefix, options, path, variables);
    }

    Start variable(String name, String value) {
      return new Start(scratch, shim, archive, prefix, options, classPath, Map.of(name, value));
    }

    /// Makes the archive, by a process that runs once.
    void train() throws IOException, InterruptedException {
      var folder = Files.createDirectories(scratch.resolve("training"));
      var site = new Bed.Site(folder, "jsonl");
      var process = options("-XX:AOTCacheOutput=" + archive).in(folder);
      Bed.require(process.ask(site.command("run", 1)).orElseGet(Bed::died));
      process.leave();
      Trees.delete(folder);
    }

    /// Starts it; the faults of the shim strike below `folder`.
    Worker in(Path folder) throws IOException {
      var controlFile = Files.createTempFile(scratch, "control", ".bin");
      var control = new Control(controlFile);
      var command = new ArrayList<>(prefix);
      command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
      command.addAll(List.of("-Xlog:disable", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
      command.addAll(options.stream().anyMatch(option -> option.startsWith("-Xmx")) ? List.of() : List.of("-Xmx256m"));
      if (Files.exists(archive) && classPath.equals(System.getProperty("java.class.path"))) {
        command.add("-XX:AOTCache=" + archive);
      }
      command.addAll(options);
      command.addAll(List.of("-cp", classPath, "Child", controlFile.toString()));
      var builder = new ProcessBuilder(command).directory(scratch.toFile());
      builder.redirectError(ProcessBuilder.Redirect.appendTo(scratch.resolve("children.log").toFile()));
      var environment = builder.environment();
      environment.keySet().removeIf(name -> name.startsWith("SLUICE_") || name.startsWith("DLT_"));
      environment.put(Workload.SECRET, Workload.SECRET_VALUE);
      environment.put("SLUICE_FAULTS_DIR", folder.toString());
      environment.put("SLUICE_FAULTS_CONTROL", controlFile.toString());
      environment.put("LD_PRELOAD", shim.toString());
      environment.putAll(variables);
      return new Worker(builder.start(), control, controlFile);
    }
  }

  /// Sends a command and waits for its answer; empty if the process died first.
  ///
  /// - fails if it neither answers nor dies in time
  Optional<Map<String, Object>> ask(Map<String, ?> command) throws IOException, InterruptedException {
    return await(send(command), TIMEOUT_SECONDS);
  }

  /// Sends a command whose answer is read later.
  CompletableFuture<Optional<Map<String, Object>>> send(Map<String, ?> command) throws IOException {
    try {
      commands.write(JSON.writeValueAsString(command) + "\n");
      commands.flush();
    } catch (IOException dead) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    var answer = new CompletableFuture<Optional<Map<String, Object>>>();
    Thread.ofVirtual().start(() -> answer.complete(read()));
    return answer;
  }

  Optional<Map<String, Object>> await(CompletableFuture<Optional<Map<String, Object>>> answer, long seconds)
      throws IOException, InterruptedException {
    try {
      return answer.get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw new IOException(failed.getCause());
    } catch (TimeoutException hangs) {
      close();
      throw new IOException("The process hangs: no answer for " + seconds + " s");
    }
  }

  @SuppressWarnings("unchecked")
  private Optional<Map<String, Object>> read() {
    try {
      var line = answers.readLine();
      return line == null ? Optional.empty() : Optional.of(JSON.readValue(line, Map.class));
    } catch (IOException | tools.jackson.core.JacksonException noAnswer) {
      return Optional.empty(); // it died, or the JVM itself says why it cannot start
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /// How it ended: 137 if it was killed.
  int code() throws InterruptedException {
    return process.waitFor();
  }

  /// Lets it end by itself.
  void leave() throws IOException, InterruptedException {
    commands.close();
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    close();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
      Files.deleteIfExists(controlFile);
    } catch (IOException gone) {
      throw new java.io.UncheckedIOException(gone);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
