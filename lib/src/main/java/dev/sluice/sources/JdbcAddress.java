package dev.sluice.sources;

import dev.sluice.config.JdbcUrl;
import dev.sluice.config.Masking;
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
              + JdbcUrl.shown(url)
              + "'");
    }
    // postgresql+psycopg2://user:password@host/db, sqlite:///file.db
    var kind = url.substring(0, scheme).replaceFirst("\\+.*", "").replace("postgres", "postgresql");
    kind = kind.replace("postgresqlql", "postgresql");
    var rest = url.substring(scheme + 3);
    if (kind.equals("sqlite") || kind.equals("duckdb")) {
      return new JdbcAddress("jdbc:" + kind + ":" + rest.replaceFirst("^/", ""), user, password);
    }
    var at = who(rest);
    if (at < 0) return new JdbcAddress("jdbc:" + kind + "://" + rest, user, password);
    var who = rest.substring(0, at).split(":", 2);
    return new JdbcAddress(
        "jdbc:" + kind + "://" + rest.substring(at + 1),
        decoded(who[0]),
        who.length < 2 ? password : Secret.of(decoded(who[1])));
  }

  /// Where the user and the password end: a parameter may hold an `@`, and so may a password.
  private static int who(String rest) {
    var query = rest.indexOf('?');
    var before = rest.lastIndexOf('@', query < 0 ? rest.length() : query);
    return before >= 0 && rest.substring(query + 1).matches("(?s)\\w+=.*")
        ? before
        : rest.lastIndexOf('@');
  }

  Connection connect() throws SQLException {
    var properties = Dialect.streaming(url);
    if (!user.isEmpty()) properties.setProperty("user", user);
    if (!password.reveal().isEmpty()) properties.setProperty("password", password.reveal());
    try {
      return url.startsWith("jdbc:duckdb:")
          ? DuckDb.open(url, properties)
          : DriverManager.getConnection(url, properties);
    } catch (SQLException | RuntimeException failed) {
      throw new SourceFailed(message(failed), Masking.chain(failed, this::hidden));
    }
  }

  private String message(Exception failed) {
    // What java.sql says when no driver knows the URL.
    if (failed instanceof SQLException sql
        && "08001".equals(sql.getSQLState())
        && String.valueOf(failed.getMessage()).startsWith("No suitable driver")) {
      var kind = url.split(":", 3)[1];
      var driver = DRIVERS.get(kind);
      return "There is no JDBC driver for '%s'; add its jar%s"
          .formatted(JdbcUrl.shown(url), driver == null ? "" : ", in a script by //DEPS " + driver);
    }
    return "Database '%s' cannot be reached by user '%s': '%s'"
        .formatted(JdbcUrl.shown(url), user, hidden(String.valueOf(failed.getMessage())));
  }

  /// What a driver says, without what the URL and the password hold.
  private String hidden(String text) {
    var secrets = JdbcUrl.secrets(url);
    secrets.add(password.reveal());
    return Masking.telling(Masking.text(text.replace(url, JdbcUrl.shown(url)), secrets));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException plain) {
      return text; // a lone % is a character of the password, which the error would quote
    }
  }

  @Override
  public String toString() {
    return JdbcUrl.shown(url);
  }
}
