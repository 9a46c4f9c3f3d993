package dev.sluice.http;

import dev.sluice.config.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Who asks. Ready ones below; your own is a lambda:
///
/// ```java
/// Auth own = (request, http) -> request.secretHeader("X-Signature", sign(request.url()));
/// ```
@FunctionalInterface
public interface Auth {
  /// The request, signed. `http` is the client without sign-in, for fetching a token.
  Http.Request sign(Http.Request request, Http http) throws Exception;

  /// Asked once when the server answers 401 to a signed request: true if signing it again will
  /// differ, say because the token was thrown away.
  default boolean renew(Http.Request refused) {
    return false;
  }

  /// `Authorization: Bearer <token>`.
  static Auth bearer(String token) {
    return (request, http) -> request.secretHeader("Authorization", "Bearer " + token);
  }

  /// `Authorization: Bearer <token>`.
  static Auth bearer(Secret token) {
    return bearer(token.reveal());
  }

  /// A key in a header.
  static Auth apiKey(String header, String key) {
    return (request, http) -> request.secretHeader(header, key);
  }

  /// A key in a header.
  static Auth apiKey(String header, Secret key) {
    return apiKey(header, key.reveal());
  }

  /// A key in a query parameter.
  static Auth apiKeyInQuery(String param, String key) {
    return (request, http) -> request.secretParam(param, key);
  }

  /// A key in a query parameter.
  static Auth apiKeyInQuery(String param, Secret key) {
    return apiKeyInQuery(param, key.reveal());
  }

  /// A key in a cookie.
  static Auth apiKeyInCookie(String cookie, String key) {
    return (request, http) -> request.secretHeader("Cookie", cookie + "=" + key);
  }

  /// A key in a cookie.
  static Auth apiKeyInCookie(String cookie, Secret key) {
    return apiKeyInCookie(cookie, key.reveal());
  }

  /// `Authorization: Basic`, user and password in base64.
  static Auth basic(String user, String password) {
    var pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    var encoded = Base64.getEncoder().encodeToString(pair);
    return (request, http) -> request.secretHeader("Authorization", "Basic " + encoded);
  }

  /// `Authorization: Basic`, user and password in base64.
  static Auth basic(String user, Secret password) {
    return basic(user, password.reveal());
  }

  /// OAuth 2 client credentials: fetches a token from `tokenUrl`, keeps it until it runs out
  /// (`expires_in`, else 3600 s) or is refused. `more` are further form fields, names and values in
  /// turn, such as `"scope", "read"`.
  static Auth oauth2(String tokenUrl, String clientId, String clientSecret, Object... more) {
    return TokenAuth.clientCredentials(
        tokenUrl, clientId, clientSecret, TokenAuth.DEFAULT_SECONDS, more);
  }

  /// OAuth 2 client credentials, as above.
  static Auth oauth2(String tokenUrl, String clientId, Secret clientSecret, Object... more) {
    return oauth2(tokenUrl, clientId, clientSecret.reveal(), more);
  }

  /// A JWT signed by a private key (PKCS 8, PEM, RSA) is exchanged for a token at `tokenUrl`.
  static Auth jwt(String tokenUrl, String clientId, String privateKeyPem, String... scopes) {
    return TokenAuth.jwt(tokenUrl, clientId, privateKeyPem, TokenAuth.DEFAULT_SECONDS, scopes);
  }

  /// A JWT signed by a private key, as above.
  static Auth jwt(String tokenUrl, String clientId, Secret privateKeyPem, String... scopes) {
    return jwt(tokenUrl, clientId, privateKeyPem.reveal(), scopes);
  }

  /// A sign-in declared by its `type` and options, as in a REST source: `bearer` (`token`),
  /// `api_key` (`name`, `api_key`, `location`: header, query, cookie), `http_basic` (`username`,
  /// `password`), `oauth2_client_credentials` (`access_token_url`, `client_id`, `client_secret`,
  /// `access_token_request_data`, `default_token_expiration`), `jwt` (`auth_endpoint`, `client_id`,
  /// `private_key`, `scopes`, `default_token_expiration`).
  static Auth of(java.util.Map<String, ?> declaration) {
    return Declared.auth(declaration);
  }
}
