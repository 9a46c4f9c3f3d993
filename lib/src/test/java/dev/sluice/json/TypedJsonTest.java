package dev.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

class TypedJsonTest {
  private enum Color {
    RED
  }

  private record Point(int x, @Nullable Double y) {}

  static String write(@Nullable Object value) {
    var bytes = new ByteArrayOutputStream();
    try (var out = JsonStreams.generator(bytes)) {
      TypedJson.write(out, value);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  static @Nullable Object read(String json) {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    try (var in = JsonStreams.parser(bytes, 0, bytes.length)) {
      return TypedJson.read(in);
    }
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  static Stream<Arguments> spellings() {
    var utc = ZoneOffset.UTC;
    var time = LocalDateTime.of(2024, 1, 2, 3, 4, 5);
    return Stream.of(
        Arguments.of("text", quoted("text")),
        Arguments.of(42, "42"),
        Arguments.of((short) 42, "42"),
        Arguments.of(Long.MIN_VALUE, "-9223372036854775808"),
        Arguments.of(1.0, "1.0"),
        Arguments.of(-0.0, "-0.0"),
        Arguments.of(0.1f, "0.1"),
        Arguments.of(true, "true"),
        Arguments.of(Double.NaN, quoted("\uF026NaN")),
        Arguments.of(Double.NEGATIVE_INFINITY, quoted("\uF026-Infinity")),
        Arguments.of(Float.POSITIVE_INFINITY, quoted("\uF026Infinity")),
        Arguments.of(new BigDecimal("1.10"), quoted("\uF0261.10")),
        Arguments.of(new BigDecimal("1E+2"), quoted("\uF0261E+2")),
        Arguments.of(BigInteger.TEN, "10"),
        Arguments.of(new BigInteger("18446744073709551615"), "18446744073709551615"),
        Arguments.of(new BigInteger("18446744073709551616"), quoted("\uF02C18446744073709551616")),
        Arguments.of(new BigInteger("-9223372036854775809"), quoted("\uF02C-9223372036854775809")),
        Arguments.of(time.toInstant(utc), quoted("\uF0272024-01-02T03:04:05+00:00")),
        Arguments.of(
            time.atOffset(ZoneOffset.ofHoursMinutes(-3, -30)),
            quoted("\uF0272024-01-02T03:04:05-03:30")),
        Arguments.of(
            time.atOffset(ZoneOffset.ofTotalSeconds(3_661)),
            quoted("\uF0272024-01-02T03:04:05+01:01:01")),
        Arguments.of(
            time.atZone(ZoneId.of("Europe/Warsaw")), quoted("\uF0272024-01-02T03:04:05+01:00")),
        Arguments.of(time.withNano(6_000), quoted("\uF0272024-01-02T03:04:05.000006")),
        Arguments.of(time.withNano(999), quoted("\uF0272024-01-02T03:04:05")),
        Arguments.of(LocalDate.of(7, 1, 2), quoted("\uF0280007-01-02")),
        Arguments.of(LocalTime.of(3, 4), quoted("\uF02D03:04:00")),
        Arguments.of(LocalTime.of(23, 59, 59, 999_999_000), quoted("\uF02D23:59:59.999999")),
        Arguments.of(new Date(0), quoted("\uF0271970-01-01T00:00:00+00:00")),
        Arguments.of(java.sql.Timestamp.valueOf(time), quoted("\uF0272024-01-02T03:04:05")),
        Arguments.of(java.sql.Date.valueOf("2024-01-02"), quoted("\uF0282024-01-02")),
        Arguments.of(java.sql.Time.valueOf("03:04:05"), quoted("\uF02D03:04:05")),
        Arguments.of(new byte[] {0, -1}, quoted("\uF02BAP8=")),
        Arguments.of(new byte[0], quoted("\uF02B")),
        Arguments.of(ByteBuffer.wrap(new byte[] {1, 0, -1}, 1, 2), quoted("\uF02BAP8=")),
        Arguments.of(new UUID(1, 2), quoted("00000000-0000-0001-0000-000000000002")),
        Arguments.of(Color.RED, quoted("RED")),
        Arguments.of('c', quoted("c")),
        Arguments.of(new StringBuilder("sb"), quoted("sb")),
        Arguments.of(Path.of("a", "b"), quoted("a/b")),
        Arguments.of(YearMonth.of(2024, 1), quoted("2024-01")),
        Arguments.of(Optional.of(1), "1"),
        Arguments.of(Optional.empty(), "null"),
        Arguments.of(new Point(1, null), "{\"x\":1,\"y\":null}"),
        Arguments.of(List.of(1, "a"), "[1,\"a\"]"),
        Arguments.of(new int[] {1, 2}, "[1,2]"),
        Arguments.of(new Object[] {1, null}, "[1,null]"),
        Arguments.of(Map.of("c", 3, "a", 1, "b", 2), "{\"a\":1,\"b\":2,\"c\":3}"),
        Arguments.of(Map.of(LocalDate.of(2024, 1, 2), 1), "{\"2024-01-02\":1}"),
        Arguments.of("a\u0000/\u001F", "\"a\\u0000/\\u001f\""),
        Arguments.of("é😀", quoted("é😀")),
        Arguments.of("\uF0261.5", quoted("\uF02E\uF0261.5")),
        Arguments.of("\uF02A", quoted("\uF02E\uF02A")),
        Arguments.of("\uF02E\uF026", quoted("\uF02E\uF02E\uF026")),
        Arguments.of("\uF02Ex", quoted("\uF02Ex")),
        Arguments.of("\uF02E", quoted("\uF02E")),
        Arguments.of("\uF030x", quoted("\uF030x")));
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void valuesAreSpelledAsDltSpellsThem(Object value, String json) {
    assertThat(write(value)).isEqualTo(json);
  }

  @Test
  void aTreeKeepsItsOwnTypes() {
    var nodes = JsonNodeFactory.instance;
    var tree = nodes.objectNode();
    tree.put("d", new BigDecimal("1.50"));
    tree.put("s", "\uF026x");
    tree.put("b", new byte[] {1});
    tree.set("list", nodes.arrayNode().add(1).add(2.5).addNull());
    tree.set("pojo", nodes.pojoNode(LocalDate.of(2024, 1, 2)));
    assertThat(write(tree))
        .isEqualTo(
            "{\"d\":\"\uF0261.50\",\"s\":\"\uF02E\uF026x\",\"b\":\"\uF02BAQ==\",\"list\":[1,2.5,null],"
                + "\"pojo\":\"\uF0282024-01-02\"}");
    assertThat(write(JsonMapper.shared().readTree("{\"a\":{\"b\":[true]}}")))
        .isEqualTo("{\"a\":{\"b\":[true]}}");
  }

  @Test
  void whatDltWroteIsRead() {
    assertThat(
            read(
                "[\"\uF0261.10\",\"\uF0272024-01-02T03:04:05Z\",\"\uF0272024-01-02T03:04:05.000006\"]"))
        .isEqualTo(
            List.of(
                new BigDecimal("1.10"),
                OffsetDateTime.parse("2024-01-02T03:04:05Z"),
                LocalDateTime.of(2024, 1, 2, 3, 4, 5, 6_000)));
    assertThat(
            read(
                "[\"\uF0282024-01-02\",\"\uF02D03:04:05\",\"\uF02C5\",\"\uF02C-5.5\",\"\uF026NaN\"]"))
        .isEqualTo(
            List.of(
                LocalDate.of(2024, 1, 2),
                LocalTime.of(3, 4, 5),
                BigInteger.valueOf(5),
                new BigDecimal("-5.5"),
                Double.NaN));
    assertThat(read("\"\uF029" + new UUID(1, 2) + '"')).isEqualTo(new UUID(1, 2));
    assertThat((byte[]) read("\"\uF02BAP8=\"")).containsExactly(0, -1);
    assertThat((byte[]) read("\"\uF02A0x00ff\"")).containsExactly(0, -1);
  }

  @Test
  void aMarkWithSomethingUnreadableStaysText() {
    for (var text :
        List.of(
            "\uF026x", "\uF026", "\uF027yesterday", "\uF029u", "\uF02A", "\uF02Ezz", "\uF02B?")) {
      assertThat(read('"' + text + '"')).isEqualTo(text);
    }
  }

  @Test
  void wholeNumbersAreLongOrBigInteger() {
    assertThat(read("[1,9223372036854775807,9223372036854775808]"))
        .isEqualTo(List.of(1L, Long.MAX_VALUE, new BigInteger("9223372036854775808")));
  }

  static Stream<Arguments> refusals() {
    var cyclic = new HashMap<String, Object>();
    cyclic.put("self", new ArrayList<>(List.of(cyclic)));
    Object deep = 1;
    for (int i = 0; i < 2_000; i++) {
      deep = Map.of("a", deep);
    }
    var clash = new LinkedHashMap<Object, Object>();
    clash.put(1, "a");
    clash.put("1", "b");
    return Stream.of(
        Arguments.of(
            Map.of("a", Map.of("b", Arrays.asList(1, 2, 3, new Object()))),
            "The value at $.a.b[3] is of class java.lang.Object, which has no JSON form; make it a record, a Map or"
                + " text"),
        Arguments.of(
            cyclic,
            "The value at $.self[0].self[0]….self[0].self[0] holds itself; rows must be trees"),
        Arguments.of(
            deep,
            "The value at $.a.a.a.a….a.a.a.a is nested deeper than 500 levels; flatten it or send the deep part as"
                + " text"),
        Arguments.of(
            Map.of("t", Instant.parse("+12024-01-02T00:00:00Z")),
            "The value at $.t is '+12024-01-02', outside the years 1 to 9999; send it as text or"
                + " null"),
        Arguments.of(
            clash, "The value at $ has two keys that are written '1'; rename one of them"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whatJsonCannotHoldIsRefusedWithItsPath(Object value, String message) {
    assertThatThrownBy(() -> write(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\\ud800", "\\ud800x", "\\udc00\\ud800", "\\ud83d\\ude00\\udc00"})
  void halfASurrogatePairIsRefusedWithItsPath(String escaped) {
    String text = Json.loads('"' + escaped + '"');
    assertThatThrownBy(() -> write(Map.of("a", List.of("", text))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "The value at $.a[1] holds half a surrogate pair, which is no text; repair or drop it");
    assertThatThrownBy(() -> write(List.of(Map.of(text, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "The value at $[0] has a key with half a surrogate pair, '"
                + text
                + "'; repair or drop it");
  }

  @Test
  void rowsOfFiveHundredLevelsAreWrittenAndRead() {
    Object deep = 1L;
    for (int i = 0; i < JsonStreams.MAX_DEPTH - 1; i++) {
      deep = Map.of("a", deep);
    }
    assertThat(read(write(List.of(deep)))).isEqualTo(List.of(deep));
  }

  @Test
  void aTooDeepTextIsRefused() {
    assertThatThrownBy(() -> read("[".repeat(2_000) + "]".repeat(2_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Unreadable JSON at $[0][0][0][0]…[0]")
        .hasMessageContaining("nesting depth");
  }
}
