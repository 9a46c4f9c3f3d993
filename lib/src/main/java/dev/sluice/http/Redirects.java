package dev.sluice.http;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a request may be led by what a server says: redirects and next-page links.
final class Redirects {
  static final int MOST = 5;

  private Redirects() {}

  static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  /// Why `to` may not follow on `from`, or null if it may.
  static @Nullable String refusal(URI from, URI to, Set<String> trusted) {
    var scheme = scheme(to);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return "'" + to.getScheme() + "' is no scheme to follow";
    }
    if (scheme(from).equals("https") && scheme.equals("http")) {
      return "it would leave https for http";
    }
    if (sameOrigin(from, to)
        || trusted.contains(to.getHost())
        || trusted.contains(hostAndPort(to))) {
      return null;
    }
    if (scheme.equals("https") && String.valueOf(to.getHost()).equalsIgnoreCase(from.getHost())) {
      return "begin the URL with https:// yourself, so that no secret travels unprotected first";
    }
    return "it is another host; if that is right, allow it with trustHosts(\"" + shown(to) + "\")";
  }

  /// The request that follows a redirect.
  static RequestParts follow(RequestParts request, int status, URI to) {
    boolean toGet =
        (status == 303 && !request.method.equals("HEAD"))
            || ((status == 301 || status == 302) && request.method.equals("POST"));
    return request.changed(parts -> {
      if (!sameOrigin(request.uri(), to)) {
        parts.dropSecrets();
      }
      parts.setUrl(to.toString());
      if (toGet) {
        parts.method = "GET";
        parts.body = null;
        parts.json = null;
        parts.headers.remove("Content-Type");
      }
    });
  }

  static boolean sameOrigin(URI a, URI b) {
    return scheme(a).equals(scheme(b)) && hostAndPort(a).equals(hostAndPort(b));
  }

  static String hostAndPort(URI uri) {
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme(uri).equals("https") ? 443 : 80;
    return String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
  }

  private static String shown(URI uri) {
    return uri.getPort() < 0 ? String.valueOf(uri.getHost()) : hostAndPort(uri);
  }

  private static String scheme(URI uri) {
    return String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
  }
}
