package dev.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Year;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class RowEncoderProperties {
  record Point(int x, @Nullable String label, List<Object> rest) {}

  private final RowEncoder encoder = RowEncoder.buffered();

  @Property(tries = 1_000)
  void aRowHasTheBytesOfTypedJson(@ForAll("rows") List<Object> rows) {
    for (var row : rows) {
      assertThat(encoded(row)).isEqualTo(typed(row));
    }
  }

  @Property(tries = 1_000)
  void anyTextHasTheBytesOfTypedJson(@ForAll String text) {
    if (ValueWriter.wellFormed(text)) {
      assertThat(encoded(Map.of(text, text))).isEqualTo(typed(Map.of(text, text)));
    }
  }

  @Property(tries = 1_000)
  void anyNumberHasTheBytesOfTypedJson(@ForAll long whole, @ForAll double fraction) {
    var row = Arrays.<Object>asList(whole, fraction, (int) whole, (float) fraction, whole >> 40);
    assertThat(encoded(row)).isEqualTo(typed(row));
  }

  @Example
  void everyKindOfValueHasTheBytesOfTypedJson() {
    var values = new ArrayList<@Nullable Object>();
    for (char character = 0; character < 0x180; character++) {
      values.add("a" + character + "b");
    }
    values.addAll(Arrays.asList(null, "", "\uF026", "\uF02E", "\uF02E\uF026x", "😀", "\uFFFF"));
    values.addAll(List.of(Long.MIN_VALUE, Long.MAX_VALUE, 0, -1, -0.0, 1e300, Double.NaN, 0.1f));
    values.addAll(List.of(Instant.EPOCH, LocalDate.EPOCH, Year.of(2000), new BigDecimal("1E+5")));
    values.addAll(List.of(UUID.randomUUID(), new byte[] {1}, Set.of(1), new int[] {1, 2}));
    values.addAll(List.of(Map.of(), List.of(), new TreeMap<>(Map.of(2, "b", 10, "a"))));
    values.addAll(List.of(Map.of("b", 1, "a", 2, "é", 3), Map.of("a", 1, "b", 2, "c", 3)));
    values.addAll(List.of(Map.of(1, "x", 2, "y"), new Point(1, null, List.of("\n", 2.5))));
    for (var value : values) {
      assertThat(encoded(value)).isEqualTo(typed(value));
    }
    assertThat(encoded(values)).isEqualTo(typed(values));
  }

  @Example
  void aRowIsAsItIsAfterOneThatWasRefused() {
    var bad = new LinkedHashMap<String, Object>(Map.of("text", "half \uD83D"));
    assertThatThrownBy(() -> encoded(bad))
        .hasMessage(
            "The value at $.text holds half a surrogate pair, which is no text; repair or drop it");
    assertThat(encoded(Map.of("a", new int[] {1}))).isEqualTo("{\"a\":[1]}");
    var endless = new ArrayList<Object>();
    endless.add(endless);
    assertThatThrownBy(() -> encoded(endless)).hasMessageContaining("holds itself");
    assertThat(encoded(Map.of("a", 1))).isEqualTo("{\"a\":1}");
  }

  private String encoded(@Nullable Object row) {
    encoder.encode(row);
    return new String(encoder.bytes(), encoder.offset(), encoder.length(), StandardCharsets.UTF_8);
  }

  private static String typed(@Nullable Object row) {
    var bytes = new ByteArrayOutputStream();
    try (var out = JsonStreams.generator(bytes)) {
      TypedJson.write(out, row);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Provide
  Arbitrary<List<Object>> rows() {
    return new TypedJsonProperties().documents().list().ofMaxSize(5);
  }
}
