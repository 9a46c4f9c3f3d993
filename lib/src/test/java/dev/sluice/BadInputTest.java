package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.load.Destination;
import dev.sluice.pipe.Deferred;
import dev.sluice.resource.Incremental;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Source;
import dev.sluice.resource.Transformer;
import dev.sluice.schema.SchemaContract;
import dev.sluice.store.Stage;
import java.io.PrintStream;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// What goes wrong is told in one sentence with the exit code that fits; state and destination stay
/// as they were, and what is pending is kept and named.
class BadInputTest {
  private static final int RETRY = 1;
  private static final int PERSON = 2;
  private static final int INTERRUPTED = 130;

  private static final String KEPT =
      "\nPending and kept: package {load}; the next run goes on with it, dropPendingPackages() drops it";
  private static final String WAITS =
      KEPT + "\nNothing new was extracted: what was pending before this run comes first";

  private static final Pattern LOAD_ID = Pattern.compile("\\d{10}\\.\\d{6}");
  private static final Pattern FILE_ID = Pattern.compile("users\\.[0-9a-f]{10}\\.");

  @TempDir Path temporary;

  /// What somebody does, and what they are told.
  ///
  /// In the message, `{folder}` is the working folder, `{work}` the working directory in it,
  /// `{load}` a load id, `{id}` the id of a file, `{n}` a size and `{pid}` that of this process.
  private record Case(String name, int exitCode, String message, Act act) {}

  @FunctionalInterface
  private interface Act {
    void run(Place place) throws Exception;
  }

  private static final String SHOP = "Pipeline 'shop' failed in ";

  @TestFactory
  Stream<DynamicTest> rows() {
    return tests(
        new Case(
            "a row that is no object",
            PERSON,
            SHOP
                + "extract: Row 2 of resource 'users': The value at $ is of class java.lang.Object, which has no JSON form; make it a record, a Map or text",
            place -> place.pipeline().run("users", List.of(Map.of("id", 1), new Object()))),
        new Case(
            "a value that cannot be written",
            PERSON,
            SHOP
                + "extract: Row 2 of page 1 of resource 'users': The value at $.by is of class java.lang.Thread, which has no JSON form; make it a record, a Map or text",
            place ->
                place
                    .pipeline()
                    .run(
                        Resource.of(
                            "users",
                            out ->
                                out.page(
                                    List.of(
                                        Map.of("id", 1), Map.of("by", Thread.currentThread())))))),
        new Case(
            "a map that holds itself",
            PERSON,
            SHOP
                + "extract: Row 1 of resource 'users': The value at $.me.me.me.me….me.me.me.me holds itself; rows must be trees",
            place -> place.pipeline().run("users", List.of(cyclic()))),
        new Case(
            "JSON that is 2,000 levels deep",
            PERSON,
            SHOP
                + "extract: Row 1 of resource 'users': The value at $.a.a.a.a….a.a.a.a is nested deeper than 500 levels; flatten it or send the deep part as text",
            place -> place.pipeline().run("users", List.of(deep(2_000)))),
        new Case(
            "a table that a contract freezes",
            PERSON,
            SHOP
                + "extract: Table 'users' is new, but the contract of schema 'shop' freezes its tables; allow it with tables: evolve",
            place ->
                place
                    .pipeline()
                    .contract(SchemaContract.of(SchemaContract.Mode.FREEZE))
                    .run(numbers("users", 1))));
  }

