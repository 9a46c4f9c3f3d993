package dev.sluice;

import static dev.sluice.Sluice.async;
import static dev.sluice.Sluice.config;
import static dev.sluice.Sluice.defer;
import static dev.sluice.Sluice.duckdb;
import static dev.sluice.Sluice.filesystem;
import static dev.sluice.Sluice.future;
import static dev.sluice.Sluice.http;
import static dev.sluice.Sluice.incremental;
import static dev.sluice.Sluice.pages;
import static dev.sluice.Sluice.pipeline;
import static dev.sluice.Sluice.resource;
import static dev.sluice.Sluice.rest;
import static dev.sluice.Sluice.restApi;
import static dev.sluice.Sluice.row;
import static dev.sluice.Sluice.secret;
import static dev.sluice.Sluice.source;
import static dev.sluice.Sluice.sqlDatabase;
import static dev.sluice.Sluice.transformer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.http.Paginator;
import dev.sluice.pipe.Items;
import dev.sluice.pipe.Rows;
import dev.sluice.resource.Resource;
import dev.sluice.schema.LoadFileFormat;
import dev.sluice.sources.RestApi;
import java.io.File;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each door of [Sluice] opens: what it returns is the thing, of what it was given. A test is named
/// for its door.
class DoorsTest {
  record User(int id, String name) {}

  @TempDir Path folder;

  private static List<Object> rowsOf(Resource<?> resource) {
    var rows = new ArrayList<Object>();
    resource.forEach(rows::add);
    return rows;
  }

  private Pipeline inFolder(String name) {
    return pipeline(name).pipelinesDir(folder.resolve("pipelines"));
  }

  /// A name and how many parameters, or what tells two doors of one name and number apart.
  private static String door(Method method) {
    return method.getName()
        + Arrays.stream(method.getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(",", "(", ")"));
  }

