package dev.sluice.normalize;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CoercionTest {
  @Test
  void valuesBecomeWhatDltMakesOfThem() throws IOException {
    var soft = new SoftAssertions();
    for (var line : GoldenLines.read("coercions.jsonl")) {
      var to = type(line.get(0));
      var value = requireNonNull(GoldenLines.decode(line.get(2)));
      soft.assertThat(Coercion.typeOf(value)).as("type of %s", value).isEqualTo(type(line.get(1)));
      soft.assertThat(coerced(to, value)).as("%s from '%s'", to, value).isEqualTo(line.get(3));
    }
    soft.assertAll();
  }

  @Test
  void booleansAsTextAreSpelledAsInJson() throws CannotCoerce {
    assertThat(Coercion.coerce(DataType.TEXT, true)).isEqualTo("true");
    assertThat(Coercion.coerce(DataType.TEXT, false)).isEqualTo("false");
  }

  @Test
  void digitsThatOnlyPythonReadsAreNoNumber() {
    for (var text : List.of("1_000", "٤٢")) {
      for (var type : List.of(DataType.BIGINT, DataType.DOUBLE, DataType.DECIMAL, DataType.WEI)) {
        assertThatThrownBy(() -> Coercion.coerce(type, text))
            .isInstanceOf(CannotCoerce.class)
            .hasMessage("'" + text + "' is no " + type.word());
      }
    }
  }

  @Test
  void notANumberIsADoubleButNoDecimal() throws CannotCoerce {
    assertThat(Coercion.coerce(DataType.DOUBLE, "nan")).isEqualTo(Double.NaN);
    assertThat(Coercion.coerce(DataType.DOUBLE, " -inf")).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThatThrownBy(() -> Coercion.coerce(DataType.DECIMAL, "nan"))
        .isInstanceOf(CannotCoerce.class);
    assertThatThrownBy(() -> Coercion.coerce(DataType.DECIMAL, Double.NaN))
        .isInstanceOf(CannotCoerce.class);
  }

  @Test
  void emptyBytesAreBytes() throws CannotCoerce {
    assertThat(Coercion.typeOf(new byte[0])).isEqualTo(DataType.BINARY);
    assertThat(Coercion.coerce(DataType.BINARY, new byte[0])).isEqualTo(new byte[0]);
  }

  @Test
  void wholeNumbersHaveTheNarrowestTypeThatHoldsThem() {
    assertThat(Coercion.typeOf(Long.MAX_VALUE)).isEqualTo(DataType.BIGINT);
    assertThat(Coercion.typeOf(BigInteger.ONE.shiftLeft(63))).isEqualTo(DataType.WEI);
    assertThat(Coercion.typeOf(BigInteger.TEN.pow(38).negate())).isEqualTo(DataType.TEXT);
  }

  @Test
  void aNumberTooLongForItsColumnIsRefusedWithBoth() throws CannotCoerce {
    var big = BigInteger.ONE.shiftLeft(63);
    var wide = ColumnSchema.of("n", DataType.BIGINT).precision(128);

    assertThat(Coercion.coerce(wide, big)).isEqualTo(big);
    assertThatThrownBy(() -> Coercion.coerce(ColumnSchema.of("n", DataType.BIGINT), big))
        .hasMessage("'9223372036854775808' does not fit 64 bits");
    assertThatThrownBy(() -> Coercion.coerce(wide.precision(8), 128L))
        .hasMessage("'128' does not fit 8 bits");
    assertThatThrownBy(
            () -> Coercion.coerce(ColumnSchema.of("n", DataType.DECIMAL), "1e1000000000"))
        .hasMessage("'1E+1000000000' does not fit decimal(38,9)");
  }

  @Test
  void aNumberWithAnAbsurdExponentIsRefusedAtOnce() {
    assertThatThrownBy(() -> Coercion.coerce(DataType.BIGINT, new BigDecimal("1e1000000000")))
        .hasMessage("'1E+1000000000' is no bigint");
  }

  @Test
  void anIdIsText() throws CannotCoerce {
    var id = UUID.fromString("00000000-0000-0000-0000-00000000000a");

    assertThat(Coercion.typeOf(id)).isEqualTo(DataType.TEXT);
    assertThat(Coercion.coerce(DataType.TEXT, id)).isEqualTo(id.toString());
  }

  @Test
  void theJsonTextNullIsAValueOfItsOwn() throws CannotCoerce {
    assertThat(Coercion.coerce(DataType.JSON, "null")).isEqualTo(JsonNull.NULL);
  }

  @Test
  void aRefusalHasNoStackTraceAndCutsLongValues() {
    assertThatThrownBy(() -> Coercion.coerce(DataType.BIGINT, "x".repeat(500)))
        .hasMessage("'" + "x".repeat(80) + "…' is no bigint")
        .satisfies(refusal -> assertThat(refusal.getStackTrace()).isEmpty());
  }

  private static DataType type(@Nullable Object word) {
    return DataType.of((String) requireNonNull(word)).orElseThrow();
  }

  /// A letter for the class of value, then its text; null if it was refused.
  private static @Nullable String coerced(DataType to, Object value) {
    try {
      var coerced = Coercion.coerce(to, value);
      return to == DataType.JSON ? "j:" + JsonText.of(coerced) : show(to, coerced);
    } catch (CannotCoerce refused) {
      return null;
    }
  }

  private static String show(DataType to, Object value) {
    return switch (value) {
      case Boolean flag -> "b:" + flag;
      case String text -> "s:" + text;
      case Double number -> "f:" + PlainText.python(number);
      case BigDecimal number -> "d:" + number;
      case OffsetDateTime time -> "t:" + PlainText.iso(time);
      case LocalDateTime time -> "t:" + PlainText.iso(time);
      case LocalDate date -> "D:" + PlainText.iso(date);
      case LocalTime time -> "T:" + PlainText.iso(time);
      case byte[] bytes -> "x:" + HexFormat.of().formatHex(bytes);
      default -> (to == DataType.WEI ? "d:" : "i:") + value;
    };
  }
}