  @TestFactory
  Stream<DynamicTest> resources() {
    return tests(
        new Case(
            "a null page that is pushed",
            PERSON,
            SHOP
                + "extract: Resource 'users' failed on page 2: the page is null; give an empty list if it has no rows",
            place ->
                place
                    .pipeline()
                    .run(
                        Resource.of(
                            "users",
                            out -> {
                              out.page(List.of(Map.of("id", 1)));
                              out.page(absent());
                            }))),
        new Case(
            "a null page of a stream",
            PERSON,
            SHOP
                + "extract: Resource 'users' failed on page 2: the page is null; give an empty list if it has no rows",
            place ->
                place
                    .pipeline()
                    .run(
                        Resource.<Map<String, Integer>>pages(
                            "users",
                            () -> Stream.of(List.of(Map.of("id", 1)), BadInputTest.absent())))),
        new Case(
            "no stream at all",
            PERSON,
            SHOP + "extract: Resource 'users' failed on item 1: it opened null, not rows",
            place ->
                place
                    .pipeline()
                    .run(
                        Resource.<Object>of("users", () -> BadInputTest.<Stream<Object>>absent()))),
        new Case(
            "a resource that throws on page 7",
            PERSON,
            SHOP
                + "extract: Resource 'users' failed on page 7: IllegalStateException: the API is gone",
            place -> place.pipeline().run(Resource.of("users", BadInputTest::sixPages))),
        new Case(
            "a resource without its network",
            RETRY,
            SHOP
                + "extract: Resource 'users' failed on item 1: ConnectException: Connection refused",
            place ->
                place
                    .pipeline()
                    .run(
                        Resource.<Object>of(
                            "users",
                            out -> {
                              throw new ConnectException("Connection refused");
                            }))),
        new Case(
            "a resource without its file",
            PERSON,
            SHOP
                + "extract: Resource 'users' failed on item 1: no such file or folder ('{folder}/users.csv')",
            place ->
                place
                    .pipeline()
                    .run(
                        Resource.of(
                            "users", () -> Files.lines(place.folder().resolve("users.csv"))))),
        new Case(
            "a deferred call that throws",
            PERSON,
            SHOP
                + "extract: Resource 'details' failed on item '{id=7}': IllegalStateException: no such item",
            place ->
                place
                    .pipeline()
                    .run(
                        numbers("items", 50)
                            .transform("details", Deferred.defer(BadInputTest::allButSeven)))),
        new Case(
            "a future that never comes",
            RETRY,
            SHOP
                + "extract: Resource 'details' failed on item '{id=0}': TimeoutException: not completed after 0.2 s (setting 'extract.futures_timeout')",
            place ->
                place
                    .pipeline()
                    .setting("extract.futures_timeout", "0.2")
                    .run(
                        numbers("items", 1)
                            .transform(
                                "details",
                                Deferred.future(item -> new CompletableFuture<Object>())))),
        new Case(
            "a cursor of another type than its last value",
            PERSON,
            SHOP
                + "extract: Resource 'events' failed on item '{at=2026-01-01}': Cursor 'at' of resource 'events' holds '2026-01-01' (text), but its last value is '5' (a number); convert the rows, declare the initial value in their type, or drop the resource's state",
            place -> {
              place.pipeline().run(events(5));
              place.remember();
              place.pipeline().run(events("2026-01-01"));
            }),
        new Case(
            "a row without its cursor",
            PERSON,
            SHOP
                + "extract: Resource 'events' has the cursor 'at', but a row does not have it: '{id=5}'; give it a value, or say onMissing(INCLUDE) or onMissing(EXCLUDE)",
            place ->
                place
                    .pipeline()
                    .run(
                        Resource.of("events", () -> List.of(Map.of("id", 5)))
                            .incremental(Incremental.of("at")))));
  }

