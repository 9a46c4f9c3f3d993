package dev.sluice;

import static dev.sluice.Sluice.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

class RowTest {
  @Test
  void aRowKeepsItsOrderAndItsNulls() {
    assertThat(row("z", 1, "a", null, "m", "x"))
        .containsExactly(entry("z", 1), entry("a", null), entry("m", "x"));
  }

  @Test
  void aRowWithoutItsLastValueSaysSo() {
    assertThatThrownBy(() -> row("id", 1, "name"))
        .hasMessage(
            "A row needs names and values in turn, but [id, 1, name] has no value for its last name");
  }

  @Test
  void aNameIsAStringAndThereOnce() {
    assertThatThrownBy(() -> row(1, "id"))
        .hasMessage(
            "A row needs names and values in turn, but at 0 of [1, id] stands '1' for a name");
    assertThatThrownBy(() -> row("id", 1, "id", 2)).hasMessage("A row has the name 'id' twice");
  }
}
