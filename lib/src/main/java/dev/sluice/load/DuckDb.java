package dev.sluice.load;

import dev.sluice.seam.IoFault;
import dev.sluice.seam.Seam;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/// The one door to DuckDB. Its driver unpacks a library of some 70 MB into the temporary folder
/// when it is first used; where that fails, the JVM has no second attempt.
@Seam
public final class DuckDb {
  private DuckDb() {}

  /// Opens a database in memory.
  public static Connection open() throws SQLException {
    return open("jdbc:duckdb:", new Properties());
  }

  /// Opens what the URL names.
  ///
  /// - fails with [LoadException] if the library cannot be loaded, at this or an earlier attempt
  public static Connection open(String url, Properties properties) throws SQLException {
    try {
      return DriverManager.getConnection(url, properties);
    } catch (LinkageError unusable) {
      throw unusable(unusable);
    }
  }

  /// The first attempt tells its cause, every later one has it as a text of the JVM alone.
  private static LoadException unusable(LinkageError unusable) {
    Throwable first = unusable;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    var said =
        first instanceof IOException fault
            ? IoFault.said(fault)
            : String.valueOf(first.getMessage())
                .replaceFirst(" \\[in thread \".*\"]$", "")
                .replaceFirst("^Exception \\S+: (?:[a-z]+\\.)*", "");
    var folder = System.getProperty("java.io.tmpdir");
    return new LoadException(
        "DuckDB's library, some 70 MB, cannot be unpacked into or loaded from the temporary folder '"
            + folder
            + "': "
            + Database.firstLine(said)
            + "; make room there and let it be executable, or name another folder with"
            + " -Djava.io.tmpdir=<folder>, then begin a new process: this one has no second attempt",
        false,
        unusable);
  }
}