  @Test
  void everyDoorIsTriedHere() {
    var doors =
        Arrays.stream(Sluice.class.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .map(DoorsTest::door)
            .toList();
    assertThat(doors)
        .containsExactlyInAnyOrder(
            "pipeline(String)",
            "duckdb()",
            "duckdb(String)",
            "duckdb(Path)",
            "resource(String,Items)",
            "resource(String,Rows)",
            "resource(String,Generator)",
            "resource(String,Class,Generator)",
            "resource(String,Incremental,From)",
            "pages(String,Pages)",
            "transformer(String,Fn)",
            "transformer(String,Deferred)",
            "defer(Fn)",
            "async(Fn)",
            "future(Fn)",
            "source(String,Resource[])",
            "incremental(String,Comparable)",
            "row(Object[])",
            "http()",
            "rest(String)",
            "restApi(String)",
            "sqlDatabase(String)",
            "filesystem(String,String)",
            "config()",
            "config(String)",
            "secret(String)");
  }

  @Test
  void pipelineHasItsName() {
    assertThat(inFolder("doors").name()).isEqualTo("doors");
  }

  @Test
  void duckdbOfAFileOrAPathLoadsThere() throws Exception {
    var byPath = folder.resolve("a.duckdb");
    var byText = folder.resolve("b.duckdb");
    inFolder("a").to(duckdb(byPath)).run("users", List.of(row("id", 1)));
    inFolder("b").to(duckdb(byText.toString())).run("users", List.of(row("id", 1)));
    assertThat(byPath).isNotEmptyFile();
    assertThat(byText).isNotEmptyFile();
    assertThat(duckdb().type()).isEqualTo("duckdb");
  }

  @Test
  void resourceOfItemsGivesThemAgainAndAgain() {
    Items<Integer> items = () -> List.of(1, 2);
    var numbers = resource("numbers", items);
    assertThat(rowsOf(numbers)).containsExactly(1, 2);
    assertThat(rowsOf(numbers)).containsExactly(1, 2);
  }

  @Test
  void resourceOfAStreamOpensItAnew() {
    Rows<Integer> rows = () -> Stream.of(1, 2);
    var numbers = resource("numbers", rows);
    assertThat(rowsOf(numbers)).containsExactly(1, 2);
    assertThat(rowsOf(numbers)).containsExactly(1, 2);
  }

  @Test
  void resourceOfAGeneratorGivesWhatItPushes() {
    assertThat(
            rowsOf(
                resource(
                    "numbers",
                    out -> {
                      out.row(1);
                      out.row(2);
                    })))
        .containsExactly(1, 2);
  }

  @Test
  void resourceOfATypeHasItsColumns() {
    var users = resource("users", User.class, out -> out.row(new User(1, null)));
    assertThat(rowsOf(users)).containsExactly(new User(1, null));
    var typed = inFolder("typed").to(duckdb(folder.resolve("typed.duckdb")));
    typed.run(users);
    // A column that never held a value is known by the record alone.
    assertThat(typed.dataset().table("users").columnNames()).contains("id", "name");
  }

  @Test
  void resourceOfACursorReadsFromItsInitialValue() {
    var seen = new ArrayList<Object>();
    var events =
        resource(
            "events",
            incremental("id", 5),
            since -> {
              seen.add(since.lastValue());
              return Stream.of(row("id", 6));
            });
    assertThat(rowsOf(events)).containsExactly(row("id", 6));
    assertThat(seen).containsExactly(5);
  }

  @Test
  void pagesGivesTheirRows() {
    assertThat(rowsOf(pages("numbers", () -> Stream.of(List.of(1, 2), List.of(3)))))
        .containsExactly(1, 2, 3);
  }

  @Test
  void transformerOfAFunctionMakesOtherRows() {
    Items<Integer> items = () -> List.of(1, 2);
    assertThat(rowsOf(resource("numbers", items).pipe(transformer("twice", (Integer n) -> 2 * n))))
        .containsExactly(2, 4);
  }

  @Test
  void deferAsyncAndFutureCallElsewhere() {
    Items<Integer> items = () -> List.of(1, 2);
    var numbers = resource("numbers", items);
    var here = Thread.currentThread();
    var threads = java.util.Collections.synchronizedSet(new java.util.HashSet<Thread>());
    var pooled =
        numbers.pipe(
            transformer(
                "pooled",
                defer((Integer n) -> {
                  threads.add(Thread.currentThread());
                  return n + 10;
                })));
    assertThat(rowsOf(pooled)).containsExactlyInAnyOrder(11, 12);
    assertThat(threads).isNotEmpty().doesNotContain(here).noneMatch(Thread::isVirtual);
    threads.clear();
    var virtual =
        numbers.pipe(
            transformer(
                "virtual",
                async((Integer n) -> {
                  threads.add(Thread.currentThread());
                  return n + 20;
                })));
    assertThat(rowsOf(virtual)).containsExactlyInAnyOrder(21, 22);
    assertThat(threads).isNotEmpty().allMatch(Thread::isVirtual);
    var promised =
        numbers.pipe(
            transformer(
                "promised", future((Integer n) -> CompletableFuture.completedFuture(n + 30))));
    assertThat(rowsOf(promised)).containsExactlyInAnyOrder(31, 32);
  }

  @Test
  void sourceHasItsResources() {
    Items<Integer> items = () -> List.of(1);
    var shop = source("shop", resource("orders", items), resource("users", items));
    assertThat(shop.name()).isEqualTo("shop");
    assertThat(shop.resources()).containsOnlyKeys("orders", "users");
  }

  @Test
  void incrementalHasItsPath() {
    assertThat(incremental("updated.at", 3).path()).isEqualTo("updated.at");
  }

  @Test
  void rowKeepsItsOrderAndItsNulls() {
    var expected = new java.util.LinkedHashMap<String, Object>();
    expected.put("b", 1);
    expected.put("a", null);
    assertThat(new ArrayList<>(row("b", 1, "a", null).entrySet()))
        .isEqualTo(new ArrayList<>(expected.entrySet()));
  }

  @Test
  void httpAndRestAskAServer() throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var answer = "[{\"id\": 7}]".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    try {
      var url = "http://localhost:" + server.getAddress().getPort();
      assertThat(http().get(url + "/users").status()).isEqualTo(200);
      assertThat(http()).isSameAs(http());
      assertThat(
              rowsOf(pages("users", () -> rest(url).paginator(Paginator.single()).pages("users"))))
          .hasToString("[{id=7}]");
      assertThat(
              fromSettings(
                  "[sources.blog.client]\nbase_url = '" + url + "'\n",
                  () -> {
                    return rowsOfFirst(restApi("blog"));
                  },
                  "[sources.blog]\nresources = ['posts']\n"))
          .hasToString("[{id=7}]");
    } finally {
      server.stop(0);
    }
  }

