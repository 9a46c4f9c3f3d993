package dev.sluice.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NamingConventionTest {
  @Test
  void namesAreThoseThatDltMakes() throws IOException {
    var soft = new SoftAssertions();
    try (var in = Objects.requireNonNull(getClass().getResourceAsStream("naming.jsonl"))) {
      for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        List<@Nullable Object> row = Json.loads(line);
        soft.assertThat(named(row)).as(line).isEqualTo(row.get(4));
      }
    }
    soft.assertAll();
  }

  @Property(tries = 1_000)
  void aNormalizedNameIsNormal(
      @ForAll @StringLength(min = 1, max = 80) @CharRange(from = '!', to = '~') String name) {
    for (var convention : List.of("snake_case", "duck_case", "sql_cs_v1", "sql_ci_v1", "direct")) {
      var naming = NamingConvention.of(convention);
      var once = naming.identifier(name);

      assertThat(once.isEmpty() ? once : naming.identifier(once)).as(convention).isEqualTo(once);
    }
  }

  @Property(tries = 1_000)
  void aNameKeepsToItsLimit(
      @ForAll @StringLength(min = 1, max = 80) @CharRange(from = '!', to = '\u2fff') String name) {
    for (var convention : List.of("snake_case", "duck_case", "sql_cs_v1", "sql_ci_v1", "direct")) {
      var naming = NamingConvention.of(convention, 20);
      if (Blank.strip(name).isEmpty()) {
        continue;
      }
      var short20 = naming.identifier(name);

      assertThat(short20.codePointCount(0, short20.length()))
          .as(convention)
          .isLessThanOrEqualTo(20);
    }
  }

  @SuppressWarnings("unchecked") // the files hold lists of text there
  private static @Nullable String named(List<@Nullable Object> row) {
    var naming =
        NamingConvention.of(
            (String) Objects.requireNonNull(row.get(0)),
            ((Long) Objects.requireNonNull(row.get(1))).intValue());
    var argument = Objects.requireNonNull(row.get(3));
    try {
      return switch ((String) Objects.requireNonNull(row.get(2))) {
        case "identifier" -> naming.identifier((String) argument);
        case "path" -> naming.path((String) argument);
        default -> naming.fragments((List<String>) argument);
      };
    } catch (IllegalArgumentException blank) {
      return null;
    }
  }
}
