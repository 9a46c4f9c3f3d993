package dev.sluice.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;

/// A server on loopback that answers wrong, on purpose: bytes on sockets, so that every fault can
/// be made. Each path has a list of answers, given in turn; the last one stays.
public final class ChaosServer implements AutoCloseable {
  private final ServerSocket socket;
  private final Thread acceptor;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final Map<String, Deque<Answering>> answers = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final String scheme;

  /// A request as it came.
  public record Asked(String method, String target, Map<String, String> headers, String body) {
    public String path() {
      return target.replaceFirst("\\?.*", "");
    }
  }

  /// Writes an answer, or does not.
  @FunctionalInterface
  public interface Answering {
    void to(Asked asked, Socket socket, OutputStream out) throws Exception;
  }

  private ChaosServer(ServerSocket socket, String scheme) {
    this.socket = socket;
    this.scheme = scheme;
    this.acceptor = Thread.ofPlatform().daemon().name("chaos").start(this::accept);
  }

  public static ChaosServer start() {
    try {
      return new ChaosServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "http");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static ChaosServer startTls(javax.net.ssl.SSLContext context) throws IOException {
    return new ChaosServer(
        context
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getByName("localhost")),
        "https");
  }

  public ChaosServer on(String path, Answering... given) {
    answers.put(path, new ArrayDeque<>(List.of(given)));
    return this;
  }

  public String url(String path) {
    var host = scheme.equals("https") ? "localhost" : "127.0.0.1";
    return scheme + "://" + host + ":" + socket.getLocalPort() + path;
  }

  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  // ------------------------------------------------------------------ answers

  public static Answering json(String body, String... headers) {
    return status(200, body, headers);
  }

  public static Answering status(int status, String body, String... headers) {
    return bytes(status, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  public static Answering bytes(int status, byte[] body, String... headers) {
    return (asked, socket, out) -> {
      head(out, status, body.length, headers);
      out.write(body);
    };
  }

  /// The head as given, then the bytes: for lengths that lie.
  public static Answering raw(String head, byte[] body) {
    return (asked, socket, out) -> {
      out.write((head + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
      out.write(body);
    };
  }

  public static Answering reset() {
    return (asked, socket, out) -> abort(socket);
  }

  public static Answering resetAfter(Answering before) {
    return (asked, socket, out) -> {
      before.to(asked, socket, out);
      out.flush();
      Thread.sleep(50); // let the client read what was sent before the reset overtakes it
      abort(socket);
    };
  }

  /// Says how long the body is, sends its first half, then does `then`.
  public static Answering half(String body, Answering then) {
    return (asked, socket, out) -> {
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      head(out, 200, bytes.length);
      out.write(bytes, 0, bytes.length / 2);
      out.flush();
      Thread.sleep(50);
      then.to(asked, socket, out);
    };
  }

  public static Answering silence() {
    return (asked, socket, out) -> {
      while (socket.getInputStream().read() >= 0) {} // until the client gives up
    };
  }

  /// A byte every 90 ms.
  public static Answering drip(String body) {
    return (asked, socket, out) -> {
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      head(out, 200, bytes.length);
      for (var b : bytes) {
        out.write(b);
        out.flush();
        Thread.sleep(90);
      }
    };
  }

  public static byte[] gzip(byte[] bytes) {
    var packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  /// Ten gigabytes of nothing in ten megabytes: gzip members one after another.
  public static Answering bomb() {
    var member = gzip(new byte[16 << 20]);
    return (asked, socket, out) -> {
      out.write(
          ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.ISO_8859_1));
      for (int i = 0; i < 640; i++) {
        out.write(member);
      }
    };
  }

  private static void head(OutputStream out, int status, int length, String... headers)
      throws IOException {
    var head = new StringBuilder("HTTP/1.1 " + status + " Chaos\r\n");
    head.append("Content-Length: ").append(length).append("\r\nConnection: close\r\n");
    for (int i = 0; i < headers.length; i += 2) {
      head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void abort(Socket socket) throws IOException {
    socket.setSoLinger(true, 0); // close sends a reset instead of an end
    socket.close();
  }

  // ------------------------------------------------------------------ connections

  private void accept() {
    while (!socket.isClosed()) {
      try {
        var connection = socket.accept();
        open.add(connection);
        threads.add(Thread.ofVirtual().start(() -> serve(connection)));
      } catch (SocketException e) {
        return; // closed
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      var in = new BufferedInputStream(connection.getInputStream());
      var request = read(in);
      if (request == null) {
        return;
      }
      asked.add(request);
      next(request.path()).to(request, connection, connection.getOutputStream());
      connection.getOutputStream().flush();
    } catch (Exception e) {
      // the client hung up on us, as most faults make it do
    }
  }

  private Answering next(String path) {
    var left = answers.getOrDefault(path, new ArrayDeque<>(List.of(status(404, "no such path"))));
    synchronized (left) {
      return left.size() > 1 ? left.pop() : left.peek();
    }
  }

  private static Asked read(InputStream in) throws IOException {
    var first = line(in);
    if (first.isEmpty()) {
      return null;
    }
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    for (String line; !(line = line(in)).isEmpty(); ) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
    var body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    var words = first.split(" ");
    return new Asked(words[0].toUpperCase(Locale.ROOT), words[1], headers, body);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c; (c = in.read()) >= 0 && c != '\n'; ) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
      for (var connection : new ArrayList<>(open)) {
        connection.close();
      }
      acceptor.join();
      for (var thread : threads) {
        thread.join();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
