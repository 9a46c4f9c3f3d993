package dev.sluice.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Hashes of files that dlt 1.31.0 wrote, one a line in `dlt/hashed.jsonl`: states with a value of
/// each kind, the state of a package, a schema.
class VersionHashTest {
  private static List<String> written() throws IOException {
    return Files.readAllLines(Path.of("src/test/resources/dlt/hashed.jsonl"));
  }

  private static boolean holds(String json) {
    return VersionHash.holds(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatDltWroteHolds() throws IOException {
    assertThat(written()).hasSizeGreaterThan(20).allMatch(VersionHashTest::holds);
  }

  @Test
  void aBitThatFlipsInTheContentIsNoticed() throws IOException {
    var random = new Random(5);
    for (var line : written()) {
      var bytes = line.getBytes(StandardCharsets.UTF_8);
      for (int trial = 0; trial < 20; trial++) {
        var flipped = bytes.clone();
        // behind the versions and the local part, which are not hashed
        var from = line.contains("\"sources\"") ? bytes.length / 2 : bytes.length;
        if (from == bytes.length) {
          continue;
        }
        flipped[from + random.nextInt(bytes.length - from)] ^= (byte) (1 << random.nextInt(8));
        var text = new String(flipped, StandardCharsets.UTF_8);
        assertThat(
                VersionHash.holds(flipped)
                    && text.contains("\"_version_hash\"")
                    && !sameContent(bytes, flipped))
            .as(text)
            .isFalse();
      }
    }
  }

  /// A flip may touch the spelling alone: the case of the letter of an exponent.
  private static boolean sameContent(byte[] bytes, byte[] flipped) {
    return State.read(bytes).toMap().equals(State.read(flipped).toMap());
  }

  @Test
  void whatOurStateSaysHolds() {
    var state = State.of("shop").with("sources", List.of("text \uF026", 1.5, "\uF02E")).bumped();
    assertThat(VersionHash.holds(state.bytes())).isTrue();
    assertThat(VersionHash.holds(state.with("dataset_name", "x").with("more", 1).bytes()))
        .isFalse();
    // as the first release left it behind when it had dropped the first package
    assertThat(VersionHash.holds(state.with("dataset_name", "x").bytes())).isTrue();
    assertThat(VersionHash.version(state.bytes())).contains("0 " + state.versionHash());
  }

  @Test
  void withoutAHashOrWithOtherRulesThereIsNothingToCompare() {
    assertThat(holds("{\"pipeline_name\":\"p\"}")).isTrue();
    assertThat(
            holds("{\"pipeline_name\":\"p\",\"_version_hash\":\"x\",\"_state_engine_version\":3}"))
        .isTrue();
    assertThat(holds("{\"name\":\"s\",\"version_hash\":\"x\",\"engine_version\":9}")).isTrue();
    assertThat(holds("[1]")).isFalse();
    assertThat(holds("{\"a\":1} {}")).isFalse();
    assertThat(holds("")).isFalse();
  }
}
