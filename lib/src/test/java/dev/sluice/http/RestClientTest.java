package dev.sluice.http;

import static dev.sluice.http.ChaosServer.json;
import static dev.sluice.http.ChaosServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RestClientTest {
  private final ChaosServer server = ChaosServer.start();
  private final Http http = Http.of().pace(new FakeTime().pace()).retries(0);
  private final RestClient api = RestClient.of(http, server.url("/v1"));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void followsTheLinkHeader() {
    server
        .on(
            "/v1/a",
            json("[{\"id\": 1}]", "Link", "</v1/p>; rel=\"prev\", </v1/b?x=1>; rel=\"next\""))
        .on("/v1/b", json("[{\"id\": 2}]"));
    assertThat(ids(api, "a")).isEqualTo("1 2");
    assertThat(targets()).containsExactly("/v1/a", "/v1/b?x=1");
  }

  @Test
  void followsALinkInTheBody() {
    server
        .on("/v1/a", json("{\"meta\": {\"next\": {\"href\": \"b\"}}, \"rows\": [{\"id\": 1}]}"))
        .on("/v1/b", json("{\"rows\": [{\"id\": 2}]}"));
    assertThat(ids(api.paginator(Paginator.jsonLink("meta.next.href")), "a")).isEqualTo("1 2");
  }

  @Test
  void sendsACursorBack() {
    server.on(
        "/v1/a",
        json("{\"cursors\": {\"next\": \"x y\"}, \"data\": [{\"id\": 1}]}"),
        json("{\"cursors\": {\"next\": \"\"}, \"data\": [{\"id\": 2}]}"));
    assertThat(ids(api.paginator(Paginator.cursor("cursors.next", "after")), "a", "n", 5))
        .isEqualTo("1 2");
    assertThat(targets()).containsExactly("/v1/a?n=5", "/v1/a?n=5&after=x%20y");
  }

  @Test
  void sendsACursorBackInTheBody() {
    server.on(
        "/v1/search",
        json("{\"next\": \"c2\", \"data\": [{\"id\": 1}]}"),
        json("{\"next\": null, \"data\": [{\"id\": 2}]}"));
    var searched =
        api.paginator(
            Paginator.of(
                Map.of("type", "cursor", "cursor_path", "next", "cursor_body_path", "page.after")));
    var request = api.request("POST", "search").json(Map.of("query", "x"));
    assertThat(searched.pages(request).mapToInt(List::size).sum()).isEqualTo(2);
    assertThat(server.asked())
        .extracting(ChaosServer.Asked::body)
        .containsExactly("{\"query\":\"x\"}", "{\"query\":\"x\",\"page\":{\"after\":\"c2\"}}");
  }

  @Test
  void sendsTheCursorOfAHeaderBack() {
    server.on("/v1/a", json("[{\"id\": 1}]", "Next-Page", "n2"), json("[{\"id\": 2}]"));
    assertThat(ids(api.paginator(Paginator.headerCursor("Next-Page", "page")), "a"))
        .isEqualTo("1 2");
    assertThat(targets()).containsExactly("/v1/a", "/v1/a?page=n2");
  }

  @Test
  void countsOffsetsUntilAnEmptyPage() {
    server.on("/v1/a", json("[{\"id\": 1}, {\"id\": 2}]"), json("[{\"id\": 3}]"), json("[]"));
    assertThat(ids(api.paginator(Paginator.offset(2)), "a")).isEqualTo("1 2 3");
    assertThat(targets())
        .containsExactly(
            "/v1/a?offset=0&limit=2", "/v1/a?offset=2&limit=2", "/v1/a?offset=4&limit=2");
  }

  @Test
  void countsOffsetsUntilTheTotal() {
    server.on(
        "/v1/a",
        json("{\"total\": 3, \"items\": [{\"id\": 1}, {\"id\": 2}]}"),
        json("{\"total\": 3, \"items\": [{\"id\": 3}]}"));
    assertThat(ids(api.paginator(Paginator.offset(2)), "a")).isEqualTo("1 2 3");
    assertThat(server.asked()).hasSize(2);
  }

  @Test
  void countsPagesUntilThereAreNoMore() {
    server.on(
        "/v1/a",
        json("{\"more\": true, \"items\": [{\"id\": 1}]}"),
        json("{\"more\": false, \"items\": [{\"id\": 2}]}"));
    var paged =
        api.paginator(
            Paginator.of(
                Map.of(
                    "type",
                    "page_number",
                    "base_page",
                    1,
                    "page_param",
                    "p",
                    "has_more_path",
                    "more")));
    assertThat(ids(paged, "a")).isEqualTo("1 2");
    assertThat(targets()).containsExactly("/v1/a?p=1", "/v1/a?p=2");
  }

  @Test
  void findsOutThatPagesAreCounted() {
    server.on(
        "/v1/a",
        json("{\"total_pages\": 3, \"items\": [{\"id\": 1}]}"),
        json("{\"total_pages\": 3, \"items\": [{\"id\": 2}]}"),
        json("{\"total_pages\": 3, \"items\": [{\"id\": 3}]}"));
    assertThat(ids(api, "a")).isEqualTo("1 2 3");
    assertThat(targets()).containsExactly("/v1/a", "/v1/a?page=1", "/v1/a?page=2");
  }

  @Test
  void findsOutThatPagesAreCountedFromOne() {
    server.on(
        "/v1/a",
        json("{\"meta\": {\"page\": 1, \"total_pages\": 2}, \"items\": [{\"id\": 1}]}"),
        json("{\"meta\": {\"page\": 2, \"total_pages\": 2}, \"items\": [{\"id\": 2}]}"));
    assertThat(ids(api, "a")).isEqualTo("1 2");
    assertThat(targets()).containsExactly("/v1/a", "/v1/a?page=2");
  }

  @Test
  void takesALambdaAsPaginator() {
    server.on("/v1/a", json("[{\"id\": 1}]"), json("[{\"id\": 2}]"));
    Paginator own =
        page ->
            page.number() == 2
                ? Optional.empty()
                : Optional.of(page.request().param("after", page.rows().size()));
    assertThat(ids(api.paginator(own), "a")).isEqualTo("1 2");
    assertThat(targets()).containsExactly("/v1/a", "/v1/a?after=1");
  }

  @Test
  void dropsRowsThatMovedToTheNextPage() {
    server.on(
        "/v1/a",
        json("{\"total\": 4, \"items\": [{\"id\": 1}, {\"id\": 2}]}"),
        json("{\"total\": 5, \"items\": [{\"id\": 2}, {\"id\": 3}]}"),
        json("{\"total\": 5, \"items\": [{\"id\": 4}]}"));
    assertThat(ids(api.paginator(Paginator.offset(2)), "a")).isEqualTo("1 2 3 4");
  }

  @Test
  void keepsEqualRowsThatDidNotMove() {
    server.on(
        "/v1/a",
        json("{\"total\": 4, \"items\": [{\"id\": 1}, {\"id\": 2}]}"),
        json("{\"total\": 4, \"items\": [{\"id\": 2}, {\"id\": 2}]}"));
    assertThat(ids(api.paginator(Paginator.offset(2)), "a")).isEqualTo("1 2 2 2");
  }

  @Test
  void refusesToMissRowsThatWereTakenAway() {
    server.on(
        "/v1/a",
        json("{\"total\": 4, \"items\": [{\"id\": 1}, {\"id\": 2}]}"),
        json("{\"total\": 3, \"items\": [{\"id\": 4}]}"));
    assertThatThrownBy(() -> ids(api.paginator(Paginator.offset(2)), "a"))
        .hasMessage(
            "GET "
                + server.url("/v1/a?offset=2&limit=2")
                + " has a total of 3, but the page before it had 4: rows were taken away meanwhile,"
                + " so some would be missed; page by cursor, or run again");
  }

  @Test
  void findsTheRowsUnderAUsualName() {
    server
        .on("/v1/a", json("{\"tags\": [\"x\"], \"page\": {\"results\": [{\"id\": 1}]}}"))
        .on("/v1/b", json("{\"id\": 2, \"name\": \"one thing\"}"))
        .on("/v1/c", json("[1, 2]"));
    assertThat(api.rows("a").toList()).containsExactly(Map.of("id", 1L));
    assertThat(api.rows("b").toList()).containsExactly(Map.of("id", 2L, "name", "one thing"));
    assertThat(api.rows("c").toList()).containsExactly(Map.of("value", 1L), Map.of("value", 2L));
  }

  @Test
  void takesThePathToTheRows() {
    server.on("/v1/a", json("{\"items\": [{\"row\": {\"id\": 1}}, {\"row\": {\"id\": 2}}]}"));
    assertThat(ids(api.data("items[*].row"), "a")).isEqualTo("1 2");
  }

  @Test
  void endsThePagesAtAnIgnoredAnswer() {
    server
        .on("/v1/a", status(404, "no such account"))
        .on("/v1/b", json("{\"error\": \"locked\", \"items\": [{\"id\": 1}]}"));
    assertThat(ids(api.ignore(404), "a")).isEmpty();
    assertThat(ids(api.ignore(0, "no such account"), "a")).isEmpty();
    assertThatThrownBy(() -> ids(api.ignore(404, "something else"), "a"))
        .hasMessageContaining("failed with status 404");
    assertThatThrownBy(() -> ids(api.refuse(200, "\"error\""), "b"))
        .hasMessageContaining("answered 200 with a body that is to be refused");
  }

  @Test
  void signsRequestsToTheApiButNoneToAnotherHost() {
    try (var other = ChaosServer.start()) {
      server.on("/v1/a", json("{\"next\": \"" + other.url("/b") + "\", \"data\": [{\"id\": 1}]}"));
      other.on("/b", json("{\"data\": [{\"id\": 2}]}"));
      var trusting = http.trustHosts(other.url("").replace("http://", ""));
      var signed = RestClient.of(trusting, server.url("/v1")).auth(Auth.bearer("s3cret"));
      assertThat(ids(signed, "a")).isEqualTo("1 2");
      assertThat(server.asked().get(0).headers()).containsEntry("Authorization", "Bearer s3cret");
      assertThat(other.asked().get(0).headers()).doesNotContainKey("Authorization");
    }
  }

  @Test
  void fetchesAPageOnlyWhenTheStreamGetsThere() {
    server.on(
        "/v1/a",
        json("{\"total\": 9, \"items\": [{\"id\": 1}]}"),
        json("{\"total\": 9, \"items\": [{\"id\": 2}]}"),
        json("[]"));
    var first = api.paginator(Paginator.offset(1)).pages("a").limit(1).toList();
    assertThat(first).hasSize(1);
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void optionsThatDoNotExistAreErrors() {
    assertThatThrownBy(() -> Paginator.of(Map.of("type", "offset", "limit", 1, "ofset_param", "o")))
        .hasMessageStartingWith("paginator 'offset' has no option 'ofset_param'; it knows limit,");
    assertThatThrownBy(() -> Paginator.of(Map.of("type", "offset")))
        .hasMessage("paginator 'offset' needs a 'limit'");
    assertThatThrownBy(() -> Paginator.of(Map.of("type", "magic")))
        .hasMessageStartingWith("there is no paginator 'magic'; take auto,");
  }

  private static String ids(RestClient api, String path, Object... params) {
    return api.rows(path, params)
        .map(row -> String.valueOf(row.get("id")))
        .collect(Collectors.joining(" "));
  }

  private List<String> targets() {
    return server.asked().stream().map(ChaosServer.Asked::target).toList();
  }
}
