package dev.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
  @Test
  void loadsToPlainJavaValues() {
    Map<String, Object> document =
        Json.load(
            new ByteArrayInputStream(
                "{\"b\":[1,2.5,true,null],\"a\":18446744073709551616,\"m\":\"\uF0261.5\"}"
                    .getBytes(StandardCharsets.UTF_8)));
    assertThat(document).containsOnlyKeys("b", "a", "m");
    assertThat(document.get("b")).isEqualTo(java.util.Arrays.asList(1L, 2.5, true, null));
    assertThat(document.get("a")).isEqualTo(new BigInteger("18446744073709551616"));
    assertThat(document.get("m")).isEqualTo("\uF0261.5");
  }

  @Test
  void dumpsWhatOthersCanRead() {
    var out = new ByteArrayOutputStream();
    Json.dump(
        List.of(
            new BigDecimal("1.10"),
            LocalDate.of(2024, 1, 2),
            new byte[] {0, -1},
            "\uF0261.5",
            BigInteger.TWO.pow(70)),
        out);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("[\"1.10\",\"2024-01-02\",\"AP8=\",\"\uF0261.5\",1180591620717411303424]");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{\"x\":{\"a\":1,\"a\":2}}|Key 'a' stands twice at $.x.a",
        "[1,1e999]|Number '1e999' at $[1] is beyond the range of a double; send it as text",
        "1 2|There is more text after the one JSON value",
        "``|There is no JSON where a value was expected"
      })
  void whatWouldBeLostIsRefused(String json, String message) {
    assertThatThrownBy(() -> Json.loads(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void malformedTextIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> Json.loads("{\"a\":\n[1,NaN]}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Unreadable JSON at $.a[1] (line 2, column ")
        .hasMessageContaining("NaN");
  }

  @Test
  void plainJsonRefusesWhatIsNotANumber() {
    assertThatThrownBy(() -> Json.dumps(Map.of("a", List.of(1, Double.NaN))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "The value at $.a[1] is 'NaN', which JSON cannot hold; send it as text or null");
  }
}
