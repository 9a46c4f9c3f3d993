package dev.sluice.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipeSettingsTest {
  @TempDir Path folder;

  @Test
  void theNearestSectionWins() throws Exception {
    var config =
        config(
            """
            [extract]
            worker=1
            next_item_mode="round_robin"
            futures_timeout=2

            [sources.zendesk_support.extract]
            workers=2
            max_parallel_items=10

            [sources.zendesk_support.tickets.extract]
            workers=4
            """);
    assertThat(PipeSettings.of(config, "other", null))
        .isEqualTo(
            new PipeSettings(
                1, 20, PipeSettings.NextItemMode.ROUND_ROBIN, Duration.ofSeconds(2), false));
    assertThat(PipeSettings.of(config, "zendesk_support", null).workers()).isEqualTo(2);
    assertThat(PipeSettings.of(config, "zendesk_support", "users").workers()).isEqualTo(2);
    var tickets = PipeSettings.of(config, "zendesk_support", "tickets");
    assertThat(tickets.workers()).isEqualTo(4);
    assertThat(tickets.maxParallelItems()).isEqualTo(10);
  }

  @Test
  void withoutSettingsTheDefaultsHold() throws Exception {
    assertThat(PipeSettings.of(config(""), "s", "r")).isEqualTo(PipeSettings.defaults());
  }

  @Test
  void impossibleValuesAreRefused() throws Exception {
    var none = config("[extract]\nworkers=0");
    assertThatThrownBy(() -> PipeSettings.of(none, "s", null))
        .hasMessage("Setting 'extract.workers' is '0', but must be at least 1");
    var unknown = config("[extract]\nnext_item_mode=\"lifo\"");
    assertThatThrownBy(() -> PipeSettings.of(unknown, "s", null))
        .hasMessage("Setting 'extract.next_item_mode' is 'lifo', but must be fifo or round_robin");
  }

  private Config config(String toml) throws Exception {
    Files.createDirectories(folder.resolve(".dlt"));
    Files.writeString(folder.resolve(".dlt/config.toml"), toml);
    return Config.of(Map.of(), folder, null);
  }
}
