package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fuzz.Hostile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Settings of anybody.
class TomlFuzzTest {
  @TempDir Path folder;

  @Property(seed = Hostile.SEED)
  void tomlIsReadOrRefused(@ForAll("texts") String text) {
    Hostile.readOrRefused(() -> TomlFile.parse("config.toml", false, text).unknownKeys());
  }

  @Property(seed = Hostile.SEED)
  void aSettingIsReadOrRefused(@ForAll("values") String value) {
    for (var type :
        new Class<?>[] {Integer.class, Long.class, Double.class, Duration.class, Boolean.class})
      Hostile.readOrRefused(() -> OwnSettingsOf.config(value).find(type, "a.b"));
  }

  private static final class OwnSettingsOf {
    static Config config(String value) {
      return Config.of(java.util.Map.of(), Path.of("/nonexistent"), null).set("a.b", value);
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Hostile.texts(
        "[load]\nworkers = 4 # of them\ndotted.key = \"a \\\" # b\"\n",
        "[[list]]\na = [1, 2.5e3, true, {b = 'c', d = [[]]}]\nwhen = 2024-01-02T03:04:05Z\n",
        "a = \"\"\"\nlines\n\\\n  more\"\"\"\nb = '''x'y'''\n");
  }

  @Provide
  Arbitrary<String> values() {
    return Hostile.texts("12", "-1.5e3", "1_000", "90 s", "PT1H", "true");
  }

  private static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            "a = 1\nb = " + "[".repeat(50_000) + "]".repeat(50_000),
            "line 2: values are nested deeper than 100 levels; repair the line"),
        Arguments.of(
            "a = " + "{b=".repeat(50_000),
            "line 1: values are nested deeper than 100 levels; repair the line"),
        Arguments.of(
            "a" + ".a".repeat(20_000) + " = 1",
            "tables are nested deeper than 100 levels; repair the key"),
        Arguments.of(
            "\n\na = " + "9".repeat(500_000),
            "line 3: a number has more than 1000 digits; repair the line"),
        Arguments.of(
            "a = " + "9".repeat(30), "line 1, column 5: Integer is too large; repair the line"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatCostsMoreThanItIsLongIsRefusedWithItsPlace(String text, String message) {
    assertThatThrownBy(() -> TomlFile.parse("config.toml", false, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot read config.toml: " + message);
  }

  @Test
  void signsWithinStringsAndCommentsAreNoNesting() {
    var many = "[".repeat(500);
    var text =
        "# %s\na = \"%s \\\" %s\"\nb = '%s'\nc = \"\"\"%s \\\"\"\" %s\"\"\"\nd = '''%s'''\ne = '%s'\n"
            .formatted(many, many, many, many, many, many, many, "9".repeat(2_000));
    assertThat(TomlFile.parse("x", false, text).tables())
        .containsEntry("b", many)
        .containsEntry("e", "9".repeat(2_000));
  }

  @Test
  void aFileOfMoreThanAMegabyteIsRefused() throws Exception {
    var file = Files.writeString(folder.resolve("x.toml"), "#".repeat((1 << 20) + 1));
    assertThatThrownBy(() -> Config.toml(file))
        .hasMessage(
            "Cannot read "
                + file
                + ": it has 1048577 bytes, but settings of more than 1048576 are not read");
  }

  @Test
  void aDurationThatIsTooLongIsNoDuration() {
    for (var value : new String[] {"1e30", "1E999999999", "9".repeat(2_000)})
      assertThatThrownBy(() -> OwnSettingsOf.config(value).find(Duration.class, "a.b"))
          .isInstanceOf(IllegalArgumentException.class);
    assertThat(OwnSettingsOf.config("9e9").find(Duration.class, "a.b"))
        .contains(Duration.ofSeconds(9_000_000_000L));
  }
}
