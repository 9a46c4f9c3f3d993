package dev.sluice.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Config;
import dev.sluice.config.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseSettingsTest {
  @TempDir Path folder;

  private Config config(Map<String, String> environment, String toml, String secrets)
      throws Exception {
    Files.createDirectories(folder.resolve(".dlt"));
    Files.writeString(folder.resolve(".dlt/config.toml"), toml);
    Files.writeString(folder.resolve(".dlt/secrets.toml"), secrets);
    return Config.of(environment, folder, null);
  }

  private JdbcAddress address(String secrets) throws Exception {
    return DatabaseSettings.of(config(Map.of(), "", secrets), "shop");
  }

  private static JdbcAddress address(String url, String user, String password) {
    return new JdbcAddress(url, user, Secret.of(password));
  }

  @Test
  void aUrlStandsWhereDltHasIt() throws Exception {
    var url = "credentials = 'postgresql://ada:p%40ss@db:5432/shop'";
    var expected = address("jdbc:postgresql://db:5432/shop", "ada", "p@ss");
    for (var section :
        new String[] {
          "sources.shop", "sources.sql_database.shop", "sources.sql_database", "sources"
        }) {
      assertThat(address("[" + section + "]\n" + url)).as(section).isEqualTo(expected);
    }
    assertThat(address(url)).isEqualTo(expected);
    var variable = Map.of("SOURCES__SHOP__CREDENTIALS", "jdbc:sqlite:shop.sqlite");
    assertThat(DatabaseSettings.of(config(variable, "", "[sources.sql_database]\n" + url), "shop"))
        .isEqualTo(address("jdbc:sqlite:shop.sqlite", "", ""));
  }

  @Test
  void aTableOfPartsIsAnAddress() throws Exception {
    var config =
        config(
            Map.of("SOURCES__SHOP__CREDENTIALS__PASSWORD", "s3cret"),
            """
            [sources.shop.credentials]
            drivername = "postgresql+psycopg2"
            host = "db"
            port = 5433
            database = "shop"
            username = "ada"
            query = {sslmode = "require", application_name = "a b"}
            """,
            "");
    assertThat(DatabaseSettings.of(config, "shop"))
        .isEqualTo(
            address(
                "jdbc:postgresql://db:5433/shop?application_name=a+b&sslmode=require",
                "ada",
                "s3cret"));
    assertThat(address("[sources.shop.credentials]\ndrivername='sqlite'\ndatabase='/data/a.db'"))
        .isEqualTo(address("jdbc:sqlite:/data/a.db", "", ""));
    assertThat(address("[sources.shop.credentials]\ndrivername='mysql'\nhost='db'"))
        .isEqualTo(address("jdbc:mysql://db/", "", ""));
    assertThatThrownBy(() -> address("[sources.shop.credentials]\ndrivername='mysql'"))
        .hasMessage(
            "Database 'shop' has a drivername 'mysql', but neither host nor database; add them to its credentials");
  }

  @Test
  void whatIsMissingListsEveryPlace() throws Exception {
    var config = config(Map.of(), "", "");
    assertThatThrownBy(() -> SqlDatabase.of(config, "shop"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageStartingWith(
            """
            Database 'shop' has no URL; set one, or a table of drivername, host, port, database, username and password. Secret 'credentials' is missing; set it in one of the places looked at:
              environment: SOURCES__SHOP__CREDENTIALS, SOURCES__CREDENTIALS, SOURCES__SQL_DATABASE__SHOP__CREDENTIALS, SOURCES__SQL_DATABASE__CREDENTIALS,\
            """);
  }

  @Test
  void aUrlOrAPasswordInTheConfigFileIsRefused() throws Exception {
    var file = folder.resolve(".dlt/config.toml");
    var url = config(Map.of(), "[sources.shop]\ncredentials = 'postgresql://a:b@c/d'", "");
    assertThatThrownBy(() -> SqlDatabase.of(url, "shop"))
        .hasMessage(
            "Secret 'sources.shop.credentials' stands in "
                + file
                + "; move it to secrets.toml or to the environment variable SOURCES__SHOP__CREDENTIALS");
    var password =
        config(
            Map.of(),
            "[sources.shop.credentials]\ndrivername='mysql'\nhost='db'\npassword='p'",
            "");
    assertThatThrownBy(() -> SqlDatabase.of(password, "shop"))
        .hasMessageStartingWith("Secret 'sources.shop.credentials.password' stands in " + file);
  }

  @Test
  void theRowsOfANamedDatabaseAreRead() throws Exception {
    var url = "jdbc:sqlite:" + folder.resolve("shop.sqlite");
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY)");
      statement.execute("INSERT INTO orders VALUES (7)");
    }
    var config = config(Map.of(), "", "[sources.shop]\ncredentials = '" + url + "'");
    var rows = new Evaluated().rows(SqlDatabase.of(config, "shop").table("orders"));
    assertThat(rows).containsExactly(Map.of("id", 7));
    assertThat(config.lookups()).extracting(Config.Lookup::value).containsExactly("***");
  }
}
