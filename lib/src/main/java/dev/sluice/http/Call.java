package dev.sluice.http;

import dev.failsafe.Execution;
import dev.failsafe.RetryPolicy;
import dev.sluice.config.Masking;
import dev.sluice.progress.StageProgress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One request with all its attempts.
final class Call {
  private static final System.Logger LOG = System.getLogger(Call.class.getName());
  private static final int SHOWN_OF_A_STREAM = 4096;

  private final Http http;
  private final Settings settings;
  private final Shared shared;
  private final RequestParts asked;
  private final Set<String> secretValues;
  private boolean again;
  private boolean budgetSpent;

  /// What an attempt brought; `stream` only if a stream was asked for and the status is good.
  private record Outcome(Answer answer, @Nullable InputStream stream) {}

  Call(Http http, Http.Request request) {
    this.http = http;
    this.settings = http.settings();
    this.shared = http.shared();
    this.asked = request.parts.changed(parts -> parts.addDefaults(settings.defaults));
    this.secretValues = new HashSet<>(asked.secrets());
  }

  Http.Response whole() {
    var recording = settings.recording;
    if (recording == null) {
      return new Http.Response(run(false).answer);
    }
    if (recording.replays()) {
      return new Http.Response(
          replayed(recording.answer(asked, settings.known).hiding(this::masked)));
    }
    try {
      var answer = run(false).answer;
      recording.store(asked, answer, secretValues, settings.known);
      return new Http.Response(answer);
    } catch (Http.Failed e) {
      if (e.answer != null) { // an error may be what is expected, as where 404 means no rows
        recording.store(asked, e.answer, secretValues, settings.known);
      }
      throw e;
    }
  }

  private Answer replayed(Answer answer) {
    if (!isGood(answer.status())) {
      throw badStatus(answer, 1, "");
    }
    return answer;
  }

  InputStream stream() {
    return open().stream;
  }

  /// The answer without its body, which comes as a stream.
  Opened open() {
    if (settings.recording != null) {
      var answer = whole().answer;
      return new Opened(answer, new ByteArrayInputStream(answer.body()));
    }
    var outcome = run(true);
    var stream = outcome.stream == null ? InputStream.nullInputStream() : outcome.stream;
    return new Opened(outcome.answer, stream);
  }

  record Opened(Answer answer, InputStream stream) {}

  private Outcome run(boolean streaming) {
    var policy =
        RetryPolicy.<Outcome>builder()
            .handleResultIf(outcome -> again)
            .handleIf(error -> again)
            .withMaxRetries(settings.retries)
            .withDelayFn(context -> delay(context.getAttemptCount(), context.getLastResult()))
            .build();
    var execution = Execution.of(policy);
    while (true) {
      try {
        var outcome = attempt(streaming, execution.getAttemptCount() + 1);
        again = wanted(outcome.answer, null);
        if (again) {
          refuseALongWait(outcome.answer, execution.getAttemptCount() + 1);
        }
        execution.recordResult(outcome);
      } catch (Http.Failed | IllegalArgumentException e) {
        throw e; // already says all there is to say
      } catch (InterruptedException | InterruptedIOException e) {
        Thread.currentThread().interrupt();
        throw failed("was interrupted", null, execution.getAttemptCount() + 1, e);
      } catch (Exception e) {
        again = wanted(null, e);
        execution.recordException(e);
      }
      if (execution.isComplete() || !mayRetry()) {
        return end(
            execution.getLastResult(), execution.getLastException(), execution.getAttemptCount());
      }
      pause(execution);
    }
  }

  private boolean mayRetry() {
    var budget = shared.budget();
    budgetSpent = budget != null && !budget.take();
    return !budgetSpent;
  }