  private static List<Object> rowsOfFirst(RestApi api) {
    return rowsOf(api.source("blog").resources().values().iterator().next());
  }

  @Test
  void sqlDatabaseTakesAUrl() throws Exception {
    var url = "jdbc:sqlite:" + folder.resolve("shop.sqlite");
    sqlite(url);
    assertThat(rowsOf(sqlDatabase(url).table("orders"))).containsExactly(Map.of("id", 7));
  }

  /// A secret stands in no file of this process, so the door is opened in one of its own.
  @Test
  void sqlDatabaseTakesANameOfTheSettings() throws Exception {
    sqlite("jdbc:sqlite:" + folder.resolve("shop.sqlite"));
    Files.createDirectories(folder.resolve(".dlt"));
    var secrets =
        Files.writeString(
            folder.resolve(".dlt/secrets.toml"),
            "[sources.shop]\ncredentials = 'sqlite:///shop.sqlite'\n");
    Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(
        folder.resolve("script.java"),
        """
        import static dev.sluice.Sluice.*;

        void main() {
          sqlDatabase("shop").table("orders").forEach(row -> System.out.println(row));
        }
        """);
    var said = folder.resolve("said.txt");
    var classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(part -> Path.of(part).toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator));
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--class-path",
                classPath,
                "script.java")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(said)).isZero();
    assertThat(Files.readString(said)).isEqualTo("{id=7}\n");
    assertThatThrownBy(() -> sqlDatabase("nowhere"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining("SOURCES__NOWHERE__CREDENTIALS");
  }

  private static void sqlite(String url) throws Exception {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY)");
      statement.execute("INSERT INTO orders VALUES (7)");
    }
  }

  @Test
  void filesystemReadsItsFiles() throws Exception {
    Files.writeString(folder.resolve("a.csv"), "id\n7\n");
    Files.writeString(folder.resolve("b.txt"), "no");
    assertThat(rowsOf(filesystem(folder.toString(), "*.csv").rows("a")))
        .containsExactly(Map.of("id", 7L));
  }

  @Test
  void configAndSecretFindWhatIsSet() throws Exception {
    assertThat(fromSettings("[sources.doors]\nurl = 'there'\n", () -> config("sources.doors.url")))
        .isEqualTo("there");
    assertThat(
            fromSettings(
                "[doors]\nnumber = 26\n", () -> config().find(Integer.class, "doors.number")))
        .contains(26);
    // A variable that every process has.
    assertThat(secret("path").reveal()).isEqualTo(System.getenv("PATH"));
    assertThat(secret("path")).hasToString("***");
    assertThatThrownBy(() -> config("sources.doors.none"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining("SOURCES__DOORS__NONE");
  }

  @Test
  void theFormatsAreThoseOfLoadFiles() {
    assertThat(List.of(Sluice.JSONL, Sluice.PARQUET))
        .containsExactly(LoadFileFormat.JSONL, LoadFileFormat.PARQUET);
  }

  private interface Act<T> {
    T run() throws Exception;
  }

  /// Settings of this process that stand on its class path.
  private <T> T fromSettings(String toml, Act<T> act, String... before) throws Exception {
    Files.createDirectories(folder.resolve("resources/dlt"));
    Files.writeString(folder.resolve("resources/dlt/config.toml"), String.join("", before) + toml);
    var thread = Thread.currentThread();
    var own = thread.getContextClassLoader();
    try (var loader =
        new URLClassLoader(new URL[] {folder.resolve("resources").toUri().toURL()}, own)) {
      thread.setContextClassLoader(loader);
      return act.run();
    } finally {
      thread.setContextClassLoader(own);
    }
  }
}
