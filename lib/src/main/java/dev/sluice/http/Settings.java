package dev.sluice.http;

import dev.sluice.config.KnownSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// What a client is told. Changed only while a copy is being made, never after.
final class Settings {
  int retries = KnownSettings.REQUEST_MAX_ATTEMPTS.standardValue();
  double backoffFactor = KnownSettings.REQUEST_BACKOFF_FACTOR.standardValue();
  Duration timeout = KnownSettings.REQUEST_TIMEOUT.standardValue();
  Duration maxRetryDelay = KnownSettings.REQUEST_MAX_RETRY_DELAY.standardValue();
  double jitter;
  IntPredicate retryStatus = status -> status == 429 || (status >= 500 && status <= 599);
  Predicate<Exception> retryException = Settings::isOfTheNetwork;
  Http.@Nullable RetryWhen retryWhen;
  boolean retryPosts;
  long maxBodyBytes = 256L << 20;
  Set<String> trustedHosts = Set.of();
  Http.Request defaults = Http.Request.get(""); // only its headers count
  @Nullable Auth auth;
  @Nullable Recording recording;
  Pace pace = Pace.REAL;

  /// Hides what the settings know to be secret.
  UnaryOperator<String> known = text -> text;

  Settings() {}

  Settings changed(Consumer<Settings> change) {
    var copy = new Settings();
    copy.retries = retries;
    copy.backoffFactor = backoffFactor;
    copy.timeout = timeout;
    copy.maxRetryDelay = maxRetryDelay;
    copy.jitter = jitter;
    copy.retryStatus = retryStatus;
    copy.retryException = retryException;
    copy.retryWhen = retryWhen;
    copy.retryPosts = retryPosts;
    copy.maxBodyBytes = maxBodyBytes;
    copy.trustedHosts = trustedHosts;
    copy.defaults = defaults;
    copy.auth = auth;
    copy.recording = recording;
    copy.pace = pace;
    copy.known = known;
    change.accept(copy);
    return copy;
  }

  /// A certificate that was refused once will be refused again, and a body over the limit stays so.
  private static boolean isOfTheNetwork(Exception e) {
    if (!(e instanceof IOException) || e instanceof TooLarge) {
      return false;
    }
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SSLHandshakeException
          || t instanceof SSLPeerUnverifiedException
          || t instanceof java.security.cert.CertificateException) {
        return false;
      }
    }
    return true;
  }
}
