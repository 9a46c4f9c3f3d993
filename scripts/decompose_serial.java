///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION A source taken apart, its parts run one after the other by one pipeline
//SOURCES ../lib/sluice.java
import static dev.sluice.Sluice.*;

// Each part holds resources that feed one another, so none runs twice. One pipeline, one state: safe for any source.
void main() {
  var orders = resource("orders", () -> IntStream.range(0, 3).mapToObj(id -> Map.of("id", id)));
  var lines = orders.expand("lines", order -> Stream.of(Map.of("order", order.get("id"), "sku", "a")));
  var users = resource("users", () -> List.of(Map.of("id", 1, "name", "Ada")));
  var shop = source("shop", orders.merge("id"), lines, users.merge("id"));

  var pipeline = pipeline("shop_serial").to(duckdb("shop_serial.duckdb")).datasetName("shop");
  for (var part : shop.decompose(SCC)) {
    IO.println(part.id() + " has " + part.selected());
    pipeline.run(part);
  }
  IO.println(pipeline.dataset().tables());
}