  private void pause(Execution<Outcome> execution) {
    var delay = execution.getDelay();
    LOG.log(
        System.Logger.Level.DEBUG,
        () ->
            "waiting "
                + Delays.text(delay)
                + " before retry "
                + execution.getAttemptCount()
                + " of "
                + name());
    var result = execution.getLastResult();
    var what =
        result == null
            ? said(execution.<Throwable>getLastException())
            : String.valueOf(result.answer.status());
    var retry = ", retry " + execution.getAttemptCount() + " of " + settings.retries;
    try {
      sleep(masked(what) + retry, delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("was interrupted while waiting to retry", null, execution.getAttemptCount(), e);
    }
  }

  /// Sleeps, and tells the running stage why nothing moves.
  @SuppressWarnings("try") // the wait is shown as long as it is open
  private void sleep(String why, Duration wait) throws InterruptedException {
    var stage = StageProgress.current();
    if (stage.isEmpty()) {
      settings.pace.sleeper().sleep(wait);
      return;
    }
    try (var shown = stage.get().waiting(name() + ": " + why + " in " + Delays.text(wait))) {
      settings.pace.sleeper().sleep(wait);
    }
  }

  // ------------------------------------------------------------------ one attempt

  private Outcome attempt(boolean streaming, int number) throws Exception {
    boolean renewed = false;
    while (true) {
      var signed = sign(asked);
      var raw = followed(signed, streaming, number);
      var auth = settings.auth;
      if (raw.status() == 401 && auth != null && !renewed && auth.renew(new Http.Request(signed))) {
        renewed = true;
        raw.body().close();
        continue;
      }
      return read(raw, streaming, number);
    }
  }

  private RequestParts sign(RequestParts parts) throws Exception {
    if (settings.auth == null) {
      return parts;
    }
    var signed = settings.auth.sign(new Http.Request(parts), http.plain()).parts;
    secretValues.addAll(signed.secrets());
    return signed;
  }

  private Transport.Raw followed(RequestParts signed, boolean streaming, int number)
      throws Exception {
    var parts = signed;
    for (int hops = 0; ; hops++) {
      await(parts.uri(), number);
      var raw = shared.transport().send(parts, settings, streaming);
      var host = Redirects.hostAndPort(raw.uri());
      var now = settings.pace.clock().instant();
      shared.hosts().learn(host, raw.headers(), now);
      var location = raw.header("Location");
      if (!Redirects.isRedirect(raw.status()) || location == null) {
        return raw;
      }
      raw.body().close();
      var to = resolved(raw.uri(), location);
      var refusal =
          hops >= Redirects.MOST
              ? "that is more than " + Redirects.MOST + " redirects in a row"
              : Redirects.refusal(raw.uri(), to, settings.trustedHosts);
      if (refusal == null
          && parts.secretBody()
          && raw.status() >= 307
          && !Redirects.sameOrigin(raw.uri(), to)) {
        refusal =
            "the %s it would carry there may hold secrets"
                .formatted(parts.secretBody ? "form" : "body");
      }
      if (refusal != null) {
        throw failed(
            "answered "
                + raw.status()
                + " to '"
                + masked(Masks.url(to.toString()))
                + "', which is not followed: "
                + refusal,
            answer(raw, new byte[0]),
            number,
            null);
      }
      parts = Redirects.follow(parts, raw.status(), to);
      if (Redirects.sameOrigin(signed.uri(), to)) {
        parts = sign(parts); // a key in the query was lost with the old URL
      }
    }
  }

  private static URI resolved(URI from, String location) {
    return from.resolve(RequestParts.of("GET", location).uri());
  }

  private void await(URI uri, int number) throws InterruptedException {
    var host = Redirects.hostAndPort(uri);
    var wait = shared.hosts().reserve(host, settings.pace.clock().instant());
    if (wait.compareTo(settings.maxRetryDelay) > 0) {
      throw failed(
          "cannot be sent: '"
              + host
              + "' allows no more requests for "
              + Delays.text(wait)
              + " (X-RateLimit-Reset), longer than request_max_retry_delay of "
              + Delays.text(settings.maxRetryDelay)
              + "; run again then, or raise it",
          null,
          number - 1,
          null);
    }
    if (wait.isPositive()) {
      sleep("the rate limit of '" + host + "' lets it go on", wait);
    }
  }

  private Outcome read(Transport.Raw raw, boolean streaming, int number) throws IOException {
    boolean good = isGood(raw.status());
    if (streaming && good) {
      var none = answer(raw, new byte[0]);
      return new Outcome(none, raw.body());
    }
    byte[] bytes;
    try (var body = raw.body()) {
      bytes = streaming ? body.readNBytes(SHOWN_OF_A_STREAM) : limited(body, number);
    }
    var answer = answer(raw, bytes);
    if (good && asked.expectJson && raw.status() / 100 == 2 && raw.status() != 204) {
      if (bytes.length == 0) {
        throw new BrokenBody("the body is empty where JSON was expected", null);
      }
      try {
        answer.json();
      } catch (BrokenBody e) {
        var message = e.getMessage() + "; it begins: '" + answer.beginning() + "'";
        throw new BrokenBody(message, e.getCause());
      }
    }
    var budget = shared.budget();
    if (budget != null && good) {
      budget.answered();
    }
    return new Outcome(answer, null);
  }

  private Answer answer(Transport.Raw raw, byte[] body) {
    return new Answer(raw.uri().toString(), raw.status(), raw.headers(), body).hiding(this::masked);
  }

  private byte[] limited(InputStream body, int number) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var buffer = new byte[1 << 14];
    for (int n; (n = body.read(buffer)) >= 0; ) {
      if (bytes.size() + (long) n > settings.maxBodyBytes) {
        throw failed(
            "answered with a body of more than "
                + settings.maxBodyBytes
                + " bytes; ask for smaller pages, raise maxBodyBytes, or use download",
            null,
            number,
            null);
      }
      bytes.write(buffer, 0, n);
    }
    return bytes.toByteArray();
  }

