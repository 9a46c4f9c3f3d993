package dev.sluice.http;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;

/// What a page costs more than a bare `HttpClient` loop: 10,000 pages of 100 rows from a server on
/// loopback, followed by their `next` link, each row a `Map`. The bare loop reads the same bytes,
/// looks into none of them, and asks for the next number. Prints one line `RESULT
/// page_overhead_ms=…`.
final class PageOverhead {
  private static final int ROWS = 100;

  private PageOverhead() {}

  public static void main(String[] args) throws Exception {
    int pages = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
    System.setProperty("sun.net.httpserver.nodelay", "true");
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try (var threads = Executors.newFixedThreadPool(2)) {
      server.setExecutor(threads);
      var rows = rows();
      server.createContext(
          "/",
          exchange -> {
            var number = Integer.parseInt(exchange.getRequestURI().getQuery().substring(2));
            var next = number + 1 < pages ? ", \"next\": \"/items?p=" + (number + 1) + "\"}" : "}";
            var body = ("{\"page\": " + number + ", \"items\": " + rows + next).getBytes(UTF);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
      var url = "http://127.0.0.1:" + server.getAddress().getPort();
      bare(url, Math.min(pages, 3_000)); // let the compiler get warm
      ours(url, Math.min(pages, 3_000));
      var bare = new ArrayList<Double>();
      var ours = new ArrayList<Double>();
      var memory = new ArrayList<Long>();
      for (int round = 0; round < 5; round++) {
        bare.add(millis(() -> bare(url, pages)) / pages);
        ours.add(millis(() -> ours(url, pages)) / pages);
        System.gc();
        memory.add((Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20);
      }
      System.out.printf(
          Locale.ROOT, "bare %s ms, ours %s ms a page, heap after %s MB%n", bare, ours, memory);
      System.out.printf(Locale.ROOT, "RESULT page_overhead_ms=%.3f%n", best(ours) - best(bare));
      server.stop(0);
    }
  }

  private static final java.nio.charset.Charset UTF = StandardCharsets.UTF_8;

  private static long bare(String url, int pages) throws IOException, InterruptedException {
    long bytes = 0;
    try (var client = HttpClient.newHttpClient()) {
      for (int p = 0; p < pages; p++) {
        var request = HttpRequest.newBuilder(URI.create(url + "/items?p=" + p)).build();
        bytes += client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body().length;
      }
    }
    return bytes;
  }

  private static long ours(String url, int pages) {
    return RestClient.of(Http.of(), url)
        .maxPages(pages)
        .pages("items", "p", 0)
        .mapToLong(List::size)
        .sum();
  }

  private interface Work {
    long run() throws Exception;
  }

  private static double millis(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e6;
  }

  private static double best(List<Double> values) {
    return Collections.min(values); // whatever else runs only adds
  }

  private static String rows() {
    var rows = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(Map.of("id", i, "name", "row " + i, "price", i * 1.5, "open", i % 2 == 0));
    }
    return Json.dumps(rows);
  }
}
