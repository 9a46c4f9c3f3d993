package dev.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.fuzz.Hostile;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// JSON of anybody, with types and without.
class JsonFuzzTest {
  private static final String[] SAMPLES = {
    "{\"a\":1,\"b\":[true,null,-1.5e3],\"c\":{\"d\":\"x\\u00e9\\n\"}}",
    "[\"\uf0261.50\",\"\uf0272024-01-02T03:04:05.123456+00:00\",\"\uf0282024-01-02\",\"\uf02e\uf026\"]",
    "[\"\uf02912345678-1234-5678-1234-567812345678\",\"\uf02aff00\",\"\uf02b/wA=\",\"\uf02c123\",\"\uf02d03:04:05\"]",
    "[\"\uf026NaN\",\"\uf026-Infinity\",\"\uf0261E+400\",\"\uf02c1.5\",123456789012345678901234567890]"
  };

  @Property(seed = Hostile.SEED)
  void typedJsonIsReadOrRefused(@ForAll("texts") byte[] text) {
    Hostile.readOrRefused(() -> {
      try (var in = JsonStreams.parser(text, 0, text.length)) {
        TypedJson.read(in);
      }
    });
  }

  @Property(seed = Hostile.SEED)
  void jsonIsReadOrRefusedAndWrittenAgain(@ForAll("texts") byte[] text) {
    Hostile.readOrRefused(() -> {
      Object value = Json.loadb(text);
      Object again = Json.loadb(Json.dumpb(value));
      assertThat(again).isEqualTo(value);
    });
  }

  /// The scan that spares reading takes no row that reading refuses, or reads otherwise.
  @Property(seed = Hostile.SEED)
  void aRowTakenUnreadIsTheOneThatReadingGives(@ForAll("texts") byte[] text) {
    var bytes = Arrays.copyOf(text, text.length + RawRow.BEHIND);
    var row = RawRow.of(bytes, 0, text.length);
    if (row == null) return;
    Object read = Json.loadb(text);
    assertThat(row).isEqualTo(read);
  }

  @Provide
  Arbitrary<byte[]> texts() {
    return Hostile.bytes(SAMPLES);
  }

  // ------------------------------------------------------------------ what was found

  @ParameterizedTest
  @ValueSource(chars = {'\uf026', '\uf02c'})
  void aNumberOfVeryManyDigitsIsRefused(char mark) {
    var text = "[\"" + mark + "9".repeat(2_000_000) + "\"]";
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> TypedJson.read(JsonStreams.parser(bytes, 0, bytes.length)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "A number of 2000000 characters, of which at most 10000 are read; send it as text");
  }

  @Test
  void aNumberThatNobodyWouldReadIsNotWritten() {
    var whole = BigInteger.TEN.pow(12_345);
    assertThatThrownBy(() -> Json.dumps(java.util.Map.of("a", new BigDecimal(whole))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is a number of 12346 digits, of which at most 9980 are written");
    assertThatThrownBy(() -> Json.dumps(java.util.Map.of("a", whole)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is a number of 12346 digits, of which at most 9980 are written");
    var longest = new BigDecimal(BigInteger.TEN.pow(9_979)).negate();
    var bytes = new java.io.ByteArrayOutputStream();
    try (var out = JsonStreams.generator(bytes)) {
      TypedJson.write(out, longest);
    }
    var written = bytes.toByteArray();
    assertThat(TypedJson.read(JsonStreams.parser(written, 0, written.length))).isEqualTo(longest);
  }
}
