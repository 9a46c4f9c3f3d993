package dev.sluice.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fuzz.Hostile;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Schemas, states and names of anybody.
class SchemaFuzzTest {
  private static final String YAML =
      """
      version: 2
      name: shop
      engine_version: 11
      tables:
        users: &t
          columns:
            id: {data_type: bigint, nullable: false, precision: 64}
            "a: b": {data_type: text, description: 'it''s'}
          write_disposition: merge
        users__tags:
          parent: users
          columns: {value: {data_type: decimal, precision: 38, scale: 9}}
        more: *t
      settings: {detections: [iso_timestamp]}
      normalizers: {names: snake_case}
      previous_hashes: [x]
      """;
  private static final String STATE =
      "{\"_state_version\":1,\"_state_engine_version\":4,\"pipeline_name\":\"shop\",\"_local\":{\"first_run\":false},\"sources\":{\"shop\":{\"resources\":{\"a\":{\"x\":\"\uf0261.5\"}}}}}";

  @Property(seed = Hostile.SEED)
  void yamlIsReadOrRefused(@ForAll("yaml") String text) {
    Hostile.readOrRefused(() -> use(Schema.ofYaml(text)));
  }

  @Property(seed = Hostile.SEED)
  void aSchemaFileIsReadOrRefused(@ForAll("json") byte[] text) {
    Hostile.readOrRefused(() -> use(Schema.read(text)));
  }

  @Property(seed = Hostile.SEED)
  void aStateIsReadOrRefused(@ForAll("states") byte[] text) {
    Hostile.readOrRefused(() -> {
      var state = State.read(text);
      state.versionHash();
      state.bytes();
    });
  }

  @Property(seed = Hostile.SEED)
  void aStoredStateIsReadOrRefused(@ForAll("rows") String text) {
    Hostile.readOrRefused(() -> State.ofRow(text));
  }

  /// What reads a schema uses it, so that must hold too.
  private static void use(Schema schema) {
    schema.versionHash();
    schema.toYaml();
    schema.toDbml();
    schema.toMermaid();
    assertThat(schema.toString()).isNotNull();
    for (var table : schema.tables()) {
      schema.root(table.name());
      schema.chain(table.name());
      schema.inherited(table.name(), "write_disposition");
    }
  }

  @Property(seed = Hostile.SEED)
  void anyNameIsNormalizedOrRefused(
      @ForAll("names") String name, @ForAll @IntRange(max = 40) int longest) {
    for (var convention :
        new String[] {"snake_case", "duck_case", "sql_cs_v1", "sql_ci_v1", "direct"})
      Hostile.readOrRefused(() -> {
        var naming = NamingConvention.of(convention, longest);
        var made = naming.identifier(name);
        // Of underscores alone dlt's SQL conventions leave nothing; Ident refuses that.
        assertThat(made).doesNotContain("\n", "\"");
        if (longest > 0)
          assertThat(made.codePointCount(0, made.length())).isLessThanOrEqualTo(longest);
        naming.path(name);
      });
  }

  @Provide
  Arbitrary<String> yaml() {
    return Hostile.texts(YAML);
  }

  @Provide
  Arbitrary<byte[]> json() {
    return Hostile.bytes(new String(Schema.ofYaml(YAML).bytes(), StandardCharsets.UTF_8));
  }

  @Provide
  Arbitrary<byte[]> states() {
    return Hostile.bytes(STATE);
  }

  @Provide
  Arbitrary<String> rows() {
    var row = State.of("shop").row("1.1", java.time.Instant.EPOCH).get("state").toString();
    var junk = Base64.getEncoder().encodeToString("no zip".getBytes(StandardCharsets.UTF_8));
    return Hostile.texts(row, junk, STATE);
  }

  @Provide
  Arbitrary<String> names() {
    return Hostile.texts("HTTPServerURL", "a__b_c+*-@|", "\u00e9t\u00e9 1\u25b6x", "_1");
  }

  // ------------------------------------------------------------------ what was found

  @Test
  void aLengthThatNoTagFitsInIsRefused() {
    assertThatThrownBy(() -> NamingConvention.of("snake_case", 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Names of at most '3' characters (destination.max_identifier_length) are too short: the tag of a shortened one has 6");
    assertThat(NamingConvention.of("snake_case", 6).identifier("abcdefgh")).hasSize(6);
  }

  @Test
  void aStoredStateThatIsNoneSaysSo() {
    var junk = Base64.getEncoder().encodeToString("no zip".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> State.ofRow(junk))
        .hasMessage("The stored state is no compressed JSON");
    assertThatThrownBy(() -> State.ofRow("?"))
        .hasMessage("The stored state is neither JSON nor base64");
    assertThat(State.ofRow(" " + STATE).version()).isEqualTo(1);
  }

  @Test
  void aVersionThatIsNoneIsRefused() {
    assertThatThrownBy(() ->
            State.read(
                STATE
                    .replace("\"_state_version\":1", "\"_state_version\":4294967296")
                    .getBytes(StandardCharsets.UTF_8)))
        .hasMessage(
            "The state of pipeline 'shop' has version '4294967296', but it must be a whole number below 2147483648");
    assertThatThrownBy(() ->
            State.read(
                STATE
                    .replace("engine_version\":4", "engine_version\":4294967296")
                    .getBytes(StandardCharsets.UTF_8)))
        .hasMessage(
            "The state of pipeline 'shop' has engine version 4294967296, but this release knows only up to 4; update Sluice");
  }
}
