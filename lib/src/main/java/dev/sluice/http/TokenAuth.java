package dev.sluice.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Signs with a token that is fetched, kept while it lasts, and thrown away when refused.
final class TokenAuth implements Auth {
  static final long DEFAULT_SECONDS = 3600;

  private final String tokenUrl;
  private final long lifetime;
  private final Form form;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Token token;

  private record Token(String value, Instant until) {}

  @FunctionalInterface
  private interface Form {
    Object[] at(Instant now) throws GeneralSecurityException;
  }

  private TokenAuth(String tokenUrl, long lifetime, Form form) {
    this.tokenUrl = tokenUrl;
    this.lifetime = lifetime;
    this.form = form;
  }

  static Auth clientCredentials(
      String tokenUrl, String id, String secret, long lifetime, Object... more) {
    var fields =
        new ArrayList<Object>(
            List.of("client_id", id, "client_secret", secret, "grant_type", "client_credentials"));
    fields.addAll(List.of(more));
    return new TokenAuth(tokenUrl, lifetime, now -> fields.toArray());
  }

  static Auth jwt(
      String tokenUrl, String clientId, String privateKeyPem, long lifetime, String... scopes) {
    return new TokenAuth(
        tokenUrl,
        lifetime,
        now -> {
          var claims = new LinkedHashMap<String, Object>();
          claims.put("iss", clientId);
          claims.put("sub", clientId);
          claims.put("aud", tokenUrl);
          claims.put("exp", now.getEpochSecond() + DEFAULT_SECONDS);
          claims.put("iat", now.getEpochSecond());
          if (scopes.length > 0) {
            claims.put("scope", String.join(" ", scopes));
          }
          var assertion = signed(claims, privateKey(privateKeyPem));
          return new Object[] {
            "grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion", assertion
          };
        });
  }

  @Override
  public Http.Request sign(Http.Request request, Http http) throws Exception {
    return request.secretHeader("Authorization", "Bearer " + token(at(request, http)));
  }

  /// The headers of an API are not for another host that gives its tokens.
  private Http at(Http.Request request, Http http) {
    return Redirects.sameOrigin(request.parts.uri(), Http.Request.post(tokenUrl).parts.uri())
        ? http
        : http.anonymous();
  }

  @Override
  public boolean renew(Http.Request refused) {
    lock.lock();
    try {
      // another thread may have fetched a newer token since this request was signed
      if (token != null
          && ("Bearer " + token.value).equals(refused.parts.headers.get("Authorization"))) {
        token = null;
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// One thread fetches, the others wait for its token.
  private String token(Http http) throws Exception {
    lock.lock();
    try {
      var now = http.settings().pace.clock().instant();
      if (token == null || !now.isBefore(token.until)) {
        token = fetch(http, now);
      }
      return token.value;
    } finally {
      lock.unlock();
    }
  }

  private Token fetch(Http http, Instant now) throws Exception {
    var request = Http.Request.post(tokenUrl).form(form.at(now)).expectJson();
    var answer = http.retryPosts().send(request).json();
    if (!(answer instanceof Map<?, ?> fields)
        || !(fields.get("access_token") instanceof String t)) {
      throw new Http.Failed(
          request + " answered without an 'access_token'; check the address and the client",
          null,
          1,
          null);
    }
    long seconds =
        fields.get("expires_in") instanceof Object given
            ? Long.parseLong(given.toString().replaceAll("\\..*", ""))
            : lifetime;
    return new Token(t, now.plusSeconds(seconds));
  }

  private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    if (!pem.contains("-----BEGIN PRIVATE KEY-----")) {
      throw new IllegalArgumentException(
          "the private key must be PKCS 8 in PEM, beginning with '-----BEGIN PRIVATE KEY-----';"
              + " convert it with: openssl pkcs8 -topk8 -nocrypt -in key.pem");
    }
    var base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    var spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64));
    return KeyFactory.getInstance("RSA").generatePrivate(spec);
  }

  private static String signed(Map<String, Object> claims, PrivateKey key)
      throws GeneralSecurityException {
    var encoder = Base64.getUrlEncoder().withoutPadding();
    var header = new LinkedHashMap<String, Object>();
    header.put("alg", "RS256");
    header.put("typ", "JWT");
    var text =
        encoder.encodeToString(Answer.jsonBytes(header))
            + "."
            + encoder.encodeToString(Answer.jsonBytes(claims));
    var signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(key);
    signature.update(text.getBytes(StandardCharsets.US_ASCII));
    return text + "." + encoder.encodeToString(signature.sign());
  }
}
