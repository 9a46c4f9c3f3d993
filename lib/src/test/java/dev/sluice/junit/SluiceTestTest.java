package dev.sluice.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.http.RestClient;
import dev.sluice.resource.Resource;
import dev.sluice.sources.RestApi;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SluiceTestTest {
  @RegisterExtension final SluiceTest sluice = SluiceTest.of().replay("recordings/blog");

  @Test
  void aSourceIsTestedWithoutTheNetwork() {
    var posts =
        RestApi.of(RestClient.of(sluice.http(), "https://blog.example.com/v1"))
            .endpoint("posts", e -> e.param("per_page", 2));
    sluice.pipeline().run(posts.source("blog"));
    sluice
        .table("posts")
        .hasRows(3)
        .hasColumns("id", "title")
        .contains(Map.of("id", 1, "title", "Valves"))
        .containsNot(Map.of("id", 4));
    sluice.table("posts__tags").hasRows(3);
  }

  @Test
  void eachTestHasAPipelineOfItsOwn() {
    assertThat(sluice.folder()).isEmptyDirectory();
    sluice.pipeline().run("numbers", List.of(Map.of("n", 1.5)));
    sluice.table("numbers").hasRows(1).contains(Map.of("n", 1.50));
  }

  @Test
  void whatDoesNotHoldIsShownWithTheTable() {
    sluice.pipeline().run(Resource.of("words", () -> List.of(Map.of("word", "sluice"))));
    assertThatThrownBy(() -> sluice.table("words").contains(Map.of("word", "dam")))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("Table 'words' has no row {word=dam}:\n")
        .hasMessageContaining("sluice");
    assertThatThrownBy(() -> sluice.table("words").hasRows(2))
        .hasMessageStartingWith("Table 'words' has 1 rows, not 2:\n");
    assertThatThrownBy(() -> sluice.table("words").hasColumns("letters"))
        .hasMessageStartingWith("Table 'words' has no column [letters]:\n");
  }

  @Test
  void aTestWithoutARecordingSaysSo() {
    assertThatThrownBy(() -> SluiceTest.of().http())
        .hasMessageStartingWith("There is no recording to answer from");
    assertThatThrownBy(() -> SluiceTest.of().pipeline())
        .hasMessageStartingWith("No test is running");
  }
}
