package dev.sluice.sources;

import dev.sluice.config.Secret;
import dev.sluice.load.DuckDb;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

/// Where a database is and who connects. Understands JDBC's URLs and those that dlt takes.
record JdbcAddress(String url, String user, Secret password) {
  private static final Map<String, String> DRIVERS =
      Map.of(
          "postgresql", "org.postgresql:postgresql:42.7.13",
          "sqlite", "org.xerial:sqlite-jdbc:3.53.4.0",
          "mysql", "com.mysql:mysql-connector-j:9.4.0",
          "mariadb", "org.mariadb.jdbc:mariadb-java-client:3.5.5",
          "duckdb", "org.duckdb:duckdb_jdbc:2.0.0.1");

  static JdbcAddress of(String url, String user, Secret password) {
    if (url.startsWith("jdbc:")) return new JdbcAddress(url, user, password);
    var scheme = url.indexOf("://");
    if (scheme < 0) {
      throw new IllegalArgumentException(
          "A database is named by a URL like 'jdbc:postgresql://host/database', not '"
              + masked(url)
              + "'");
    }
    // postgresql+psycopg2://user:password@host/db, sqlite:///file.db
    var kind = url.substring(0, scheme).replaceFirst("\\+.*", "").replace("postgres", "postgresql");
    kind = kind.replace("postgresqlql", "postgresql");
    var rest = url.substring(scheme + 3);
    if (kind.equals("sqlite") || kind.equals("duckdb")) {
      return new JdbcAddress("jdbc:" + kind + ":" + rest.replaceFirst("^/", ""), user, password);
    }
    var at = rest.lastIndexOf('@');
    if (at < 0) return new JdbcAddress("jdbc:" + kind + "://" + rest, user, password);
    var who = rest.substring(0, at).split(":", 2);
    return new JdbcAddress(
        "jdbc:" + kind + "://" + rest.substring(at + 1),
        decoded(who[0]),
        who.length < 2 ? password : Secret.of(decoded(who[1])));
  }

  Connection connect() throws SQLException {
    var properties = Dialect.streaming(url);
    if (!user.isEmpty()) properties.setProperty("user", user);
    if (!password.reveal().isEmpty()) properties.setProperty("password", password.reveal());
    try {
      return url.startsWith("jdbc:duckdb:")
          ? DuckDb.open(url, properties)
          : DriverManager.getConnection(url, properties);
    } catch (SQLException failed) {
      throw new SourceFailed(message(failed), failed);
    }
  }

  private String message(SQLException failed) {
    // What java.sql says when no driver knows the URL.
    if ("08001".equals(failed.getSQLState())
        && String.valueOf(failed.getMessage()).startsWith("No suitable driver")) {
      var kind = url.split(":", 3)[1];
      var driver = DRIVERS.get(kind);
      return "There is no JDBC driver for '%s'; add its jar%s"
          .formatted(masked(url), driver == null ? "" : ", in a script by //DEPS " + driver);
    }
    return "Database '%s' cannot be reached by user '%s': '%s'"
        .formatted(masked(url), user, hidden(String.valueOf(failed.getMessage())));
  }

  private String hidden(String text) {
    var secret = password.reveal();
    return secret.isEmpty() ? text : text.replace(secret, "***");
  }

  /// Without what may hold a password: everything before an `@` and behind a `?` or `;`.
  private static String masked(String url) {
    var end = url.replaceFirst("[?;].*", "");
    return end.replaceFirst("//[^/@]*@", "//***@");
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return masked(url);
  }
}
