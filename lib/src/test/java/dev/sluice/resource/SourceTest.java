package dev.sluice.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.pipe.Fn;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceTest {
  private final Resource<Integer> users = Resource.of("users", () -> List.of(1, 2));
  private final Resource<Integer> items = Resource.of("items", () -> List.of(10));
  private final Resource<Integer> names = users.transform("names", id -> id * 100);
  private final Resource<Integer> deep = names.transform("deep", id -> id + 1);
  private final Source shop = Source.of("shop", users, items, names, deep);

  @Test
  void aSourceIsIterable() {
    assertThat(shop).containsExactlyInAnyOrder(1, 2, 10, 100, 200, 101, 201);
    assertThat(shop.with("items", "deep")).containsExactlyInAnyOrder(10, 101, 201);
  }

  @Test
  void resourcesThatDependOnOneAnotherAreOnePart() {
    assertThat(ids(shop)).containsExactly("deep_names_users_" + digest(shop, "users"), "items");
    assertThat(ids(shop.with("items", "deep", "names")))
        .containsExactly("items", "deep_names_" + digest(shop.with("names", "deep"), "names"));
    assertThat(shop.decompose(Source.Strategy.NONE)).containsExactly(shop);
  }

  @Test
  void aParentThatIsNotSelectedJoinsItsChildren() {
    var other = users.transform("other", id -> id);
    var source = Source.of("s", users.selected(false), names, items, other);
    assertThat(source.decompose(Source.Strategy.SCC))
        .extracting(part -> part.selected().stream().map(Resource::name).toList())
        .containsExactly(List.of("names", "other"), List.of("items"));
    var unlisted = Source.of("s", names, items, other);
    assertThat(unlisted.decompose(Source.Strategy.SCC)).hasSize(2);
  }

  @Test
  void aPartHasTheSameIdInEveryOrderOfDeclaration() {
    var one = Source.of("s", users, names).decompose(Source.Strategy.SCC).getFirst();
    var other = Source.of("s", names, users).decompose(Source.Strategy.SCC).getFirst();
    assertThat(one.id()).isEqualTo(other.id());
  }

  @Test
  void twoResourcesOfOneNameAreRefused() {
    assertThatThrownBy(() -> Source.of("shop", users, users.merge("id")))
        .hasMessage("Source 'shop' has two resources named 'users'; name one of them differently");
  }

  @Test
  void resourcesThatFeedOneAnotherAreRefused() {
    Transformer<Integer, Integer> t = Transformer.of("t", (Fn<Integer, Integer>) id -> id);
    Transformer<Integer, Integer> u = Transformer.of("u", (Fn<Integer, Integer>) id -> id);
    var circle = users.pipe(t).pipe(u).pipe(t).pipe(u);
    assertThatThrownBy(() -> Source.of("s", circle))
        .hasMessage(
            "Resources of source 's' feed one another: 'u' from 't'; name one of them differently");
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNearest() {
    assertThatThrownBy(() -> shop.with("user"))
        .hasMessage(
            "Source 'shop' has no resource 'user'; did you mean 'users'? There are 'users', 'items',"
                + " 'names', 'deep'");
    assertThatThrownBy(() -> shop.resource("invoices"))
        .hasMessage(
            "Source 'shop' has no resource 'invoices'; there are 'users', 'items', 'names', 'deep'");
    assertThatThrownBy(() -> Resource.of(" ", () -> List.of()))
        .hasMessage("A resource or source must have a name, not ' '");
  }

  @Test
  void evaluatedAreTheSelectedAndTheirParents() {
    assertThat(shop.with("deep").evaluated())
        .extracting(Resource::name)
        .containsExactly("deep", "names", "users");
  }

  private static List<String> ids(Source source) {
    return source.decompose(Source.Strategy.SCC).stream().map(Source::id).toList();
  }

  /// The digest at the end of the id of the part that has the resource.
  private static String digest(Source source, String resource) {
    var id =
        source.decompose(Source.Strategy.SCC).stream()
            .filter(part -> part.selected().stream().anyMatch(one -> one.name().equals(resource)))
            .findFirst()
            .orElseThrow()
            .id();
    return id.substring(id.lastIndexOf('_') + 1);
  }
}
