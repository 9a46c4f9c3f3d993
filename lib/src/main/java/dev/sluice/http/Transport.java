package dev.sluice.http;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Sends one request once. Connections are opened on first use and end when nobody holds the
/// client.
final class Transport {
  private final @Nullable Path certificates;
  private @Nullable HttpClient client;

  /// What came, the body not read yet; close it.
  record Raw(URI uri, int status, Map<String, List<String>> headers, InputStream body) {
    @Nullable String header(String name) {
      var values = headers.get(name);
      return values == null || values.isEmpty() ? null : values.get(0);
    }
  }

  Transport(@Nullable Path certificates) {
    this.certificates = certificates;
  }

  Raw send(RequestParts parts, Settings settings, boolean mayDrip)
      throws IOException, InterruptedException {
    var uri = parts.uri();
    var future =
        client().sendAsync(request(parts, uri), info -> new TimedBody(settings.timeout, mayDrip));
    try {
      var response = future.get(settings.timeout.toNanos(), TimeUnit.NANOSECONDS);
      var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
      headers.putAll(response.headers().map());
      return new Raw(uri, response.statusCode(), headers, unzipped(headers, response.body()));
    } catch (TimeoutException e) {
      future.cancel(true);
      var timeout =
          new HttpTimeoutException(
              "no answer within " + Delays.text(settings.timeout) + " (request_timeout)");
      timeout.initCause(e);
      throw timeout;
    } catch (InterruptedException e) {
      future.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }

  private static HttpRequest request(RequestParts parts, URI uri) {
    var scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "'" + Masks.url(parts) + "' is no web address; begin it with https:// and a host");
    }
    var body =
        parts.body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofByteArray(parts.body);
    var request = HttpRequest.newBuilder(uri).method(parts.method, body);
    // asking a plain server for an upgrade to HTTP/2 confuses many
    request.version(
        scheme.equals("https") ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    headers.put("User-Agent", Version.USER_AGENT);
    headers.put("Accept-Encoding", "gzip");
    headers.putAll(parts.headers);
    headers.forEach((name, value) -> {
      try {
        request.setHeader(name, value);
      } catch (IllegalArgumentException refused) { // whose message quotes the value
        throw new IllegalArgumentException(
            "Header '"
                + name
                + "' of "
                + parts.method
                + " "
                + Masks.url(parts)
                + " cannot be sent: "
                + (value.chars().anyMatch(c -> c < ' ')
                    ? "its value holds a line break or another control character; strip() it"
                    : "the name or a character of its value is not allowed"));
      }
    });
    return request.build();
  }

  private static InputStream unzipped(Map<String, List<String>> headers, InputStream body)
      throws IOException {
    var encoding = String.join(",", headers.getOrDefault("Content-Encoding", List.of()));
    var name = encoding.strip().toLowerCase(Locale.ROOT);
    if (name.isEmpty() || name.equals("identity")) {
      return body;
    }
    var packed = new Counted(body);
    var peeked = new PushbackInputStream(packed, 1);
    int first = peeked.read();
    if (first < 0) {
      return body; // no body at all, as for HEAD
    }
    peeked.unread(first);
    return switch (name) {
      case "gzip", "x-gzip" -> new Guarded(new GZIPInputStream(peeked, 1 << 14), packed);
      case "deflate" -> new Guarded(new InflaterInputStream(peeked), packed);
      default ->
          throw new BrokenBody(
              "the body is packed as '" + name + "', which was not asked for", null);
    };
  }

  /// Counts what passes.
  private static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n = super.read(target, offset, length);
      count += Math.max(0, n);
      return n;
    }
  }

  /// Stops a zip bomb, and says in words that a zipped body was cut.
  private static final class Guarded extends FilterInputStream {
    private static final long HARMLESS_BYTES = 64L << 20;
    private static final long MOST_TIMES_LARGER = 250;
    private final Counted packed;
    private long count;

    Guarded(InputStream in, Counted packed) {
      super(in);
      this.packed = packed;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n;
      try {
        n = super.read(target, offset, length);
      } catch (EOFException e) {
        throw new BrokenBody("the zipped body ends in the middle", e);
      } catch (java.util.zip.ZipException e) {
        throw new BrokenBody("the zipped body is damaged: " + e.getMessage(), e);
      }
      count += Math.max(0, n);
      if (count > HARMLESS_BYTES && count > packed.count * MOST_TIMES_LARGER) {
        throw new TooLarge(
            "the zipped body unpacks to more than "
                + MOST_TIMES_LARGER
                + " times its size ("
                + packed.count
                + " bytes so far); it looks like a zip bomb");
      }
      return n;
    }
  }

  private synchronized HttpClient client() throws IOException {
    if (client == null) {
      var builder =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(Duration.ofSeconds(60));
      if (certificates != null) {
        builder.sslContext(trusting(certificates));
      }
      client = builder.build();
    }
    return client;
  }

  private static SSLContext trusting(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int i = 0;
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("own" + i++, certificate);
      }
      var usual = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      usual.init((KeyStore) null);
      for (var manager : usual.getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          for (X509Certificate certificate : x509.getAcceptedIssuers()) {
            store.setCertificateEntry("usual" + i++, certificate);
          }
        }
      }
      var all = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      all.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, all.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot use the certificates of '" + file + "': " + e.getMessage(), e);
    }
  }
}
