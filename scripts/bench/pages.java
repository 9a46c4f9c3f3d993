///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION What a page costs more than in a bare HttpClient loop: pages of 100 rows from loopback, by their next link: [PAGES]
//SOURCES ../../lib/sluice.java
//SOURCES Bench.java
import static dev.sluice.Sluice.*;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.http.RestClient;
import java.net.*;
import java.net.http.*;

int pages = 10_000;

// The bare loop reads the same bytes and looks into none of them. sources.java starts it.
void main(String... arguments) throws Exception {
  if (arguments.length > 0) pages = Integer.parseInt(arguments[0]);
  System.setProperty("sun.net.httpserver.nodelay", "true");
  var row = "{\"id\": %d, \"name\": \"row\", \"price\": 1.5, \"open\": true}";
  var rows = IntStream.range(0, 100).mapToObj(row::formatted).collect(Collectors.joining(", "));
  var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  try (var threads = Executors.newFixedThreadPool(2)) {
    server.setExecutor(threads);
    server.createContext("/", exchange -> {
      var page = Integer.parseInt(exchange.getRequestURI().getQuery().substring(2));
      var next = page + 1 < pages ? ", \"next\": \"/items?p=%d\"".formatted(page + 1) : "";
      var body = "{\"page\": %d, \"items\": [%s]%s}".formatted(page, rows, next).getBytes();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
    var url = "http://127.0.0.1:" + server.getAddress().getPort();
    double bare = Double.MAX_VALUE, ours = Double.MAX_VALUE;
    for (int round = 0; round < 4; round++) { // whatever else runs only adds, so the best counts; the first is warming up
      bare = Math.min(bare, millis(() -> bare(url)) / pages);
      ours = Math.min(ours, millis(() -> ours(url)) / pages);
    }
    Bench.figures("page_overhead_ms", ours - bare, "bare_ms", bare, "peak_rss_mb", Bench.peakMegabytes());
    server.stop(0);
  }
}

long bare(String url) throws Exception {
  var bytes = 0L;
  try (var client = HttpClient.newHttpClient()) {
    for (int page = 0; page < pages; page++) {
      var request = HttpRequest.newBuilder(URI.create(url + "/items?p=" + page)).build();
      bytes += client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body().length;
    }
  }
  return bytes;
}

long ours(String url) {
  var rows = RestClient.of(http(), url).maxPages(pages).pages("items", "p", 0).mapToLong(List::size).sum();
  if (rows != 100L * pages) throw new IllegalStateException(rows + " rows of " + pages + " pages");
  return rows;
}

double millis(Callable<Long> work) throws Exception {
  var start = System.nanoTime();
  work.call();
  return (System.nanoTime() - start) / 1e6;
}
