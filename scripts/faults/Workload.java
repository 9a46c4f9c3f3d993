import static dev.sluice.Sluice.duckdb;
import static dev.sluice.Sluice.incremental;
import static dev.sluice.Sluice.pipeline;
import static dev.sluice.Sluice.resource;
import static dev.sluice.Sluice.secret;

import dev.sluice.Pipeline;
import dev.sluice.resource.Resource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The pipeline under test: what its source has grows from round to round, so that at each moment one
/// multiset of rows is right, however often a round was begun.
///
/// - `orders`: appended, with nested lines; pages with checkpoints, its own state
/// - `customers`: merged by key, with nested tags; each round changes all of them and adds some
/// - `events`: appended behind a cursor
final class Workload {
  static final String PIPELINE = "faults";
  static final String DATASET = "faults_dataset";

  /// The name of the variable with the secret, and what must stand in no file and no message.
  static final String SECRET = "FAULTS__TOKEN";

  static final String SECRET_VALUE = "tr0ub4dor-and-3";

  /// After how many rounds a point is done.
  static final int ROUNDS = 3;

  private static final int PAGE = 10;

  private Workload() {}

  static int orders(int round) {
    return 60 * round;
  }

  static int customers(int round) {
    return round == 0 ? 0 : 10 + 5 * round;
  }

  static int events(int round) {
    return 40 * round;
  }

  static Pipeline pipelineIn(Path folder, Path database, String format) {
    return pipeline(PIPELINE)
        .to(duckdb(database))
        .pipelinesDir(folder.resolve(".dlt/pipelines"))
        .setting("extract.lock_timeout", 0.5)
        .setting("load.lock_timeout", 0.5)
        .setting("data_writer.file_max_items", 25)
        .setting("normalize.workers", 2)
        .setting("normalize.loader_file_format", format);
  }

  /// What the source gives once it has come to a round.
  static Resource<?>[] resources(int round) {
    if (secret("faults.token").reveal().isEmpty()) {
      throw new IllegalStateException("The variable " + SECRET + " is empty");
    }
    var orders = resource("orders", out -> {
      var begin = ((Number) out.state().getOrDefault("next", 0)).intValue();
      var id = out.resumedAt().map(Integer::parseInt).orElse(begin);
      while (id < orders(round)) {
        out.page(IntStream.range(id, id + PAGE).mapToObj(Workload::order).toList());
        id += PAGE;
        if (id % (2 * PAGE) == 0) {
          out.checkpoint(String.valueOf(id));
        }
      }
      if (id > begin) {
        out.state().put("next", id);
      }
    });
    var customers = resource("customers", out -> {
      if (((Number) out.state().getOrDefault("round", 0)).intValue() < round) {
        out.page(IntStream.range(0, customers(round)).mapToObj(id -> customer(id, round)).toList());
        out.state().put("round", round);
      }
    });
    var events = resource("events", incremental("at", 0), since ->
        IntStream.range(since.lastValue(), events(round)).mapToObj(Workload::event));
    return new Resource<?>[] {orders, customers.merge("id"), events};
  }

  private static Map<String, Object> order(int id) {
    return Map.of("id", id, "note", "order " + id, "amount", id * 1.25, "lines", List.of(line(id, 0), line(id, 1)));
  }

  private static Map<String, Object> line(int order, int number) {
    return Map.of("sku", "sku-" + order + "-" + number, "count", order % 7 + number);
  }

  private static Map<String, Object> customer(int id, int round) {
    return Map.of("id", id, "name", "customer " + id, "round", round, "tags", List.of("r" + round, "c" + id));
  }

  private static Map<String, Object> event(int at) {
    return Map.of("at", at, "what", "event " + at);
  }

  /// The rows that each table must have after a round, in the order of their texts; none before the first.
  static Map<String, List<String>> rows(int round) {
    var rows = new LinkedHashMap<String, List<String>>();
    var orders = new ArrayList<String>();
    var lines = new ArrayList<String>();
    for (var id = 0; id < orders(round); id++) {
      orders.add(id + "|order " + id + "|" + id * 1.25);
      for (var number = 0; number < 2; number++) {
        lines.add(id + "|" + number + "|sku-" + id + "-" + number + "|" + (id % 7 + number));
      }
    }
    var customers = new ArrayList<String>();
    var tags = new ArrayList<String>();
    for (var id = 0; id < customers(round); id++) {
      customers.add(id + "|customer " + id + "|" + round);
      tags.add(id + "|0|r" + round);
      tags.add(id + "|1|c" + id);
    }
    rows.put("orders", orders);
    rows.put("orders__lines", lines);
    rows.put("customers", customers);
    rows.put("customers__tags", tags);
    rows.put("events", IntStream.range(0, events(round)).mapToObj(at -> at + "|event " + at).toList());
    rows.replaceAll((table, all) -> all.stream().sorted().toList());
    return rows;
  }

  /// What reads the same texts from the destination; a nested row without its parent gives a row with null.
  static Map<String, String> queries() {
    var queries = new LinkedHashMap<String, String>();
    queries.put("orders", "SELECT concat_ws('|', coalesce(id::VARCHAR, '?'), coalesce(note, '?'), coalesce(amount::VARCHAR, '?')) FROM orders");
    queries.put("orders__lines", nested("orders", "orders__lines", "l.sku, '|', l.\"count\""));
    queries.put("customers", "SELECT concat_ws('|', coalesce(id::VARCHAR, '?'), coalesce(name, '?'), coalesce(round::VARCHAR, '?')) FROM customers");
    queries.put("customers__tags", nested("customers", "customers__tags", "l.value"));
    queries.put("events", "SELECT concat_ws('|', coalesce(\"at\"::VARCHAR, '?'), coalesce(what, '?')) FROM events");
    return queries;
  }

  private static String nested(String root, String table, String values) {
    return "SELECT concat(coalesce(p.id::VARCHAR, 'no parent'), '|', l._dlt_list_idx, '|', %s) FROM %s l LEFT JOIN %s p ON p._dlt_id = l._dlt_parent_id"
        .formatted(values, table, root);
  }
}
