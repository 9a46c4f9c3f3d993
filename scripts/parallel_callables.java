///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Details fetched in a thread pool of five
//SOURCES ../lib/sluice.java
import static dev.sluice.Sluice.*;

// A page of items, and the details of each fetched by extract.workers threads (5), at most max_parallel_items (20) at once.
Map<String, Object> getDetails(int itemId) throws InterruptedException {
  Thread.sleep(300); // a slow REST API
  IO.println("item_id " + itemId + " in thread " + Thread.currentThread().getName());
  return Map.of("row", itemId);
}

void main() {
  var listItems = resource("list_items", () -> IntStream.range(0, 10).boxed());
  var details = listItems.pipe(transformer("get_details", defer(this::getDetails)));
  // resources are iterable and evaluated as in pipeline.run
  var rows = new ArrayList<Map<String, Object>>();
  details.forEach(rows::add);
  IO.println(rows);
}
