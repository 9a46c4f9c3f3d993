package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Pipeline.Refresh;
import dev.sluice.load.Destination;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Source;
import dev.sluice.schema.SchemaContract;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several sources in one run, of one name (the parts of a source) or not; and what a run that was
/// cut off has kept.
class SourcesOfOneRunTest {
  @TempDir Path folder;

  private Pipeline pipeline() {
    return Pipeline.of(
            "shop",
            new Surroundings(
                Map.of(),
                folder,
                InstantSource.system(),
                new Random(),
                new PrintStream(PrintStream.nullOutputStream())))
        .to(Destination.duckdb());
  }

  private static Resource<Object> counting(String name) {
    return Resource.of(
        name,
        out -> {
          var next = ((Number) out.state().getOrDefault("next", 0)).intValue();
          out.row(Map.of("id", next));
          out.state().put("next", next + 1);
        });
  }

  private static Source[] parts() {
    return Source.of("crm", counting("users"), counting("orders"))
        .decompose(Source.Strategy.SCC)
        .toArray(new Source[0]);
  }

  private Object next(String resource) {
    return pipeline().state().at("sources", "crm", "resources", resource, "next").orElse("none");
  }

  private List<Object> ids(String table) {
    var ids = new ArrayList<Object>();
    pipeline()
        .sql("select id from " + table + " order by id")
        .forEach(row -> ids.add(row.getObject(0)));
    return ids;
  }

  /// Pages with checkpoints, until the file `broken` says that there are no more.
  private Resource<Object> paged(List<String> resumedAt) {
    return Resource.of(
        "pages",
        out -> {
          out.resumedAt().ifPresent(resumedAt::add);
          for (int page = out.resumedAt().map(Integer::parseInt).orElse(0); page < 4; page++) {
            if (page == 3 && Files.exists(folder.resolve("broken"))) {
              throw new IllegalStateException("the API is gone");
            }
            out.row(Map.of("id", page));
            out.state().put("page", page);
            if (page == 1) {
              out.checkpoint("2");
            }
          }
        });
  }

  private void breakOff(Source... sources) throws Exception {
    Files.writeString(folder.resolve("broken"), "");
    assertThatThrownBy(() -> pipeline().extract(sources)).hasMessageContaining("the API is gone");
    Files.delete(folder.resolve("broken"));
  }

  @Test
  void partsOfASourceShareItsPackage() {
    var info = pipeline().extract(parts());
    assertThat(info.packages()).hasSize(1);
    pipeline().run();
    pipeline().run(parts());
    assertThat(ids("users")).containsExactly(0L, 1L);
    assertThat(ids("orders")).containsExactly(0L, 1L);
    assertThat(next("users")).isEqualTo(2L);
    assertThat(next("orders")).isEqualTo(2L);
  }

  @Test
  void partsOfASourceThatIsForgottenAreForgottenOnce() {
    for (var mode : Refresh.values()) {
      pipeline().run(parts());
      pipeline().run(parts());
      pipeline().refresh(mode).run(parts());
      assertThat(ids("users")).as(mode.word()).containsExactly(0L);
      assertThat(ids("orders")).as(mode.word()).containsExactly(0L);
      assertThat(next("users")).as(mode.word()).isEqualTo(1L);
      assertThat(next("orders")).as(mode.word()).isEqualTo(1L);
    }
  }

  @Test
  void rowsThatPartsSetAsideAreCountedTogether() {
    var discards = SchemaContract.of(SchemaContract.Mode.DISCARD_ROW);
    pipeline().run(Source.of("crm", counting("seed")));
    var info =
        pipeline()
            .contract(discards)
            .extract(
                Source.of("crm", counting("users")),
                Source.of("crm", counting("orders"), counting("seed")));
    assertThat(info.packages().getFirst().tables())
        .filteredOn(table -> table.setAside() > 0)
        .extracting(table -> table.name())
        .containsExactlyInAnyOrder("users", "orders");
  }

  @Test
  void partsOfASourceGoOnFromItsCheckpointsTogether() throws Exception {
    var resumedAt = new ArrayList<String>();
    var users = Source.of("crm", counting("users"));
    var pages = Source.of("crm", paged(resumedAt));
    breakOff(users, pages);
    pipeline().run(users, pages);
    assertThat(resumedAt).containsExactly("2");
    assertThat(ids("pages")).containsExactly(0L, 1L, 2L, 3L);
    assertThat(ids("users")).containsExactly(0L);
    assertThat(next("users")).isEqualTo(1L);
  }

  @Test
  void partsOfASourceGoOnFromItsCheckpointsInAnyOrder() throws Exception {
    var resumedAt = new ArrayList<String>();
    var users = Source.of("crm", counting("users"));
    var pages = Source.of("crm", paged(resumedAt));
    breakOff(users, pages);
    pipeline().run(pages, users);
    assertThat(resumedAt).containsExactly("2");
    assertThat(ids("pages")).containsExactly(0L, 1L, 2L, 3L);
    assertThat(ids("users")).containsExactly(0L);
  }

