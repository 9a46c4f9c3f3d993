package dev.sluice.sources;

import dev.sluice.config.Config;
import dev.sluice.config.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Collectors;

/// Where a database is, as settings say it: `credentials` of a named source, a URL or a table of
/// its parts, as dlt lays them out.
///
/// It is looked for in `[sources.<name>]`, then in `[sources.sql_database.<name>]` and
/// `[sources.sql_database]`, and always without the sections behind too.
final class DatabaseSettings {
  private final Config config;
  private final String name;

  private DatabaseSettings(Config config, String name) {
    this.config = config.at("sources", name).orAt("sources", "sql_database", name);
    this.name = name;
  }

  /// A NoSuchElementException lists every place that was looked at.
  static JdbcAddress of(Config config, String name) {
    return new DatabaseSettings(config, name).address();
  }

  private JdbcAddress address() {
    var kind = part("drivername");
    if (kind.isPresent()) {
      return parts(kind.get());
    }
    var url = config.find(Secret.class, "credentials");
    if (url.isPresent()) {
      return JdbcAddress.of(
          url.get().reveal(), part("username").orElse(""), password().orElse(Secret.of("")));
    }
    throw missing();
  }

  private NoSuchElementException missing() {
    try {
      config.secret("credentials");
    } catch (NoSuchElementException looked) {
      return new NoSuchElementException(
          "Database '"
              + name
              + "' has no URL; set one, or a table of drivername, host, port, database, username and"
              + " password. "
              + looked.getMessage(),
          looked);
    }
    throw new IllegalStateException("The settings changed while they were read; run again");
  }

  private JdbcAddress parts(String kind) {
    var database = part("database").orElse("");
    var host = part("host").orElse("");
    if (host.isEmpty() && database.isEmpty()) {
      throw new IllegalArgumentException(
          "Database '"
              + name
              + "' has a drivername '"
              + kind
              + "', but neither host nor database; add them to its credentials");
    }
    var port =
        config.find(Integer.class, "credentials.port").map(number -> ":" + number).orElse("");
    return JdbcAddress.of(
        kind + "://" + host + port + "/" + database + query(),
        part("username").orElse(""),
        password().orElse(Secret.of("")));
  }

  private String query() {
    var parameters = config.findTable("credentials.query").orElse(Map.of());
    return parameters.isEmpty()
        ? ""
        : parameters.entrySet().stream()
            .map(one -> encoded(one.getKey()) + "=" + encoded(String.valueOf(one.getValue())))
            .collect(Collectors.joining("&", "?", ""));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Optional<String> part(String key) {
    return config.find(String.class, "credentials." + key);
  }

  private Optional<Secret> password() {
    return config.find(Secret.class, "credentials.password");
  }
}