  @TestFactory
  Stream<DynamicTest> names() {
    return tests(
        new Case(
            "a resource without a name",
            PERSON,
            "A resource or source must have a name, not ''",
            place -> place.pipeline().run("", List.of(Map.of("id", 1)))),
        new Case(
            "a pipeline called ../x",
            PERSON,
            "The pipeline name '../x' cannot be the name of a folder; use letters, digits, '_' and '-'",
            place -> place.undirected("../x").run(numbers("users", 1))),
        new Case(
            "a source called ../x",
            PERSON,
            SHOP
                + "extract: The schema name '../x' cannot be the name of a file; use letters, digits, '_' and '-'",
            place -> place.pipeline().run(Source.of("../x", numbers("users", 1)))),
        new Case(
            "a source that Windows keeps for a device, beside one that has rows",
            PERSON,
            SHOP
                + "extract: The schema name 'nul' is one that Windows keeps for a device; choose another",
            place ->
                place
                    .pipeline()
                    .run(
                        Source.of(
                            "a",
                            Resource.of(
                                "users",
                                out -> {
                                  throw new IllegalStateException("a row was asked for");
                                })),
                        Source.of("nul", numbers("users", 1)))),
        new Case(
            "a source whose name has 300 bytes",
            PERSON,
            SHOP
                + "extract: The schema name '"
                + "\u6570".repeat(60)
                + "…' has 300 bytes in UTF-8, but names of files made of it hold 238; choose a shorter one",
            place -> place.pipeline().run(Source.of("\u6570".repeat(100), numbers("users", 1)))),
        new Case(
            "a pipeline that Windows keeps for a device",
            PERSON,
            "The pipeline name 'con' is one that Windows keeps for a device; choose another",
            place -> place.undirected("con").run(numbers("users", 1))),
        new Case(
            "two resources of one name",
            PERSON,
            "Source 'shop' has two resources named 'users'; name one of them differently",
            place -> place.pipeline().run(numbers("users", 1), numbers("users", 2))),
        new Case(
            "a transformer called like its parent",
            PERSON,
            "Source 'shop' has two resources named 'users'; name one of them differently",
            place -> {
              var users = numbers("users", 1);
              place.pipeline().run(users, users.transform("users", user -> user));
            }),
        new Case(
            "transformers that feed one another",
            PERSON,
            "Resources of source 'shop' feed one another: 'names' from 'users'; name one of them differently",
            place -> {
              var users = Transformer.<Object, Object>of("users", user -> user);
              var names = Transformer.<Object, Object>of("names", name -> name);
              var named = numbers("items", 1).pipe(users).pipe(names);
              place.pipeline().run(named, named.pipe(users));
            }),
        new Case(
            "a dataset called like the file",
            PERSON,
            SHOP
                + "run: The DuckDB file '{folder}/crm.duckdb' is called like the dataset 'crm', so that DuckDB could not tell 'crm.table' of the two apart; give the file or the dataset another name",
            place ->
                place
                    .pipeline()
                    .to(Destination.duckdb("crm.duckdb"))
                    .datasetName("crm")
                    .run(numbers("users", 1))),
        new Case(
            "a package that is not there",
            PERSON,
            SHOP + "load: There is no package '1.5'; nothing is pending",
            place -> place.pipeline().load("1.5")),
        new Case(
            "a table that is not there",
            PERSON,
            "Dataset 'shop_dataset' has no table 'users'; there is '_dlt_loads', '_dlt_pipeline_state', '_dlt_version' and 1 more",
            place -> place.pipeline().table("users")));
  }

  @TestFactory
  Stream<DynamicTest> settings() {
    return tests(
        new Case(
            "no destination",
            PERSON,
            "Pipeline 'crm' has no destination yet; say where to load to, for instance pipeline(\"crm\").to(duckdb())",
            place -> place.undirected("crm").run(numbers("users", 1))),
        new Case(
            "TOML that cannot be read",
            PERSON,
            SHOP
                + "open: Cannot read {folder}/.dlt/config.toml: line 2, column 11: Unexpected '=', expected ', \", ''', \"\"\", a number, a boolean, a date/time, an array, or a table; repair the line",
            place -> place.configured("[load]\nworkers = = 3\n").run(numbers("users", 1))),
        new Case(
            "a setting of the wrong type",
            PERSON,
            SHOP
                + "run: Setting '[load] workers' in {folder}/.dlt/config.toml is 'many', but must be a whole number",
            place -> place.configured("[load]\nworkers = 'many'\n").run(numbers("users", 1))),
        new Case(
            "a setting out of range",
            PERSON,
            SHOP + "normalize: Setting 'normalize.workers' is '0', but must be at least 1" + KEPT,
            place -> place.configured("[normalize]\nworkers = 0\n").run(numbers("users", 1))),
        new Case(
            "a format of load files that nobody reads",
            PERSON,
            SHOP
                + "normalize: Setting 'normalize.loader_file_format' is 'csv', but must be jsonl or parquet"
                + KEPT,
            place ->
                place
                    .configured("[normalize]\nloader_file_format = 'csv'\n")
                    .run(numbers("users", 1))),
        new Case(
            "a setting that is missing",
            PERSON,
            """
            Setting 'api_key' is missing; set it in one of the places looked at:
              environment: API_KEY
              {folder}/.dlt/secrets.toml (no such file): api_key
              {folder}/.dlt/config.toml (no such file): api_key\
            """,
            place -> place.surroundings().config().get(String.class, "api_key")));
  }

