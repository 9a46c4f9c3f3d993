package dev.sluice.sources;

import static dev.sluice.http.ChaosServer.json;
import static dev.sluice.http.ChaosServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Config;
import dev.sluice.http.ChaosServer;
import dev.sluice.http.Http;
import dev.sluice.http.Paginator;
import dev.sluice.http.RestClient;
import dev.sluice.resource.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestApiTest {
  private final ChaosServer server = ChaosServer.start();
  private final Http http = Http.of().retries(0);
  private final RestApi api = RestApi.of(RestClient.of(http, server.url("/v1")));

  @TempDir private Path folder;

  @AfterEach
  void stop() {
    server.close();
  }

  private List<String> targets() {
    return server.asked().stream().map(ChaosServer.Asked::target).sorted().toList();
  }

  private static List<Object> rows(Iterable<?> rows) {
    var all = new ArrayList<Object>();
    rows.forEach(all::add);
    return all;
  }

  // ------------------------------------------------------------------ declared in Java

  @Test
  void anEndpointIsAResourceOfItsName() {
    server
        .on("/v1/posts", json("{\"posts\": [{\"id\": 1}], \"next\": \"/v1/more\"}"))
        .on("/v1/more", json("{\"posts\": [{\"id\": 2}]}"));
    var posts = api.endpoint("posts").resource("posts");
    assertThat(rows(posts)).containsExactly(Map.of("id", 1L), Map.of("id", 2L));
    assertThat(rows(posts)).as("again").hasSize(2);
  }

  @Test
  void whatHoldsForAllComesBeforeItsOwnWords() {
    server.on("/v1/posts", json("[]")).on("/v1/users", json("[]"));
    var blog =
        api.endpoint("posts", posts -> posts.param("per_page", 5).param("sort", "id"))
            .endpoint("users")
            .defaults(each -> each.param("per_page", 100).header("X-Of", "all"));
    assertThat(rows(blog.source("blog"))).isEmpty();
    assertThat(targets()).containsExactly("/v1/posts?per_page=5&sort=id", "/v1/users?per_page=100");
    assertThat(server.asked()).allMatch(asked -> asked.headers().get("X-Of").equals("all"));
  }

  @Test
  void aChildIsAskedForEachRowOfItsParent() {
    server
        .on("/v1/posts", json("[{\"id\": 1, \"title\": \"a\"}, {\"id\": 2, \"title\": \"b\"}]"))
        .on("/v1/posts/1/comments", json("{\"rows\": [{\"text\": \"x\"}], \"next\": \"/v1/p2\"}"))
        .on("/v1/p2", json("{\"rows\": [{\"text\": \"y\"}]}"))
        .on("/v1/posts/2/comments", json("{\"rows\": []}"));
    var blog =
        api.endpoint(
                "comments",
                comments ->
                    comments.path("posts/{resources.posts.id}/comments").include("id", "title"))
            .endpoint("posts");
    assertThat(rows(blog.resource("comments")))
        .containsExactly(
            Map.of("text", "x", "_posts_id", 1L, "_posts_title", "a"),
            Map.of("text", "y", "_posts_id", 1L, "_posts_title", "a"));
    assertThat(rows(blog.source("blog"))).as("with the posts themselves").hasSize(4);
  }

  @Test
  void childrenAreAskedSideBySide() {
    var both = new CountDownLatch(2);
    ChaosServer.Answering together =
        (asked, socket, out) -> {
          both.countDown();
          assertThat(both.await(20, TimeUnit.SECONDS)).isTrue();
          json("[{\"of\": \"" + asked.path() + "\"}]").to(asked, socket, out);
        };
    server
        .on("/v1/posts", json("[{\"id\": 1}, {\"id\": 2}]"))
        .on("/v1/likes/1", together)
        .on("/v1/likes/2", together);
    var likes =
        api.endpoint("posts")
            .endpoint(
                "likes",
                e -> e.path("likes/{resources.posts.id}").paginator(Paginator.auto()).rows("$"));
    assertThat(rows(likes.resource("likes"))).hasSize(2);
  }

  @Test
  void aGrandchildHasItsParentsRows() {
    server
        .on("/v1/a", json("[{\"id\": 1}]"))
        .on("/v1/b", json("[{\"key\": {\"name\": \"k 1\"}}]"))
        .on("/v1/c/k%201", json("{\"deep\": true}"));
    var deep =
        api.endpoint("a")
            .endpoint("b", b -> b.param("of", "{resources.a.id}").sequential())
            .endpoint("c", c -> c.path("c/{resources.b.key.name}"));
    assertThat(rows(deep.resource("c"))).containsExactly(Map.of("deep", true));
    assertThat(targets()).containsExactly("/v1/a", "/v1/b?of=1", "/v1/c/k%201");
  }

  @Test
  void placeholdersStandInBodyAndHeadersTooAndKeepTheirType() {
    server.on("/v1/a", json("[{\"id\": 7}]")).on("/v1/b", json("[{\"ok\": true}]"));
    var search =
        api.endpoint("a")
            .endpoint(
                "b",
                b ->
                    b.method("POST")
                        .json(Map.of("id", "{resources.a.id}", "text", "{{{resources.a.id}}}"))
                        .header("X-Of", "a {resources.a.id}"));
    assertThat(rows(search.resource("b"))).containsExactly(Map.of("ok", true));
    var asked = server.asked().get(1);
    assertThat(asked.body()).contains("\"id\":7").contains("\"text\":\"{7}\"");
    assertThat(asked.headers()).containsEntry("X-Of", "a 7");
  }

  @Test
  void asksForWhatIsNew() {
    server.on("/v1/events", json("[{\"at\": 5}, {\"at\": 3}]"));
    var events =
        api.endpoint(
            "events",
            e ->
                e.incremental("at", 4L)
                    .startParam("since")
                    .param("from", "{incremental.initial_value}"));
    assertThat(rows(events.resource("events"))).containsExactly(Map.of("at", 5L));
    assertThat(targets()).containsExactly("/v1/events?from=4&since=4");
  }

  @Test
  void aChildAsksForWhatIsNewToo() {
    server
        .on("/v1/posts", json("[{\"id\": 1}, {\"id\": 2}]"))
        .on("/v1/comments", json("[{\"at\": 9}, {\"at\": 3}]"));
    var comments =
        api.endpoint("posts")
            .endpoint(
                "comments",
                e ->
                    e.incremental("at", 4L)
                        .param("of", "{resources.posts.id}")
                        .param("since", "{incremental.last_value}")
                        .startParam("from"));
    assertThat(rows(comments.resource("comments")))
        .containsExactly(Map.of("at", 9L), Map.of("at", 9L));
    assertThat(targets())
        .containsExactly(
            "/v1/comments?of=1&since=4&from=4", "/v1/comments?of=2&since=4&from=4", "/v1/posts");
  }

  @Test
  void convertsTheCursor() {
    server.on("/v1/events", json("[]"));
    var events =
        api.endpoint(
            "events",
            e -> e.incremental("at", 4L).startParam("since").convert(value -> "day-" + value));
    assertThat(rows(events.resource("events"))).isEmpty();
    assertThat(targets()).containsExactly("/v1/events?since=day-4");
  }

  @Test
  void hintsAndStepsBelongToTheResource() {
    server.on("/v1/a", json("[{\"id\": 1}, {\"id\": 2}]")).on("/v1/b/2", json("{\"of\": 2}"));
    var steps =
        api.endpoint(
                "a", a -> a.resource(rows -> rows.merge("id").filter(row -> odd(row) == false)))
            .endpoint("b", b -> b.path("b/{resources.a.id}"));
    assertThat(rows(steps.resource("b"))).containsExactly(Map.of("of", 2L));
    assertThat(steps.resource("a").hints().primaryKey()).contains(List.of("id"));
  }

  private static boolean odd(Map<String, ?> row) {
    return (long) row.get("id") % 2 == 1;
  }

  @Test
  void aResourceOfAnotherOriginMayBeTheParent() {
    server.on("/v1/users/ada", json("{\"name\": \"ada\"}"));
    var names =
        Resource.<Map<String, Object>>of(
            "names", () -> List.of(Map.<String, Object>of("n", "ada")));
    var users = api.with(names).endpoint("users", u -> u.path("users/{resources.names.n}"));
    assertThat(rows(users.resource("users"))).containsExactly(Map.of("name", "ada"));
  }

  @Test
  void memoryStaysBoundedWhenAChildIsEndless() {
    server.on("/v1/a", json("[{\"id\": 1}]"));
    server.on(
        "/v1/b",
        (asked, socket, out) -> {
          var page = Integer.parseInt(asked.target().replaceAll(".*page=", ""));
          var rows = Collections.nCopies(2_000, "{\"page\": " + page + "}");
          json(rows.toString()).to(asked, socket, out);
        });
    var endless =
        api.endpoint("a")
            .endpoint(
                "b", b -> b.param("of", "{resources.a.id}").paginator(Paginator.pageNumber(0)));
    var iterator = endless.resource("b").limitRows(1).iterator();
    assertThat(iterator.hasNext()).isTrue();
    assertThat(server.asked().size()).isLessThan(20);
  }

  // ------------------------------------------------------------------ what cannot be

  @Test
  void namesEndpointUrlAndStatusWhenOneFails() {
    server.on("/v1/a", json("[{\"id\": 1}]")).on("/v1/b/1", status(403, "not yours"));
    var failing =
        api.defaults(each -> each.param("token", "s3cret"))
            .endpoint("a")
            .endpoint("b", b -> b.path("b/{resources.a.id}"));
    assertThatThrownBy(() -> rows(failing.resource("b")))
        .hasMessageContaining("Resource 'b' failed on item '{id=1}'")
        .hasMessageContaining(
            "GET "
                + server.url("/v1/b/1?token=***")
                + " failed with status 403 after 1 attempt; the body begins: 'not yours'");
  }

  @Test
  void aValueDoesNotLeadOutOfItsPlaceInThePath() {
    server.on("/v1/a", json("[{\"id\": \"x/../../admin\"}]"), json("[{\"id\": \"?a=1#b\"}]"));
    server.on("/v1/b/%3Fa%3D1%23b", json("{\"ok\": 1}"));
    var child = api.endpoint("a").endpoint("b", b -> b.path("b/{resources.a.id}"));
    assertThatThrownBy(() -> rows(child.resource("b")))
        .hasMessageContaining(
            "endpoint 'b' has 'x/../../admin' in its path, which would lead out of it");
    assertThat(rows(child.resource("b"))).containsExactly(Map.of("ok", 1L));
  }

  @Test
  void aUrlOfTheDataIsAskedOnlyWhereTheClientMayGo() {
    server
        .on("/v1/a", json("[{\"url\": \"" + server.url("/v1/b/1") + "\"}]"))
        .on("/v1/b/1", json("{\"ok\": 1}"));
    var child = api.endpoint("a").endpoint("b", b -> b.path("{resources.a.url}"));
    assertThat(rows(child.resource("b"))).containsExactly(Map.of("ok", 1L));
    server.on("/v1/a", json("[{\"url\": \"http://elsewhere.test/\"}]"));
    assertThatThrownBy(() -> rows(child.resource("b")))
        .hasMessageContaining(
            "endpoint 'b' has a path that is not asked: 'http://elsewhere.test/': it is another"
                + " host; if that is right, allow it with trustHosts(\"elsewhere.test\")");
  }

  @Test
  void saysWhichFieldIsMissing() {
    server.on("/v1/a", json("[{\"key\": 1}]"));
    var child = api.endpoint("a").endpoint("b", b -> b.path("b/{resources.a.id}"));
    assertThatThrownBy(() -> rows(child.resource("b")))
        .hasMessageContaining(
            "endpoint 'b' needs field 'id' of 'a' to fill in {resources.a.id}, but the row has only"
                + " 'key'");
  }

  @Test
  void saysWhatCannotBe() {
    refused(api.endpoint("b", b -> b.path("{resources.a.id}")))
        .hasMessage("Endpoint 'b' needs the rows of 'a', but there is no such endpoint, only 'b'");
    refused(api.endpoint("b", b -> b.path("{resource.a.id}")))
        .hasMessageStartingWith(
            "Endpoint 'b' has the placeholder {resource.a.id}, which is neither");
    refused(api.endpoint("b", b -> b.path("x/{id}")))
        .hasMessageStartingWith("Endpoint 'b' has '{id}' in its path 'x/{id}', but no parameter");
    refused(api.endpoint("b", b -> b.param("since", "{incremental.start_value}")))
        .hasMessageContaining("but no cursor; declare it with incremental(path, initial)");
    refused(api.endpoint("b", b -> b.include("id")))
        .hasMessageStartingWith("Endpoint 'b' includes 'id' of its parent, but has none");
    refused(
            api.endpoint("a", a -> a.path("{resources.b.id}"))
                .endpoint("b", b -> b.path("{resources.a.id}")))
        .hasMessage(
            "Endpoints 'a', 'b' need one another's rows in a circle; one of them must do without");
    refused(
            api.endpoint("a")
                .endpoint("b")
                .endpoint("c", c -> c.path("{resources.a.id}/{resources.b.id}")))
        .hasMessage("Endpoint 'c' needs rows of 'a', 'b', but can have one parent only");
    refused(api.endpoint("b", b -> b.path("x/{id")))
        .hasMessage("'x/{id' has a '{' without a '}'; write '{{' for a brace itself");
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> refused(RestApi api) {
    return assertThatThrownBy(api::resources).isInstanceOf(IllegalArgumentException.class);
  }

  // ------------------------------------------------------------------ declared in TOML

  private Config config(String toml, String secrets, Map<String, String> variables)
      throws IOException {
    Files.createDirectories(folder.resolve(".dlt"));
    Files.writeString(folder.resolve(".dlt/config.toml"), toml.replace("$SERVER", server.url("")));
    Files.writeString(folder.resolve(".dlt/secrets.toml"), secrets);
    return Config.of(variables, folder, null);
  }

  @Test
  void aSourceStandsInTomlAlone() throws IOException {
    server
        .on("/v1/posts", json("{\"n\": 2, \"list\": [{\"id\": 1}]}"), json("{\"list\": []}"))
        .on("/v1/posts/1/comments", status(404, "none"))
        .on("/v1/users", json("{\"meta\": 1, \"data\": [{\"id\": 9}]}"));
    var config =
        config(
            """
            [sources.blog.client]
            base_url = "$SERVER/v1"
            headers = { X-Client = "toml" }
            paginator = { type = "offset", limit = 1 }

            [sources.blog.resource_defaults]
            write_disposition = "merge"
            primary_key = "id"
            endpoint = { params = { sort = "id" } }

            [[sources.blog.resources]]
            name = "posts"
            endpoint = { data_selector = "list" }

            [[sources.blog.resources]]
            name = "comments"
            write_disposition = "append"
            include_from_parent = ["id"]
            [sources.blog.resources.endpoint]
            path = "posts/{resources.posts.id}/comments"
            response_actions = [{ status_code = 404, action = "ignore" }]

            [[sources.blog.resources]]
            name = "users"
            table_name = "people"
            [sources.blog.resources.endpoint]
            paginator = "single_page"
            params = { sort = "name", limit = 5 }
            """,
            """
            [sources.blog.client.auth]
            token = "s3cret"
            """,
            Map.of());
    var blog = RestApi.of(http, config, "blog");
    assertThat(rows(blog.source("blog"))).containsExactly(Map.of("id", 1L), Map.of("id", 9L));
    assertThat(targets())
        .containsExactly(
            "/v1/posts/1/comments?sort=id&offset=0&limit=1",
            "/v1/posts?sort=id&offset=0&limit=1",
            "/v1/posts?sort=id&offset=1&limit=1",
            "/v1/users?sort=name&limit=5");
    assertThat(server.asked())
        .allMatch(asked -> asked.headers().get("Authorization").equals("Bearer s3cret"))
        .allMatch(asked -> asked.headers().get("X-Client").equals("toml"));
    assertThat(blog.resource("users").hints().table()).contains("people");
    assertThat(blog.resource("posts").hints().disposition().orElseThrow().word())
        .isEqualTo("merge");
    assertThat(blog.resource("comments").hints().disposition().orElseThrow().word())
        .isEqualTo("append");
  }

  @Test
  void aTomlFileOfItsOwnFindsItsSecretsInVariables() throws IOException {
    var file = folder.resolve("shop.toml");
    Files.writeString(
        file,
        """
        resources = ["orders"]
        [client]
        base_url = "%s"
        auth = { type = "api_key", name = "X-Key" }
        """
            .formatted(server.url("/v1")));
    server.on("/v1/orders", json("[{\"id\": 1}]"));
    var config = config("", "", Map.of("SOURCES__SHOP__CLIENT__AUTH__API_KEY", "k3y"));
    assertThat(rows(RestApi.toml(http, config, file).source("shop"))).hasSize(1);
    assertThat(server.asked().get(0).headers()).containsEntry("X-Key", "k3y");
  }

  @Test
  void theIncrementalParametersOfDlt() throws IOException {
    server.on("/v1/events", json("[{\"at\": \"2026-01-02\"}]")).on("/v1/old", json("[]"));
    var config =
        config(
            """
            [sources.log.client]
            base_url = "$SERVER/v1"
            [[sources.log.resources]]
            name = "events"
            [sources.log.resources.endpoint]
            params = { since = "{incremental.start_value}" }
            incremental = { cursor_path = "at", initial_value = "2026-01-01", end_value = "2027-01-01", end_param = "until" }
            [[sources.log.resources]]
            name = "old"
            [sources.log.resources.endpoint.params]
            since = { type = "incremental", cursor_path = "at", initial_value = "2025-01-01" }
            """,
            "",
            Map.of());
    assertThat(rows(RestApi.of(http, config, "log").source("log"))).hasSize(1);
    assertThat(targets())
        .containsExactly(
            "/v1/events?since=2026-01-01&until=2027-01-01", "/v1/old?since=2025-01-01");
  }

  @Test
  void theOldParametersOfDlt() {
    server.on("/v1/a", json("[{\"id\": 3}]")).on("/v1/b/3/fixed", json("[{\"ok\": 1}]"));
    var declared =
        RestApi.of(
            http,
            Map.of(
                "client", Map.of("base_url", server.url("/v1")),
                "resources",
                    List.of(
                        "a",
                        Map.of(
                            "name",
                            "b",
                            "endpoint",
                            Map.of(
                                "path",
                                "b/{id}/{what}",
                                "params",
                                Map.of(
                                    "id",
                                    Map.of("type", "resolve", "resource", "a", "field", "id"),
                                    "what",
                                    "fixed"))))));
    assertThat(rows(declared.resource("b"))).containsExactly(Map.of("ok", 1L));
  }

  @Test
  void anEndpointOfTomlIsChangedInJava() {
    server.on("/v1/a", json("[{\"id\": 1}, {\"id\": 2}]"));
    var declared =
        RestApi.of(
            http,
            Map.of("client", Map.of("base_url", server.url("/v1")), "resources", List.of("a")));
    var changed = declared.endpoint("a", a -> a.resource(rows -> rows.filter(row -> odd(row))));
    assertThat(rows(changed.resource("a"))).containsExactly(Map.of("id", 1L));
  }

  @Test
  void aMisspeltWordIsAnErrorThatSaysWhere() throws IOException {
    var toml = "[sources.s.client]\nbase_url = \"$SERVER\"\n";
    wrong(toml.replace("base_url", "base"))
        .hasMessage(
            "'sources.s: client' has no 'base'; it knows base_url, headers, auth, paginator");
    wrong(toml).hasMessage("'sources.s: resources' must be a list of at least one resource");
    wrong(toml + "[[sources.s.resources]]\nname=\"a\"\nendpoint={pth=\"x\"}\n")
        .hasMessageStartingWith(
            "'sources.s: resources.a.endpoint' has no 'pth'; it knows path, method,");
    wrong(toml + "[sources.s]\nresources=[\"a\", \"a\"]\n")
        .hasMessage("'sources.s: resources' has 'a' twice");
    wrong(toml + "[sources.s]\nresources=[\"a\"]\n[sources.s.client.auth]\ntoken=\"x\"\n")
        .hasMessage(
            "'sources.s: client.auth.token' is a secret; move it to secrets.toml or to an"
                + " environment variable");
    wrong(toml + "[sources.s]\nresources=[\"a\"]\n[sources.s.client.paginator]\ntype=\"magic\"\n")
        .hasMessageStartingWith("'sources.s: client.paginator': there is no paginator 'magic';");
    assertThatThrownBy(() -> RestApi.of(http, config("", "", Map.of()), "s"))
        .hasMessage(
            "There is no source 's' in '"
                + folder.resolve(".dlt/config.toml")
                + "'; begin it with [sources.s.client] and base_url");
  }

  private org.assertj.core.api.AbstractThrowableAssert<?, ?> wrong(String toml) throws IOException {
    var config = config(toml, "", Map.of());
    return assertThatThrownBy(() -> RestApi.of(http, config, "s").source("s"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
