package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownSettingsTest {
  @TempDir Path folder;

  private Config config(Map<String, String> environment, String toml) throws Exception {
    Files.createDirectories(folder.resolve(".dlt"));
    Files.writeString(folder.resolve(".dlt/config.toml"), toml);
    return Config.of(environment, folder, null);
  }

  @Test
  void everyConstantIsInTheTable() throws Exception {
    var constants = new ArrayList<Setting<?>>();
    for (var field : KnownSettings.class.getFields()) {
      if (field.getType() == Setting.class && Modifier.isStatic(field.getModifiers())) {
        constants.add((Setting<?>) field.get(null));
      }
    }
    assertThat(constants).hasSizeGreaterThan(30);
    assertThat(KnownSettings.all()).containsAll(constants);
    assertThat(KnownSettings.all()).extracting(Setting::key).doesNotHaveDuplicates();
  }

  @Test
  void eachDoesSomethingOrSaysWhyNot() {
    assertThat(KnownSettings.all())
        .allSatisfy(setting -> {
          if (setting.noEffect().isPresent()) {
            assertThat(setting.noEffect().get()).isNotBlank().doesNotEndWith(".");
          } else {
            assertThat(setting.summary()).endsWith(".");
            assertThat(setting.otherwise()).isNotBlank();
          }
        });
  }

  /// A key that a stage asks for as text has no place in the table, no page and no default there.
  @Test
  void noStageAsksForASettingByText() throws Exception {
    var asked =
        Pattern.compile("(find|get|findList|findTable)\\(\\s*[A-Z]\\w+\\.class,\\s*\"([a-z_.]+)\"");
    var found = new ArrayList<String>();
    try (var sources = Files.walk(Path.of("src/main/java"))) {
      for (var file : sources.filter(path -> path.toString().endsWith(".java")).toList()) {
        for (var call : asked.matcher(Files.readString(file)).results().toList()) {
          found.add(file.getFileName() + " " + call.group(2));
        }
      }
    }
    // Parts of a database's address, which are no settings of ours but of a source.
    found.removeIf(call -> call.contains("credentials"));
    // An example in a comment.
    assertThat(found).containsExactly("Config.java extract.workers");
  }

  @Test
  void aSettingIsFoundInItsSectionsAndWithoutThem() throws Exception {
    assertThat(config(Map.of(), "").get(KnownSettings.LOAD_WORKERS)).isEqualTo(20);
    assertThat(config(Map.of(), "workers = 3").get(KnownSettings.LOAD_WORKERS)).isEqualTo(3);
    assertThat(config(Map.of(), "[load]\nworkers = 4").get(KnownSettings.LOAD_WORKERS))
        .isEqualTo(4);
    var file = "[destination.duckdb]\ncredentials = 'a'\n[shop.destination]\ncredentials = 'b'";
    assertThat(config(Map.of(), file).find(KnownSettings.DUCKDB_CREDENTIALS)).contains("a");
    assertThat(config(Map.of(), file).pipeline("shop").find(KnownSettings.DUCKDB_CREDENTIALS))
        .contains("b");
    assertThat(config(Map.of(), "workers = 3").get(KnownSettings.EXTRACT_WORKERS)).isEqualTo(5);
    var nested = config(Map.of(), "[sources.shop.extract]\nworker = 7");
    assertThat(nested.at("sources", "shop", "orders").get(KnownSettings.EXTRACT_WORKERS))
        .isEqualTo(7);
    assertThat(nested.get(KnownSettings.EXTRACT_WORKERS)).isEqualTo(5);
    assertThat(nested.set("load.workers", 9).get(KnownSettings.LOAD_WORKERS)).isEqualTo(9);
    assertThatThrownBy(() -> nested.get(KnownSettings.LOAD_THREADS))
        .hasMessage("'load.threads' has no fixed default");
  }

  @Test
  void aSettingSaysWhereItStands() throws Exception {
    var config = config(Map.of("EXTRACT__WORKERS", "2"), "[load]\nworkers = 4");
    assertThat(config.lookup(KnownSettings.LOAD_WORKERS))
        .contains(
            new Config.Lookup("load.workers", "4", folder.resolve(".dlt/config.toml").toString()));
    assertThat(config.lookup(KnownSettings.EXTRACT_WORKERS))
        .contains(new Config.Lookup("extract.workers", "2", "environment"));
    assertThat(config.lookup(KnownSettings.NORMALIZE_WORKERS)).isEmpty();
    assertThat(config.lookups()).isEmpty();
  }

  @Test
  void aSettingIsKnownByItsKeyItsAliasesAndWithSectionsBefore() {
    assertThat(KnownSettings.named("load.workers")).contains(KnownSettings.LOAD_WORKERS);
    assertThat(KnownSettings.named("sources.shop.extract.worker"))
        .contains(KnownSettings.EXTRACT_WORKERS);
    assertThat(KnownSettings.named("progress")).contains(KnownSettings.PROGRESS);
    for (var none : List.of("workers", "load", "sources.shop.progress", "load.workers.x", ".")) {
      assertThat(KnownSettings.named(none)).as(none).isEmpty();
    }
  }

  @Test
  void whatDoesNothingHereIsSaidOnceWithTheReason() throws Exception {
    var toml =
        """
        dev_mode = true
        [load]
        raise_on_failed_jobs = true
        workers = 2
        [shop.runtime]
        log_level = "INFO"
        [destination.load]
        raise_on_failed_jobs = true
        [sources.load]
        raise_on_failed_jobs = true
        """;
    var config = config(Map.of("NORMALIZE__POOL_TYPE", "process", "DEV_MODE", "1"), toml);
    var file = folder.resolve(".dlt/config.toml");
    var expected =
        new String[] {
          "Environment variable NORMALIZE__POOL_TYPE has no effect here, because workers are threads of this process",
          "Setting 'dev_mode' in "
              + file
              + " has no effect here, because a pipeline says so itself: pipeline(..).devMode()",
          "Setting '[load] raise_on_failed_jobs' in "
              + file
              + " has no effect here, because a package that fails is always an error, and none of it is loaded",
          "Setting '[shop.runtime] log_level' in "
              + file
              + " has no effect here, because messages go to the logging of the JVM, which has its own"
        };
    assertThat(logged(() -> config.find(String.class, "x"))).containsExactly(expected);
    assertThat(config.withoutEffect()).containsExactly(expected);
    assertThat(config.warnings()).isEmpty();
    assertThat(logged(() -> config(Map.of(), toml).find(String.class, "x"))).isEmpty();
  }

  private interface Act {
    void run() throws Exception;
  }

  private static List<String> logged(Act act) throws Exception {
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
      act.run();
    } finally {
      logger.removeHandler(handler);
    }
    return said;
  }
}