  @TestFactory
  Stream<DynamicTest> files() {
    return tests(
        new Case(
            "a DuckDB file that is none",
            PERSON,
            SHOP
                + "sync: The file '{folder}/text.duckdb' is no DuckDB database; move it away, or name another one with duckdb(\"…\")",
            place -> {
              Files.writeString(place.folder().resolve("text.duckdb"), "hello");
              place.pipeline().to(Destination.duckdb("text.duckdb")).run(numbers("users", 1));
            }),
        new Case(
            "an extracted file that is cut off",
            PERSON,
            SHOP
                + "normalize: The file '{work}/normalize/extracted/{load}/new_jobs/users.{id}.0.typed-jsonl.gz' is damaged or was changed: it was written with {n} bytes, but has {n}; restore it, or drop the package with dropPendingPackages() and extract again"
                + WAITS,
            place -> {
              place.extracted();
              place.cutOff(Stage.EXTRACTED);
              place.pipeline().run(numbers("users", 1));
            }),
        new Case(
            "a load file that is cut off",
            PERSON,
            SHOP
                + "load: The file '{work}/load/normalized/{load}/new_jobs/users.{id}.0.jsonl.gz' is damaged or was changed: it was written with {n} bytes, but has {n}; restore it, or drop the package with dropPendingPackages() and extract again"
                + WAITS,
            place -> {
              place.normalized();
              place.cutOff(Stage.NORMALIZED);
              place.pipeline().run(numbers("users", 1));
            }),
        new Case(
            "a load file that is gone",
            PERSON,
            SHOP
                + "load: Package '{load}' has lost the file of job 'users.{id}.jsonl.gz' in '{work}/load/normalized/{load}'; restore it, or drop the package with dropPendingPackages() and extract again"
                + WAITS,
            place -> {
              place.normalized();
              Files.delete(place.job(Stage.NORMALIZED));
              place.pipeline().run(numbers("users", 1));
            }),
        new Case(
            "a schema of a package that cannot be read",
            PERSON,
            SHOP
                + "normalize: The file '{work}/normalize/extracted/{load}/schema.json' is damaged or was changed: it was written with {n} bytes, but has {n}; restore it, or drop the package with dropPendingPackages() and extract again"
                + WAITS,
            place -> {
              place.extracted();
              Files.writeString(
                  place.job(Stage.EXTRACTED).getParent().resolveSibling("schema.json"), "{\"nam");
              place.pipeline().run(numbers("users", 1));
            }),
        new Case(
            "a stored schema that cannot be read",
            PERSON,
            SHOP
                + "extract: Cannot read the schema in '{work}/schemas/shop.schema.json': Unreadable JSON at $ (line 1, column 6): Unexpected end-of-input in property name; restore the file",
            place -> {
              Files.writeString(place.work().resolve("schemas/shop.schema.json"), "{\"nam");
              place.pipeline().run(numbers("users", 1));
            }),
        new Case(
            "a working directory of a newer release",
            PERSON,
            SHOP
                + "open: The working directory '{work}' is of a newer release: '{work}/load/.version' says 9.0.0, this release knows 1.0.2; update Sluice, or name another pipeline",
            place -> {
              Files.writeString(place.work().resolve("load/.version"), "9.0.0");
              place.pipeline().run(numbers("users", 1));
            }));
  }

  @TestFactory
  Stream<DynamicTest> others() {
    return tests(
        new Case(
            "a working directory in use",
            RETRY,
            "Pipeline 'shop' is in use by this process {pid}, thread 'holder' ('{work}'); waited 0.1 s; let it finish, or set extract.lock_timeout higher",
            place -> {
              var held = new CompletableFuture<Void>();
              var enough = new CompletableFuture<Void>();
              var holder =
                  Thread.ofPlatform()
                      .name("holder")
                      .start(() ->
                          place
                              .pipeline()
                              .extract(
                                  Resource.of(
                                      "nobody",
                                      out -> {
                                        held.complete(null);
                                        enough.join();
                                      })));
              held.join();
              try {
                place.pipeline().setting("extract.lock_timeout", "0.1").run(numbers("users", 1));
              } finally {
                enough.complete(null);
                holder.join();
              }
            }),
        new Case(
            "an interrupt before the run",
            INTERRUPTED,
            "Pipeline 'shop' was interrupted in extract; its state is as before, run it again",
            place -> {
              Thread.currentThread().interrupt();
              place.pipeline().run(numbers("users", 1));
            }),
        new Case(
            "an interrupt while a resource waits",
            INTERRUPTED,
            "Pipeline 'shop' was interrupted in extract; its state is as before, run it again",
            place -> {
              var runner = Thread.currentThread();
              place
                  .pipeline()
                  .run(
                      Resource.of(
                          "users",
                          out -> {
                            out.row(Map.of("id", 1));
                            runner.interrupt();
                            new CompletableFuture<Void>().get();
                          }));
            }),
        new Case(
            "an interrupt while rows come",
            INTERRUPTED,
            "Pipeline 'shop' was interrupted in extract; its state is as before, run it again",
            place ->
                place
                    .pipeline()
                    .run(
                        Resource.of(
                            "users",
                            () ->
                                Stream.generate(() -> {
                                  Thread.currentThread().interrupt();
                                  return Map.of("id", 1);
                                })))));
  }

