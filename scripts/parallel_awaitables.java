///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Details awaited, each in a virtual thread of its own
//SOURCES ../lib/sluice.java
import static dev.sluice.Sluice.*;

// As parallel_callables.java, but each call has a virtual thread: max_parallel_items (20) wait at the same time.
Map<String, Object> getDetails(int itemId) throws InterruptedException {
  Thread.sleep(300); // a slow REST API
  IO.println("item_id " + itemId + " in thread " + Thread.currentThread());
  return Map.of("row", itemId);
}

void main() {
  var listItems = resource("list_items", () -> IntStream.range(0, 10).boxed());
  var details = listItems.transform("get_details", async(this::getDetails));
  var rows = new ArrayList<Map<String, Object>>();
  details.forEach(rows::add);
  IO.println(rows);
}
