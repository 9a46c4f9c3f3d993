package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.load.Destination;
import dev.sluice.resource.Resource;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How a script's process ends, and what it leaves: what it prints, its exit code, and what other
/// processes see of it while it runs.
class EndingTest {
  private static final int RETRY = 1;
  private static final int PERSON = 2;
  private static final int JAVAS_OWN = 1;
  private static final int INTERRUPTED = 130;

  /// Its bit in the set of signals of `/proc/self/status`.
  private static final long SIGINT = 1 << (2 - 1);

  /// What stands before a command whose process must hear SIGINT.
  private static final List<String> INTERRUPTIBLE = interruptible();

  @TempDir Path folder;

  private static final String IMPORTS =
      """
      import static dev.sluice.Sluice.*;
      import java.nio.file.*;
      import java.util.*;

      """;

  /// Runs a script as `java script.java` does, in the folder, with the option of our scripts'
  /// header.
  private Process script(String body, Map<String, String> environment) throws Exception {
    return script(body, environment, "-Dsluice.script=true");
  }

  private Process script(String body, Map<String, String> environment, String... options)
      throws Exception {
    var script = folder.resolve("script.java");
    Files.writeString(script, IMPORTS + body);
    var command = new ArrayList<>(INTERRUPTIBLE);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of(options));
    command.addAll(List.of("--class-path", absoluteClassPath(), script.toString()));
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("out.txt").toFile())
            .redirectError(folder.resolve("err.txt").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /// What a shell starts in the background inherits that SIGINT is ignored, and so do its children;
  /// `env` gives a child its default back. The process keeps its id.
  private static List<String> interruptible() {
    var status = Path.of("/proc/self/status");
    try (var lines = Files.lines(status)) {
      var ignored =
          lines
              .filter(line -> line.startsWith("SigIgn:"))
              .map(line -> Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16))
              .anyMatch(signals -> (signals & SIGINT) != 0);
      return ignored ? List.of("env", "--default-signal=INT") : List.of();
    } catch (IOException notLinux) {
      return List.of();
    }
  }

  private static String absoluteClassPath() {
    var parts = new ArrayList<String>();
    for (var part : System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)) {
      parts.add(Path.of(part).toAbsolutePath().toString());
    }
    return String.join(java.io.File.pathSeparator, parts);
  }

  private String told() throws Exception {
    return Files.readString(folder.resolve("err.txt")).strip();
  }

  private Pipeline pipeline() {
    return Pipeline.of(
            "shop",
            new Surroundings(
                Map.of(),
                folder,
                InstantSource.system(),
                new Random(),
                new PrintStream(PrintStream.nullOutputStream())))
        .to(Destination.duckdb());
  }

  private static Resource<Map<String, Integer>> users(int id) {
    return Resource.of("users", () -> List.of(Map.of("id", id)));
  }

  private void until(String file) throws Exception {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!Files.exists(folder.resolve(file)) && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertThat(folder.resolve(file)).exists();
  }

  @Test
  void aScriptThatFailsEndsWithOneSentence() throws Exception {
    var body =
        """
        void main() {
          pipeline("shop").to(duckdb()).run("users", List.of(Map.of("id", 1), new Object()));
        }
        """;
    assertThat(script(body, Map.of()).waitFor()).isEqualTo(PERSON);
    assertThat(told())
        .isEqualTo(
            "Pipeline 'shop' failed in extract: Row 2 of resource 'users': The value at $ is of class java.lang.Object, which has no JSON form; make it a record, a Map or text");
    assertThat(script(body, Map.of("SLUICE_STACKTRACE", "1")).waitFor()).isEqualTo(PERSON);
    assertThat(told())
        .startsWith("Exception in thread \"main\" dev.sluice.PipelineException: Pipeline 'shop'")
        .contains("\tat dev.sluice.Pipeline.run(");
  }

  /// A jar of ours in a server, a Spark driver or a test: what the host does about an error stays
  /// the host's.
  @Test
  void aProgramThatIsNoScriptOfOursEndsAsItsHostWants() throws Exception {
    var failing =
        """
            pipeline("shop").to(duckdb()).run("users", List.of(new Object()));
        """;
    var ended = script("void main() {\n" + failing + "}\n", Map.of(), new String[0]).waitFor();
    assertThat(ended).isEqualTo(JAVAS_OWN);
    assertThat(told())
        .startsWith("Exception in thread \"main\" dev.sluice.PipelineException: Pipeline 'shop'")
        .contains("\tat dev.sluice.Pipeline.run(");

    var host =
        """
        void main() throws Exception {
          var worker = new Thread(() -> {
            try { Thread.sleep(500); } catch (InterruptedException never) { return; }
            System.out.println("goes on, " + Thread.getDefaultUncaughtExceptionHandler());
          });
          worker.start();
          %s}
        """
            .formatted(failing);
    assertThat(script(host, Map.of(), new String[0]).waitFor()).isEqualTo(JAVAS_OWN);
    assertThat(Files.readString(folder.resolve("out.txt"))).isEqualTo("goes on, null\n");
  }

  @Test
  void aScriptThatHasItsOwnHandlerKeepsIt() throws Exception {
    var body =
        """
        void main() {
          Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            System.err.println("mine: " + error.getClass().getSimpleName());
            System.exit(42);
          });
          pipeline("shop").to(duckdb()).run("users", List.of(new Object()));
        }
        """;
    assertThat(script(body, Map.of()).waitFor()).isEqualTo(42);
    assertThat(told()).isEqualTo("mine: PipelineException");
  }

  /// The header that scripts include is what makes them scripts of ours.
  @Test
  void theHeaderOfScriptsSwitchesTheSentenceOn() throws Exception {
    assertThat(Files.readAllLines(Path.of("sluice.java")))
        .contains("//RUNTIME_OPTIONS -D" + UncaughtErrors.SWITCH + "=true");
  }

  @Test
  void aScriptThatMaySucceedLaterEndsWithOne() throws Exception {
    var ended =
        script(
                """
                void main() {
                  pipeline("shop").to(duckdb()).run(resource("users", out -> {
                    throw new java.net.ConnectException("Connection refused");
                  }));
                }
                """,
                Map.of())
            .waitFor();
    assertThat(ended).isEqualTo(RETRY);
    assertThat(told())
        .isEqualTo(
            "Pipeline 'shop' failed in extract: Resource 'users' failed on item 1: ConnectException: Connection refused");
  }

  @Test
  void aScriptThatIsStoppedByControlCGoesOnFromItsCheckpoint() throws Exception {
    pipeline().run(users(0));
    var state = pipeline().state().toMap();
    var process =
        script(
            """
            void main() {
              pipeline("shop").to(duckdb()).run(resource("users", out -> {
                out.row(Map.of("id", 1));
                out.checkpoint("2");
                out.row(Map.of("id", 2));
                Files.writeString(Path.of("reached"), "");
                Thread.sleep(120_000);
              }));
            }
            """,
            Map.of());
    until("reached");
    var interrupt = new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start();
    assertThat(interrupt.waitFor()).isZero();
    assertThat(process.waitFor()).isEqualTo(INTERRUPTED);
    assertThat(told()).isEmpty();
    var pipeline = pipeline();
    assertThat(pipeline.state().toMap()).isEqualTo(state);
    assertThat(pipeline.extractedPackages()).isEmpty();
    assertThat(pipeline.dataset().rowCount("users")).isEqualTo(1);
    var resumedAt = new ArrayList<String>();
    pipeline.run(
        Resource.of(
            "users",
            out -> {
              out.resumedAt().ifPresent(resumedAt::add);
              out.row(Map.of("id", 2));
            }));
    assertThat(resumedAt).containsExactly("2");
    assertThat(pipeline.dataset().rowCount("users")).isEqualTo(3);
  }

  @Test
  void aScriptThatIsInterruptedEndsWithOneHundredAndThirty() throws Exception {
    var ended =
        script(
                """
                void main() {
                  var main = Thread.currentThread();
                  pipeline("shop").to(duckdb()).run(resource("users", out -> {
                    main.interrupt();
                    Thread.sleep(120_000);
                  }));
                }
                """,
                Map.of())
            .waitFor();
    assertThat(ended).isEqualTo(INTERRUPTED);
    assertThat(told())
        .isEqualTo(
            "Pipeline 'shop' was interrupted in extract; its state is as before, run it again");
  }

  @Test
  void whatAnotherProcessHoldsIsNamedWithItsHolder() throws Exception {
    pipeline().run(users(0));
    var process =
        script(
            """
            void main() throws Exception {
              try (var database = java.sql.DriverManager.getConnection("jdbc:duckdb:shop.duckdb")) {
                pipeline("shop").to(duckdb("other.duckdb")).setting("restore_from_destination", false)
                    .extract(resource("users", out -> {
                      Files.writeString(Path.of("reached"), "");
                      while (!Files.exists(Path.of("enough"))) Thread.sleep(20);
                      if (database.isClosed()) throw new IllegalStateException("closed");
                    }));
                Files.writeString(Path.of("extracted"), "");
                while (!Files.exists(Path.of("end"))) Thread.sleep(20);
                if (database.isClosed()) throw new IllegalStateException("closed");
              }
            }
            """,
            Map.of());
    try {
      until("reached");
      var waiting = pipeline().setting("extract.lock_timeout", "0.2");
      var locked = catchThrowableOfType(PipelineException.class, () -> waiting.run(users(1)));
      assertThat(locked)
          .hasMessage(
              "Pipeline 'shop' is in use by process %d, thread 'main' ('%s'); waited 0.2 s; let it finish, or set extract.lock_timeout higher"
                  .formatted(process.pid(), folder.resolve(".dlt/pipelines/shop")));
      assertThat(locked.exitCode()).isEqualTo(RETRY);
      Files.writeString(folder.resolve("enough"), "");
      until("extracted");

      var loading =
          pipeline().setting("load.lock_timeout", "0.2").setting("restore_from_destination", false);
      loading.extract(users(1));
      loading.normalize();
      var held = catchThrowableOfType(PipelineException.class, loading::load);
      var loadId = loading.normalizedPackages().getFirst().loadId();
      assertThat(held.getMessage().replaceFirst(" \\('[^']*java[^']*'\\)", ""))
          .isEqualTo(
              "Pipeline 'shop' failed in load: The DuckDB file '%s' is open in process %d; waited 0.2 s; close it there, or set load.lock_timeout higher\nPending and kept: package %s; the next run goes on with it, dropPendingPackages() drops it"
                  .formatted(folder.resolve("shop.duckdb"), process.pid(), loadId));
      assertThat(held.exitCode()).isEqualTo(RETRY);
      assertThat(held.pending()).containsExactly(loadId);
    } finally {
      Files.writeString(folder.resolve("enough"), "");
      Files.writeString(folder.resolve("end"), "");
    }
    assertThat(process.waitFor()).isZero();
    pipeline().run();
    assertThat(pipeline().dataset().rowCount("users")).isEqualTo(2);
  }

  @Test
  void aFullDiskIsNamedAndARunWithRoomGoesOn() throws Exception {
    var small = Files.createDirectory(folder.resolve("small"));
    Assumptions.assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", small) == 0);
    try {
      var pipeline = pipeline().pipelinesDir(small);
      pipeline.setting("restore_from_destination", false).extract(users(0));
      var state = pipeline.state().toMap();
      var pending = pipeline.extractedPackages().getFirst().loadId();
      var wide = "x".repeat(100_000);
      var random = new Random(1);
      var failed =
          catchThrowableOfType(
              PipelineException.class,
              () ->
                  pipeline.extract(
                      Resource.of(
                          "notes",
                          out -> {
                            for (int row = 0; row < 20; row++) {
                              out.row(Map.of("id", row, "text", wide + noise(random)));
                            }
                          })));
      assertThat(failed.getMessage())
          .matches(
              "Pipeline 'shop' failed in extract: Cannot write rows of table 'notes' to '%s/shop/normalize/[^']*': the disk is full; free some space and run again\nPending and kept: package %s; the next run goes on with it, dropPendingPackages\\(\\) drops it"
                  .formatted(small, pending));
      assertThat(failed.exitCode()).isEqualTo(RETRY);
      assertThat(pipeline.state().toMap()).isEqualTo(state);
      pipeline.run();
      assertThat(pipeline.dataset().rowCount("users")).isEqualTo(1);
    } finally {
      assertThat(run("umount", small)).isZero();
    }
  }

  @Test
  void aDiskThatIsFullAtTheDestinationLoadsNothing() throws Exception {
    var small = Files.createDirectory(folder.resolve("small"));
    Assumptions.assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small) == 0);
    try {
      var pipeline = pipeline().to(Destination.duckdb(small.resolve("shop.duckdb").toString()));
      pipeline.run(users(0));
      var random = new Random(1);
      pipeline.extract(
          Resource.of(
              "notes",
              out -> {
                for (int row = 0; row < 200; row++) {
                  out.row(Map.of("id", row, "text", noise(random)));
                }
              }));
      var pending = pipeline.extractedPackages().getFirst().loadId();
      var failed = catchThrowableOfType(PipelineException.class, pipeline::run);
      assertThat(failed.getMessage())
          .isEqualTo(
              "Pipeline 'shop' failed in load: Package '%1$s' was not loaded: the disk is full (TransactionContext Error: Failed to commit: Could not write file \"%2$s\": No space left on device); free some space and run again, nothing of it is at the destination\nPending and kept: package %1$s; the next run goes on with it, dropPendingPackages() drops it"
                  .formatted(pending, small.resolve("shop.duckdb.wal")));
      assertThat(failed.exitCode()).isEqualTo(RETRY);
      assertThat(failed.pending()).containsExactly(pending);
      assertThat(pipeline.dataset().tableNames()).doesNotContain("notes");
      assertThat(run("mount", "-o", "remount,size=200m", small)).isZero();
      pipeline.run();
      assertThat(pipeline.dataset().rowCount("notes")).isEqualTo(200);
    } finally {
      assertThat(run("umount", small)).isZero();
    }
  }

  private static String noise(Random random) {
    var bytes = new byte[50_000];
    random.nextBytes(bytes);
    return java.util.Base64.getEncoder().encodeToString(bytes);
  }

  private static int run(Object... command) throws Exception {
    try {
      return new ProcessBuilder(java.util.Arrays.stream(command).map(String::valueOf).toList())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException notThere) {
      return -1;
    }
  }
}
