package dev.sluice.load;

import dev.sluice.seam.IoFault;
import dev.sluice.seam.Seam;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An open destination. A load holds it alone in this process; the file itself is locked by DuckDB
/// against other processes.
///
/// A file that is not there yet is made by [NewFile].
@Seam
public final class Database implements AutoCloseable {
  private static final Pattern HOLDER =
      Pattern.compile("Conflicting lock is held in (?:(.*) )?\\(PID (\\d+)\\)");
  private static final long POLL_MILLIS = 50;

  private static final Pattern STORAGE =
      Pattern.compile("storage version number (\\d+), but we .* between (\\d+) and (\\d+)");

  private final Connection connection;
  private final Runnable release;
  private final List<String> warnings;

  private Database(Connection connection, Runnable release, List<String> warnings) {
    this.connection = connection;
    this.release = release;
    this.warnings = warnings;
  }

  /// Opens the destination for looking.
  ///
  /// - fails with [LoadException] if it is not there yet: looking makes no file
  public static Database read(Target target) {
    if (!target.exists())
      throw new LoadException(
          "There is no DuckDB file '" + target.location() + "' yet; load something first");
    var database = new Database(connect(target), () -> {}, List.of());
    return database.configured(target);
  }

  /// Opens the destination for one load, creates it if need be, and keeps other loads of this
  /// process away until it is closed.
  static Database load(Target target) {
    var lock = LoadLock.acquire(target);
    try {
      var warnings =
          target.file().isPresent()
              ? NewFile.makeIfMissing(target.file().get(), target.lockTimeout())
              : List.<String>of();
      return new Database(connect(target), lock, warnings).configured(target);
    } catch (RuntimeException failed) {
      lock.run();
      throw failed;
    }
  }

  /// Loads DuckDB's native library, which takes a good third of a second: call it from a thread
  /// that has nothing better to do, as early as a load is foreseen.
  public static void warmUp() {
    try {
      DuckDb.open().close();
    } catch (SQLException | LoadException unusable) {
      // The load itself will meet the same, and say so.
      System.getLogger(Database.class.getName())
          .log(System.Logger.Level.DEBUG, "DuckDB cannot be loaded", unusable);
    }
  }

  /// What was found out while it was opened.
  List<String> warnings() {
    return warnings;
  }

  /// A database in memory that reads these files and nothing else: no extension, no network, no
  /// other file, whatever stands in a query or in the files.
  ///
  /// - `properties`: of DuckDB's driver
  /// - `settings`: statements that go before, since no setting can be changed later
  public static Connection reader(Properties properties, List<Path> files, String... settings)
      throws SQLException {
    var connection = DuckDb.open("jdbc:duckdb:", properties);
    try (var statement = connection.createStatement()) {
      for (var setting : settings) {
        statement.execute(setting);
      }
      var allowed =
          files.stream()
              .map(Path::toString)
              // DuckDB compares patterns as they are spelled, and the files that they match.
              .flatMap(file -> Stream.of(Literal.text(file), Literal.path(file)))
              .distinct()
              .collect(Collectors.joining(", ", "[", "]"));
      statement.execute(
          "SET autoinstall_known_extensions = false; SET autoload_known_extensions = false; SET"
              + " allow_community_extensions = false; SET allowed_paths = "
              + allowed
              + "; SET enable_external_access = false; SET lock_configuration = true");
      return connection;
    } catch (SQLException | RuntimeException refused) {
      connection.close();
      throw refused;
    }
  }

  /// The connection, for reading; closing the database closes it.
  public Connection connection() {
    return connection;
  }

  /// For many rows: all threads insert at once, so that they stand in no fixed order; and texts are
  /// not packed by FSST, which takes a sixth of the time to make the file a sixth smaller. Holds
  /// for the whole database until it is opened again.
  void hurry() throws SQLException {
    execute("SET preserve_insertion_order = false; SET disabled_compression_methods = 'fsst'");
  }

  /// Lets this process's DuckDB reach nothing but the database and one folder, and nobody change
  /// that. Left out while others in this process use the same file: the limits would be theirs too.
  void confine(Path readable) throws SQLException {
    if (count("SELECT count FROM duckdb_connection_count()") > 1) return;
    var folder = readable.toAbsolutePath() + "/";
    execute(
        "SET allow_community_extensions = false; SET allowed_directories = ["
            + Literal.text(folder)
            + ", "
            + Literal.path(folder) // DuckDB compares patterns as they are spelled
            + "]; SET enable_external_access = false; SET lock_configuration = true");
  }