  // ------------------------------------------------------------------ again?

  private boolean wanted(@Nullable Answer answer, @Nullable Exception error) {
    boolean told = false;
    if (settings.retryWhen != null) {
      try {
        told = settings.retryWhen.test(answer == null ? null : new Http.Response(answer), error);
      } catch (Exception e) {
        throw failed(
            "could not be judged: the retry predicate threw " + masked(e.toString()), answer, 1, e);
      }
    }
    boolean usual =
        answer != null
            ? settings.retryStatus.test(answer.status())
                && !asked.accepted.contains(answer.status())
            : error != null && settings.retryException.test(error);
    if (answer != null && !asked.repeatable() && !settings.retryPosts) {
      usual &= answer.status() == 429 || answer.status() == 503;
    } else if (answer == null && !asked.repeatable() && !settings.retryPosts) {
      usual = false;
    }
    return told || usual;
  }

  private Duration delay(int attempts, @Nullable Outcome outcome) {
    var backoff = Delays.jittered(Delays.backoff(attempts, settings), settings);
    if (outcome == null) {
      return backoff;
    }
    var now = settings.pace.clock().instant();
    var asksFor = Delays.retryAfter(outcome.answer.header("Retry-After"), now);
    if (asksFor.isEmpty()) {
      return backoff;
    }
    var wait = asksFor.get();
    if (outcome.answer.status() == 429 || outcome.answer.status() == 503) { // meant for all threads
      var host = Redirects.hostAndPort(URI.create(outcome.answer.url()));
      shared.hosts().pause(host, now.plus(wait));
    }
    return Delays.jittered(wait, settings);
  }

  /// `Retry-After` is never undercut, so one beyond the longest wait ends the attempts.
  private void refuseALongWait(Answer answer, int attempts) {
    var header = answer.header("Retry-After");
    var wait = Delays.retryAfter(header, settings.pace.clock().instant()).orElse(Duration.ZERO);
    if (wait.compareTo(settings.maxRetryDelay) > 0) {
      throw failed(
          "failed with status "
              + answer.status()
              + after(attempts)
              + ": the server asks to wait (Retry-After: '"
              + header
              + "'), longer than request_max_retry_delay of "
              + Delays.text(settings.maxRetryDelay)
              + "; run again later, or raise it",
          answer,
          attempts,
          null);
    }
  }

  // ------------------------------------------------------------------ the end

  private Outcome end(@Nullable Outcome outcome, @Nullable Throwable error, int attempts) {
    var spent = budgetSpent ? " and the retry budget of this client is used up" : "";
    if (error != null) {
      var what = masked(said(error));
      throw failed("failed" + after(attempts) + spent + ": " + what, null, attempts, error);
    }
    var answer = java.util.Objects.requireNonNull(outcome).answer;
    if (isGood(answer.status()) && !again) {
      return outcome;
    }
    throw badStatus(answer, attempts, spent);
  }

  private Http.Failed badStatus(Answer answer, int attempts, String spent) {
    var body = answer.beginning();
    return failed(
        (isGood(answer.status())
                ? "was still to be retried by the predicate, with status "
                : "failed with status ")
            + answer.status()
            + after(attempts)
            + spent
            + (body.isEmpty() ? "; the body is empty" : "; the body begins: '" + body + "'"),
        answer,
        attempts,
        null);
  }

  /// In words what Java's client says by types only.
  private String said(Throwable error) {
    var host = Redirects.hostAndPort(asked.uri());
    for (var cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return "'" + asked.uri().getHost() + "' is no host that is known here";
      }
    }
    if (error instanceof ConnectException && error.getMessage() == null) {
      return "nobody listens at '" + host + "'";
    }
    return error.getMessage() == null ? error.toString() : error.getMessage();
  }

  private boolean isGood(int status) {
    return status / 100 == 2 || status == 304 || asked.accepted.contains(status);
  }

  private static String after(int attempts) {
    return " after " + attempts + (attempts == 1 ? " attempt" : " attempts");
  }

  private Http.Failed failed(
      String what, @Nullable Answer answer, int attempts, @Nullable Throwable cause) {
    return new Http.Failed(
        name() + " " + what,
        answer,
        attempts,
        cause == null ? null : Masking.chain(cause, this::masked));
  }

  private String name() {
    return asked.method + " " + masked(Masks.url(asked));
  }

  private String masked(String text) {
    return settings.known.apply(Masks.text(text, secretValues));
  }
}
