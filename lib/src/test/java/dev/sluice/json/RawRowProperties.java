package dev.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class RawRowProperties {
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ":",
          ",",
          " ",
          "\n",
          "\"a\"",
          "\"b\"",
          "\"a long name of a key\"",
          "\"\"",
          "\"\\n\"",
          "\"\\/\"",
          "\"\\u0041\"",
          "\"\\x\"",
          "\"é€😀\"",
          "\"\uF026 1\"",
          "\"open",
          "0",
          "-0",
          "1",
          "-17",
          "01",
          "123456789012345678",
          "1234567890123456789",
          "0.5",
          "-0.0",
          "1.50",
          "0.001",
          "0.0001",
          "1234567.5",
          "12345678.5",
          "1e5",
          "1.5E3",
          "1.",
          "0.1234567890123456",
          ".5",
          "true",
          "false",
          "null",
          "nul",
          "NaN",
          "\t");

  private final RowEncoder encoder = RowEncoder.buffered();

  /// Texts that are nearly JSON, and some that are.
  @Property(tries = 20_000)
  void whatIsTakenIsWrittenAsIfItHadBeenRead(@ForAll("texts") String text) {
    compare(text);
  }

  @Property(tries = 2_000)
  void whateverStandsInAString(@ForAll String text, @ForAll double number, @ForAll long whole) {
    compare("{\"text\": \"" + text + "\"}");
    if (ValueWriter.wellFormed(text)) compare(Json.dumps(Map.of("a", text, "b", List.of(whole))));
    compare("{\"number\":" + number + ",\"whole\":" + whole + "}");
    compare("{\"number\":" + Math.round(number * 1000) / 1000.0 + "}");
  }

  @Example
  void commonRowsAreTaken() {
    var text =
        " { \"id\" : 1, \"name\":\"say \\\"hi\\\", é\", \"list\" : [ 1, 2.5 , {\"id\":null}, [] ],"
            + " \"map\" : {\"id\" : true} } ";
    assertThat(compare(text)).isTrue();
    assertThat(compare("{}")).isTrue();
    assertThat(compare("{\"a\":1,\"b\":2,\"a\":3}")).isFalse();
    assertThat(compare("[1]")).isFalse();
    assertThat(compare("{\"" + "k".repeat(50_001) + "\":1}")).isFalse();
  }

  @Example
  void aRowThatWasLookedAtIsAMap() {
    Map<String, @Nullable Object> row = raw("{\"id\":1,\"name\":\"x\"}");
    assertThat(row).isNotNull();
    row.put("more", List.of(2));
    row.remove("name");
    assertThat(row).isEqualTo(Map.of("id", 1L, "more", List.of(2))).containsKey("id").hasSize(2);
    assertThat(encoded(row)).isEqualTo("{\"id\":1,\"more\":[2]}");
  }

  /// Whether the text was taken; if so it says the same as the map that is read from it.
  private boolean compare(String text) {
    var raw = raw(text);
    if (raw == null) return false;
    Map<String, @Nullable Object> read = Json.loads(text);
    assertThat(encoded(raw)).isEqualTo(encoded(new LinkedHashMap<>(read)));
    assertThat(raw).isEqualTo(read);
    return true;
  }

  /// Among bytes that must not matter.
  private static @Nullable RawRow raw(String text) {
    var bytes = ("{\"" + text + "\0\"#######").getBytes(StandardCharsets.UTF_8);
    return RawRow.of(bytes, 2, bytes.length - RawRow.BEHIND - 1);
  }

  private String encoded(Map<String, @Nullable Object> row) {
    encoder.encode(row);
    return new String(encoder.bytes(), encoder.offset(), encoder.length(), StandardCharsets.UTF_8);
  }

  @Provide
  Arbitrary<String> texts() {
    var near = Arbitraries.of(PIECES).list().ofMaxSize(12).map(pieces -> String.join("", pieces));
    var value = Arbitraries.of(PIECES);
    var member = value.map(text -> "\"k" + Math.floorMod(text.hashCode(), 5) + "\":" + text);
    var object = member.list().ofMaxSize(4).map(members -> "{" + String.join(", ", members) + "}");
    var list =
        value.list().ofMaxSize(3).map(values -> "{\"l\":[" + String.join(",", values) + "]}");
    return Arbitraries.oneOf(near, object, list);
  }
}