  void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// Runs one statement and gives the number of rows it changed.
  long update(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      return statement.executeLargeUpdate(sql);
    }
  }

  /// The one number that a query gives.
  long count(String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /// The one text that a query gives, or null.
  @Nullable String text(String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : null;
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failed) {
      throw new LoadException("Cannot close the destination: " + failed.getMessage(), true, failed);
    } finally {
      release.run();
    }
  }

  private Database configured(Target target) {
    try {
      execute(
          "SET TimeZone = 'UTC'; SET autoinstall_known_extensions = false; SET"
              + " autoload_known_extensions = false; SET threads = "
              + target.threads()
              + "; SET memory_limit = "
              + Literal.text(target.memory())
              // What a large load left behind, if the database stayed open since.
              + "; SET preserve_insertion_order = true; SET disabled_compression_methods = ''");
      return this;
    } catch (SQLException refused) {
      try {
        close();
      } catch (LoadException open) {
        refused.addSuppressed(open);
      }
      throw new LoadException(
          "DuckDB refuses a setting of [load] (memory_limit '"
              + target.memory()
              + "', threads "
              + target.threads()
              + "): "
              + refused.getMessage(),
          false,
          refused);
    }
  }

  private static Connection connect(Target target) {
    if (target.destination().place() instanceof Destination.Memory(var memory)) {
      try {
        return memory.connect();
      } catch (SQLException failed) {
        throw new LoadException("Cannot open a database in memory: " + failed.getMessage());
      }
    }
    var file = target.file().orElseThrow();
    var deadline = System.nanoTime() + target.lockTimeout().toNanos();
    while (true) {
      try {
        return DuckDb.open("jdbc:duckdb:" + file, new Properties());
      } catch (SQLException failed) {
        var message = String.valueOf(failed.getMessage());
        var holder = HOLDER.matcher(message);
        if (!holder.find()) throw unopenable(file, message, failed);
        if (System.nanoTime() >= deadline)
          throw new LoadException(
              "The DuckDB file '"
                  + file
                  + "' is open in process "
                  + holder.group(2)
                  + (holder.group(1) == null ? "" : " ('" + holder.group(1) + "')")
                  + "; waited "
                  + target.lockTimeout().toMillis() / 1000.0
                  + " s; close it there, or set load.lock_timeout higher",
              true,
              failed);
        pause("the DuckDB file '" + file + "'");
      }
    }
  }

  static void pause(String what) {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new LoadException("Interrupted while waiting for " + what, true, interrupted);
    }
  }

  private static LoadException unopenable(Path file, String message, SQLException cause) {
    if (message.contains("not a valid DuckDB database file"))
      return new LoadException(
          "The file '"
              + file
              + "' is no DuckDB database; move it away, or name another one with duckdb(\"…\")",
          false,
          cause);
    if (message.contains("replaying WAL"))
      return new LoadException(
          "The DuckDB file '"
              + file
              + "' cannot be opened with the '"
              + file.getFileName()
              + ".wal' beside it: "
              + firstLine(message)
              + "; the .wal is of another file of that name. If this file was put there since (a backup"
              + " for example), move the .wal away and run again; else put the file back that it is of",
          false,
          cause);
    var storage = STORAGE.matcher(message);
    if (storage.find())
      return new LoadException(
          "The DuckDB file '"
              + file
              + "' has storage version "
              + storage.group(1)
              + ", but the driver here reads "
              + storage.group(2)
              + " to "
              + storage.group(3)
              + ": it was written by another DuckDB, "
              + writer(file)
              + "; name its driver (//DEPS org.duckdb:duckdb_jdbc:<version>), or another file",
          false,
          cause);
    return new LoadException(
        "Cannot open the DuckDB file '" + file + "': " + firstLine(message), false, cause);
  }

  /// The version that the header of a file names, behind magic bytes, storage version and flags.
  private static String writer(Path file) {
    try (var in = Files.newInputStream(file)) {
      in.skipNBytes(52);
      return new String(in.readNBytes(32), StandardCharsets.US_ASCII).replace("\0", "").strip();
    } catch (IOException unreadable) {
      return "which cannot be read: " + IoFault.said(unreadable, file);
    }
  }

  static String firstLine(String message) {
    return message.lines().findFirst().orElse(message);
  }
}
