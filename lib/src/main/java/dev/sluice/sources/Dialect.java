package dev.sluice.sources;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.Temporal;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// What differs between databases: how a result is streamed instead of held, and how a select ends.
enum Dialect {
  POSTGRES,
  DUCKDB,
  SQLITE,
  MYSQL,
  OTHER;

  static Dialect of(Connection connection) throws SQLException {
    return named(connection.getMetaData().getDatabaseProductName());
  }

  static Dialect named(String product) {
    var name = product.toLowerCase(Locale.ROOT);
    if (name.contains("postgres") || name.contains("redshift") || name.contains("cockroach")) {
      return POSTGRES;
    }
    if (name.contains("duckdb")) return DUCKDB;
    if (name.contains("sqlite")) return SQLITE;
    return name.contains("mysql") || name.contains("mariadb") ? MYSQL : OTHER;
  }

  /// Properties that make the driver of this URL stream, beside those of the user.
  static Properties streaming(String url) {
    var properties = new Properties();
    if (url.startsWith("jdbc:duckdb:")) properties.setProperty("jdbc_stream_results", "true");
    // Five text executions before binary ones would be the first five pages of every read.
    if (url.startsWith("jdbc:postgresql:")) properties.setProperty("prepareThreshold", "-1");
    return properties;
  }

  /// Makes the connection read a result bit by bit: PostgreSQL needs a transaction for that.
  void prepare(Connection connection) throws SQLException {
    if (!connection.getAutoCommit()) return;
    if (this == POSTGRES) connection.setReadOnly(true);
    if (this == POSTGRES || this == OTHER) connection.setAutoCommit(false);
  }

  void fetch(Statement statement, int rows) throws SQLException {
    // MySQL's driver streams for this number alone, and holds the whole result for any other.
    if (this == MYSQL) statement.setFetchSize(Integer.MIN_VALUE);
    else if (this != DUCKDB) statement.setFetchSize(rows);
  }

  /// Binds a value; a text may stand for a time, a number or whatever the column is.
  void bind(PreparedStatement statement, int position, @Nullable Object value) throws SQLException {
    switch (value) {
      case String text when this == POSTGRES -> statement.setObject(position, text, Types.OTHER);
      case Instant instant -> bind(statement, position, instant.atOffset(ZoneOffset.UTC));
      case Temporal time when this == SQLITE -> statement.setString(position, time.toString());
      case null -> statement.setObject(position, null);
      default -> statement.setObject(position, value);
    }
  }

  /// The end of a select that gives at most so many rows.
  String limit(long rows) {
    return this == OTHER ? " FETCH FIRST " + rows + " ROWS ONLY" : " LIMIT " + rows;
  }
}
