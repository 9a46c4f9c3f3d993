package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// `docs/settings.md` is written from the table of settings: `mvn -f lib test -Dquick
/// -Dtest=SettingsPageTest -Dsluice.settings=write` writes it anew.
class SettingsPageTest {
  private static final Path PAGE = Path.of("../docs/settings.md");

  private static final Map<String, String> SECTIONS =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        {
          put("", "Anywhere");
          put("extract", "Extract");
          put("data_writer", "Files of the stages");
          put("normalize", "Normalize");
          put("load", "Load");
          put("schema", "Schemas");
          put("destination", "Destination");
          put("runtime", "HTTP and secrets");
          put("sources", "Files as sources");
        }
      };

  @Test
  void thePageIsThatOfTheTable() throws Exception {
    if ("write".equals(System.getProperty("sluice.settings"))) {
      Files.writeString(PAGE, page());
    }
    assertThat(Files.readString(PAGE)).isEqualTo(page());
  }

  @Test
  void everySettingHasItsSectionOnThePage() {
    for (var setting : KnownSettings.all()) {
      assertThat(SECTIONS).containsKey(section(setting));
      assertThat(page()).contains("| `" + setting.key() + "` ");
    }
  }

  private static String page() {
    var page = new StringBuilder();
    page.append(
        """
        # Settings

        A setting stands in `.dlt/config.toml`, `.dlt/secrets.toml` or an environment variable (`LOAD__WORKERS`), or a script sets it:
        `pipeline.setting("load.workers", 4)`. `./jbang sluice settings load.workers` says what one is, and from where.

        In front of each may stand the name of a pipeline (`[shop.load]`), and in front of those of `[extract]`, `[data_writer]` and
        `[schema]` a source and a resource: `[sources.shop.orders.extract]`, then `[sources.shop.extract]`, `[sources.extract]`, `[extract]`.
        The buffers of one stage alone stand in `[extract.data_writer]` or `[normalize.data_writer]`. Times are seconds.
        """);
    SECTIONS.forEach((section, title) -> {
      page.append("\n## ").append(title).append("\n\n");
      page.append("| key | holds | default | |\n|---|---|---|---|\n");
      for (var setting : KnownSettings.all()) {
        if (setting.noEffect().isEmpty() && section(setting).equals(section)) {
          row(page, key(setting), setting.form(), setting.otherwise(), setting.summary());
        }
      }
    });
    page.append(
        """

        ## Without effect

        dlt heeds these; here they may stand in a file that both tools share, and do nothing. A process says so once.

        | key | has no effect here, because |
        |---|---|
        """);
    for (var setting : KnownSettings.all()) {
      setting.noEffect().ifPresent(because -> row(page, key(setting), because));
    }
    return page.toString();
  }

  private static void row(StringBuilder page, String... cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String key(Setting<?> setting) {
    var key = "`" + setting.key() + "`";
    return setting.aliases().isEmpty()
        ? key
        : key + " (also `" + String.join("`, `", setting.aliases()) + "`)";
  }

  private static String section(Setting<?> setting) {
    var parts = List.of(setting.key().split("\\."));
    return parts.size() == 1 ? "" : parts.getFirst();
  }
}
