package dev.sluice.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipe.PipeSettings;
import dev.sluice.pipe.PipeSettings.NextItemMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The orders that dlt's own tests fix: g1 = 1,2,[3,4,None,5,[6,None,7],8,9],10,11; g2 = 12,13; g3
/// = 14,15, where brackets are nested generators.
class EvaluationOrderTest {
  private static final Object NONE = null;

  @ParameterizedTest
  @CsvSource({
    "FIFO, 20, 1 2 3 4 10 5 6 8 7 9 11 12 13 14 15",
    "FIFO, 1, 1 2 3 4 10 5 6 8 7 9 11 12 13 14 15",
    "ROUND_ROBIN, 20, 1 12 14 2 13 15 3 10 4 11 5 6 8 9 7",
    "ROUND_ROBIN, 1, 1 12 14 2 13 15 3 4 10 5 6 8 7 9 11",
  })
  void elementsComeInDltsOrder(NextItemMode mode, int items, String expected) throws Exception {
    assertThat(order(mode, items, false)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "FIFO, 20, 1 2 3 4 10 5 6 8 7 9 11 12 13 14 15",
    "FIFO, 1, 1 2 3 4 10 5 6 8 7 9 11 12 13 14 15",
    "ROUND_ROBIN, 20, 1 12 14 2 13 15 3 10 4 11 5 6 8 9 7",
    "ROUND_ROBIN, 1, 1 12 14 2 13 15 3 4 10 5 6 8 7 9 11",
  })
  void pushingGeneratorsTakePart(NextItemMode mode, int items, String expected) throws Exception {
    assertThat(order(mode, items, true)).isEqualTo(expected);
  }

  @Test
  void fifoExtractsOneResourceAfterTheOther() throws Exception {
    assertThat(rows(NextItemMode.FIFO, pushed("a", 3), pushed("b", 2), pushed("c", 3)))
        .containsExactly("a0", "a1", "a2", "b0", "b1", "c0", "c1", "c2");
  }

  @Test
  void roundRobinTakesOneElementOfEach() throws Exception {
    assertThat(rows(NextItemMode.ROUND_ROBIN, pushed("a", 3), pushed("b", 2), pushed("c", 3)))
        .containsExactly("a0", "b0", "c0", "a1", "b1", "c1", "a2", "c2");
  }

  @Test
  void pushingGeneratorsDoNotRunAheadOfTheirTurn() throws Exception {
    var log = new ArrayList<String>();
    var resources = new ArrayList<Resource<Object>>();
    for (var name : List.of("a", "b")) {
      resources.add(
          Resource.of(
              name,
              out -> {
                for (int i = 0; i < 2; i++) {
                  log.add("makes " + name + i);
                  out.row(name + i);
                }
              }));
    }
    var sink = new Rows();
    Evaluation.run(
        Source.of("s", resources),
        EvaluationContext.passing(settings(NextItemMode.ROUND_ROBIN, 20)),
        sink.also((resource, row) -> log.add("gives " + row)));
    assertThat(log)
        .containsExactly(
            "makes a0",
            "gives a0",
            "makes b0",
            "gives b0",
            "makes a1",
            "gives a1",
            "makes b1",
            "gives b1");
  }

  @Test
  void longGeneratorsKeepTheirTurnsToo() throws Exception {
    var rows = rows(NextItemMode.ROUND_ROBIN, pushed("a", 1_000), pushed("b", 1_000));
    var expected = new ArrayList<Object>();
    for (int i = 0; i < 1_000; i++) {
      expected.add("a" + i);
      expected.add("b" + i);
    }
    assertThat(rows).isEqualTo(expected);
  }

  @Test
  void thePageOfAResourceIsOneElement() throws Exception {
    var pages =
        Resource.pages("p", () -> Stream.of(List.of((Object) "p0", "p1"), List.of("p2", "p3")));
    assertThat(rows(NextItemMode.ROUND_ROBIN, pages, pushed("a", 2)))
        .containsExactly("p0", "p1", "a0", "p2", "p3", "a1");
  }

  private static Resource<Object> pushed(String name, int count) {
    return Resource.of(
        name,
        out -> {
          for (int i = 0; i < count; i++) {
            out.row(name + i);
          }
        });
  }

  private static List<Object> rows(NextItemMode mode, Resource<?>... resources) throws Exception {
    var sink = new Rows();
    Evaluation.run(Source.of("s", resources), EvaluationContext.passing(settings(mode, 20)), sink);
    return sink.all;
  }

  private static String order(NextItemMode mode, int items, boolean pushed) throws Exception {
    Iterator<?> inner = Arrays.asList(6, NONE, 7).iterator();
    Iterator<?> nested = Arrays.asList(3, 4, NONE, 5, inner, 8, 9).iterator();
    var source =
        Source.of(
            "s",
            resource("g1", pushed, 1, 2, nested, 10, 11),
            resource("g2", pushed, 12, 13),
            resource("g3", pushed, 14, 15));
    var sink = new Rows();
    Evaluation.run(source, EvaluationContext.passing(settings(mode, items)), sink);
    return String.join(" ", sink.all.stream().map(String::valueOf).toList());
  }

  private static Resource<Object> resource(String name, boolean pushed, Object... elements) {
    return pushed
        ? Resource.of(
            name,
            out -> {
              for (var element : elements) {
                out.row(element);
              }
            })
        : Resource.of(name, () -> Arrays.asList(elements));
  }

  private static PipeSettings settings(NextItemMode mode, int items) {
    return new PipeSettings(5, items, mode, Duration.ofMinutes(1), false);
  }
}
