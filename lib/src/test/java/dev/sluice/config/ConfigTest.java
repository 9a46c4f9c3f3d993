package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {
  private enum Mode {
    FIFO,
    ROUND_ROBIN
  }

  @TempDir Path folder;

  private Config config(Map<String, String> environment, String toml, String secrets)
      throws IOException {
    write(".dlt/config.toml", toml);
    write(".dlt/secrets.toml", secrets);
    return Config.of(environment, folder, null);
  }

  private Config config(String toml) throws IOException {
    return config(Map.of(), toml, "");
  }

  private void write(String name, String text) throws IOException {
    if (!text.isEmpty()) {
      var file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
  }

  private static int workers(Config config, String... sections) {
    return config.at(sections).find(Integer.class, "extract.workers").orElse(5);
  }

  /// The buffers as the extract stage asks for them.
  private static int buffer(Config config, String... sections) {
    return config
        .at(sections)
        .orAt("extract")
        .find(Integer.class, "data_writer.buffer_max_items")
        .orElse(5_000);
  }

  @Test
  void theWorkersOfThePageAreFoundAtEveryLevel() throws IOException {
    var config =
        config(
            """
            [extract]
            worker=1
            [sources.zendesk_support.extract]
            workers=2
            [sources.zendesk_support.tickets.extract]
            workers=4
            """);
    assertThat(workers(config, "sources", "zendesk_support", "tickets")).isEqualTo(4);
    assertThat(workers(config, "sources", "zendesk_support", "users")).isEqualTo(2);
    assertThat(workers(config, "sources", "shop", "tickets")).isEqualTo(1);
    assertThat(workers(config)).isEqualTo(1);
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void whatTheScriptSetsStandsAboveAll() throws IOException {
    var config =
        config(Map.of("SHOP__EXTRACT__WORKERS", "9"), "[shop.extract]\nworkers=8", "")
            .pipeline("shop")
            .set("extract.workers", 3);
    assertThat(workers(config, "sources", "zendesk_support")).isEqualTo(3);
    assertThat(config.lookups().getFirst().provider()).isEqualTo("the script");
  }

  @Test
  void theBuffersOfThePageAreFoundAtEveryLevel() throws IOException {
    var config =
        config(
            """
            [data_writer]
            buffer_max_items=100
            [sources.data_writer]
            buffer_max_items=101
            [sources.zendesk_support.data_writer]
            buffer_max_items=102
            [normalize.data_writer]
            buffer_max_items=103
            """);
    assertThat(buffer(config, "sources", "zendesk_support", "tickets")).isEqualTo(102);
    assertThat(buffer(config, "sources", "shop", "tickets")).isEqualTo(101);
    assertThat(buffer(config, "normalize")).isEqualTo(103);
    assertThat(buffer(config)).isEqualTo(100);
    assertThat(buffer(config("[extract.data_writer]\nbuffer_max_items=7"), "sources", "shop"))
        .isEqualTo(7);
  }

  @Test
  void aTableIsPutTogetherFromAllFiles() throws IOException {
    var config =
        config(
            Map.of("SOURCES__SHOP__CLIENT__BASE_URL", "https://test.example.com"),
            """
            [sources.shop]
            resources=["orders"]
            [sources.shop.client]
            base_url="https://example.com"
            auth={type="bearer"}
            """,
            """
            [sources.shop.client.auth]
            token="s3cret"
            """);
    assertThat(config.mergedTable("sources", "shop"))
        .isEqualTo(
            Map.of(
                "resources", List.of("orders"),
                "client",
                    Map.of(
                        "base_url",
                        "https://test.example.com",
                        "auth",
                        Map.of("type", "bearer", "token", Secret.of("s3cret")))));
    assertThat(config.mergedTable("sources", "none")).isEmpty();
  }

  @Test
  void oldAndNewSpellingsMeanTheSame() throws IOException {
    var old = config("[data_writer]\nmax_file_size=1000000");
    assertThat(old.find(Long.class, "data_writer.file_max_bytes")).contains(1_000_000L);
    var modern = config("[data_writer]\nfile_max_bytes=1000000");
    assertThat(modern.find(Long.class, "data_writer.max_file_size")).contains(1_000_000L);
  }

  @Test
  void environmentBeatsSecretsBeatConfigBeatsTheClassPath() throws IOException {
    write("resources/dlt/config.toml", "a=4\nb=4\nc=4\nd=4");
    write(".dlt/config.toml", "a=3\nb=3\nc=3");
    write(".dlt/secrets.toml", "a=2\nb=2");
    var classPath = new URL[] {folder.resolve("resources").toUri().toURL()};
    try (var loader = new URLClassLoader(classPath, null)) {
      var config = Config.of(Map.of("A", "1"), folder, loader);
      assertThat(
              List.of("a", "b", "c", "d").stream()
                  .map(key -> config.get(Integer.class, key))
                  .toList())
          .containsExactly(1, 2, 3, 4);
      assertThat(config.lookups())
          .containsExactly(
              new Config.Lookup("a", "1", "environment"),
              new Config.Lookup("b", "***", folder + "/.dlt/secrets.toml"),
              new Config.Lookup("c", "3", folder + "/.dlt/config.toml"),
              new Config.Lookup("d", "4", "dlt/config.toml on the class path"));
    }
  }

  @Test
  void thePipelinesOwnSettingsComeFirst() throws IOException {
    var config =
        config(
            Map.of("LOAD__WORKERS", "3"),
            "[load]\nworkers=2\n[my_pipe.load]\nworkers=1\n[my_pipe.sources.data_writer]\nbuffer_max_items=9",
            "");
    assertThat(config.find(Integer.class, "load.workers")).contains(3);
    assertThat(config.pipeline("my_pipe").find(Integer.class, "load.workers")).contains(1);
    assertThat(buffer(config.pipeline("my_pipe"), "sources", "shop")).isEqualTo(9);
    assertThat(
            Config.of(Map.of("MY_PIPE__LOAD__WORKERS", "4"), folder, null)
                .pipeline("my_pipe")
                .find(Integer.class, "load.workers"))
        .contains(4);
  }

  @Test
  void everyTypeIsRead() throws IOException {
    var config =
        config(
            Map.of("FLAG", "yes", "NAMES", "a, b", "NUMBERS", "[1, 2]"),
            """
            text = "x"
            number = 2.5
            next_item_mode = "round_robin"
            wait = 0.5
            list = [1, 2]
            quoted = "12"
            credentials.user = "u"
            """,
            "");
    assertThat(config.get(String.class, "text")).isEqualTo("x");
    assertThat(config.get(Double.class, "number")).isEqualTo(2.5);
    assertThat(config.get(Mode.class, "next_item_mode")).isEqualTo(Mode.ROUND_ROBIN);
    assertThat(config.get(Duration.class, "wait")).isEqualTo(Duration.ofMillis(500));
    assertThat(config.findList("list")).contains(List.of(1L, 2L));
    assertThat(config.get(Long.class, "quoted")).isEqualTo(12);
    assertThat(config.get(Boolean.class, "flag")).isTrue();
    assertThat(config.findList("names")).contains(List.of("a", "b"));
    assertThat(config.findList("numbers")).contains(List.of(1L, 2L));
    assertThat(config.findTable("credentials")).contains(Map.of("user", "u"));
    assertThat(config.find(String.class, "credentials")).isEmpty();
  }

  @Test
  void aWrongTypeIsRefusedWithFileKeyValueAndType() throws IOException {
    var file = folder.resolve(".dlt/config.toml");
    var config =
        config(
            Map.of("LOAD__WORKERS", "1.5"),
            "next_item_mode=\"filo\"\n[extract]\nworkers=\"many\"\n[runtime]\nrequest_timeout=-1",
            "pin=\"x\"");
    assertThatThrownBy(() -> config.find(Integer.class, "extract.workers"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Setting '[extract] workers' in " + file + " is 'many', but must be a whole number");
    assertThatThrownBy(() -> config.find(Integer.class, "load.workers"))
        .hasMessage("Setting 'LOAD__WORKERS' in environment is '1.5', but must be a whole number");
    assertThatThrownBy(() -> config.find(Mode.class, "next_item_mode"))
        .hasMessage(
            "Setting 'next_item_mode' in "
                + file
                + " is 'filo', but must be one of fifo, round_robin");
    assertThatThrownBy(() -> config.find(Duration.class, "runtime.request_timeout"))
        .hasMessage(
            "Setting '[runtime] request_timeout' in "
                + file
                + " is '-1', but must be a number of seconds, not negative");
    assertThatThrownBy(() -> config.find(Integer.class, "pin"))
        .hasMessage(
            "Setting 'pin' in "
                + folder.resolve(".dlt/secrets.toml")
                + " is '***', but must be a whole number");
  }

  @Test
  void aMissingValueListsEveryPlace() throws IOException {
    var config = config(Map.of(), "a=1", "b=1").pipeline("p");
    assertThatThrownBy(() -> config.get(String.class, "user", "sources", "shop"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage(
            """
            Setting 'user' is missing; set it in one of the places looked at:
              environment: P__SOURCES__SHOP__USER, P__SOURCES__USER, P__USER, SOURCES__SHOP__USER, SOURCES__USER, USER
              %1$s/.dlt/secrets.toml: [p.sources.shop] user, [p.sources] user, [p] user, [sources.shop] user, [sources] user, user
              %1$s/.dlt/config.toml: [p.sources.shop] user, [p.sources] user, [p] user, [sources.shop] user, [sources] user, user\
            """
                .formatted(folder));
    assertThatThrownBy(() -> Config.of(Map.of(), folder.resolve("empty"), null).secret("api_key"))
        .hasMessage(
            """
            Secret 'api_key' is missing; set it in one of the places looked at:
              environment: API_KEY
              %1$s/empty/.dlt/secrets.toml (no such file): api_key\
            """
                .formatted(folder));
  }

  @Test
  void secretsAreMaskedAndKeptOutOfTheConfigFile() throws IOException {
    var config = config(Map.of("TOKEN", "t"), "password=\"p\"", "api_key=\"k\"");
    assertThat(config.secret("api_key").reveal()).isEqualTo("k");
    assertThat(config.secret("token").toString()).isEqualTo("***");
    assertThat(config.lookups()).extracting(Config.Lookup::value).containsOnly("***");
    assertThatThrownBy(() -> config.secret("password"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Secret 'password' stands in "
                + folder.resolve(".dlt/config.toml")
                + "; move it to secrets.toml or to the environment variable PASSWORD");
  }

  @Test
  void unknownKeysAreNamedWithTheNearestKnownOne() throws IOException {
    var config =
        config(
            Map.of("NORMALIZE__WORKRES", "2", "MY__APP", "x"),
            """
            anything = 1
            [extract]
            wrokers = 1
            colour = "red"
            [sources.shop.data_writer]
            file_max_item = 1
            [sources.load]
            path = "x"
            [destination.load]
            x = 1
            """,
            "");
    var file = folder.resolve(".dlt/config.toml");
    assertThat(config.warnings())
        .containsExactly(
            "Environment variable NORMALIZE__WORKRES is no setting and has no effect; did you mean 'workers'?",
            "Setting '[extract] colour' in " + file + " is unknown and has no effect",
            "Setting '[extract] wrokers' in "
                + file
                + " is unknown and has no effect; did you mean 'workers'?",
            "Setting '[sources.shop.data_writer] file_max_item' in "
                + file
                + " is unknown and has no effect; did you mean 'file_max_items'?");
  }

  @Test
  void aProcessIsWarnedOfAKeyOnce() throws IOException {
    write(".dlt/config.toml", "[extract]\nworkrs = 2");
    var said = new ArrayList<String>();
    var handler =
        new Handler() {
          @Override
          public void publish(LogRecord logged) {
            said.add(logged.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    var logger = Logger.getLogger(Config.class.getName());
    logger.addHandler(handler);
    try {
      for (int pipeline = 0; pipeline < 3; pipeline++) {
        Config.of(Map.of(), folder, null).pipeline("p" + pipeline).find(String.class, "x");
      }
    } finally {
      logger.removeHandler(handler);
    }
    assertThat(said).isEqualTo(Config.of(Map.of(), folder, null).warnings()).hasSize(1);
  }

  @Test
  void anUnreadableFileIsOneSentence() throws IOException {
    assertThatThrownBy(() -> config("[extract]\nworkers = = 2").find(String.class, "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "Cannot read "
                + folder.resolve(".dlt/config.toml")
                + ": line 2, column 11: Unexpected '='")
        .hasMessageEndingWith("; repair the line")
        .message()
        .doesNotContain("\n");
    Files.write(folder.resolve(".dlt/config.toml"), new byte[] {'a', '=', (byte) 0xff});
    assertThatThrownBy(() -> Config.of(Map.of(), folder, null).find(String.class, "x"))
        .hasMessageStartingWith("Cannot read " + folder.resolve(".dlt/config.toml"));
  }

  @Test
  void foldersAreMovedByTheVariablesOfDlt() throws IOException {
    write("project/conf/config.toml", "a=1");
    var config =
        Config.of(Map.of("DLT_PROJECT_DIR", "project", "DLT_CONFIG_FOLDER", "conf"), folder, null);
    assertThat(config.find(Integer.class, "a")).contains(1);
    assertThat(config.pipelinesFolder()).isEqualTo(folder.resolve("project/conf/pipelines"));
    assertThat(Config.of(Map.of("DLT_DATA_DIR", "data"), folder, null).pipelinesFolder())
        .isEqualTo(folder.resolve("data/pipelines"));
    assertThat(Config.of(Map.of(), folder, null).pipelinesFolder())
        .isEqualTo(folder.resolve(".dlt/pipelines"));
  }

  @Test
  void nothingIsReadBeforeTheFirstLookUp() throws IOException {
    var config = config("this is no toml");
    assertThat(config.pipeline("p").lookups()).isEmpty();
  }

  @Test
  void secretsThatOthersCanReadAreWarnedOfOnceAndRefusedIfAsked() throws IOException {
    var file = Files.createDirectories(folder.resolve(".dlt")).resolve("secrets.toml");
    Files.writeString(file, "token = \"abc\"\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    var said = new ArrayList<String>();
    var logger = Logger.getLogger(Config.class.getName());
    var listening =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            said.add(record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(listening);
    try {
      for (int i = 0; i < 3; i++) {
        assertThat(Config.of(Map.of(), folder, null).secret("token").reveal()).isEqualTo("abc");
      }
      assertThat(said)
          .containsExactly(
              "Others on this machine can read '" + file + "'; run: chmod 600 " + file);
      var strict = Map.of("RUNTIME__REFUSE_READABLE_SECRETS", "true");
      for (int i = 0; i < 2; i++) {
        var config = Config.of(strict, folder, null);
        assertThatThrownBy(() -> config.secret("token"))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage(
                "Others on this machine can read '"
                    + file
                    + "'; run: chmod 600 "
                    + file
                    + ", or set runtime.refuse_readable_secrets = false");
        assertThatThrownBy(() -> config.secret("token")).isInstanceOf(IllegalStateException.class);
      }
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      assertThat(Config.of(strict, folder, null).secret("token").reveal()).isEqualTo("abc");
      assertThat(said).hasSize(1);
    } finally {
      logger.removeHandler(listening);
    }
  }

  @Test
  void whatOneConfigHandedOutAsASecretIsKnownToAllOfItsFolder() {
    var environment = Map.of("SHOP__KEY", "abcdefgh-1", "SHOP__HOST", "localhost");
    assertThat(Config.of(environment, folder, null).secret("shop.key").reveal())
        .isEqualTo("abcdefgh-1");
    assertThat(Config.of(environment, folder, null).get(String.class, "shop.host"))
        .isEqualTo("localhost");
    var other = Config.of(Map.of(), folder, null);
    assertThat(other.secretsHandedOut(8)).isEqualTo(Map.of("abcdefgh-1", "shop.key"));
    assertThat(other.masked("abcdefgh-1 at localhost")).isEqualTo("*** at localhost");
    var elsewhere = Config.of(Map.of(), folder.resolve("elsewhere"), null);
    assertThat(elsewhere.secretsHandedOut(8)).isEmpty();
    assertThat(elsewhere.masked("abcdefgh-1")).isEqualTo("abcdefgh-1");
  }

  @Test
  void ofATableInTheSecretsOnlyWhatItsNameTellsMustNotBeInData() throws IOException {
    var file = Files.createDirectories(folder.resolve(".dlt")).resolve("secrets.toml");
    Files.writeString(
        file,
        """
        [sources.blog.client]
        base_url = "https://api.example.com"
        [sources.blog.client.auth]
        type = "api_key_of_any"
        api_key = "abcdefgh-1"
        """);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    var config = Config.of(Map.of(), folder, null);
    assertThat(config.mergedTable("sources", "blog")).hasSize(1);
    assertThat(config.secretsHandedOut(8))
        .isEqualTo(Map.of("abcdefgh-1", "sources.blog.client.auth.api_key"));
  }
}
