package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The faults that a user asks for by a variable; that a killed JVM ends with 137 is shown by the
/// harness.
class ChaosVariableTest {
  private static final Path FILE = Path.of("some", "file");

  @Test
  void theChangeThatWasAskedForFailsAndNoOther() throws Exception {
    var chaos = Chaos.of("error:load:2");
    chaos.begin("extract");
    chaos.strike("write", FILE);
    chaos.strike("write", FILE);
    chaos.begin("load");
    chaos.strike("write", FILE);
    assertThatThrownBy(() -> chaos.strike("sync", FILE))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("SLUICE_CHAOS=error:load:2 lets the sync of '" + FILE + "' fail");
    assertThatCode(() -> chaos.strike("write", FILE)).doesNotThrowAnyException();
  }

  @Test
  void stopInterruptsTheThreadThatRunsTheStage() throws Exception {
    var chaos = Chaos.of("stop:normalize:1");
    chaos.begin("normalize");
    var other =
        Thread.ofPlatform()
            .start(() -> {
              try {
                chaos.strike("write", FILE);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    try {
      other.join();
    } catch (InterruptedException stopped) {
      return; // while it waited: that is the interrupt
    }
    assertThat(Thread.interrupted()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "kill",
        "kill:load",
        "boom:load:1",
        "kill:everything:1",
        "kill:load:0",
        "kill:load:x",
        "kill:load:1:2"
      })
  void whatIsNoFaultIsRefused(String text) {
    assertThatThrownBy(() -> Chaos.of(text))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "The variable SLUICE_CHAOS is '"
                + text
                + "', but must be <kind>:<stage>:<n>, for instance kill:load:3; kinds are kill, error, stop, stages sync, extract, normalize, load, and n counts from 1");
  }

  @Test
  void everyKindAndStageIsTaken() {
    for (var kind : List.of("kill", "error", "stop")) {
      for (var stage : List.of("sync", "extract", "normalize", "load")) {
        assertThatCode(() -> Chaos.of(kind + ":" + stage + ":17")).doesNotThrowAnyException();
      }
    }
  }
}
