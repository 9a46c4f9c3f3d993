package dev.sluice.http;

import dev.sluice.config.Config;
import dev.sluice.config.KnownSettings;
import dev.sluice.seam.IoFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A client for HTTP that survives a bad network.
///
/// ```java
/// var people = http().get("https://example.com/api/contacts").json();
/// var stubborn = http().retries(10).backoffFactor(1.5).timeout(Duration.ofMinutes(2));
/// ```
///
/// Immutable: each method that changes a setting returns a new client that shares connections and
/// rate limits with the old one. Safe for use by many threads.
///
/// What it does unless told otherwise:
/// - retries 5 times, waiting 1, 2, 4, 8, 16 s: on 5xx, 429, lost or refused connections, timeouts
///   and broken bodies. `POST` and `PATCH` are retried on 429 and 503 only, since a repeated one
///   may act twice.
/// - `Retry-After` (seconds or a date) replaces that wait; longer than 300 s it fails and says so.
/// - 60 s without an answer, or without another byte of a body, is a timeout.
/// - follows redirects within the same origin only, and never from https to http.
/// - reads bodies of up to 256 MiB (unzipped) into memory; [#open] and [#download] have no limit.
/// - any other status than 2xx, after the last attempt, is a [Failed] that says method, URL
///   (secrets masked), status, attempts and the first bytes of the body.
public final class Http {
  private final Settings settings;
  private final Shared shared;

  private Http(Settings settings, Shared shared) {
    this.settings = settings;
    this.shared = shared;
  }

  /// A client with the defaults above.
  public static Http of() {
    var settings = new Settings();
    return new Http(settings, Shared.of(settings));
  }

  /// A client with the settings of section `[runtime]`: `request_max_attempts` (retries, 5),
  /// `request_backoff_factor` (1), `request_timeout` (60 s) and `request_max_retry_delay` (300 s).
  public static Http of(Config config) {
    return of().with(s -> s.known = config::masked)
        .retries(config.get(KnownSettings.REQUEST_MAX_ATTEMPTS))
        .backoffFactor(config.get(KnownSettings.REQUEST_BACKOFF_FACTOR))
        .timeout(config.get(KnownSettings.REQUEST_TIMEOUT))
        .maxRetryDelay(config.get(KnownSettings.REQUEST_MAX_RETRY_DELAY));
  }

  private Http with(java.util.function.Consumer<Settings> change) {
    return new Http(settings.changed(change), shared);
  }

  // ------------------------------------------------------------------ asking

  /// Gets a URL; `params` are names and values in turn: `get(url, "page", 2)`.
  public Response get(String url, Object... params) {
    return send(Request.get(url).params(params));
  }

  /// Posts a value as JSON.
  public Response post(String url, @Nullable Object json) {
    return send(Request.post(url).json(json));
  }

  /// Gets a URL and reads its body as JSON; a body that is no JSON counts as broken and is retried.
  /// Objects are `Map`s, arrays `List`s.
  public @Nullable Object json(String url, Object... params) {
    return send(Request.get(url).params(params).expectJson()).json();
  }

  /// Sends a request and reads the whole body into memory.
  public Response send(Request request) {
    return new Call(this, request).whole();
  }

  /// Sends a request and hands over its body as a stream; close it. Retries end when the body
  /// begins.
  public InputStream open(Request request) {
    return new Call(this, request).stream();
  }

  /// Downloads a URL into a file, never holding it in memory: written beside the target as
  /// `<name>.part`, continued after a lost connection if the server can, and renamed when whole.
  public Path download(String url, Path target) {
    try {
      return new Download(this, Request.get(url)).into(target);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write '" + target + "': " + IoFault.said(e, target), e);
    }
  }

  // ------------------------------------------------------------------ settings

  /// Retries after the first attempt: `request_max_attempts`, 5.
  public Http retries(int retries) {
    if (retries < 0) {
      throw new IllegalArgumentException("retries must be 0 or more, not '" + retries + "'");
    }
    return with(s -> s.retries = retries);
  }

  /// Multiplies the waits 1, 2, 4, 8, 16 s: `request_backoff_factor`, 1.
  public Http backoffFactor(double factor) {
    return with(s -> s.backoffFactor = factor);
  }

  /// The longest silence, before the answer and within its body: `request_timeout`, 60 s.
  public Http timeout(Duration timeout) {
    return with(s -> s.timeout = timeout);
  }

  /// The longest wait between two attempts: `request_max_retry_delay`, 300 s.
  public Http maxRetryDelay(Duration delay) {
    return with(s -> s.maxRetryDelay = delay);
  }

