package dev.sluice.sources;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A PostgreSQL of our own for one JVM: a new cluster in a temporary folder, on loopback, run by an
/// unprivileged user, and gone at the end. Needs the binaries of Debian's package `postgresql`.
public final class Postgres {
  private static final class Running {
    private static final Optional<Postgres> SERVER = binaries().flatMap(Postgres::start);
  }

  private final Path binaries;
  private final Path folder;
  private final int port;

  private Postgres(Path binaries, Path folder, int port) {
    this.binaries = binaries;
    this.folder = folder;
    this.port = port;
  }

  /// The server; a test that asks is skipped where there is none.
  public static Postgres running() {
    assumeTrue(
        Running.SERVER.isPresent(), "skipped: needs PostgreSQL (apt-get install postgresql)");
    return Running.SERVER.get();
  }

  public String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  public String user() {
    return "sluice";
  }

  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), user(), "");
  }

  /// Runs statements in a schema that is made anew.
  public void inNewSchema(String schema, String... statements) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
      statement.execute("CREATE SCHEMA " + schema);
      statement.execute("SET search_path TO " + schema);
      for (var sql : statements) statement.execute(sql);
    }
  }

  private static Optional<Path> binaries() {
    var root = Path.of("/usr/lib/postgresql");
    if (!Files.isDirectory(root)) return Optional.empty();
    try (var versions = Files.list(root)) {
      return versions
          .sorted(Comparator.reverseOrder())
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .findFirst();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private static Optional<Postgres> start(Path binaries) {
    try {
      var folder = Files.createTempDirectory("sluice-postgres");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
      var server = new Postgres(binaries, folder, freePort());
      server.run(
          "initdb",
          "-D",
          server.data(),
          "-U",
          "sluice",
          "-A",
          "trust",
          "--no-sync",
          "-E",
          "UTF8",
          "--locale=C.UTF-8");
      server.run(
          "pg_ctl",
          "-D",
          server.data(),
          "-w",
          "-l",
          folder.resolve("log").toString(),
          "-o",
          "-p " + server.port + " -h 127.0.0.1 -k " + folder + " -c fsync=off",
          "start");
      Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
      return Optional.of(server);
    } catch (IOException | InterruptedException failed) {
      throw new IllegalStateException("PostgreSQL is installed and does not start", failed);
    }
  }

  private void stop() {
    try {
      run("pg_ctl", "-D", data(), "-m", "immediate", "-w", "stop");
      try (Stream<Path> files = Files.walk(folder)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
      }
    } catch (IOException | InterruptedException ignored) {
      // The JVM is ending, and the folder is a temporary one.
    }
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  /// PostgreSQL refuses to run as root, so root becomes somebody else.
  private void run(String program, String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    }
    command.add(binaries.resolve(program).toString());
    command.addAll(List.of(arguments));
    var output = folder.resolve(program + ".out");
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + "\n" + Files.readString(output));
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
