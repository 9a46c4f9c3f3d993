package dev.sluice.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ValueWriterTest {
  private static final OffsetDateTime MOMENT =
      OffsetDateTime.parse("2024-01-02T03:04:05.000006+05:30");

  @Test
  void everyTypeHasItsSpelling() {
    assertThat(written(DataType.TEXT, "a\"b\\c\n\u0001é😀"))
        .isEqualTo("\"a\\\"b\\\\c\\n\\u0001é😀\"");
    assertThat(written(DataType.BIGINT, Long.MIN_VALUE)).isEqualTo("-9223372036854775808");
    assertThat(written(DataType.BIGINT, 0L)).isEqualTo("0");
    assertThat(written(DataType.BIGINT, Long.MAX_VALUE)).isEqualTo("9223372036854775807");
    assertThat(written(DataType.DOUBLE, 1e20)).isEqualTo("1e+20");
    assertThat(written(DataType.DOUBLE, -0.0)).isEqualTo("-0.0");
    assertThat(written(DataType.DOUBLE, Double.NaN)).isEqualTo("\"NaN\"");
    assertThat(written(DataType.DOUBLE, Double.NEGATIVE_INFINITY)).isEqualTo("\"-Infinity\"");
    assertThat(written(DataType.BOOL, true)).isEqualTo("true");
    assertThat(written(DataType.DATE, LocalDate.of(2024, 2, 29))).isEqualTo("\"2024-02-29\"");
    assertThat(written(DataType.TIME, LocalTime.of(1, 2, 3, 4_000)))
        .isEqualTo("\"01:02:03.000004\"");
    assertThat(written(DataType.BINARY, new byte[] {1, 2})).isEqualTo("\"AQI=\"");
    assertThat(written(DataType.BINARY, new byte[0])).isEqualTo("\"\"");
  }

  @Test
  void timestampsAreInUtcOrHaveNoZone() {
    var naive = LocalDateTime.of(2024, 1, 2, 3, 4, 5);
    var column = ColumnSchema.of("at", DataType.TIMESTAMP);

    assertThat(written(column, MOMENT)).isEqualTo("\"2024-01-01T21:34:05.000006Z\"");
    assertThat(written(column.withoutTimezone(), MOMENT))
        .isEqualTo("\"2024-01-01T21:34:05.000006\"");
    assertThat(written(column, naive)).isEqualTo("\"2024-01-02T03:04:05Z\"");
    assertThat(written(column.withoutTimezone(), naive)).isEqualTo("\"2024-01-02T03:04:05\"");
  }

  @Test
  void decimalsAreRoundedToTheirColumn() {
    assertThat(written(DataType.DECIMAL, new BigDecimal("1.10"))).isEqualTo("\"1.100000000\"");
    assertThat(written(DataType.DECIMAL, new BigDecimal("5E-10"))).isEqualTo("\"0.000000001\"");
    assertThat(written(DataType.DECIMAL, new BigDecimal("-5E-10"))).isEqualTo("\"-0.000000001\"");
    assertThat(written(DataType.DECIMAL, new BigDecimal("1E-1000000000")))
        .isEqualTo("\"0.000000000\"");
    assertThat(written(DataType.DECIMAL, new BigDecimal("1E+3"))).isEqualTo("\"1000.000000000\"");
    assertThat(
            written(
                ColumnSchema.of("n", DataType.DECIMAL).precision(4, 2), new BigDecimal("99.994")))
        .isEqualTo("\"99.99\"");
    assertThat(written(DataType.WEI, BigInteger.TWO.pow(64))).isEqualTo("\"18446744073709551616\"");
    assertThat(written(DataType.WEI, 7L)).isEqualTo("\"7\"");
    assertThat(written(DataType.WEI, new BigDecimal("1.5"))).isEqualTo("\"2\"");
  }

  @Test
  void whatCannotBeLoadedIsRefusedWithColumnAndValue() {
    assertThatThrownBy(() -> written(DataType.BIGINT, BigInteger.ONE.shiftLeft(63)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Column 'c' is bigint, but '9223372036854775808' does not fit 64 bits;"
                + " declare a wider type or send it as text");
    assertThatThrownBy(() ->
            written(
                ColumnSchema.of("c", DataType.DECIMAL).precision(4, 2), new BigDecimal("99.995")))
        .hasMessage(
            "Column 'c' is decimal, but '99.995' does not fit decimal(4,2);"
                + " declare a wider type or send it as text");
    assertThatThrownBy(
            () -> written(DataType.TIMESTAMP, OffsetDateTime.parse("0001-01-01T00:00:00+01:00")))
        .hasMessageContaining("outside the years 1 to 9999");
    assertThatThrownBy(() -> written(DataType.TEXT, "a\ud800"))
        .hasMessageContaining("half a surrogate pair is no text");
    assertThatThrownBy(() -> written(DataType.JSON, List.of("\udc00x")))
        .hasMessageContaining("half a surrogate pair is no text");
  }

  @Test
  void valuesWithinJsonArePlain() {
    var value = new LinkedHashMap<String, @Nullable Object>();
    value.put("D", new BigDecimal("1.50"));
    value.put("at", MOMENT);
    var list =
        new ArrayList<@Nullable Object>(
            List.of(1L, 1.5, true, new byte[] {1}, LocalDate.of(2024, 1, 2)));
    list.add(null);
    value.put("é\"", list);

    assertThat(written(DataType.JSON, value))
        .isEqualTo(
            "{\"D\":\"1.50\",\"at\":\"2024-01-02T03:04:05.000006+05:30\","
                + "\"é\\\"\":[1,1.5,true,\"AQ==\",\"2024-01-02\",null]}");
    assertThat(written(DataType.JSON, JsonNull.NULL)).isEqualTo("null");
  }

  @Test
  void aRefusedValueLeavesNothingBehind() {
    var out = new ByteSink(8);
    out.ascii("[");

    assertThatThrownBy(() ->
            ValueWriter.write(out, ColumnSchema.of("c", DataType.JSON), List.of("ok", "\ud800")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(out.toString()).isEqualTo("[");
  }

  @Test
  void theShortWayOfATimestampWritesTheSameBytesAsTheLongOne() throws IOException {
    var soft = new SoftAssertions();
    var moment = new MomentText();
    int copied = 0;
    for (var line : GoldenLines.read("iso-text.jsonl")) {
      var text = "<" + line.get(0) + ">";
      for (var zone : List.of(true, false)) {
        var out = new ByteSink(4);
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        if (moment.read(bytes, 1, bytes.length - 1)) {
          moment.write(out, zone);
          copied++;
          var column = ColumnSchema.of("c", DataType.TIMESTAMP);
          var parsed = IsoText.parse(text.substring(1, text.length() - 1));
          soft.assertThat(parsed).as(text).isNotNull();
          if (parsed != null) {
            soft.assertThat(out.toString())
                .as(text)
                .isEqualTo(written(zone ? column : column.withoutTimezone(), parsed));
          }
        }
      }
    }
    soft.assertThat(copied).isGreaterThan(30);
    soft.assertAll();
  }

  private static String written(DataType type, Object value) {
    return written(ColumnSchema.of("c", type), value);
  }

  private static String written(ColumnSchema column, Object value) {
    var out = new ByteSink(1);
    ValueWriter.write(out, column, value);
    return out.toString();
  }
}
