package dev.sluice.http;

import static dev.sluice.http.ChaosServer.json;
import static dev.sluice.http.ChaosServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthTest {
  private final ChaosServer server = ChaosServer.start();
  private final FakeTime time = new FakeTime();
  private final Http http = Http.of().pace(time.pace());

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void signsInEveryPlace() {
    server.on("/", json("{}"));
    http.auth(Auth.bearer("tok")).get(server.url("/"));
    http.auth(Auth.apiKey("X-Key", "k")).get(server.url("/"));
    http.auth(Auth.apiKeyInQuery("key", "a b")).get(server.url("/?x=1"));
    http.auth(Auth.apiKeyInCookie("sid", "c")).get(server.url("/"));
    http.auth(Auth.basic("ada", "pw")).get(server.url("/"));
    http.auth((request, plain) -> request.header("X-Own", request.method())).get(server.url("/"));
    var asked = server.asked();
    assertThat(asked.get(0).headers()).containsEntry("Authorization", "Bearer tok");
    assertThat(asked.get(1).headers()).containsEntry("X-Key", "k");
    assertThat(asked.get(2).target()).isEqualTo("/?x=1&key=a%20b");
    assertThat(asked.get(3).headers()).containsEntry("Cookie", "sid=c");
    assertThat(asked.get(4).headers()).containsEntry("Authorization", "Basic YWRhOnB3");
    assertThat(asked.get(5).headers()).containsEntry("X-Own", "GET");
  }

  @Test
  void fetchesATokenOnceAndAgainWhenItRunsOut() {
    server
        .on(
            "/token",
            json("{\"access_token\": \"one\", \"expires_in\": 60}"),
            json("{\"access_token\": \"two\", \"expires_in\": 60}"))
        .on("/", json("{}"));
    var signed = http.auth(Auth.oauth2(server.url("/token"), "me", "my secret", "scope", "read"));
    signed.get(server.url("/"));
    signed.get(server.url("/"));
    time.sleep(Duration.ofSeconds(60));
    signed.get(server.url("/"));
    assertThat(server.asked())
        .extracting(asked -> asked.path() + " " + asked.headers().get("Authorization"))
        .containsExactly(
            "/token null", "/ Bearer one", "/ Bearer one", "/token null", "/ Bearer two");
    assertThat(server.asked().get(0).body())
        .isEqualTo(
            "client_id=me&client_secret=my%20secret&grant_type=client_credentials&scope=read");
  }

  @Test
  void fetchesAnotherTokenAfter401() {
    server
        .on("/token", json("{\"access_token\": \"old\"}"), json("{\"access_token\": \"new\"}"))
        .on("/", status(401, ""), json("{\"ok\": true}"));
    var signed = http.auth(Auth.oauth2(server.url("/token"), "me", "secret"));
    assertThat(signed.get(server.url("/")).json()).isEqualTo(Map.of("ok", true));
    assertThat(time.slept()).isEmpty();
    assertThat(server.asked().get(3).headers()).containsEntry("Authorization", "Bearer new");
  }

  @Test
  void asksForAnotherTokenOnlyOnce() {
    server.on("/token", json("{\"access_token\": \"old\"}")).on("/", status(401, "not you"));
    var signed = http.auth(Auth.oauth2(server.url("/token"), "me", "secret"));
    assertThatThrownBy(() -> signed.get(server.url("/")))
        .hasMessage(
            "GET "
                + server.url("/")
                + " failed with status 401 after 1 attempt; the body begins: 'not you'");
    assertThat(server.asked()).hasSize(4);
  }

  @Test
  void exchangesASignedJwt() throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    var pair = generator.generateKeyPair();
    var pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
    server.on("/token", json("{\"access_token\": \"t\"}")).on("/", json("{}"));
    http.auth(Auth.jwt(server.url("/token"), "me", pem, "a", "b")).get(server.url("/"));
    assertThat(server.asked().get(1).headers()).containsEntry("Authorization", "Bearer t");

    var form = java.net.URLDecoder.decode(server.asked().get(0).body(), StandardCharsets.UTF_8);
    var parts = form.replaceFirst(".*assertion=", "").split("\\.");
    var claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    assertThat(claims)
        .isEqualTo(
            "{\"iss\":\"me\",\"sub\":\"me\",\"aud\":\""
                + server.url("/token")
                + "\",\"exp\":1767326645,\"iat\":1767323045,\"scope\":\"a b\"}");
    var signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(pair.getPublic());
    signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
  }

  @Test
  void declaresHowLongATokenLasts() {
    server.on("/token", json("{\"access_token\": \"t\"}")).on("/", json("{}"));
    var signed =
        http.auth(
            Auth.of(
                Map.of(
                    "type",
                    "oauth2_client_credentials",
                    "access_token_url",
                    server.url("/token"),
                    "client_id",
                    "me",
                    "client_secret",
                    "s3cret",
                    "default_token_expiration",
                    60,
                    "access_token_request_data",
                    Map.of("scope", "read"))));
    signed.get(server.url("/"));
    time.sleep(Duration.ofSeconds(61));
    signed.get(server.url("/"));
    assertThat(server.asked())
        .extracting(ChaosServer.Asked::path)
        .containsExactly("/token", "/", "/token", "/");
    assertThat(server.asked().get(0).body()).contains("scope=read");
  }

  @Test
  void aTokenThatIsMissingIsAnError() {
    server.on("/token", json("{}"));
    assertThatThrownBy(
            () -> http.auth(Auth.oauth2(server.url("/token"), "me", "s")).get(server.url("/")))
        .hasMessageContaining(
            "POST "
                + server.url("/token")
                + " answered without an 'access_token'; check the address and the client");
  }

  @Test
  void theSecretOfTheClientIsNotRepeated() {
    server.on("/token", status(400, "bad secret 'cl1ent-secret'"));
    assertThatThrownBy(() ->
            http.auth(Auth.oauth2(server.url("/token"), "me", "cl1ent-secret"))
                .get(server.url("/")))
        .hasMessageContaining("bad secret '***'");
  }

  @Test
  void saysWhichKeyItCanRead() {
    var pkcs1 = "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----";
    assertThatThrownBy(
            () -> http.auth(Auth.jwt(server.url("/token"), "me", pkcs1)).get(server.url("/")))
        .hasMessageContaining("convert it with: openssl pkcs8 -topk8 -nocrypt -in key.pem");
  }

  @Test
  void declaresByOptions() {
    server.on("/", json("{}"));
    http.auth(Auth.of(Map.of("token", "t"))).get(server.url("/"));
    http.auth(Auth.of(Map.of("type", "api_key", "api_key", "k", "name", "x", "location", "query")))
        .get(server.url("/"));
    assertThat(server.asked().get(0).headers()).containsEntry("Authorization", "Bearer t");
    assertThat(server.asked().get(1).target()).isEqualTo("/?x=k");
    assertThatThrownBy(() -> Auth.of(Map.of("type", "http_basic", "user", "u")))
        .hasMessage("auth 'http_basic' needs 'username'");
    assertThatThrownBy(() -> Auth.of(Map.of("type", "bearer", "token", "t", "tokn", "t")))
        .hasMessage("auth 'bearer' has no option 'tokn'; it knows token");
  }

  // ------------------------------------------------------------------ TLS

  @Test
  void refusesAnExpiredCertificateAtOnce(@TempDir Path folder) throws Exception {
    try (var tls = tls(folder, "-startdate", "-10d", "-validity", "1")) {
      tls.on("/", json("{}"));
      assertThatThrownBy(() -> http.trust(folder.resolve("ca.pem")).get(tls.url("/")))
          .hasMessageStartingWith("GET " + tls.url("/") + " failed after 1 attempt: ")
          .rootCause()
          .hasMessageStartingWith("NotAfter: ");
    }
  }

  @Test
  void trustsACertificateOfItsOwn(@TempDir Path folder) throws Exception {
    try (var tls = tls(folder, "-validity", "10")) {
      tls.on("/", json("{\"ok\": true}"));
      assertThatThrownBy(() -> http.get(tls.url("/"))).hasMessageContaining("after 1 attempt");
      assertThat(http.trust(folder.resolve("ca.pem")).json(tls.url("/")))
          .isEqualTo(Map.of("ok", true));
    }
  }

  static ChaosServer tls(Path folder, String... validity) throws Exception {
    var store = folder.resolve("store.p12");
    keytool(store, "ca", "-genkeypair", "-keyalg", "EC", "-dname", "CN=authority", "-ext", "bc:c");
    keytool(store, "ca", "-exportcert", "-rfc", "-file", folder.resolve("ca.pem").toString());
    var leaf =
        java.util.stream.Stream.of(
            "-genkeypair",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=dns:localhost",
            "-signer",
            "ca");
    keytool(
        store,
        "server",
        java.util.stream.Stream.concat(leaf, java.util.stream.Stream.of(validity))
            .toArray(String[]::new));
    keytool(store, "ca", "-delete");
    var keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, "changeit".toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return ChaosServer.startTls(context);
  }

  private static void keytool(Path store, String alias, String... arguments)
      throws IOException, InterruptedException {
    var command = new java.util.ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(java.util.List.of(arguments));
    command.addAll(
        java.util.List.of(
            "-keystore", store.toString(), "-storepass", "changeit", "-alias", alias));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
