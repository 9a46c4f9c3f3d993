package dev.sluice.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.temporal.Temporal;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IsoTextTest {
  @Test
  void textsAreTheDatesAndTimesThatDltTakesThemFor() throws IOException {
    var soft = new SoftAssertions();
    for (var line : GoldenLines.read("iso-text.jsonl")) {
      var text = (String) line.get(0);
      soft.assertThat(show(IsoText.parse(text))).as("'%s'", text).isEqualTo(line.get(1));
    }
    soft.assertAll();
  }

  @Test
  void aTimestampIsADayWithATime() throws IOException {
    var soft = new SoftAssertions();
    for (var line : GoldenLines.read("iso-text.jsonl")) {
      var text = (String) line.get(0);
      var known = line.get(1) instanceof String kind && "NZ".indexOf(kind.charAt(0)) >= 0;
      soft.assertThat(IsoText.isTimestamp(text)).as("'%s'", text).isEqualTo(known);
    }
    soft.assertAll();
  }

  @Test
  void theOffsetIsKept() {
    assertThat(IsoText.parse("2024-01-02T03:04:05.5+05:30"))
        .isEqualTo(OffsetDateTime.parse("2024-01-02T03:04:05.5+05:30"));
    assertThat(IsoText.parse("20240102T0304-0530"))
        .isEqualTo(OffsetDateTime.parse("2024-01-02T03:04:00-05:30"));
    assertThat(IsoText.parse("03:04+05:30")).isEqualTo(OffsetTime.parse("03:04:00+05:30"));
  }

  @Test
  void anOffsetThatJavaCannotHoldBecomesTheInstant() {
    assertThat(IsoText.parse("2024-01-02T03:04:05+23:00"))
        .isEqualTo(OffsetDateTime.parse("2024-01-01T04:04:05Z"));
  }

  /// The kind of value, then its text; with a zone, in UTC.
  private static @Nullable String show(@Nullable Temporal value) {
    return switch (value) {
      case null -> null;
      case OffsetDateTime time ->
          "Z" + PlainText.iso(time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime());
      case LocalDateTime time -> "N" + PlainText.iso(time);
      case LocalDate date -> "D" + PlainText.iso(date);
      case LocalTime time -> "T" + PlainText.iso(time);
      case OffsetTime time ->
          "U" + PlainText.iso(time.withOffsetSameInstant(ZoneOffset.UTC).toLocalTime());
      default -> throw new AssertionError("unexpected " + value.getClass());
    };
  }
}
