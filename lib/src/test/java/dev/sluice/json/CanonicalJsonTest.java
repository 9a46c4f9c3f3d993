package dev.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalJsonTest {
  private record Key(int id, String a) {}

  private static String canonical(@Nullable Object value) {
    return new String(CanonicalJson.bytes(value, true), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "1e16, 1e+16",
    "1e15, 1000000000000000.0",
    "123456789012345680, 1.2345678901234568e+17",
    "9007199254740993, 9007199254740992.0",
    "1e-5, 0.00001",
    "1.25e-5, 0.0000125",
    "1e-6, 1e-6",
    "9.999e-6, 9.999e-6",
    "1.5e300, 1.5e+300",
    "-0.0, -0.0",
    "0.0, 0.0",
    "1e22, 1e+22",
    "5e-324, 5e-324",
    "-1e-323, -1e-323",
    "2e-323, 2e-323",
    "100, 100.0",
    "0.1, 0.1",
    "-12345678.5, -12345678.5",
    "12345678, 12345678.0",
    "1.7976931348623157e308, 1.7976931348623157e+308"
  })
  void doublesHaveOneSpelling(double number, String spelled) {
    assertThat(canonical(number)).isEqualTo(spelled);
  }

  @Test
  void hashInputsAreThoseOfDlt() {
    assertThat(canonical(Map.of("id", 1))).isEqualTo("{\"id\":1}");
    assertThat(canonical(Map.of("id", 1, "a", "x"))).isEqualTo("{\"a\":\"x\",\"id\":1}");
    assertThat(canonical(new Key(1, "x"))).isEqualTo("{\"a\":\"x\",\"id\":1}");
    assertThat(canonical(Map.of("n", 1.5, "name", "Zażółć")))
        .isEqualTo("{\"n\":1.5,\"name\":\"Zażółć\"}");
    assertThat(canonical(Map.of("ts", OffsetDateTime.parse("2024-01-02T03:04:05Z"), "id", 7)))
        .isEqualTo("{\"id\":7,\"ts\":\"\uF0272024-01-02T03:04:05+00:00\"}");
    assertThat(canonical(new BigDecimal("1.10"))).isEqualTo("\"\uF0261.10\"");
    assertThat(canonical("\uF0261.5")).isEqualTo("\"\uF0261.5\"");
  }

  @Test
  void onlyQuotesBackslashAndControlCharactersAreEscaped() {
    var text = new StringBuilder();
    IntStream.range(0, 33).forEach(text::appendCodePoint);
    text.append("\u007F/\u2028\"\\é😀");
    assertThat(canonical(text.toString()))
        .isEqualTo(
            "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f"
                + "\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d"
                + "\\u001e\\u001f \u007F/\u2028\\\"\\\\é😀\"");
  }

  @Test
  void keysAreSortedAsBytes() {
    var map = new LinkedHashMap<String, Integer>();
    map.put("😀", 2);
    map.put("\uE000", 1);
    map.put("a", 3);
    map.put("é", 4);
    assertThat(canonical(map)).isEqualTo("{\"a\":3,\"é\":4,\"\uE000\":1,\"😀\":2}");
    assertThat(new String(CanonicalJson.bytes(map, false), StandardCharsets.UTF_8))
        .isEqualTo("{\"😀\":2,\"\uE000\":1,\"a\":3,\"é\":4}");
  }
}
