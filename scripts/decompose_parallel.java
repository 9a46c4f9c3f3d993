///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION A source taken apart, each part run by a pipeline of its own at the same time
//SOURCES ../lib/sluice.java
import static dev.sluice.Sluice.*;

// A part has its own pipeline name, and so its own state; all write to one dataset. For sources that use resource state only.
void main() throws Exception {
  var orders = resource("orders", () -> IntStream.range(0, 3).mapToObj(id -> Map.of("id", id)));
  var lines = orders.expand("lines", order -> Stream.of(Map.of("order", order.get("id"), "sku", "a")));
  var users = resource("users", () -> List.of(Map.of("id", 1, "name", "Ada")));
  var shop = source("shop", orders.merge("id"), lines, users.merge("id"));

  try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
    var runs = new ArrayList<Future<String>>();
    for (var part : shop.decompose(SCC)) {
      var pipeline = pipeline("shop_" + part.id()).to(duckdb("shop_parallel.duckdb")).datasetName("shop");
      runs.add(threads.submit(() -> part.id() + ": " + pipeline.run(part).rows()));
    }
    for (var run : runs) IO.println(run.get());
  }
}
