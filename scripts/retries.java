///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION A server that fails as servers do, and every row arrives, once
//SOURCES ../lib/sluice.java
import static dev.sluice.Sluice.*;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.http.Paginator;
import dev.sluice.http.RestClient;

// 429 and 503 are waited out as long as Retry-After says, other failures 1, 2, 4 s and so on, here a tenth of it.
void main() throws Exception {
  var answers = new ArrayDeque<>(List.of("429", "[{\"id\": 1}]", "500", "[{\"id\"", "[{\"id\": 2}]", "503", "[]"));
  var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
  server.createContext("/orders", exchange -> {
    var answer = answers.pop();
    int status = answer.length() == 3 ? Integer.parseInt(answer) : 200;
    IO.println("%s -> %d %s".formatted(exchange.getRequestURI(), status, status == 200 ? answer : ""));
    if (status != 200) exchange.getResponseHeaders().set("Retry-After", "0.5");
    exchange.sendResponseHeaders(status, answer.length());
    exchange.getResponseBody().write(answer.getBytes());
    exchange.close();
  });
  server.start();
  var address = "http://127.0.0.1:" + server.getAddress().getPort();
  var shop = RestClient.of(http().backoffFactor(0.1), address).paginator(Paginator.offset(1));
  var orders = pages("orders", () -> shop.pages("orders")).replace();
  var pipeline = pipeline("retries").to(duckdb("retries.duckdb"));
  IO.println(pipeline.run(orders));
  IO.println(pipeline.sql("select id from orders order by id"));
  server.stop(0);
}
