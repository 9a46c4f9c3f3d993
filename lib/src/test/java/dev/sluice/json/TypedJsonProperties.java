package dev.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class TypedJsonProperties {
  @Property(tries = 500)
  void anyDocumentComesBackAsItWas(@ForAll("documents") @Nullable Object document) {
    var back = TypedJsonTest.read(TypedJsonTest.write(document));
    assertThat(comparable(back)).isEqualTo(comparable(document));
  }

  /// Arrays are equal only to themselves, so bytes are compared as buffers.
  private static @Nullable Object comparable(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return ByteBuffer.wrap(bytes);
    }
    if (value instanceof List<?> list) {
      return Arrays.asList(list.stream().map(TypedJsonProperties::comparable).toArray());
    }
    if (value instanceof Map<?, ?> map) {
      var entries = new HashMap<Object, @Nullable Object>();
      map.forEach((key, item) -> entries.put(key, comparable(item)));
      return entries;
    }
    return value;
  }

  @Property(tries = 500)
  void anyTextComesBackAsItWas(@ForAll("texts") String text) {
    assertThat(TypedJsonTest.read(TypedJsonTest.write(text))).isEqualTo(text);
    Object loaded = Json.loads(Json.dumps(text));
    assertThat(loaded).isEqualTo(text);
  }

  @Property(tries = 2_000)
  void aCanonicalDoubleIsTheSameDouble(@ForAll double number) {
    assertThat(Double.parseDouble(CanonicalNumber.of(number))).isEqualTo(number);
  }

  @Provide
  Arbitrary<String> texts() {
    var marks = Arbitraries.chars().range('\uF020', '\uF030');
    var plain = Arbitraries.strings().withCharRange('\u0000', '\uD7FF').ofMaxLength(5);
    var anything =
        Arbitraries.integers()
            .between(0, 0x10FFFF)
            .filter(point -> point < 0xD800 || point > 0xDFFF)
            .map(Character::toString);
    return Arbitraries.oneOf(
        plain,
        marks.list().ofMaxSize(3).flatMap(head -> plain.map(tail -> join(head) + tail)),
        anything);
  }

  private static String join(List<Character> characters) {
    var text = new StringBuilder();
    characters.forEach(text::append);
    return text.toString();
  }

  @Provide
  Arbitrary<Object> documents() {
    var days =
        Arbitraries.longs()
            .between(LocalDate.of(1, 1, 1).toEpochDay(), LocalDate.of(9999, 12, 31).toEpochDay())
            .map(LocalDate::ofEpochDay);
    var times =
        Arbitraries.longs()
            .between(0, 86_399_999_999L)
            .map(micros -> LocalTime.ofNanoOfDay(micros * 1_000));
    var moments = days.flatMap(day -> times.map(time -> LocalDateTime.of(day, time)));
    var offsets = Arbitraries.integers().between(-64_800, 64_800).map(ZoneOffset::ofTotalSeconds);
    var big =
        Arbitraries.bigIntegers()
            .between(BigInteger.ONE.shiftLeft(63), BigInteger.ONE.shiftLeft(200));
    Arbitrary<Object> leaves =
        Arbitraries.oneOf(
                texts().map(value -> (Object) value),
                Arbitraries.longs().map(value -> (Object) value),
                Arbitraries.doubles().map(value -> (Object) value),
                Arbitraries.of(true, false, Double.NaN, Double.POSITIVE_INFINITY)
                    .map(value -> (Object) value),
                big.map(value -> (Object) value),
                big.map(value -> (Object) value.negate().subtract(BigInteger.ONE)),
                Arbitraries.bigDecimals().ofScale(7).map(value -> (Object) value),
                Arbitraries.integers()
                    .between(-40, 40)
                    .map(scale -> (Object) new BigDecimal(BigInteger.TEN, scale)),
                moments.map(value -> (Object) value),
                moments.flatMap(moment -> offsets.map(offset -> (Object) moment.atOffset(offset))),
                days.map(value -> (Object) value),
                times.map(value -> (Object) value),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(9).map(value -> (Object) value))
            .injectNull(0.1);
    return trees(leaves, 3);
  }

  private Arbitrary<Object> trees(Arbitrary<Object> leaves, int levels) {
    if (levels == 0) {
      return leaves;
    }
    var branches = trees(leaves, levels - 1);
    return Arbitraries.oneOf(
        leaves,
        branches.list().ofMaxSize(3).map(value -> (Object) value),
        Arbitraries.maps(texts(), branches).ofMaxSize(3).map(value -> (Object) value));
  }
}
