package dev.sluice.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateTest {
  /// As dlt 1.31 wrote it into a working directory.
  private static final String WRITTEN_BY_DLT =
      """
      {"_state_version":1,"_state_engine_version":4,"_local":{"first_run":true,"_dev_mode":false,\
      "initial_cwd":"/tmp","last_run_context":null},"pipeline_name":"probe2","schema_names":["probe2"],\
      "default_schema_name":"probe2","dataset_name":"data","destination_type":"dlt.destinations.duckdb",\
      "destination_name":null,"_version_hash":"/3gASIeagi0NmoMkFYQMZR+fJovTHZ2U4pRaPAA5Ct4=",\
      "sources":{"probe2":{"resources":{"r":{"incremental":{"u":{"initial_value":0,"last_value":5,\
      "unique_hashes":["669czW83KR00"],"start_value":0}},"x":1}}}}}\
      """;

  private static final String ROW_WRITTEN_BY_DLT =
      "eNpdkW1LwzAQx79L3hpm3bqhBV8UQXxgolURJ1Ju7a0NS9OaXIo6+t1NWivFvAi53z3kf3cHlhoCwrRFbUStWHTCR4SqEGriCTlrRIPSQwUVsog1ut7inHFmshIr6LFh0dvoeOcsxx1YSekkYpqYA4FBGrk3PUVDQgG5f1P6anqPpNkEm1lus32+/Rc8lFFWStfGr/K0BFO6CseLIn68RihEcFfV6/3l68N6kxztbur26Wozfw6bBO7jeHlB4blvqbY6890cRrXupXGCtb+EyjRWqAikN+3ABAmQaQvSOjkBZxIMjeaSM6vEh8Ve2DCv1eos+345XdwmQeCn5jag/xKCruPs062m8+cHdryW8Q==";

  @Test
  void theHashIsTheOneOfDlt() {
    var state = State.read(WRITTEN_BY_DLT.getBytes(StandardCharsets.UTF_8));
    assertThat(state.versionHash()).isEqualTo("/3gASIeagi0NmoMkFYQMZR+fJovTHZ2U4pRaPAA5Ct4=");
    assertThat(state.bumped()).isEqualTo(state);
    assertThat(state.at("sources", "probe2", "resources", "r", "x")).contains(1L);
  }

  @Test
  void aRowOfDltHoldsTheSameStateWithoutWhatIsLocal() {
    var state = State.read(WRITTEN_BY_DLT.getBytes(StandardCharsets.UTF_8));
    var row = State.ofRow(ROW_WRITTEN_BY_DLT);
    assertThat(row.versionHash()).isEqualTo(state.versionHash());
    assertThat(row.sources()).isEqualTo(state.sources());
    assertThat(row.at("_local", "first_run")).isEmpty();
  }

  @Test
  void aChangedContentIsAVersionHigherAndSurvivesItsRow() {
    var state = State.of("shop").bumped();
    var changed = state.with("sources", Map.of("shop", Map.of("since", "2026-01-01"))).bumped();
    assertThat(state.version()).isZero();
    assertThat(changed.version()).isEqualTo(1);
    var row = changed.row("1.5", Instant.EPOCH);
    assertThat(row.keySet())
        .containsExactly(
            "version",
            "engine_version",
            "pipeline_name",
            "state",
            "created_at",
            "version_hash",
            "_dlt_load_id");
    assertThat(State.ofRow((String) row.get("state")).sources()).isEqualTo(changed.sources());
    assertThat(State.read(changed.bytes())).isEqualTo(changed);
  }

  @Test
  void whatIsNoStateIsRefused() {
    assertThatThrownBy(() -> State.read("[1]".getBytes(StandardCharsets.UTF_8)))
        .hasMessage("The state is no JSON object");
    assertThatThrownBy(() -> State.of(Map.of("pipeline_name", "p", "_state_engine_version", 9)))
        .hasMessage(
            "The state of pipeline 'p' has engine version 9, but this release knows only up to 4; update Sluice");
  }
}
