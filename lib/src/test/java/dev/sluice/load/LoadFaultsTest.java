package dev.sluice.load;

import static dev.sluice.load.Packages.row;
import static dev.sluice.load.Packages.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.TableSchema;
import dev.sluice.store.Stage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoadFaultsTest {
  private static final TableSchema THINGS = table("things", ColumnSchema.of("id", DataType.BIGINT));

  @TempDir Path folder;

  private static Process run(Class<?> main, Path folder) throws Exception {
    return run(main, folder, System.getProperty("java.io.tmpdir"));
  }

  private static Process run(Class<?> main, Path folder, String temporary) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            System.getProperty("java.class.path"),
            main.getName(),
            folder.toString())
        .redirectErrorStream(true)
        .start();
  }

  /// Loads what is pending, saying when DuckDB is there, and waits to be killed.
  static final class Loader {
    private Loader() {}

    public static void main(String[] arguments) throws Exception {
      try (var shop = new Packages(Path.of(arguments[0]))) {
        Database.warmUp();
        System.out.println("ready");
        shop.loading().loadAll();
        Thread.sleep(60_000);
      }
    }
  }

  @Test
  void aLoadThatIsKilledAnywhereIsRunAgainAndLoadsOnce() throws Exception {
    var rows = IntStream.range(0, 20_000).mapToObj(id -> row(id, "1.5")).toArray(String[]::new);
    for (var delay : new int[] {0, 40, 80, 120, 180, 260, 400}) {
      var place = Files.createDirectory(folder.resolve("after" + delay));
      try (var shop = new Packages(place)) {
        shop.draft("1.5").table(THINGS, rows).file("things", rows).commit();
      }
      var loader = run(Loader.class, place);
      assertThat(loader.inputReader().readLine()).isEqualTo("ready");
      Thread.sleep(delay);
      loader.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      try (var shop = new Packages(place)) {
        shop.loading().loadAll();
        assertThat(shop.query("SELECT count(*), count(DISTINCT id) FROM data.things"))
            .as("killed after %d ms", delay)
            .containsExactly("40000|20000");
        assertThat(shop.query("SELECT load_id, status FROM data._dlt_loads"))
            .containsExactly("1.5|0");
        assertThat(shop.directory.folder().packages(Stage.NORMALIZED)).isEmpty();
        assertThat(shop.directory.folder().packages(Stage.LOADED).getFirst().jobs()).hasSize(2);
      }
    }
  }

  /// Asks for DuckDB again and again where its library has no place.
  static final class Unplaced {
    private Unplaced() {}

    public static void main(String[] arguments) {
      Database.warmUp();
      try (var shop = new Packages(Path.of(arguments[0]))) {
        shop.draft("1.5").table(THINGS, row(1, "1.5")).commit();
        for (int attempt = 0; attempt < 2; attempt++) {
          try {
            shop.loading().loadAll();
          } catch (LoadException failed) {
            System.out.println(failed.getMessage());
          }
        }
        try {
          DuckDb.open().close();
        } catch (LoadException | java.sql.SQLException failed) {
          System.out.println(failed.getMessage());
        }
      }
    }
  }

  @Test
  void aTemporaryFolderThatCannotTakeTheLibraryIsSaidAtEveryAttempt() throws Exception {
    var told = run(Unplaced.class, folder, folder + "/gone");
    try (var lines = told.inputReader()) {
      assertThat(lines.lines().filter(line -> line.startsWith("DuckDB's library")))
          .hasSize(3)
          .allSatisfy(line ->
              assertThat(line)
                  .matches(
                      "DuckDB's library, some 70 MB, cannot be unpacked into or loaded from the temporary folder '%1$s/gone': [^;]*%1$s/gone/[^;]*; make room there and let it be executable, or name another folder with -Djava.io.tmpdir=<folder>, then begin a new process: this one has no second attempt"
                          .formatted(folder)));
    }
    assertThat(told.waitFor()).isZero();
  }

  /// Holds the file open until it is killed.
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      try (var shop = new Packages(Path.of(arguments[0]).resolve("other"));
          var database =
              Database.load(
                  Target.of(
                      "other",
                      Destination.duckdb(Path.of(arguments[0], "shop.duckdb")),
                      "data",
                      shop.folder,
                      shop.config()))) {
        System.out.println("held " + database.count("SELECT 1"));
        Thread.sleep(60_000);
      }
    }
  }

  @Test
  void aFileThatAnotherProcessHoldsIsNamedWithItsHolderAndWaitedFor() throws Exception {
    var holder = run(Holder.class, folder);
    try (var shop = new Packages(folder)) {
      assertThat(holder.inputReader().readLine()).isEqualTo("held 1");
      shop.draft("1.5").table(THINGS, row(1, "1.5")).commit();
      shop.environment.put("LOAD__LOCK_TIMEOUT", "0.2");
      assertThatThrownBy(() -> shop.loading().loadAll())
          .isInstanceOfSatisfying(
              LoadException.class, failed -> assertThat(failed.retryMayCure()).isTrue())
          .hasMessageStartingWith(
              "The DuckDB file '"
                  + folder.resolve("shop.duckdb")
                  + "' is open in process "
                  + holder.pid()
                  + " ('")
          .hasMessageEndingWith(
              "'); waited 0.2 s; close it there, or set load.lock_timeout higher");
      shop.environment.put("LOAD__LOCK_TIMEOUT", "30");
      var killer =
          Thread.ofVirtual()
              .start(() -> {
                holder.destroyForcibly();
              });
      shop.loading().loadAll();
      killer.join();
      assertThat(shop.query("SELECT id FROM data.things")).containsExactly("1");
    } finally {
      holder.destroyForcibly();
    }
  }

  @Test
  void twoLoadsOfOneProcessIntoOneFileTakeTurns() throws Exception {
    try (var shop = new Packages(folder);
        var other = new Packages(Files.createDirectory(folder.resolve("other")))) {
      other.destination = Destination.duckdb(folder.resolve("shop.duckdb"));
      shop.draft("1.5").table(THINGS, row(1, "1.5")).commit();
      other.draft("1.6").table(THINGS, row(2, "1.6")).commit();
      var go = new CountDownLatch(1);
      var thread =
          Thread.ofPlatform()
              .start(() -> {
                go.countDown();
                other.loading().loadAll();
              });
      go.await();
      shop.loading().loadAll();
      thread.join();
      assertThat(shop.query("SELECT id FROM data.things ORDER BY id")).containsExactly("1", "2");
      var first = Database.load(shop.target());
      try (first) {
        other.environment.put("LOAD__LOCK_TIMEOUT", "0");
        other.draft("1.7").table(THINGS, row(3, "1.7")).commit();
        assertThatThrownBy(() -> other.loading().loadAll())
            .hasMessageContaining("is being loaded by thread '")
            .hasMessageContaining("' of this process; waited 0.0 s");
      }
    }
  }

  @Test
  void aLoadReadsNothingButItsPackage() throws Exception {
    try (var shop = new Packages(folder)) {
      var source = shop.draft("1.5").table(THINGS, row(1, "1.5")).commit();
      var secret = Files.writeString(folder.resolve("secret.txt"), "s3cret");
      try (var database = Database.load(shop.target())) {
        database.confine(source.folder());
        assertThatThrownBy(() -> database.execute("FROM read_text('" + secret + "')"))
            .hasMessageContaining("file system operations are disabled");
        assertThatThrownBy(() -> database.execute("SET enable_external_access = true"))
            .hasMessageContaining("configuration");
      }
    }
  }

  @Test
  void aReaderOfFilesReadsNothingButThem() throws Exception {
    var read = Files.writeString(folder.resolve("a [1]*'.csv"), "a\n1\n");
    var other = Files.writeString(folder.resolve("secret.txt"), "s3cret");
    try (var connection = Database.reader(new Properties(), List.of(read));
        var statement = connection.createStatement()) {
      try (var rows =
          statement.executeQuery("FROM read_csv(" + Literal.path(read.toString()) + ")")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isEqualTo(1);
      }
      for (var refused :
          List.of(
              "FROM read_text('" + other + "')",
              "FROM read_csv('" + folder + "/*.txt')",
              "COPY (SELECT 1) TO '" + folder.resolve("out.csv") + "'",
              "ATTACH '" + folder.resolve("x.duckdb") + "' AS x",
              "FROM read_csv('https://127.0.0.1:1/x.csv')",
              "INSTALL httpfs",
              "LOAD httpfs",
              "SET enable_external_access = true",
              "SET allowed_paths = ['" + other + "']",
              "SET autoinstall_known_extensions = true")) {
        assertThatThrownBy(() -> statement.execute(refused))
            .as(refused)
            .isInstanceOf(SQLException.class);
      }
    }
    assertThat(folder.resolve("out.csv")).doesNotExist();
    assertThat(folder.resolve("x.duckdb")).doesNotExist();
  }

  @Test
  void lookingMakesNoFile() {
    try (var shop = new Packages(folder)) {
      assertThatThrownBy(() -> shop.query("SELECT 1"))
          .hasMessage(
              "There is no DuckDB file '%s' yet; load something first",
              folder.resolve("shop.duckdb"));
      assertThat(folder.resolve("shop.duckdb")).doesNotExist();
    }
  }

  @Test
  void aFileOfANewerDuckDbIsSaidToBeOne() throws Exception {
    try (var shop = new Packages(folder)) {
      shop.draft("1.5").table(THINGS, row(1, "1.5")).commit();
      shop.loading().loadAll();
      var file = folder.resolve("shop.duckdb");
      Files.write(file, writtenBy("v9.1.0", 200, Files.readAllBytes(file)));
      shop.draft("2.5").table(THINGS, row(2, "1.5")).commit();
      assertThatThrownBy(() -> shop.loading().loadAll())
          .hasMessageContaining("'" + file + "' has storage version 200, but the driver here reads")
          .hasMessageContaining("it was written by another DuckDB, v9.1.0; name its driver");
    }
  }

  /// The header of a DuckDB file: checksum, "DUCK", storage version, flags, version of the writer.
  private static byte[] writtenBy(String version, long storage, byte[] database) {
    var bytes = ByteBuffer.wrap(database).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(12, storage);
    bytes.put(52, Arrays.copyOf(version.getBytes(StandardCharsets.US_ASCII), 32));
    var checksum = 5381L;
    for (var at = 8; at < 4096; at += 8) {
      checksum ^= bytes.getLong(at) * 0xbf58476d1ce4e5b9L;
    }
    bytes.putLong(0, checksum);
    return database;
  }

  @Test
  void whatIsNoDatabaseIsRefused() throws Exception {
    try (var shop = new Packages(folder)) {
      Files.writeString(folder.resolve("shop.duckdb"), "not a database at all");
      shop.draft("1.5").table(THINGS, row(1, "1.5")).commit();
      assertThatThrownBy(() -> shop.loading().loadAll())
          .hasMessage(
              "The file '"
                  + folder.resolve("shop.duckdb")
                  + "' is no DuckDB database; move it away, or name another one with duckdb(\"…\")");
      assertThatThrownBy(() ->
              Target.of("shop", Destination.duckdb("data.duckdb"), "data", folder, shop.config()))
          .hasMessageContaining("is called like the dataset 'data'");
      assertThatThrownBy(() -> Destination.duckdb("postgres://host/x"))
          .hasMessageContaining("is no DuckDB file");
    }
  }

  @Test
  void aNewFileOpensInOldReleases() throws Exception {
    Files.writeString(folder.resolve("shop.duckdb.999999999.new"), "of a process that died");
    try (var shop = new Packages(folder)) {
      shop.draft("1.5").table(THINGS, row(1, "1.5")).commit();
      shop.loading().loadAll();
      assertThat(
              shop.query(
                  "SELECT tags['storage_version'] FROM duckdb_databases() WHERE path IS NOT NULL"))
          .containsExactly("v1.0.0+");
      assertThat(folder).isDirectoryNotContaining("glob:**.new");
    }
  }
}
