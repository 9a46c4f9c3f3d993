package dev.sluice.load;

import static dev.sluice.load.Packages.row;
import static dev.sluice.load.Packages.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.TableSchema;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What lies where a DuckDB file is to be made.
final class NewFileTest {
  private static final TableSchema THINGS = table("things", ColumnSchema.of("id", DataType.BIGINT));

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("shop.duckdb");
  }

  private Path wal() {
    return folder.resolve("shop.duckdb.wal");
  }

  private static Process process(Class<?> main, Object... arguments) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    for (var argument : arguments) {
      command.add(String.valueOf(argument));
    }
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /// Commits a statement and dies, so that it stands in the `.wal` alone.
  static final class Dying {
    private Dying() {}

    public static void main(String[] arguments) throws Exception {
      var connection = DriverManager.getConnection("jdbc:duckdb:" + arguments[0]);
      connection.createStatement().execute(arguments[1]);
      Runtime.getRuntime().halt(0);
    }
  }

  private void leaveWal(String sql) throws Exception {
    var process = process(Dying.class, file(), sql);
    assertThat(process.waitFor()).as(new String(process.getInputStream().readAllBytes())).isZero();
    assertThat(wal()).isNotEmptyFile();
  }

  @Test
  void theWalOfADeletedFileIsMovedAsideAndSaid() throws Exception {
    try (var shop = new Packages(folder)) {
      shop.draft("1.5").table(THINGS, row(1, "1.5")).commit();
      shop.loading().loadAll();
      leaveWal("insert into data.things select id + 1, _dlt_load_id, 'x' from data.things");
      var left = Files.readAllBytes(wal());
      Files.delete(file());
      shop.draft("2.5").table(THINGS, row(3, "2.5")).commit();
      var info = shop.loading().wherever().loadAll();
      assertThat(info.packages().getFirst().warnings())
          .containsExactly(
              "'%s' lay there without its DuckDB file, which was deleted or moved: a new file was made, and the .wal was moved to 'shop.duckdb.wal.1.stale', as it is of the old one; if you put that back, put this beside it under its old name, else delete it"
                  .formatted(wal()));
      assertThat(info.toString()).contains("shop.duckdb.wal.1.stale");
      assertThat(shop.query("SELECT id FROM data.things")).containsExactly("3");
      assertThat(folder.resolve("shop.duckdb.wal.1.stale")).hasBinaryContent(left);
    }
  }

  @Test
  void noneOfSeveralWalsIsWrittenOver() throws Exception {
    for (var number = 1; number <= 3; number++) {
      Files.writeString(wal(), "wal " + number);
      assertThat(NewFile.makeIfMissing(file(), Duration.ZERO)).hasSize(1);
      assertThat(folder.resolve("shop.duckdb.wal." + number + ".stale"))
          .hasContent("wal " + number);
      assertThat(NewFile.makeIfMissing(file(), Duration.ZERO)).isEmpty();
      Files.delete(file());
    }
  }

  @Test
  void aWalThatDoesNotFitAFileThatStandsIsNamed() throws Exception {
    try (var shop = new Packages(folder)) {
      shop.draft("1.5").table(THINGS, row(1, "1.5")).commit();
      shop.loading().loadAll();
      leaveWal("insert into data.things select id + 1, _dlt_load_id, 'x' from data.things");
      var left = Files.readAllBytes(wal());
      Files.delete(file());
      Files.delete(wal());
      NewFile.makeIfMissing(file(), Duration.ZERO);
      Files.write(wal(), left);
      shop.draft("2.5").table(THINGS, row(3, "2.5")).commit();
      assertThatThrownBy(() -> shop.loading().wherever().loadAll())
          .hasMessageStartingWith(
              "The DuckDB file '%s' cannot be opened with the 'shop.duckdb.wal' beside it: "
                  .formatted(file()))
          .hasMessageContaining("move the .wal away and run again");
      assertThat(wal()).hasBinaryContent(left);
    }
  }

  @Test
  void whatOneLeftThatDiedRightBehindTheMakingIsRemovedByTheNext() throws Exception {
    NewFile.makeIfMissing(file(), Duration.ZERO);
    Files.createLink(folder.resolve("shop.duckdb.999999999.new"), file());
    Files.createFile(folder.resolve("shop.duckdb.creating"));
    assertThat(NewFile.makeIfMissing(file(), Duration.ZERO)).isEmpty();
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(file());
    }
  }

  @Test
  void draftsOfTheDeadAreRemovedWhoeverHasTheirNumberNow() throws Exception {
    var own = ProcessHandle.current().pid();
    for (var name : List.of(own + ".new", own + ".new.wal", "999999999.new", "999999999.new.wal")) {
      Files.writeString(folder.resolve("shop.duckdb." + name), "left behind");
    }
    assertThat(NewFile.makeIfMissing(file(), Duration.ZERO)).isEmpty();
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(file());
    }
    try (var database = DriverManager.getConnection("jdbc:duckdb:" + file());
        var tables =
            database.createStatement().executeQuery("SELECT count(*) FROM duckdb_tables()")) {
      assertThat(tables.next()).isTrue();
      assertThat(tables.getLong(1)).isZero();
    }
  }

  /// Makes the file at the given time, if nobody has.
  static final class Maker {
    private Maker() {}

    public static void main(String[] arguments) throws Exception {
      var file = Path.of(arguments[0]);
      var at = Long.parseLong(arguments[1]);
      Database.warmUp();
      while (System.currentTimeMillis() < at) {
        Thread.onSpinWait();
      }
      System.out.println(NewFile.makeIfMissing(file, Duration.ofSeconds(30)).size());
      try (var database = DriverManager.getConnection("jdbc:duckdb:" + file)) {
        System.out.println(database.isValid(1));
      } catch (SQLException held) {
        System.out.println(held.getMessage().contains("Conflicting lock"));
      }
    }
  }

  @Test
  void severalProcessesMakeOneFile() throws Exception {
    Files.writeString(wal(), "of a file that is gone");
    var all = new ArrayList<Process>();
    var at = System.currentTimeMillis() + 4_000;
    for (var maker = 0; maker < 3; maker++) {
      all.add(process(Maker.class, file(), at));
    }
    var moved = 0;
    for (var process : all) {
      var said = new String(process.getInputStream().readAllBytes()).lines().toList();
      assertThat(process.waitFor()).as("%s", said).isZero();
      assertThat(said.getLast()).as("%s", said).isEqualTo("true");
      moved += Integer.parseInt(said.getFirst());
    }
    assertThat(moved).isEqualTo(1);
    assertThat(folder.resolve("shop.duckdb.wal.1.stale")).hasContent("of a file that is gone");
    assertThat(folder.resolve("shop.duckdb.wal.2.stale")).doesNotExist();
    assertThat(folder)
        .isDirectoryNotContaining("glob:**.new")
        .isDirectoryNotContaining("glob:**.creating");
  }

  @Test
  void aMakingThatDoesNotEndIsSaid() throws Exception {
    var lockFile = folder.resolve("shop.duckdb.creating");
    try (var channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThatThrownBy(() -> NewFile.makeIfMissing(file(), Duration.ofMillis(100)))
          .isInstanceOfSatisfying(
              LoadException.class, failed -> assertThat(failed.retryMayCure()).isTrue())
          .hasMessage(
              "The DuckDB file '%s' is being made by another process; waited 0.1 s; let it finish, or set load.lock_timeout higher"
                  .formatted(file()));
    }
    // A lock file that a dead process left locks nothing.
    assertThat(NewFile.makeIfMissing(file(), Duration.ZERO)).isEmpty();
    assertThat(lockFile).doesNotExist();
  }
}
