package dev.sluice.sources;

import dev.sluice.config.Config;
import dev.sluice.config.Secret;
import dev.sluice.pipe.Cursor;
import dev.sluice.pipe.From;
import dev.sluice.resource.Incremental;
import dev.sluice.resource.Resource;
import dev.sluice.resource.Source;
import dev.sluice.schema.ColumnSchema;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// A database as a source, over JDBC: a table, a query, or all tables of a schema. Immutable.
///
/// ```java
/// //DEPS org.postgresql:postgresql:42.7.13
/// var shop = SqlDatabase.of("jdbc:postgresql://localhost/shop", "reader", secret("sources.shop.password"));
/// pipeline("shop").to(duckdb()).run(
///     shop.without("photo").table("products").replace(),
///     shop.table("orders", incremental("updated_at", Instant.parse("2026-01-01T00:00:00Z"))).merge(),
///     shop.query("spenders", "SELECT customer, SUM(total) AS total FROM orders WHERE total > ? GROUP BY 1", 1_000));
/// ```
///
/// [#table(String)] and [#schema()] connect at once, to read what the columns and keys are; rows
/// are read when the resource is. A resource gets the columns' types and the primary key as hints,
/// and adds its rows unless told to `merge` or `replace`. A row is a Map.
///
/// - `pageRows`: 50,000 rows a page; a page of more than 32 MB text ends early
/// - `fetchRows`: 2,000 rows a round trip
/// - `detail`: FULL
/// - views: only those named; types that have no form here: an error
public final class SqlDatabase {
  /// Opens a connection, each time another one.
  @FunctionalInterface
  public interface Connections {
    /// A new connection; it is closed after use.
    Connection open() throws Exception;
  }

  /// How much of the columns becomes hints.
  public enum Detail {
    /// Names and whether they may be null; types are seen from the values.
    MINIMAL,
    /// Types too, and the digits of decimals.
    FULL,
    /// The length of texts and bytes too.
    FULL_WITH_PRECISION
  }

  final Connections connections;
  // Written only while a copy is made.
  @Nullable String schema;
  Set<String> only = Set.of();
  Set<String> without = Set.of();
  boolean views;
  boolean unmappedAsText;
  Detail detail = Detail.FULL;
  int pageRows = 50_000;
  int fetchRows = 2_000;
  long limit;
  @Nullable String partColumn;
  int partWorkers = 1;

  private SqlDatabase(Connections connections) {
    this.connections = connections;
  }

  /// A database by its JDBC URL, or by one as dlt writes it: `postgresql://user:password@host/db`.
  public static SqlDatabase of(String url) {
    return new SqlDatabase(JdbcAddress.of(url, "", Secret.of(""))::connect);
  }

  /// A database by its JDBC URL, and who connects.
  public static SqlDatabase of(String url, String user, Secret password) {
    return new SqlDatabase(JdbcAddress.of(url, user, password)::connect);
  }

  /// A database by its name in the settings: `sources.<name>.credentials`, a URL or a table with
  /// `drivername`, `host`, `port`, `database`, `username`, `password` and `query`, as dlt has it;
  /// else those of `sources.sql_database.<name>` or `sources.sql_database`.
  ///
  /// - a URL and a password are secrets: they stand in `secrets.toml` or in a variable
  /// - fails with a NoSuchElementException that lists every place looked at
  public static SqlDatabase of(Config config, String name) {
    return new SqlDatabase(DatabaseSettings.of(config, name)::connect);
  }

  /// A database by a pool or another source of connections.
  public static SqlDatabase of(DataSource connections) {
    return new SqlDatabase(connections::getConnection);
  }

  /// A database by code that connects.
  public static SqlDatabase of(Connections connections) {
    return new SqlDatabase(connections);
  }

  /// Tables of this schema, instead of the connection's own.
  public SqlDatabase in(String schema) {
    return with(copy -> copy.schema = schema);
  }

  /// Only these columns.
  public SqlDatabase only(String... columns) {
    return with(copy -> copy.only = Set.of(columns));
  }

  /// All columns but these.
  public SqlDatabase without(String... columns) {
    return with(copy -> copy.without = Set.of(columns));
  }

  /// [#schema()] takes views too.
  public SqlDatabase views() {
    return with(copy -> copy.views = true);
  }

  /// Columns whose type has no form here (intervals, points) are read as the text that the driver
  /// makes of them, instead of being refused.
  public SqlDatabase unmappedAsText() {
    return with(copy -> copy.unmappedAsText = true);
  }

  /// How much of the columns becomes hints.
  public SqlDatabase detail(Detail detail) {
    return with(copy -> copy.detail = detail);
  }

  /// Rows of a page.
  public SqlDatabase pageRows(int rows) {
    return with(copy -> copy.pageRows = positive(rows, "pageRows"));
  }

