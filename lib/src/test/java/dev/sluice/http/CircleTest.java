package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CircleTest {
  @Test
  void aShortCircleIsNoticedAtOnce() {
    var circle = new Circle(100);
    for (long request = 0; request < 50; request++) {
      assertThat(circle.closes(request)).isFalse();
    }
    assertThat(circle.closes(20)).isTrue();
  }

  @Test
  void aLongCircleIsNoticedAfterAFewRounds() {
    for (int length : new int[] {101, 250, 1_000, 4_096}) {
      var circle = new Circle(100);
      long asked = 0;
      while (!circle.closes(asked % length)) {
        asked++;
      }
      assertThat(asked).as("circle of " + length).isBetween((long) length, 3L * length);
    }
  }

  @Test
  void aMillionPagesAreNoCircle() {
    var circle = new Circle(100);
    for (long request = 0; request < 1_000_000; request++) {
      assertThat(circle.closes(request)).isFalse();
    }
  }
}
