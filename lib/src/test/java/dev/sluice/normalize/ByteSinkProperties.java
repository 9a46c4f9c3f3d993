package dev.sluice.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.json.Json;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ByteSinkProperties {
  @Property(tries = 1_000)
  void aStringReadsBackAsItWas(@ForAll String text) {
    var out = new ByteSink(1);
    var repaired =
        new String(
            text.codePoints().filter(c -> c < 0xd800 || c > 0xdfff).toArray(),
            0,
            (int) text.codePoints().filter(c -> c < 0xd800 || c > 0xdfff).count());

    assertThat(out.utf8(repaired)).isTrue();

    assertThat(Json.<String>loads(out.toString())).isEqualTo(repaired);
  }

  @Property(tries = 1_000)
  void partOfAnArrayIsWrittenAsTheSameString(@ForAll String text) {
    var whole = new ByteSink(1);
    var part = new ByteSink(1);

    var written = whole.utf8(text);

    assertThat(part.utf8(("x" + text + "y").toCharArray(), 1, text.length())).isEqualTo(written);
    assertThat(part.toString()).isEqualTo(whole.toString());
  }

  @Property(tries = 1_000)
  void aNumberIsWrittenAsItsDigits(@ForAll long number) {
    var out = new ByteSink(1);

    out.number(number);

    assertThat(out.toString()).isEqualTo(Long.toString(number));
  }

  @Property(tries = 1_000)
  void aDoubleReadsBackBitByBit(@ForAll double number) {
    assertThat(Double.parseDouble(PlainText.json(number))).isEqualTo(number);
    assertThat(NumberText.floating(PlainText.python(number))).isEqualTo(number);
  }
}
