package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fuzz.Hostile;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `Link` headers of any server.
class LinksFuzzTest {
  private static String next(String header) {
    var headers = Map.of("Link", List.of(header));
    return Links.header(
        new Http.Response(new Answer("http://h/x", 200, headers, new byte[0])), "next");
  }

  @Property(seed = Hostile.SEED)
  void aHeaderIsReadInTime(@ForAll("headers") String header) {
    Hostile.readOrRefused(() -> next(header));
  }

  /// As long as the JDK lets a header be; the time grew with its square.
  @ParameterizedTest
  @ValueSource(strings = {"<", "<a>;rel=", "<a>;rel=\"", "rel=", " ", ";", "<a> rel = ", ","})
  void aHeaderOfOneSignIsReadInTime(String sign) {
    Hostile.readOrRefused(
        () -> assertThat(next("<" + sign.repeat(390_000 / sign.length()))).isNull());
    Hostile.readOrRefused(
        () -> assertThat(next("<a>;" + sign.repeat(390_000 / sign.length()))).isNull());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "<a>; rel=\"next\"!a",
        "<a>;rel=next!a",
        "<b>; rel=prev, <a>; rel=next!a",
        "<a>; title=\"x\"; REL = \"prev NEXT\"!a",
        "<a>; rel=next, <b>; rel=prev!a",
        "<a>; rel=nextt!",
        "<a>; rel=\"x-next\"!",
        "<a>; title=\"rel=next\"!",
        "<>; rel=next!``"
      })
  void theLinkIsThatOfTheRelation(String header, String link) {
    assertThat(next(header)).isEqualTo(link);
  }

  @Provide
  Arbitrary<String> headers() {
    return Hostile.texts(
        "<https://h/x?page=2>; rel=\"next\"; title=\"a, b\", </y>; rel=\"last prev\"",
        "<a>;rel=next,<b>;rel=prev");
  }
}
