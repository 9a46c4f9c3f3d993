package dev.sluice.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipe.Deferred;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ResourceTest {
  record User(int id, String name) {}

  @Test
  void streamsIterablesPagesAndGeneratorsGiveTheirRows() {
    assertThat(Resource.of("a", () -> List.of(1, 2, 3))).containsExactly(1, 2, 3);
    assertThat(Resource.of("b", () -> IntStream.range(0, 3).boxed())).containsExactly(0, 1, 2);
    assertThat(Resource.pages("c", () -> Stream.of(List.of(1, 2), List.of(3))))
        .containsExactly(1, 2, 3);
    var pushed =
        Resource.of(
            "d",
            User.class,
            out -> {
              out.row(new User(1, "Ada"));
              out.page(List.of(new User(2, "Bob")));
              out.defer(() -> new User(3, "Cy"));
            });
    assertThat(pushed).extracting(User::id).containsExactly(1, 2, 3);
    assertThat(pushed).as("opened anew").hasSize(3);
  }

  @Test
  void transformersMakeRowsOfRows() {
    var items = Resource.of("items", () -> IntStream.range(0, 5).boxed());
    assertThat(items.transform("t", id -> id % 2 == 0 ? null : Map.of("id", id)))
        .containsExactly(Map.of("id", 1), Map.of("id", 3));
    assertThat(items.transform("d", Deferred.defer(id -> id * 10)))
        .containsExactlyInAnyOrder(0, 10, 20, 30, 40);
    assertThat(items.transform("v", Deferred.async(id -> id * 10)))
        .containsExactlyInAnyOrder(0, 10, 20, 30, 40);
    assertThat(items.expand("e", id -> Stream.of(id, -id)).filter(id -> id != 0))
        .containsExactly(1, -1, 2, -2, 3, -3, 4, -4);
    assertThat(items.pipe(Transformer.of("p", (Integer id) -> id + 1)).map(id -> id * 2))
        .containsExactly(2, 4, 6, 8, 10);
  }
}