  @Test
  void aPackageThatGoesOnIsLoadedLastSinceItHoldsTheState() throws Exception {
    var resumedAt = new ArrayList<String>();
    breakOff(Source.of("web", paged(resumedAt)));
    var info = pipeline().extract(parts()[0], Source.of("web", paged(resumedAt)));
    assertThat(resumedAt).containsExactly("2");
    assertThat(info.packages())
        .extracting(extracted -> extracted.source())
        .containsExactly("crm", "web");
    assertThat(info.packages().getFirst().loadId()).isLessThan(info.packages().getLast().loadId());
    assertThat(info.packages().getLast().resumed()).isTrue();
    assertThat(info.packages().getLast().tables())
        .extracting(table -> table.name())
        .containsExactly("pages", "_dlt_pipeline_state");
  }

  @Test
  void aRefreshForgetsWhatACutOffRunHasKept() throws Exception {
    var resumedAt = new ArrayList<String>();
    var pages = Source.of("web", paged(resumedAt));
    pipeline().run(pages);
    breakOff(pages);
    pipeline().refresh(Refresh.DROP_RESOURCES).run(pages);
    pipeline().run(pages);
    assertThat(resumedAt).isEmpty();
    assertThat(ids("pages")).containsExactly(0L, 0L, 1L, 1L, 2L, 2L, 3L, 3L);
  }

  @Test
  void droppingWhatIsPendingForgetsWhatACutOffRunHasKept() throws Exception {
    var resumedAt = new ArrayList<String>();
    var pages = Source.of("web", paged(resumedAt));
    breakOff(pages);
    assertThat(pipeline().dropPendingPackages()).isEmpty();
    pipeline().run(pages);
    assertThat(resumedAt).isEmpty();
    assertThat(ids("pages")).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void anotherSourceThatFailsLeavesAllSourcesAsTheyWere() throws Exception {
    var resumedAt = new ArrayList<String>();
    pipeline().run(parts());
    var state = pipeline().state().toMap();
    breakOff(parts()[0], Source.of("web", paged(resumedAt)));
    assertThat(pipeline().state().toMap()).isEqualTo(state);
    assertThat(pipeline().extractedPackages()).isEmpty();
    pipeline().run(parts()[0], Source.of("web", paged(resumedAt)));
    assertThat(resumedAt).containsExactly("2");
    assertThat(ids("users")).containsExactly(0L, 1L);
    assertThat(ids("pages")).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void aReplacedResourceThatIsAPartEmptiesItsTableAlone() {
    pipeline()
        .run(
            Source.of("crm", Resource.of("users", () -> List.of(Map.of("id", 1))).replace()),
            Source.of("crm", Resource.of("orders", () -> List.of(Map.of("id", 1))).replace()));
    pipeline()
        .run(
            Source.of("crm", Resource.of("users", () -> List.<Map<String, Integer>>of()).replace()),
            Source.of("crm", Resource.of("orders", () -> List.of(Map.of("id", 2))).replace()));
    assertThat(ids("users")).isEmpty();
    assertThat(ids("orders")).containsExactly(2L);
  }

  private Source[] two() {
    return new Source[] {
      Source.of("first", counting("users")), Source.of("second", counting("orders"))
    };
  }

  @Test
  void sourcesThatAreLoadedKeepTheirCursorsWhenTheOthersAreDropped() {
    pipeline().run(two());
    pipeline().extract(two());
    pipeline().normalize();
    var packages = pipeline().normalizedPackages();
    assertThat(packages).hasSize(2);
    pipeline().load(packages.getFirst().loadId());
    assertThat(pipeline().dropPendingPackages()).containsExactly(packages.getLast().loadId());
    pipeline().run(two());
    assertThat(ids("users")).containsExactly(0L, 1L, 2L);
    assertThat(ids("orders")).containsExactly(0L, 1L);
  }

  @Test
  void sourcesOfTheVeryFirstExtractKeepTheirCursorsToo() {
    pipeline().extract(two());
    pipeline().normalize();
    pipeline().load(pipeline().normalizedPackages().getFirst().loadId());
    pipeline().dropPendingPackages();
    pipeline().run(two());
    assertThat(ids("users")).containsExactly(0L, 1L);
    assertThat(ids("orders")).containsExactly(0L);
  }

  @Test
  void undoOfOneSourceLeavesTheOthersOfItsRun() {
    pipeline().run(two());
    var last = pipeline().run(two()).loadIds().getLast();
    pipeline().undo(last);
    assertThat(ids("orders")).containsExactly(0L);
    pipeline().run(two());
    assertThat(ids("users")).containsExactly(0L, 1L, 2L);
    assertThat(ids("orders")).containsExactly(0L, 1L);
  }
}
