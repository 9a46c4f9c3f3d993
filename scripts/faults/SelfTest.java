import java.io.IOException;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Results that are wrong on purpose, so that it is known that the checks can fail: every point of this
/// kind must be found out. It is run by name alone, `--kind selftest`.
final class SelfTest {
  private static final Map<String, String> DAMAGES = new LinkedHashMap<>();

  static {
    DAMAGES.put("row-lost", "DELETE FROM orders WHERE id = 7; DELETE FROM orders__lines WHERE sku LIKE 'sku-7-%'");
    DAMAGES.put("row-twice", "INSERT INTO events FROM events WHERE \"at\" = 11");
    DAMAGES.put("row-changed", "UPDATE orders SET amount = amount + 0.25 WHERE id = 3");
    DAMAGES.put("row-of-another-parent", "UPDATE orders__lines SET _dlt_parent_id = (SELECT _dlt_id FROM orders WHERE id = 1) WHERE sku = 'sku-2-0'");
    DAMAGES.put("child-without-parent", "DELETE FROM customers WHERE id = 4");
    DAMAGES.put("column-more", "ALTER TABLE events ADD COLUMN more INTEGER");
    DAMAGES.put("load-forgotten", "DELETE FROM _dlt_loads WHERE load_id = (SELECT max(load_id) FROM _dlt_loads)");
    DAMAGES.put("cursor-behind", "DELETE FROM _dlt_pipeline_state WHERE version = (SELECT max(version) FROM _dlt_pipeline_state)");
  }

  private static final List<String> LIES = List.of("file-left", "secret-left", "says-loaded", "says-nothing", "says-as-before", "raw-error");

  private SelfTest() {}

  static List<String> names() {
    var all = new java.util.ArrayList<>(DAMAGES.keySet());
    all.addAll(LIES);
    return all;
  }

  static Kind kind() {
    return new Kind(
        "selftest",
        names().size(),
        (profile, random, name, n) -> n < names().size() ? new Point(name, "any", names().get(n), "0", "second", "jsonl") : null,
        SelfTest::run);
  }

  private static Kind.Struck run(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException {
    var site = bed.site(point);
    var checks = new Checks(bed, site, problems);
    var before = checks.before();
    switch (point.what()) {
      case "says-loaded" -> checks.truth(Map.of("outcome", "done"), before, 1);
      case "says-nothing" -> {
        Bed.require(bed.ask(site, "run", 2));
        checks.truth(failure("Package '1' was not loaded: nothing of it is at the destination"), before, 1);
      }
      case "says-as-before" -> {
        Bed.require(bed.ask(site, "extract", 2));
        checks.truth(failure("Pipeline 'faults' was interrupted in extract; its state is as before, run it again"), before, 1);
      }
      case "raw-error" -> checks.sentence(Map.of("outcome", "failed", "type", "java.lang.NoClassDefFoundError", "message", "org/duckdb/DuckDBNative"));
      case "file-left" -> {
        Files.writeString(site.pipeline().resolve("load/loaded/.left.tmp"), "left");
        checks.finish(2);
      }
      case "secret-left" -> {
        Files.writeString(site.pipeline().resolve("trace.txt"), "token=" + Workload.SECRET_VALUE);
        checks.finish(2);
      }
      default -> {
        Bed.require(bed.ask(site, "run", 2));
        try (var connection = DriverManager.getConnection("jdbc:duckdb:" + site.database());
            var statement = connection.createStatement()) {
          statement.execute("SET schema = '" + Workload.DATASET + "'; " + DAMAGES.get(point.what()));
        } catch (SQLException failed) {
          throw new IOException(failed);
        }
        checks.rows(2);
      }
    }
    return new Kind.Struck(true, "made wrong");
  }

  private static Map<String, Object> failure(String message) {
    return Map.of("outcome", "failed", "type", "dev.sluice.PipelineException", "message", message, "pending", List.of(), "exitCode", 130);
  }
}
