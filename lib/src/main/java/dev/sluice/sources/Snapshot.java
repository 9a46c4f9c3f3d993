package dev.sluice.sources;

import dev.sluice.load.Literal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One state of a database for several connections. PostgreSQL exports it by a name that holds as
/// long as the connection that exported it; other databases have nothing of the kind.
final class Snapshot {
  private final SqlDatabase database;
  private final Connection connection;
  private final @Nullable String name;

  private Snapshot(SqlDatabase database, Connection connection, @Nullable String name) {
    this.database = database;
    this.connection = connection;
    this.name = name;
  }

  static Snapshot of(SqlDatabase database, String subject) {
    var connection = database.connect(subject);
    try {
      if (Dialect.of(connection) != Dialect.POSTGRES) {
        return new Snapshot(database, connection, null);
      }
      repeatable(connection);
      try (var statement = connection.createStatement();
          var row = statement.executeQuery("SELECT pg_export_snapshot()")) {
        row.next();
        return new Snapshot(database, connection, row.getString(1));
      }
    } catch (SQLException failed) {
      try {
        connection.close();
      } catch (SQLException alsoFailed) {
        failed.addSuppressed(alsoFailed);
      }
      throw new SourceFailed(
          "No snapshot of %s: '%s'".formatted(subject, failed.getMessage()), failed);
    }
  }

  Connection connection() {
    return connection;
  }

  /// The pages of a query in this state, over a connection of its own.
  Stream<List<Map<String, @Nullable Object>>> read(Query query) throws SQLException {
    var own = database.connect(query.subject());
    if (name != null) {
      try (var statement = own.createStatement()) {
        repeatable(own);
        statement.execute("SET TRANSACTION SNAPSHOT " + Literal.text(name));
      } catch (SQLException failed) {
        try {
          own.close();
        } catch (SQLException open) {
          failed.addSuppressed(open);
        }
        throw failed;
      }
    }
    return SqlReader.pages(own, query, database.options());
  }

  void close() {
    try {
      connection.close();
    } catch (SQLException ignored) {
      // Nothing was written through it.
    }
  }

  private static void repeatable(Connection connection) throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setReadOnly(true);
    connection.setAutoCommit(false);
  }
}