  /// Lengthens each wait by a random share of it, of up to `share`: 0 by default, 0.5 is usual for
  /// many clients of one server.
  public Http jitter(double share) {
    return with(s -> s.jitter = share);
  }

  /// The status codes to retry, instead of 429 and 500 to 599.
  public Http retryStatuses(int... statuses) {
    var chosen = new TreeSet<>(Arrays.stream(statuses).boxed().toList());
    return with(s -> s.retryStatus = chosen::contains);
  }

  /// The exceptions to retry, instead of every `IOException` but a refused certificate.
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final Http retryExceptions(Class<? extends Exception>... types) {
    var chosen = List.of(types);
    return with(s -> s.retryException = e -> chosen.stream().anyMatch(t -> t.isInstance(e)));
  }

  /// Retries also when the predicate says so, for instance for APIs that answer 200 with an error
  /// inside. It is asked after each attempt, `POST` too.
  public Http retryWhen(RetryWhen predicate) {
    return with(s -> s.retryWhen = predicate);
  }

  /// Retries `POST` and `PATCH` like any other request: for APIs where a repeated one does no harm.
  public Http retryPosts() {
    return with(s -> s.retryPosts = true);
  }

  /// At most `retries` retries stand ready for all requests of this client together; ten answered
  /// requests give one back. Keeps a broken server from being asked six times for each request.
  public Http retryBudget(int retries) {
    return new Http(settings, shared.with(new Budget(retries)));
  }

  /// At most `requests` in `per`, for each host, evenly spaced, all threads together. Without it
  /// only limits learned from `X-RateLimit-Remaining`, `X-RateLimit-Reset` and `Retry-After` hold.
  public Http rateLimit(int requests, Duration per) {
    return new Http(settings, shared.with(new Hosts(per.dividedBy(requests))));
  }

  /// The largest body read into memory, in bytes after unzipping: 256 MiB.
  public Http maxBodyBytes(long bytes) {
    return with(s -> s.maxBodyBytes = bytes);
  }

  /// Hosts (`name` or `name:port`) that redirects and next-page links may lead to. They never get a
  /// header that was set here, nor a parameter or a body that holds secrets.
  public Http trustHosts(String... hosts) {
    return with(s -> s.trustedHosts = Set.of(hosts));
  }

  /// A PEM file of certificates to trust besides those of Java.
  public Http trust(Path certificates) {
    return new Http(settings, shared.with(new Transport(certificates)));
  }

  /// A header for every request, but none to another host.
  public Http header(String name, String value) {
    return with(s -> s.defaults = s.defaults.header(name, value));
  }

  /// A header for every request whose value is masked and never recorded, whatever its name.
  public Http secretHeader(String name, String value) {
    return with(s -> s.defaults = s.defaults.secretHeader(name, value));
  }

  /// Who asks: signs every request.
  public Http auth(Auth auth) {
    return with(s -> s.auth = auth);
  }

  /// Stores each answer in a folder, for [#replay]. Secrets and request headers are not stored.
  public Http record(Path folder) {
    return with(s -> s.recording = Recording.into(folder));
  }

  /// Answers from what [#record] stored, without any network and without asking for a token.
  public Http replay(Path folder) {
    return with(s -> s.recording = Recording.from(folder));
  }

  /// Answers from a recording on the class path, as a script or a test brings one along.
  public Http replay(ClassLoader loader, String folder) {
    return with(s -> s.recording = Recording.from(loader, folder));
  }

  /// The clock, the sleep and the randomness this client uses; tests give their own.
  Http pace(Pace pace) {
    return with(s -> s.pace = pace);
  }

  @Override
  public String toString() {
    var first = Delays.text(Delays.backoff(1, settings));
    return "http: "
        + settings.retries
        + " retries after "
        + first
        + " and longer, at most "
        + Delays.text(settings.maxRetryDelay)
        + "; timeout "
        + Delays.text(settings.timeout);
  }

  Settings settings() {
    return settings;
  }

  Shared shared() {
    return shared;
  }

  /// This client without its sign-in and its own headers, for another host.
  Http anonymous() {
    return with(s -> {
      s.auth = null;
      s.defaults = new Http.Request(s.defaults.parts.changed(RequestParts::dropSecrets));
    });
  }

  /// This client without its sign-in and recording, as needed to fetch a token.
  Http plain() {
    return with(s -> {
      s.auth = null;
      s.recording = null;
    });
  }

  // ------------------------------------------------------------------ words

  /// Decides about a retry from what an attempt brought: a response, an exception, or (status not
  /// 2xx) a response only.
  @FunctionalInterface
  public interface RetryWhen {
    /// True to try again.
    boolean test(@Nullable Response response, @Nullable Exception exception) throws Exception;
  }

  /// A request. Immutable; its methods return changed copies.
  public static final class Request {
    final RequestParts parts;

