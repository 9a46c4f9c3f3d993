package dev.sluice.http;

import static dev.sluice.http.ChaosServer.json;
import static dev.sluice.http.ChaosServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.config.Config;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// No secret of a request or of an answer is in a message, a cause or a recording.
class SecretsTest {
  private static final String SECRET = "s3cr3t/v+l:e";

  private final ChaosServer server = ChaosServer.start();
  private final FakeTime time = new FakeTime();
  private final Http http = Http.of().pace(time.pace()).retries(0);

  @AfterEach
  void stop() {
    server.close();
  }

  // ------------------------------------------------------------------ what a server echoes

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization",
        "authorization",
        "Proxy-Authorization",
        "X-Api-Key",
        "api-key",
        "apikey",
        "X-Auth-Token",
        "X-Vault-Token",
        "Cookie",
        "X-Amz-Security-Token",
        "X-Secret",
        "Password",
        "Ocp-Apim-Subscription-Key",
        "X-Functions-Key",
        "X-Session-Id",
        "X-Hub-Signature",
        "Private-Token",
        "X-Credential",
        "X-JWT",
        "X-Own-Key"
      })
  void aHeaderOfASecretNameIsMaskedWhereTheServerEchoesIt(String name) {
    server.on("/", status(400, "header " + SECRET + " or " + base64(SECRET) + " is bad"));
    assertThatThrownBy(() -> http.send(Http.Request.get(server.url("/")).header(name, SECRET)))
        .hasMessageEndingWith("the body begins: 'header *** or *** is bad'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token",
        "access_token",
        "api_key",
        "apikey",
        "key",
        "sig",
        "signature",
        "password",
        "pwd",
        "client_secret",
        "auth",
        "X-Amz-Signature",
        "X-Amz-Credential",
        "session_id",
        "sas"
      })
  void aParameterOfASecretNameIsMaskedWhereTheServerEchoesIt(String name) {
    var encoded = RequestParts.encode(SECRET);
    server.on("/", status(400, "given " + SECRET + ", " + encoded + ", " + encoded.toLowerCase()));
    assertThatThrownBy(() -> http.get(server.url("/"), name, SECRET))
        .hasMessage(
            "GET "
                + server.url("/?" + name + "=***")
                + " failed with status 400 after 1 attempt; the body begins: 'given ***, ***, ***'");
  }

  @Test
  void partsOfASecretHeaderAreMaskedToo() {
    server.on("/", status(400, "tok-en-value, pass-word-1, sess-ion-9, ada:pass-word-1"));
    var request =
        Http.Request.get(server.url("/"))
            .header("Authorization", "Basic " + base64("ada:pass-word-1"))
            .header("X-Token", "Bearer tok-en-value")
            .header("Cookie", "lang=en; session=sess-ion-9");
    assertThatThrownBy(() -> http.send(request))
        .hasMessageEndingWith("the body begins: '***, ***, ***, ***'");
  }

  @Test
  void secretFieldsOfTheRequestsOwnBodyAreMasked() {
    server.on("/login", status(400, "no user with 'pass-word-1' or 'deep-pass-2'"));
    var request =
        Http.Request.post(server.url("/login"))
            .json(
                Map.of(
                    "user",
                    "ada",
                    "password",
                    "pass-word-1",
                    "x",
                    List.of(Map.of("secret", "deep-pass-2"))));
    assertThatThrownBy(() -> http.send(request))
        .hasMessageEndingWith("the body begins: 'no user with '***' or '***''");
  }

  @Test
  void whatTheServersOwnNamesTellToBeSecretIsMasked() {
    server.on(
        "/",
        status(
            400,
            "{\"error\": \"x\", \"access_token\": \"abc\", \"next\": \"http://h/?sig=def&page=2\"}"));
    assertThatThrownBy(() -> http.get(server.url("/")))
        .hasMessageEndingWith(
            "the body begins: '{\"error\": \"x\", \"access_token\": \"***\", \"next\":"
                + " \"http://h/?sig=***&page=2\"}'");
  }

  @Test
  void aSecretThatTheMessageCutsInTwoIsMaskedAsAWhole() {
    server.on("/", status(400, "x".repeat(295) + "s3cret-value-of-many-characters"));
    assertThatThrownBy(() -> http.get(server.url("/"), "token", "s3cret-value-of-many-characters"))
        .hasMessageEndingWith("'" + "x".repeat(295) + "***'");
  }

  @Test
  void noCauseSaysASecret() {
    server.on("/", json("not json s3cret-value"));
    assertThat(
            stack(
                () -> http.send(Http.Request.get(server.url("/?token=s3cret-value")).expectJson())))
        .contains("Caused by: dev.sluice.http.BrokenBody")
        .doesNotContain("s3cret-value");
    assertThat(stack(() -> http.get("http://ada:s3cret-value@ho^st/?api_key=s3cret-2")))
        .contains("is no URL: ")
        .doesNotContain("s3cret");
    assertThat(stack(() -> http.get("http://ada:s3c/ret-value@host/x")))
        .doesNotContain("ret-value");
    assertThat(
            stack(() ->
                http.send(
                    Http.Request.get(server.url("/")).header("Authorization", "s3cret-value\n"))))
        .contains(
            "Header 'Authorization' of GET "
                + server.url("/")
                + " cannot be sent: its value holds a line break or another control character")
        .doesNotContain("s3cret-value");
    assertThat(
            stack(() ->
                http.retryWhen(
                        (response, error) -> {
                          throw new IllegalStateException("saw s3cret-value");
                        })
                    .get(server.url("/?token=s3cret-value"))))
        .contains("the retry predicate threw java.lang.IllegalStateException: saw ***")
        .doesNotContain("s3cret-value");
  }

  @Test
  void whatSignsThePagesIsMaskedWhereARuleRefusesOne() {
    server.on("/rows", json("{\"error\": \"tok-en-value and key-value-2\"}"));
    var api =
        RestClient.of(http.secretHeader("X-Other", "key-value-2"), server.url(""))
            .auth(Auth.bearer("tok-en-value"))
            .refuse(200, "error");
    assertThatThrownBy(() -> api.rows("rows").toList())
        .hasMessageEndingWith("with a body that is to be refused: '{\"error\": \"*** and ***\"}'");
  }

  @Test
  void aSecretOfTheSettingsIsMaskedInAPath(@TempDir Path folder) {
    server.on("/bot12345:abcdef/me", status(404, "no bot 12345:abcdef"));
    var config = Config.of(Map.of("BOT__TOKEN", "12345:abcdef"), folder, null);
    var token = config.secret("bot.token").reveal();
    var known = Http.of(config).pace(time.pace()).retries(0);
    assertThatThrownBy(() -> known.get(server.url("/bot" + token + "/me")))
        .hasMessage(
            "GET "
                + server.url("/bot***/me")
                + " failed with status 404 after 1 attempt; the body begins: 'no bot ***'");
  }

  // ------------------------------------------------------------------ another host

  @Test
  void noHeaderGoesToAnotherHostWithANextLink() {
    try (var other = ChaosServer.start()) {
      var there = other.url("").replace("127.0.0.1", "localhost");
      server.on("/rows", json("{\"data\": [{\"a\": 1}], \"next\": \"" + there + "/two?a=2\"}"));
      other.on("/two", json("{\"data\": [{\"a\": 2}], \"next\": null}"));
      var api =
          RestClient.of(http.trustHosts(there.replace("http://", "")), server.url(""))
              .header("X-Tenant", "acme")
              .paginator(Paginator.jsonLink("next"))
              .data("data");
      assertThat(
              api.pages(api.request("GET", "rows").header("X-Own", "1"))
                  .flatMap(List::stream)
                  .toList())
          .hasSize(2);
      assertThat(server.asked().get(0).headers()).containsKeys("X-Tenant", "X-Own");
      assertThat(other.asked().get(0).headers())
          .containsOnlyKeys("Accept-Encoding", "Content-Length", "Host", "User-Agent");
    }
  }

  @Test
  void aDownloadGoesOnWhereItBrokeOffOnAnotherHostToo(@TempDir Path folder) {
    try (var other = ChaosServer.start()) {
      server.on("/file", status(302, "", "Location", other.url("/file")));
      other.on(
          "/file",
          (asked, socket, out) -> {
            out.write(
                "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 10\r\n\r\n01234".getBytes());
            out.flush();
            Thread.sleep(50);
            socket.setSoLinger(true, 0);
            socket.close();
          },
          status(206, "56789", "ETag", "\"v1\"", "Content-Range", "bytes 5-9/10"));
      var client =
          http.retries(2).trustHosts(other.url("").replace("http://", "")).header("X-Own", "1");
      assertThat(client.download(server.url("/file"), folder.resolve("file")))
          .hasContent("0123456789");
      assertThat(other.asked().get(1).headers())
          .containsEntry("Range", "bytes=5-")
          .containsEntry("If-Range", "\"v1\"")
          .containsEntry("Accept-Encoding", "identity")
          .doesNotContainKey("X-Own");
    }
  }

  @Test
  void theHeadersOfAnApiAreNotForTheHostOfItsTokens() {
    try (var other = ChaosServer.start()) {
      other.on("/token", json("{\"access_token\": \"t\"}"));
      server.on("/", json("{}"));
      http.header("X-Tenant", "acme")
          .auth(Auth.oauth2(other.url("/token"), "me", "s"))
          .get(server.url("/"));
      assertThat(other.asked().get(0).headers()).doesNotContainKey("X-Tenant");
      assertThat(server.asked().get(0).headers()).containsEntry("X-Tenant", "acme");
    }
  }

  @Test
  void aBodyWithASecretStaysAtHome() {
    try (var other = ChaosServer.start()) {
      server.on("/login", status(307, "", "Location", other.url("/login")));
      var trusting = http.trustHosts(other.url("").replace("http://", ""));
      var login = Http.Request.post(server.url("/login"));
      assertThatThrownBy(() -> trusting.send(login.json(Map.of("password", "pass-word-1"))))
          .hasMessageEndingWith("the body it would carry there may hold secrets");
      assertThat(other.asked()).isEmpty();
      other.on("/login", json("{}"));
      trusting.send(login.header("X-Own", "1").json(Map.of("query", "all")));
      assertThat(other.asked().get(0).headers())
          .containsEntry("Content-Type", "application/json")
          .doesNotContainKey("X-Own");
    }
  }

  // ------------------------------------------------------------------ bodies

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"access_token\":\"abc\",\"token_type\":\"bearer\",\"expires_in\":3600}"
            + " | {\"access_token\":\"***\",\"token_type\":\"bearer\",\"expires_in\":3600}",
        "{\"refresh_token\" : \"a\\\"b\", \"x\": 1} | {\"refresh_token\" : \"***\", \"x\": 1}",
        "{\"id_token\":\"a.b.c\"} | {\"id_token\":\"***\"}",
        "{\"accessToken\":\"abc\",\"clientSecret\":\"d\"} | {\"accessToken\":\"***\",\"clientSecret\":\"***\"}",
        "{\"apiKey\":\"abc\",\"key\":\"PROJ-1\"} | {\"apiKey\":\"***\",\"key\":\"PROJ-1\"}",
        "{\"tokens\":[\"abc\",\"def\"],\"n\":1} | {\"tokens\":[\"***\",\"***\"],\"n\":1}",
        "{\"credentials\":{\"user\":\"ada\",\"value\":\"x\"},\"n\":\"ok\"}"
            + " | {\"credentials\":{\"user\":\"***\",\"value\":\"***\"},\"n\":\"ok\"}",
        "{\"password\":12345678,\"total_tokens\":512} | {\"password\":0,\"total_tokens\":512}",
        "{\"password\":null,\"secret\":true,\"token\":\"\"} | {\"password\":null,\"secret\":true,\"token\":\"\"}",
        "{\"next_page_token\":\"abc\",\"nextToken\":\"d\"} | {\"next_page_token\":\"abc\",\"nextToken\":\"d\"}",
        "{\"token_endpoint\":\"https://x/t\"} | {\"token_endpoint\":\"https://x/t\"}",
        "{\"text\":\"{\\\"access_token\\\":\\\"abc\\\"}\"} | {\"text\":\"{\\\"access_token\\\":\\\"***\\\"}\"}",
        "access_token=abc&scope=read&token_type=bearer | access_token=***&scope=read&token_type=bearer",
        "{\"url\":\"https://h/f?X-Amz-Signature=abc&x=1\"} | {\"url\":\"https://h/f?X-Amz-Signature=***&x=1\"}",
        "<r><AccessToken>abc</AccessToken><n>1</n></r> | <r><AccessToken>***</AccessToken><n>1</n></r>",
        "<r><ns:Password a=\"1\">abc</ns:Password></r> | <r><ns:Password a=\"1\">***</ns:Password></r>",
        "<r token=\"abc\" id=\"7\"/> | <r token=\"***\" id=\"7\"/>",
        "<input type=\"hidden\" name=\"csrf_token\" value=\"abc\"> | <input type=\"hidden\" name=\"csrf_token\" value=\"***\">",
        "{\"access_token\":\"cut o | {\"access_token\":\"***"
      })
  void theSecretsOfABodyAreMaskedByTheirNames(String body, String masked) {
    assertThat(Masks.body(body, secret -> Masks.MASK)).isEqualTo(masked);
  }

  @Test
  void aLongBodyIsMaskedWithoutRecursion() {
    var body = "{\"access_token\":\"" + "ab\\\"c".repeat(200_000) + "\",\"x\":1}";
    assertThat(Masks.body(body, secret -> Masks.MASK))
        .isEqualTo("{\"access_token\":\"***\",\"x\":1}");
  }

  // ------------------------------------------------------------------ recordings

  @Test
  void aRecordingHoldsNoTokenAndReplays(@TempDir Path folder) throws IOException {
    record Step(String what, Http.Request request) {}
    server
        .on(
            "/login",
            json(
                "{\"access_token\": \"acc-token-1\", \"session_id\": \"sess-ion-1\", \"user\": \"ada\"}"))
        .on("/sess/sess-ion-1/items", json("{\"items\": [1], \"by\": \"acc-token-1\"}"))
        .on("/items", json("{\"items\": [2], \"token\": \"cur-sor-1\"}"), json("{\"items\": [3]}"))
        .on(
            "/form",
            status(200, "access_token=form-tok-1&scope=all", "Content-Type", "text/plain"));
    UnaryOperator<Http> all =
        client -> {
          var login =
              client
                  .send(
                      Http.Request.post(server.url("/login"))
                          .header("Authorization", "Basic " + base64("ada:bas-ic-pass"))
                          .json(Map.of("user", "ada", "password", "pass-word-1")))
                  .json();
          var session = ((Map<?, ?>) login).get("session_id");
          var token = ((Map<?, ?>) login).get("access_token");
          assertThat(((Map<?, ?>) login).get("user")).isEqualTo("ada");
          var first =
              client
                  .send(
                      Http.Request.get(server.url("/sess/" + session + "/items"))
                          .header("Authorization", "Bearer " + token))
                  .json();
          assertThat(((Map<?, ?>) first).get("items")).isEqualTo(List.of(1L));
          var second = (Map<?, ?>) client.json(server.url("/items"), "access_token", token);
          assertThat(second.get("items")).isEqualTo(List.of(2L));
          var third = (Map<?, ?>) client.json(server.url("/items"), "token", second.get("token"));
          assertThat(third.get("items")).isEqualTo(List.of(3L));
          assertThat(client.get(server.url("/form")).text()).contains("scope=all");
          return client;
        };
    all.apply(http.record(folder));
    server.close();
    all.apply(http.replay(folder));
    var names = new ArrayList<String>();
    for (var file : Files.list(folder).toList()) {
      names.add(file.getFileName().toString());
      assertThat(file.getFileName() + " " + Files.readString(file))
          .doesNotContain("acc-token", "sess-ion", "cur-sor", "form-tok", "pass-word", "bas-ic")
          .doesNotContain("acc_token", "sess_ion", base64("ada:bas-ic-pass"));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
    assertThat(names).hasSize(10);
  }

  @Test
  void aSecretOfTheSettingsIsInNoNameOfARecording(@TempDir Path folder) throws IOException {
    server.on("/bot12345:abcdef/me", json("{\"name\": \"b\"}"));
    var record = Config.of(Map.of("BOT__TOKEN", "12345:abcdef"), folder.resolve("a"), null);
    record.secret("bot.token");
    Http.of(record).record(folder.resolve("r")).get(server.url("/bot12345:abcdef/me"));
    // Another token, where there is no network.
    var replay = Config.of(Map.of("BOT__TOKEN", "none-at-all"), folder.resolve("b"), null);
    replay.secret("bot.token");
    server.close();
    assertThat(Http.of(replay).replay(folder.resolve("r")).json(server.url("/botnone-at-all/me")))
        .isEqualTo(Map.of("name", "b"));
    for (var file : Files.list(folder.resolve("r")).toList()) {
      assertThat(file.getFileName() + Files.readString(file)).doesNotContain("abcdef");
    }
  }

  @Test
  void pagesThatTokensLeadToAreReplayed(@TempDir Path folder) {
    server.on(
        "/rows",
        json("{\"data\": [{\"a\": 1}], \"token\": \"cur-sor-a\"}"),
        json("{\"data\": [{\"a\": 2}], \"token\": \"cur-sor-b\"}"),
        json("{\"data\": [{\"a\": 3}], \"token\": \"cur-sor-c\"}"),
        json("{\"data\": [{\"a\": 4}]}"));
    UnaryOperator<Object> rows =
        client ->
            RestClient.of((Http) client, server.url(""))
                .paginator(Paginator.cursor("token", "token"))
                .data("data")
                .rows("rows")
                .map(row -> row.get("a"))
                .toList();
    assertThat(rows.apply(http.record(folder))).isEqualTo(List.of(1L, 2L, 3L, 4L));
    assertThat(rows.apply(http.replay(folder))).isEqualTo(List.of(1L, 2L, 3L, 4L));
  }

  @Test
  void aRecordingOfTheReleaseBeforeReplays(@TempDir Path folder) throws IOException {
    var request =
        Http.Request.post("http://127.0.0.1:1/login").json(Map.of("password", "pass-word-1"));
    // As that release named it: by the body as it is.
    var name = "post_login_" + sha("POST http://127.0.0.1:1/login", request.parts.body);
    Files.writeString(folder.resolve(name + "-1.json"), "{\"status\": 200, \"headers\": {}}");
    Files.writeString(folder.resolve(name + "-1.body"), "{\"ok\": true}");
    assertThat(http.replay(folder).send(request).json()).isEqualTo(Map.of("ok", true));
  }

  @Test
  void bytesThatAreNoTextAreRecordedAsTheyAre(@TempDir Path folder) throws IOException {
    var bytes = new byte[2000];
    new java.util.Random(1).nextBytes(bytes);
    bytes[7] = 0;
    server.on("/", ChaosServer.bytes(200, bytes));
    http.record(folder).get(server.url("/"));
    assertThat(http.replay(folder).get(server.url("/")).bytes()).isEqualTo(bytes);
  }

  private static String sha(String text, byte[] body) {
    try {
      var digest = java.security.MessageDigest.getInstance("SHA-256");
      digest.update(text.getBytes(StandardCharsets.UTF_8));
      digest.update(body);
      return java.util.HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String stack(org.assertj.core.api.ThrowableAssert.ThrowingCallable action) {
    var text = new StringWriter();
    catchThrowable(action).printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
