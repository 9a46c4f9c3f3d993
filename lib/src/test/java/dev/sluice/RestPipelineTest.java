package dev.sluice;

import static dev.sluice.http.ChaosServer.json;
import static dev.sluice.http.ChaosServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.http.ChaosServer;
import dev.sluice.http.Http;
import dev.sluice.http.RestClient;
import dev.sluice.junit.SluiceTest;
import dev.sluice.sources.RestApi;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A REST source from the request to the table.
class RestPipelineTest {
  @RegisterExtension final SluiceTest sluice = SluiceTest.of();

  private final ChaosServer server = ChaosServer.start();
  private final RestApi api = RestApi.of(RestClient.of(Http.of().retries(1), server.url("")));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void theSecondRunAsksForWhatIsNew() {
    server.on(
        "/events",
        json("[{\"id\": 1, \"at\": \"2026-01-01\"}, {\"id\": 2, \"at\": \"2026-01-02\"}]"),
        json("[{\"id\": 2, \"at\": \"2026-01-02\"}, {\"id\": 3, \"at\": \"2026-01-03\"}]"));
    var log =
        api.endpoint("events", e -> e.incremental("at", "2026-01-01").startParam("since"))
            .source("log");
    sluice.pipeline().run(log);
    sluice.pipeline().run(log);
    sluice.table("events").hasRows(3).contains(Map.of("id", 3));
    assertThat(server.asked())
        .extracting(ChaosServer.Asked::target)
        .containsExactly("/events?since=2026-01-01", "/events?since=2026-01-02");
  }

  @Test
  void whatFailsMidwayIsLoadedOnceByTheNextRun() {
    server
        .on("/posts", json("[{\"id\": 1}, {\"id\": 2}]"))
        .on("/posts/1/comments", json("[{\"text\": \"x\"}]"))
        .on("/posts/2/comments", status(400, "no"), json("[{\"text\": \"y\"}]"));
    var blog =
        api.endpoint("posts")
            .endpoint("comments", e -> e.path("posts/{resources.posts.id}/comments").include("id"))
            .source("blog");
    assertThatThrownBy(() -> sluice.pipeline().run(blog))
        .isInstanceOf(PipelineException.class)
        .hasMessageContaining("Resource 'comments' failed on item '{id=2}'")
        .hasMessageContaining("GET " + server.url("/posts/2/comments") + " failed with status 400");
    sluice.pipeline().run(blog);
    sluice.table("posts").hasRows(2);
    sluice
        .table("comments")
        .hasRows(2)
        .contains(Map.of("text", "x", "_posts_id", 1))
        .contains(Map.of("text", "y", "_posts_id", 2));
  }

  @Test
  void aRequestThatWaitsInThePoolIsShown() {
    server
        .on("/posts", json("[{\"id\": 1}]"))
        .on("/likes", status(429, "", "Retry-After", "2"), json("[{\"n\": 5}]"));
    var seen = new ConcurrentLinkedQueue<String>();
    var likes = api.endpoint("posts").endpoint("likes", e -> e.param("of", "{resources.posts.id}"));
    sluice.pipeline().progress(now -> seen.addAll(now.waiting())).run(likes.source("likes"));
    assertThat(seen).contains("GET " + server.url("/likes?of=1") + ": 429, retry 1 of 1 in 2 s");
    sluice.table("likes").hasRows(1);
  }
}