  // ------------------------------------------------------------------ only looks bad

  @Test
  void aTableCalledLikeAPathStaysInItsPlace() throws Exception {
    var place = new Place(Files.createDirectories(temporary.resolve("a/b/c")));
    place.pipeline().run("../../x", List.of(Map.of("id", 1)));
    assertThat(place.pipeline().dataset().rowCount("_x")).isEqualTo(1);
    try (var beside = Files.walk(temporary.resolve("a"), 2)) {
      assertThat(beside)
          .containsExactlyInAnyOrder(
              temporary.resolve("a"), temporary.resolve("a/b"), temporary.resolve("a/b/c"));
    }
  }

  @Test
  void nullRowsAreSkippedAndRowsThatAreNoObjectsHaveAColumnValue() throws Exception {
    var place = new Place(Files.createDirectory(temporary.resolve("values")));
    place.pipeline().run("things", Arrays.asList(1, null, 2));
    assertThat(place.pipeline().sql("select sum(value) as s, count(*) as n from things").print())
        .containsPattern("3 +\\| +2");
  }

  @Test
  void aResourceWithoutRowsMakesNoTableAndIsTold() throws Exception {
    var place = new Place(Files.createDirectory(temporary.resolve("empty")));
    var info = place.pipeline().extract(Source.of("crm", numbers("nobody", 0)));
    assertThat(info.warnings()).containsExactly("source 'crm' gave no rows");
    place.pipeline().run();
    assertThat(place.pipeline().dataset().tableNames()).doesNotContain("nobody");
    assertThat(place.pipeline().state().toMap().get("sources"))
        .isEqualTo(place.remembered.get("sources"));
  }

  @Test
  void aSettingThatNobodyKnowsIsToldWithTheNearest() throws Exception {
    var place = new Place(Files.createDirectory(temporary.resolve("unknown")));
    place.configured("[normalize]\nworkerz = 3\n").run(numbers("users", 1));
    assertThat(place.pipeline().dataset().rowCount("users")).isEqualTo(1);
    assertThat(place.surroundings().config().warnings())
        .containsExactly(
            "Setting '[normalize] workerz' in %s is unknown and has no effect; did you mean 'workers'?"
                .formatted(place.folder().resolve(".dlt/config.toml")));
  }

  // ------------------------------------------------------------------ how

  /// A working folder in which the pipeline 'shop' has loaded a row and remembers something.
  private static final class Place {
    private final Path folder;
    private Map<?, ?> remembered = Map.of();

    Place(Path folder) {
      this.folder = folder;
      pipeline()
          .run(
              Resource.of(
                  "seed",
                  out -> {
                    out.row(Map.of("id", 1));
                    out.state().put("seen", 1);
                  }));
      remember();
    }

    /// Rows that wait to be normalized.
    void extracted() {
      pipeline().extract(numbers("users", 100));
      remember();
    }

    /// Rows that wait to be loaded.
    void normalized() {
      pipeline().extract(numbers("users", 100));
      pipeline().normalize();
      remember();
    }

    /// The state must stay as it is now.
    void remember() {
      remembered = pipeline().state().toMap();
    }

    Path folder() {
      return folder;
    }

    Path work() {
      return folder.resolve(".dlt/pipelines/shop");
    }

    Surroundings surroundings() {
      return new Surroundings(
          Map.of(),
          folder,
          InstantSource.system(),
          new Random(),
          new PrintStream(PrintStream.nullOutputStream()));
    }

    Pipeline undirected(String name) {
      return Pipeline.of(name, surroundings());
    }