    Request(RequestParts parts) {
      this.parts = parts;
    }

    /// `GET url`.
    public static Request get(String url) {
      return of("GET", url);
    }

    /// `POST url`.
    public static Request post(String url) {
      return of("POST", url);
    }

    /// Any method.
    public static Request of(String method, String url) {
      return new Request(RequestParts.of(method, url));
    }

    /// The method, such as `GET`.
    public String method() {
      return parts.method;
    }

    /// The whole URL with all parameters; it may hold secrets.
    public String url() {
      return parts.uri().toString();
    }

    /// The value of a query parameter, or null.
    public @Nullable String param(String name) {
      return parts.param(name);
    }

    /// The JSON body as given, or null.
    public @Nullable Object json() {
      return parts.json;
    }

    /// With a query parameter set; null takes it away.
    public Request param(String name, @Nullable Object value) {
      return new Request(parts.changed(p -> p.setParam(name, value)));
    }

    /// With query parameters set, names and values in turn.
    public Request params(Object... namesAndValues) {
      return new Request(parts.changed(p -> p.setParams(namesAndValues)));
    }

    /// With a header set; another host, at a redirect, never gets it. The value is masked if the
    /// name is that of a secret (`Authorization`, `X-Api-Key`, `Cookie`, ...).
    public Request header(String name, String value) {
      return new Request(parts.changed(p -> p.setHeader(name, value)));
    }

    /// With a header whose value is masked in messages and never recorded, whatever its name.
    public Request secretHeader(String name, String value) {
      return new Request(parts.changed(p -> p.setSecretHeader(name, value)));
    }

    /// With a query parameter whose value is masked, never recorded, never sent to another host.
    public Request secretParam(String name, String value) {
      return new Request(parts.changed(p -> p.setSecretParam(name, value)));
    }

    /// With a value as JSON body.
    public Request json(@Nullable Object value) {
      return new Request(parts.changed(p -> p.setJson(value)));
    }

    /// With a form as body, names and values in turn; its values are never recorded.
    public Request form(Object... namesAndValues) {
      return new Request(parts.changed(p -> p.setForm(namesAndValues)));
    }

    /// With bytes as body.
    public Request body(String contentType, byte[] bytes) {
      return new Request(parts.changed(p -> p.setBody(contentType, bytes)));
    }

    /// At another URL, whose own query replaces all parameters.
    public Request to(String url) {
      return new Request(parts.changed(p -> p.setUrl(url)));
    }

    /// Hands over these statuses as responses instead of failing.
    public Request accept(int... statuses) {
      return new Request(parts.changed(p -> p.accepted = Set.copyOf(boxed(statuses))));
    }

    /// A body that is no JSON is a broken body.
    public Request expectJson() {
      return new Request(parts.changed(p -> p.expectJson = true));
    }

    private static List<Integer> boxed(int... values) {
      return Arrays.stream(values).boxed().distinct().toList();
    }

    @Override
    public String toString() {
      return parts.method + " " + Masks.url(parts);
    }
  }

  /// An answer, read whole.
  public static final class Response {
    final Answer answer;

    Response(Answer answer) {
      this.answer = answer;
    }

    /// The status code.
    public int status() {
      return answer.status();
    }

    /// The first value of a header, whatever its case, or null.
    public @Nullable String header(String name) {
      return answer.header(name);
    }

    /// Where the answer came from, after redirects.
    public String url() {
      return answer.url();
    }

    /// The body, unzipped.
    public byte[] bytes() {
      return answer.body().clone();
    }

    /// The body as text, by the charset of `Content-Type`, else UTF-8.
    public String text() {
      return answer.text();
    }

    /// The body read as JSON: `Map`, `List`, `String`, number, `Boolean`, or null for an empty one.
    public @Nullable Object json() {
      try {
        return answer.json();
      } catch (IOException e) {
        throw new UncheckedIOException(IoFault.said(e), e);
      }
    }

    @Override
    public String toString() {
      return answer.status()
          + ", "
          + answer.body().length
          + " bytes from "
          + answer.masked(Masks.url(answer.url()));
    }
  }

  /// A request that did not succeed: the message says what was asked, what came, and what next; the
  /// cause, if any, is the last error of the network.
  public static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int attempts;
    final transient @Nullable Answer answer;

    Failed(String message, @Nullable Answer answer, int attempts, @Nullable Throwable cause) {
      super(message, cause);
      this.answer = answer;
      this.attempts = attempts;
    }

    /// The last status, or 0 if no answer came.
    public int status() {
      return answer == null ? 0 : answer.status();
    }

    /// How many times it was tried.
    public int attempts() {
      return attempts;
    }
  }
}
