package dev.sluice;

import dev.sluice.config.Config;
import dev.sluice.config.Secret;
import dev.sluice.http.Http;
import dev.sluice.http.RestClient;
import dev.sluice.load.Destination;
import dev.sluice.pipe.Cursor;
import dev.sluice.pipe.Deferred;
import dev.sluice.pipe.Fn;
import dev.sluice.pipe.From;
import dev.sluice.pipe.Generator;
import dev.sluice.pipe.Items;
import dev.sluice.pipe.Pages;
import dev.sluice.pipe.Rows;
import dev.sluice.resource.Incremental;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Source;
import dev.sluice.resource.Transformer;
import dev.sluice.schema.LoadFileFormat;
import dev.sluice.sources.Filesystem;
import dev.sluice.sources.RestApi;
import dev.sluice.sources.SqlDatabase;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What a script imports: `import static dev.sluice.Sluice.*;`. Each method only forwards to the
/// type that it returns, where it is explained.
///
/// ```java
/// import static dev.sluice.Sluice.*;
///
/// void main() {
///   var users = resource("users", () -> List.of(Map.of("id", 1, "name", "Ada")));
///   IO.println(pipeline("hello").to(duckdb()).run(users));
/// }
/// ```
public final class Sluice {
  /// Load files of JSON, an object a line.
  public static final LoadFileFormat JSONL = LoadFileFormat.JSONL;

  /// Load files of Apache Parquet.
  public static final LoadFileFormat PARQUET = LoadFileFormat.PARQUET;

  /// A part for each group of resources that feed one another.
  public static final Source.Strategy SCC = Source.Strategy.SCC;

  /// One part with all resources.
  public static final Source.Strategy NONE = Source.Strategy.NONE;

  static {
    UncaughtErrors.installInScript(System.getProperties(), System.getenv());
  }

  private Sluice() {}

  /// A pipeline of that name; see [Pipeline].
  public static Pipeline pipeline(String name) {
    return Pipeline.of(name, Surroundings.ofProcess());
  }

  /// A DuckDB file named like the pipeline, in the working folder.
  public static Destination duckdb() {
    return Destination.duckdb();
  }

  /// A DuckDB file, or `:memory:`.
  public static Destination duckdb(String file) {
    return Destination.duckdb(file);
  }

  /// A DuckDB file.
  public static Destination duckdb(Path file) {
    return Destination.duckdb(file);
  }

  /// A resource that gives rows from a list or another Iterable, opened anew for each run.
  public static <T> Resource<T> resource(String name, Items<T> rows) {
    return Resource.of(name, rows);
  }

  /// A resource that gives rows from a stream, opened anew for each run.
  public static <T> Resource<T> resource(String name, Rows<T> rows) {
    return Resource.of(name, rows);
  }

  /// A resource that pushes rows and pages.
  public static Resource<Object> resource(String name, Generator<Object> generator) {
    return Resource.of(name, generator);
  }

  /// A resource that pushes rows of a type, whose columns are those of the record.
  public static <T> Resource<T> resource(String name, Class<T> type, Generator<T> generator) {
    return Resource.of(name, type, generator);
  }

  /// A resource that reads from where the last run ended.
  public static <C extends Comparable<C>, T> Resource<T> resource(
      String name, Incremental<C> incremental, From<Cursor<C>, T> rows) {
    return Resource.of(name, incremental, rows);
  }

  /// A resource that gives pages of rows.
  public static <T> Resource<T> pages(String name, Pages<T> pages) {
    return Resource.pages(name, pages);
  }

  /// Makes rows of another resource's rows.
  public static <A, B> Transformer<A, B> transformer(String name, Fn<A, B> function) {
    return Transformer.of(name, function);
  }

  /// Makes rows of another resource's rows, many at a time.
  public static <A, B> Transformer<A, B> transformer(String name, Deferred<A, B> function) {
    return Transformer.of(name, function);
  }

  /// Calls a function in the thread pool.
  public static <A, B> Deferred<A, B> defer(Fn<A, B> function) {
    return Deferred.defer(function);
  }

  /// Calls a function in a virtual thread each time.
  public static <A, B> Deferred<A, B> async(Fn<A, B> function) {
    return Deferred.async(function);
  }

  /// Waits for what a function promises.
  public static <A, B> Deferred<A, B> future(
      Fn<A, ? extends CompletionStage<? extends B>> function) {
    return Deferred.future(function);
  }

  /// Resources that belong together.
  public static Source source(String name, Resource<?>... resources) {
    return Source.of(name, resources);
  }

  /// A cursor: rows are read from the highest value seen so far.
  public static <C extends Comparable<C>> Incremental<C> incremental(String path, C initialValue) {
    return Incremental.of(path, initialValue);
  }

  /// A row of names and values in turn. It keeps their order, which is that of the columns, and may
  /// hold null; `Map.of` does neither.
  ///
  /// ```java
  /// var users = resource("users", () -> List.of(row("id", 1, "name", "Ada", "left", null)));
  /// ```
  public static Map<String, @Nullable Object> row(@Nullable Object... namesAndValues) {
    return Row.of(namesAndValues);
  }

  /// A client for HTTP with the settings of `[runtime]`. All clients of a process share connections
  /// and rate limits.
  public static Http http() {
    return Shared.HTTP;
  }

  /// A client for an API with the settings of `[runtime]`.
  public static RestClient rest(String baseUrl) {
    return RestClient.of(http(), baseUrl);
  }

  /// A source over REST that the settings `[sources.<name>]` declare.
  public static RestApi restApi(String name) {
    return RestApi.of(http(), config(), name);
  }

  /// The tables of a database, by its URL, or by its name in the settings: `sqlDatabase("shop")`
  /// takes the URL of `sources.shop.credentials`.
  public static SqlDatabase sqlDatabase(String urlOrName) {
    return urlOrName.indexOf(':') >= 0
        ? SqlDatabase.of(urlOrName)
        : SqlDatabase.of(config(), urlOrName);
  }

  /// The rows of files: JSON lines, CSV, Parquet and JSON. With the settings of
  /// `[sources.filesystem]`.
  public static Filesystem filesystem(String folder, String glob) {
    return Filesystem.of(folder, glob).settings(config());
  }

  /// One for all scripts of a process; made when it is first asked for.
  private static final class Shared {
    static final Http HTTP = Http.of(config());
  }

  /// All settings.
  public static Config config() {
    return Surroundings.ofProcess().config();
  }

  /// A setting as text, `config("sources.shop.url")`; if it is missing, the error lists every place
  /// looked at.
  public static String config(String key) {
    return config().get(String.class, key);
  }

  /// A secret, which prints as `***`, from a variable or `.dlt/secrets.toml`.
  public static Secret secret(String key) {
    return config().secret(key);
  }
}