    Pipeline pipeline() {
      return undirected("shop").to(Destination.duckdb());
    }

    Pipeline configured(String toml) throws Exception {
      Files.createDirectories(folder.resolve(".dlt"));
      Files.writeString(folder.resolve(".dlt/config.toml"), toml);
      return pipeline();
    }

    /// The file of the job for the table 'users'.
    Path job(Stage stage) throws Exception {
      var packages = stage == Stage.EXTRACTED ? "normalize/extracted" : "load/normalized";
      try (var files = Files.walk(work().resolve(packages))) {
        return files
            .filter(file -> String.valueOf(file.getFileName()).startsWith("users."))
            .findFirst()
            .orElseThrow();
      }
    }

    void cutOff(Stage stage) throws Exception {
      var file = job(stage);
      var bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    }
  }

  private Stream<DynamicTest> tests(Case... cases) {
    return Stream.of(cases).map(one -> DynamicTest.dynamicTest(one.name(), () -> check(one)));
  }

  private void check(Case one) throws Exception {
    var folder = Files.createDirectory(temporary.resolve(one.name().replaceAll("\\W+", "_")));
    var place = new Place(folder);

    var failed = catchThrowable(() -> one.act().run(place));
    var interrupted = Thread.interrupted();

    assertThat(failed).as("nothing was refused").isNotNull();
    assertThat(told(failed, place)).isEqualTo(one.message());
    assertThat(Failures.exitCode(failed)).isEqualTo(one.exitCode());
    assertThat(interrupted).isEqualTo(one.exitCode() == INTERRUPTED);
    assertThat(UncaughtErrors.readable(failed)).isTrue();
    Files.deleteIfExists(folder.resolve(".dlt/config.toml"));
    var after = place.pipeline();
    if (failed instanceof PipelineException told && told.pipeline().equals("shop")) {
      assertThat(
              Stream.concat(
                  after.extractedPackages().stream(), after.normalizedPackages().stream()))
          .extracting(waiting -> waiting.loadId())
          .isEqualTo(told.pending());
      if (!told.step().equals("normalize") || one.message().endsWith("comes first")) {
        assertThat(after.state().toMap()).isEqualTo(place.remembered);
      }
    }
    assertThat(after.dataset().tableNames()).doesNotContain("users");
    assertThat(after.dataset().rowCount("seed")).isEqualTo(1);
  }

  private static String told(Throwable failed, Place place) {
    var message =
        failed
            .getMessage()
            .replace(place.work().toString(), "{work}")
            .replace(place.folder().toString(), "{folder}")
            .replace("process " + ProcessHandle.current().pid() + ",", "process {pid},");
    message = LOAD_ID.matcher(message).replaceAll("{load}");
    message = message.replaceAll("with \\d+ bytes, but has \\d+;", "with {n} bytes, but has {n};");
    return FILE_ID.matcher(message).replaceAll("users.{id}.");
  }

  // ------------------------------------------------------------------ what is bad

  @SuppressWarnings({"TypeParameterUnusedInFormals", "NullAway"}) // a script may hand over null
  private static <T> T absent() {
    return null;
  }

  private static Map<String, Object> cyclic() {
    var cyclic = new HashMap<String, Object>();
    cyclic.put("id", 1);
    cyclic.put("me", cyclic);
    return cyclic;
  }

  private static Object deep(int levels) {
    Object value = 1;
    for (int level = 0; level < levels; level++) {
      value = Map.of("a", value);
    }
    return value;
  }

  private static void sixPages(dev.sluice.pipe.Out<Object> out) {
    for (int page = 1; page < 9; page++) {
      if (page == 7) {
        throw new IllegalStateException("the API is gone");
      }
      out.page(List.of(Map.of("id", page)));
    }
  }

  private static Object allButSeven(Map<String, Object> item) {
    if (item.get("id").equals(7)) {
      throw new IllegalStateException("no such item");
    }
    return item;
  }

  private static Resource<Map<String, Object>> events(Object at) {
    return Resource.of("events", () -> List.of(Map.of("at", at))).incremental(Incremental.of("at"));
  }

  private static Resource<Map<String, Object>> numbers(String name, int count) {
    return Resource.of(
        name, () -> IntStream.range(0, count).mapToObj(i -> Map.<String, Object>of("id", i)));
  }
}