  /// Rows that a round trip to the server gets.
  public SqlDatabase fetchRows(int rows) {
    return with(copy -> copy.fetchRows = positive(rows, "fetchRows"));
  }

  /// At most so many rows of each table, by SQL's `LIMIT`.
  public SqlDatabase limit(long rows) {
    return with(copy -> copy.limit = rows);
  }

  /// Tables are read in parts, by so many connections at once; rows come in the order of the parts.
  /// On PostgreSQL all connections see one state of the table; elsewhere rows that others move from
  /// part to part meanwhile may be missed or read twice.
  ///
  /// - `column`: a whole number that tells rows apart, best the primary key
  public SqlDatabase partitioned(String column, int connections) {
    return with(copy -> {
      copy.partColumn = column;
      copy.partWorkers = positive(connections, "partitioned");
    });
  }

  /// All rows of a table or view.
  public Resource<Map<String, @Nullable Object>> table(String name) {
    var table = SqlTable.of(this, name);
    return hinted(Resource.pages(name, table::pages), table);
  }

  /// Rows of a table since a cursor: `WHERE` in the query, and `ORDER BY` if the cursor has an
  /// order. Its initial value has the type of the rows' values: an Instant, a LocalDateTime, a
  /// LocalDate, a Long, text.
  public <C> Resource<Map<String, @Nullable Object>> table(String name, Incremental<C> since) {
    var table = SqlTable.of(this, name);
    table.column(since.path());
    return hinted(
        Resource.of(name, since, pagesAsRows(cursor -> table.pages(since, cursor))), table);
  }

  /// Rows of a query.
  ///
  /// - `parameters`: for each `?`
  public Resource<Map<String, @Nullable Object>> query(
      String name, String sql, @Nullable Object... parameters) {
    var values = new ArrayList<@Nullable Object>(Arrays.asList(parameters));
    return Resource.pages(name, () -> read(new Query("query '" + name + "'", sql, values)));
  }

  /// Rows of a query since a cursor.
  ///
  /// - `sql`: `:cursor` stands for the last value, `:end` for the end value
  public <C> Resource<Map<String, @Nullable Object>> query(
      String name, Incremental<C> since, String sql) {
    return Resource.of(
        name,
        since,
        pagesAsRows(cursor -> read(NamedParameters.bind("query '" + name + "'", sql, cursor))));
  }

  /// All tables of the schema as one source, which has the schema's name; [#views()] too if asked
  /// for. `schema().with("orders", "customers")` reads only those.
  public Source schema() {
    var tables = SqlTable.all(this);
    var resources = new ArrayList<Resource<?>>();
    for (var table : tables) {
      resources.add(hinted(Resource.pages(table.name(), table::pages), table));
    }
    return Source.of(schema == null ? "sql_database" : schema, resources);
  }

  /// Rows of a stream of pages; the engine takes a List for a page.
  @SuppressWarnings("unchecked")
  private static <C> From<Cursor<C>, Map<String, @Nullable Object>> pagesAsRows(
      From<Cursor<C>, List<Map<String, @Nullable Object>>> pages) {
    return (From<Cursor<C>, Map<String, @Nullable Object>>) (From<Cursor<C>, ?>) pages;
  }

  private static Resource<Map<String, @Nullable Object>> hinted(
      Resource<Map<String, @Nullable Object>> resource, SqlTable table) {
    var hinted = resource.columns(table.hints().toArray(ColumnSchema[]::new));
    var key = table.primaryKey();
    return key.isEmpty() ? hinted : hinted.primaryKey(key.toArray(String[]::new));
  }

  /// The pages of one query, over a connection of their own.
  Stream<List<Map<String, @Nullable Object>>> read(Query query) {
    return SqlReader.pages(connect(query.subject()), query, options());
  }

  SqlReader.Options options() {
    return new SqlReader.Options(pageRows, fetchRows, unmappedAsText);
  }

  /// A new connection.
  Connection connect(String subject) {
    try {
      return connections.open();
    } catch (SourceFailed said) {
      throw said;
    } catch (Exception failed) {
      if (failed instanceof InterruptedException) Thread.currentThread().interrupt();
      throw new SourceFailed(
          "No connection for %s: '%s'".formatted(subject, failed.getMessage()), failed);
    }
  }

  private SqlDatabase with(Consumer<SqlDatabase> change) {
    var copy = new SqlDatabase(connections);
    copy.schema = schema;
    copy.only = only;
    copy.without = without;
    copy.views = views;
    copy.unmappedAsText = unmappedAsText;
    copy.detail = detail;
    copy.pageRows = pageRows;
    copy.fetchRows = fetchRows;
    copy.limit = limit;
    copy.partColumn = partColumn;
    copy.partWorkers = partWorkers;
    change.accept(copy);
    return copy;
  }

  private static int positive(int value, String name) {
    if (value < 1)
      throw new IllegalArgumentException(name + " must be 1 or more, not '" + value + "'");
    return value;
  }
}
