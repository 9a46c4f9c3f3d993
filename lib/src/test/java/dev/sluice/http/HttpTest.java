package dev.sluice.http;

import static dev.sluice.http.ChaosServer.bytes;
import static dev.sluice.http.ChaosServer.gzip;
import static dev.sluice.http.ChaosServer.half;
import static dev.sluice.http.ChaosServer.json;
import static dev.sluice.http.ChaosServer.reset;
import static dev.sluice.http.ChaosServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Config;
import dev.sluice.progress.Progress;
import dev.sluice.progress.StageProgress;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpTest {
  private final ChaosServer server = ChaosServer.start();
  private final FakeTime time = new FakeTime();
  private final Http http = Http.of().pace(time.pace()).timeout(Duration.ofSeconds(5));

  @AfterEach
  void stop() {
    server.close();
  }

  // ------------------------------------------------------------------ the page's examples

  @Test
  void getsJson() {
    server.on("/api/contacts", json("[{\"name\": \"Ada\"}]"));
    var response =
        http.send(
            Http.Request.get(server.url("/api/contacts")).header("Authorization", "my api key"));
    assertThat(response.json()).isEqualTo(List.of(Map.of("name", "Ada")));
    assertThat(server.asked().get(0).headers())
        .containsEntry("User-Agent", Version.USER_AGENT)
        .containsEntry("Authorization", "my api key");
  }

  @Test
  void retriesFiveTimesWaiting1To16Seconds() {
    server.on("/", status(500, "down"));
    assertThatThrownBy(() -> http.get(server.url("/")))
        .isInstanceOfSatisfying(
            Http.Failed.class,
            e -> {
              assertThat(e.status()).isEqualTo(500);
              assertThat(e.attempts()).isEqualTo(6);
            });
    assertThat(time.slept()).containsExactly(1.0, 2.0, 4.0, 8.0, 16.0);
  }

  @Test
  void takesTheSettingsOfTheRuntimeSection(@TempDir Path folder) {
    server.on("/", status(500, "down"));
    var variables =
        Map.of(
            "RUNTIME__REQUEST_MAX_ATTEMPTS", "8",
            "RUNTIME__REQUEST_BACKOFF_FACTOR", "1.5",
            "RUNTIME__REQUEST_TIMEOUT", "120",
            "RUNTIME__REQUEST_MAX_RETRY_DELAY", "30");
    var set = Http.of(Config.of(variables, folder, null)).pace(time.pace());
    assertThat(set.settings().timeout).isEqualTo(Duration.ofMinutes(2));
    assertThatThrownBy(() -> set.get(server.url("/")));
    assertThat(time.slept()).containsExactly(1.5, 3.0, 6.0, 12.0, 24.0, 30.0, 30.0, 30.0);
  }

  @Test
  void retriesTheStatusesItIsTold() {
    server.on("/", status(403, ""), status(504, "gone"));
    var own = http.retryStatuses(403, 500, 502, 503);
    assertThatThrownBy(() -> own.get(server.url("/")))
        .hasMessage(
            "GET "
                + server.url("/")
                + " failed with status 504 after 2 attempts; the body begins: 'gone'");
  }

  @Test
  void retriesTheExceptionsItIsTold() {
    server.on("/", half("{}", reset()), json("{}"));
    var own = http.retryExceptions(ConnectException.class);
    assertThatThrownBy(() -> own.get(server.url("/")))
        .isInstanceOf(Http.Failed.class)
        .hasCauseInstanceOf(IOException.class);
    assertThat(time.slept()).isEmpty();
  }

  @Test
  void retriesWhenThePredicateSaysSo() {
    server.on("/", json("{\"error\": \"busy\"}"), json("{\"id\": 1}"));
    var own =
        http.retryWhen((response, exception) ->
            response != null && ((Map<?, ?>) response.json()).containsKey("error"));
    assertThat(own.get(server.url("/")).json()).isEqualTo(Map.of("id", 1L));
    assertThat(time.slept()).containsExactly(1.0);
  }

  @Test
  void failsWhenThePredicateIsNeverContent() {
    server.on("/", json("{\"error\": \"busy\"}"));
    var own = http.retries(1).retryWhen((response, exception) -> true);
    assertThatThrownBy(() -> own.get(server.url("/")))
        .hasMessage(
            "GET "
                + server.url("/")
                + " was still to be retried by the predicate, with status 200 after 2 attempts;"
                + " the body begins: '{\"error\": \"busy\"}'");
  }

  // ------------------------------------------------------------------ beyond the page

  @Test
  void saysWhatTheNetworkSaidLast() throws IOException {
    int port;
    try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    assertThatThrownBy(() -> http.get("http://127.0.0.1:" + port + "/x?token=abc&page=2"))
        .hasMessageStartingWith(
            "GET http://127.0.0.1:" + port + "/x?token=***&page=2 failed after 6 attempts: ")
        .hasCauseInstanceOf(ConnectException.class);
  }

  @Test
  void repeatsAPostOn429And503Only() {
    server.on("/a", status(503, ""), status(429, ""), json("{\"ok\": true}"));
    server.on("/b", status(500, ""), json("{\"ok\": true}"));
    server.on("/c", half("{}", reset()), json("{\"ok\": true}"));
    assertThat(http.post(server.url("/a"), Map.of("q", 1)).json()).isEqualTo(Map.of("ok", true));
    assertThatThrownBy(() -> http.post(server.url("/b"), Map.of("q", 1)))
        .hasMessageContaining("failed with status 500 after 1 attempt");
    assertThatThrownBy(() -> http.post(server.url("/c"), Map.of("q", 1)))
        .hasMessageContaining("after 1 attempt");
    assertThat(server.asked()).hasSize(5).allMatch(asked -> asked.body().equals("{\"q\":1}"));
  }

  @Test
  void repeatsAPostIfTold() {
    server.on("/", status(500, ""), json("{}"));
    assertThat(http.retryPosts().post(server.url("/"), null).status()).isEqualTo(200);
  }

  @Test
  void jitterOnlyLengthensTheWait() {
    server.on("/", status(429, "", "Retry-After", "10"), status(500, ""), json("{}"));
    Http.of().pace(time.pace(() -> Long.MAX_VALUE)).jitter(0.5).get(server.url("/"));
    assertThat(time.slept().get(0)).isBetween(10.0, 15.0);
    assertThat(time.slept().get(1)).isBetween(2.0, 3.0);
  }

  @Test
  void theBudgetOfRetriesIsForAllRequests() {
    server.on("/", status(500, ""));
    var thrifty = http.retryBudget(3);
    assertThatThrownBy(() -> thrifty.retries(2).get(server.url("/")))
        .hasMessageContaining("after 3 attempts; the body");
    assertThatThrownBy(() -> thrifty.get(server.url("/")))
        .hasMessageContaining(
            "failed with status 500 after 2 attempts and the retry budget of this client is used up");
  }

  @Test
  void spacesRequestsToAHostEvenlyForAllThreads() throws Exception {
    server.on("/", json("{}"));
    var slow = http.rateLimit(2, Duration.ofSeconds(1));
    try (var threads = Executors.newFixedThreadPool(4)) {
      var all = new java.util.ArrayList<Future<?>>();
      for (int i = 0; i < 8; i++) {
        all.add(threads.submit(() -> slow.get(server.url("/"))));
      }
      for (var one : all) {
        one.get();
      }
    }
    assertThat(time.now()).isAfterOrEqualTo(FakeTime.START.plusMillis(3500));
  }

  @Test
  void learnsTheLimitOfAHost() {
    long reset = FakeTime.START.getEpochSecond() + 20;
    server.on(
        "/",
        json("{}", "X-RateLimit-Remaining", "1", "X-RateLimit-Reset", "" + reset),
        json("{}", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "" + reset),
        json("{}"));
    for (int i = 0; i < 4; i++) {
      http.get(server.url("/"));
    }
    assertThat(time.slept()).containsExactly(20.0);
  }

  @Test
  void aLimitThatLastsTooLongIsAnError() {
    server.on("/", json("{}", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "3600"));
    http.get(server.url("/"));
    assertThatThrownBy(() -> http.get(server.url("/")))
        .hasMessageContaining(
            "allows no more requests for 3600 s (X-RateLimit-Reset), longer than"
                + " request_max_retry_delay of 300 s; run again then, or raise it");
  }

  @Test
  void secretsStayAtHome() {
    try (var other = ChaosServer.start()) {
      var there = other.url("").replace("127.0.0.1", "localhost");
      var trusted = http.trustHosts(there.replace("http://", ""));
      server.on("/", status(302, "", "Location", there + "/x?a=1"));
      other.on("/x", json("{}"));
      trusted
          .auth(Auth.apiKey("X-Company", "s3cret-value"))
          .secretHeader("X-Other", "s3cret-too")
          .header("X-Plain", "plain")
          .send(
              Http.Request.get(server.url("/"))
                  .header("Authorization", "Bearer s3cret-value")
                  .header("Cookie", "session=1"));
      assertThat(other.asked().get(0).headers())
          .containsOnlyKeys("Accept-Encoding", "Content-Length", "Host", "User-Agent")
          .containsEntry("User-Agent", Version.USER_AGENT);
      assertThat(other.asked().get(0).target()).isEqualTo("/x?a=1");
    }
  }

  @Test
  void aKeyInTheQueryFollowsWithinTheServerOnly() {
    server.on("/", status(302, "", "Location", "/moved?a=1")).on("/moved", json("{}"));
    http.auth(Auth.apiKeyInQuery("api_key", "s3cret-value")).get(server.url("/"));
    assertThat(server.asked().get(1).target()).isEqualTo("/moved?a=1&api_key=s3cret-value");
  }

  @Test
  void secretsAreMaskedInErrors() {
    server.on("/", status(400, "bad key s3cret-value in dXNlcjpzM2NyZXQtdmFsdWU="));
    var signed =
        http.auth(Auth.basic("user", "s3cret-value"))
            .secretHeader("X-Key", "s3cret-value")
            .retries(0);
    assertThatThrownBy(() -> signed.get(server.url("/?q=s3cret-value&sig=1")))
        .hasMessage(
            "GET "
                + server.url("/?q=***&sig=***")
                + " failed with status 400 after 1 attempt; the body begins: 'bad key *** in ***'");
    assertThat(Masks.url("https://ada:pw@host/x?access_token=1&page_token=2"))
        .isEqualTo("https://***@host/x?access_token=***&page_token=2");
  }

  @Test
  void anotherMethodAfterSeeOther() {
    server.on("/", status(303, "", "Location", "/done")).on("/done", json("{}"));
    http.post(server.url("/"), Map.of("a", 1));
    assertThat(server.asked().get(1).method()).isEqualTo("GET");
    assertThat(server.asked().get(1).body()).isEmpty();
  }

  @Test
  void theSameMethodAfterATemporaryRedirect() {
    server.on("/", status(307, "", "Location", "/done")).on("/done", json("{}"));
    http.post(server.url("/"), Map.of("a", 1));
    assertThat(server.asked().get(1).method()).isEqualTo("POST");
    assertThat(server.asked().get(1).body()).isEqualTo("{\"a\":1}");
  }

  @Test
  void neverFromHttpsToHttp() {
    var from = java.net.URI.create("https://host/a");
    var to = java.net.URI.create("http://host/a");
    assertThat(Redirects.refusal(from, to, java.util.Set.of("host")))
        .isEqualTo("it would leave https for http");
  }

  @Test
  void unpacksGzip() {
    server.on(
        "/", bytes(200, gzip("[1]".getBytes(StandardCharsets.UTF_8)), "Content-Encoding", "gzip"));
    assertThat(http.get(server.url("/")).text()).isEqualTo("[1]");
    assertThat(server.asked().get(0).headers()).containsEntry("Accept-Encoding", "gzip");
  }

  @Test
  void aBombIsStoppedInAStreamToo() {
    server.on("/", ChaosServer.bomb());
    assertThatThrownBy(
            () -> {
              try (var in = http.open(Http.Request.get(server.url("/")))) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
              }
            })
        .hasMessageMatching(
            "the zipped body unpacks to more than 250 times its size \\(\\d+ bytes so far\\); it"
                + " looks like a zip bomb");
  }

  @Test
  void opensAStream() throws IOException {
    server.on("/", status(500, ""), json("12345"));
    try (InputStream in = http.open(Http.Request.get(server.url("/")))) {
      assertThat(in.readAllBytes()).asString().isEqualTo("12345");
    }
  }

  @Test
  void continuesADownloadThatBrokeOff(@TempDir Path folder) throws IOException {
    var whole = "0123456789";
    server.on(
        "/file",
        (asked, socket, out) -> {
          out.write(
              "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 10\r\n\r\n01234".getBytes());
          out.flush();
          Thread.sleep(50);
          socket.setSoLinger(true, 0);
          socket.close();
        },
        status(206, whole.substring(5), "ETag", "\"v1\""));
    var file = http.download(server.url("/file"), folder.resolve("file.txt"));
    assertThat(file).hasContent(whole);
    assertThat(server.asked().get(1).headers())
        .containsEntry("Range", "bytes=5-")
        .containsEntry("If-Range", "\"v1\"");
    assertThat(Files.list(folder)).containsExactly(file);
  }

  @Test
  void beginsADownloadAnewIfTheFileChanged(@TempDir Path folder) {
    server.on(
        "/file",
        (asked, socket, out) -> {
          out.write(
              "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 10\r\n\r\n01234".getBytes());
          out.flush();
          Thread.sleep(50);
          socket.setSoLinger(true, 0);
          socket.close();
        },
        status(200, "abc", "ETag", "\"v2\""));
    assertThat(http.download(server.url("/file"), folder.resolve("file.txt"))).hasContent("abc");
  }

  @Test
  void takesNoOtherPartForTheRestOfADownload(@TempDir Path folder) {
    server.on(
        "/file",
        (asked, socket, out) -> {
          out.write(
              "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 10\r\n\r\n01234".getBytes());
          out.flush();
          Thread.sleep(50);
          socket.setSoLinger(true, 0);
          socket.close();
        },
        status(206, "89", "Content-Range", "bytes 8-9/10"),
        json("0123456789"));
    assertThat(http.download(server.url("/file"), folder.resolve("file.txt")))
        .hasContent("0123456789");
  }

  @Test
  void leavesNoFileBehindWhenADownloadFails(@TempDir Path folder) throws IOException {
    server.on("/file", status(404, "none"));
    assertThatThrownBy(() -> http.download(server.url("/file"), folder.resolve("file.txt")))
        .hasMessageContaining("failed with status 404");
    assertThat(Files.list(folder)).isEmpty();
  }

  @Test
  void recordsAndReplaysWithoutSecrets(@TempDir Path folder) throws IOException {
    server
        .on("/token", json("{\"access_token\": \"t0ken-value\"}"))
        .on("/a", json("{\"page\": 1, \"you\": \"t0ken-value\"}"), json("{\"page\": 2}"));
    var auth = Auth.oauth2(server.url("/token"), "me", "cl1ent-secret");
    var recorded = http.auth(auth).record(folder);
    recorded.get(server.url("/a?key=qu3ry-secret"));
    recorded.get(server.url("/a?key=qu3ry-secret"));
    server.close();

    var replayed = http.auth(auth).replay(folder);
    assertThat(replayed.json(server.url("/a?key=other")))
        .isEqualTo(Map.of("page", 1L, "you", "***"));
    assertThat(replayed.json(server.url("/a?key=other"))).isEqualTo(Map.of("page", 2L));
    for (var file : Files.list(folder).toList()) {
      assertThat(Files.readString(file)).doesNotContain("t0ken-value", "cl1ent-secret", "qu3ry");
    }
    assertThatThrownBy(() -> replayed.get(server.url("/b")))
        .hasMessage(
            "GET "
                + server.url("/b")
                + " is not in the recording '"
                + folder
                + "'; record it first with record(..), a SluiceTest with -Dsluice.record=true");
  }

  @Test
  void replaysAnAnswerThatWasAnError(@TempDir Path folder) {
    server.on("/gone", status(404, "no such account"));
    assertThatThrownBy(() -> http.record(folder).get(server.url("/gone")));
    server.close();
    assertThatThrownBy(() -> http.replay(folder).get(server.url("/gone")))
        .hasMessage(
            "GET "
                + server.url("/gone")
                + " failed with status 404 after 1 attempt; the body begins: 'no such account'");
    var api = RestClient.of(http.replay(folder), server.url(""));
    assertThat(api.ignore(404).rows("gone")).isEmpty();
  }

  @Test
  void aLargeAnswerIsStoredZipped(@TempDir Path folder) throws IOException {
    var large = "[" + "1,".repeat(100_000) + "1]";
    server.on("/a", json(large));
    http.record(folder).get(server.url("/a"));
    server.close();
    assertThat(http.replay(folder).get(server.url("/a")).text()).isEqualTo(large);
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.endsWith(".body.gz"));
    }
  }

  @Test
  void replaysFromTheClassPath(@TempDir Path folder) throws Exception {
    server.on("/a", json("[1]"));
    http.record(folder.resolve("api")).get(server.url("/a"));
    server.close();
    try (var loader = new java.net.URLClassLoader(new java.net.URL[] {folder.toUri().toURL()})) {
      assertThat(http.replay(loader, "api").json(server.url("/a"))).isEqualTo(List.of(1L));
    }
  }

  @Test
  void saysWhatItWaitsFor() {
    server.on("/", status(429, "", "Retry-After", "4"), half("{}", reset()), json("{}"));
    var seen = new java.util.concurrent.LinkedBlockingQueue<String>();
    Progress progress = now -> seen.addAll(now.waiting());
    var told = new java.util.ArrayList<String>();
    Pace.Sleeper sleeper =
        wait -> {
          seen.clear();
          told.add(seen.take());
          time.sleep(wait);
        };
    var pace = new Pace(time::now, sleeper, () -> 0);
    try (var stage = StageProgress.start(progress, "shop", "extract")) {
      http.pace(pace).get(server.url("/"));
      assertThat(StageProgress.current()).containsSame(stage);
    }
    assertThat(StageProgress.current()).isEmpty();
    assertThat(told.get(0)).isEqualTo("GET " + server.url("/") + ": 429, retry 1 of 5 in 4 s");
    assertThat(told.get(1))
        .startsWith("GET " + server.url("/") + ": ")
        .endsWith(", retry 2 of 5 in 2 s");
  }

  @Test
  void aWaitThatTheServerAsksForIsForAllThreads() {
    server.on("/a", status(503, "", "Retry-After", "20"), json("{}")).on("/b", json("{}"));
    var waitsOfAnother = new java.util.ArrayList<Duration>();
    var another = http.pace(new Pace(time::now, waitsOfAnother::add, () -> 0));
    Pace.Sleeper sleeper =
        wait -> {
          another.get(server.url("/b"));
          time.sleep(wait);
        };
    http.pace(new Pace(time::now, sleeper, () -> 0)).get(server.url("/a"));
    assertThat(waitsOfAnother).containsExactly(Duration.ofSeconds(20));
  }

  @Test
  void aFormWithSecretsStaysAtHome() {
    try (var other = ChaosServer.start()) {
      server.on("/token", status(307, "", "Location", other.url("/token")));
      var trusting = http.trustHosts(other.url("").replace("http://", ""));
      assertThatThrownBy(() ->
              trusting.send(
                  Http.Request.post(server.url("/token")).form("client_secret", "s3cret")))
          .hasMessageEndingWith(
              "which is not followed: the form it would carry there may hold secrets");
      assertThat(other.asked()).isEmpty();
    }
  }

  @Test
  void saysThatTheServerWantsHttps() {
    server.on("/", status(301, "", "Location", "https://127.0.0.1/x"));
    assertThatThrownBy(() -> http.get(server.url("/")))
        .hasMessageEndingWith(
            "which is not followed: begin the URL with https:// yourself, so that no secret travels"
                + " unprotected first");
  }

  @Test
  void saysWhatIsNoAddress() {
    assertThatThrownBy(() -> http.get("example.com/x"))
        .hasMessage("'example.com/x' is no web address; begin it with https:// and a host");
  }

  @Test
  void stopsWhenInterrupted() throws Exception {
    server.on("/", ChaosServer.silence());
    var failure = new java.util.concurrent.CompletableFuture<Throwable>();
    var thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                http.timeout(Duration.ofMinutes(1)).get(server.url("/"));
              } catch (Http.Failed e) {
                failure.complete(Thread.currentThread().isInterrupted() ? e : null);
              }
            });
    while (server.asked().isEmpty()) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    assertThat(failure.get()).hasMessage("GET " + server.url("/") + " was interrupted");
  }
}
