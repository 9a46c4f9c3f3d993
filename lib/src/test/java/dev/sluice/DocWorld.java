package dev.sluice;

import static dev.sluice.Sluice.duckdb;
import static dev.sluice.Sluice.resource;

import dev.sluice.config.Secret;
import dev.sluice.http.Http;
import dev.sluice.http.RestClient;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Source;
import dev.sluice.schema.Schema;
import dev.sluice.sources.RestApi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/// What the examples of doc comments use without declaring it; each example is a class that extends
/// this one. [#main] runs examples in the current folder, as `java DocWorld SERVER CLASS...`.
@SuppressWarnings("this-escape") // the lambdas are called later
public abstract class DocWorld {
  public record User(int id, String name) {}

  public record Details(int id) {}

  public record Event(int id, String kind) {}

  /// Something of the user's that answers later.
  public interface Client {
    CompletionStage<Map<String, Object>> get(Object id);
  }

  /// A source that a user tests.
  public static final class Blog {
    private Blog() {}

    public static Source source(Http http) {
      return RestApi.of(RestClient.of(http, SERVER)).endpoint("posts").source("blog");
    }
  }

  private static final String SERVER = System.getProperty("doc.server", "http://localhost");

  protected final Path folder = Path.of("");
  protected final Resource<User> users = resource("users", () -> List.of(new User(1, "Ada")));
  protected final Resource<User> details = users.transform("details", user -> user);
  protected final Resource<Integer> items = resource("items", () -> List.of(1, 2, 3));
  protected final Resource<Event> events = resource("events", () -> List.of(new Event(1, "click")));
  protected final Resource<Map<String, Object>> orders = resource("orders", () -> ordersOf(0));
  protected final Secret token = Secret.of("token");
  protected final Http.Request request = Http.Request.get(SERVER);
  protected final RestClient api = Sluice.rest(SERVER);
  protected final Client client = id -> CompletableFuture.completedFuture(fetch(id));
  protected Pipeline pipeline = Sluice.pipeline("given").to(duckdb("given.duckdb"));
  protected Schema schema = Schema.of("given");

  protected Map<String, Object> fetch(Object id) {
    return Map.of("id", id, "found", true);
  }

  protected Details detailsOf(int id) {
    return new Details(id);
  }

  protected String sign(Object url) {
    return "signed " + url;
  }

  protected List<Map<String, Object>> read(String name) {
    return List.of(
        Map.of("id", 1, "name", name, "meta", Map.of("changed", "2026-01-02T00:00:00Z")));
  }

  protected List<Map<String, Object>> readRows(String file) {
    return read(file);
  }

  protected List<Map<String, Object>> ordersOf(Object page) {
    return List.of(Map.of("id", 1, "items", List.of(Map.of("sku", "a", "count", 2))));
  }

  protected List<Map<String, Object>> rows(int start, int count) {
    return IntStream.range(start, start + count)
        .mapToObj(id -> Map.<String, Object>of("id", id))
        .toList();
  }

  /// A pipeline that has run, and has packages that wait at both stages.
  private void prepare() {
    var visits = resource("visits", () -> List.of(Map.of("day", "2026-01-01", "id", 7)));
    pipeline.run(users, visits);
    pipeline.extract(users);
    pipeline.normalize();
    pipeline.extract(users);
    schema = pipeline.schema();
  }

  private static void files() throws Exception {
    Files.writeString(Path.of("page.json"), "{\"id\": 1}");
    Files.createDirectories(Path.of("data/logs"));
    Files.writeString(Path.of("data/logs/a.jsonl"), "{\"id\": 1}\n");
    Files.writeString(Path.of("data/prices_1.csv"), "sku;price\na;1.50\n");
    try (var source = DriverManager.getConnection("jdbc:duckdb:source.duckdb");
        var statement = source.createStatement()) {
      statement.execute("COPY (SELECT 1 AS id) TO 'data/orders_1.parquet'");
      statement.execute("CREATE TABLE products AS SELECT 1 AS id, 'a'::BLOB AS photo");
      statement.execute(
          "CREATE TABLE orders (id INT PRIMARY KEY, customer TEXT, total INT, updated_at TIMESTAMPTZ)");
      statement.execute("INSERT INTO orders VALUES (1, 'Ada', 2000, '2026-02-01 00:00:00Z')");
    }
  }

  public static void main(String... classes) throws Exception {
    if (Boolean.getBoolean("doc.files")) files();
    for (var name : classes) {
      var world = (DocWorld) Class.forName(name).getConstructor().newInstance();
      if (Boolean.getBoolean("doc.pipeline")) world.prepare();
      var declared = List.of(world.getClass().getDeclaredMethods());
      var main = declared.stream().filter(method -> method.getName().equals("main")).findFirst();
      var method = main.isPresent() ? main.get() : world.getClass().getMethod("example");
      method.setAccessible(true);
      System.out.println(name);
      method.invoke(world);
    }
  }
}
