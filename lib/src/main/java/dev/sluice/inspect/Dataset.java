package dev.sluice.inspect;

import dev.sluice.config.Nearest;
import dev.sluice.load.Ident;
import dev.sluice.seam.Seam;
import dev.sluice.table.Cells;
import dev.sluice.table.Grid;
import dev.sluice.table.Tables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.Table;

/// The tables of a dataset at the destination, for looking.
///
/// ```java
/// var shop = pipeline.dataset();
/// IO.println(shop.tables());
/// IO.println(shop.table("users", 20));
/// IO.println(shop.sql("select name from users where id = ?", 7));
/// ```
///
/// Names in SQL are looked up in the dataset first. Tables hold at most 1,000 rows unless asked for
/// more; how values are shown is said at [LoadPackage].
public final class Dataset {
  private final String name;
  private final Callable<Connection> connections;

  private Dataset(String name, Callable<Connection> connections) {
    this.name = name;
    this.connections = connections;
  }

  /// A dataset reached by connections that the destination opens and this class closes.
  @Seam
  public static Dataset of(String name, Callable<Connection> connections) {
    return new Dataset(name, connections);
  }

  /// The name, which is that of a schema in the database.
  public String name() {
    return name;
  }

  /// The tables by name: table, columns, rows.
  public Table tables() {
    return Tables.of(tableGrid());
  }

  /// The names of the tables, dlt's own among them.
  public List<String> tableNames() {
    return column(
        "SELECT DISTINCT table_name FROM information_schema.tables WHERE table_schema = ? ORDER BY 1",
        name);
  }

  /// The first 1,000 rows of a table.
  public Table table(String table) {
    return table(table, LoadPackage.PREVIEW_ROWS);
  }

  /// The first rows of a table, at most `limit`.
  public Table table(String table, long limit) {
    return Tables.of(rowGrid(table, limit));
  }

  /// The columns of a table: column, type, nullable.
  public Table columns(String table) {
    requireTable(table);
    return Tables.of(
        query(
            name + "." + table,
            "SELECT column_name AS \"column\", data_type AS type, is_nullable = 'YES' AS nullable"
                + " FROM information_schema.columns WHERE table_schema = ? AND table_name = ?"
                + " ORDER BY ordinal_position",
            Long.MAX_VALUE,
            name,
            table));
  }

  /// How many rows a table has.
  public long rowCount(String table) {
    requireTable(table);
    return count(table);
  }

  /// The complete loads, the oldest first: load id, schema, status, when.
  public Table loads() {
    requireTable("_dlt_loads");
    return Tables.of(
        query(
            name + " loads",
            "SELECT * FROM " + quoted("_dlt_loads") + " ORDER BY load_id",
            Long.MAX_VALUE));
  }

  /// The ids of the complete loads, the oldest first.
  public List<String> loadIds() {
    return tableNames().contains("_dlt_loads")
        ? column("SELECT load_id FROM " + quoted("_dlt_loads") + " WHERE status = 0 ORDER BY 1")
        : List.of();
  }

  /// The first 1,000 rows of a query; `?` in it stand for the parameters in order.
  public Table sql(String query, @Nullable Object... parameters) {
    return sql(LoadPackage.PREVIEW_ROWS, query, parameters);
  }

  /// The first rows of a query, at most `limit`; the title of the table says whether there are
  /// more.
  public Table sql(long limit, String query, @Nullable Object... parameters) {
    return Tables.of(sqlGrid(query, limit, parameters));
  }

  @Override
  public String toString() {
    return "dataset " + name + ": " + String.join(", ", tableNames());
  }

  Grid sqlGrid(String query, long limit, @Nullable Object... parameters) {
    var more = limit < Long.MAX_VALUE ? limit + 1 : limit;
    var grid = query("query", query, more, parameters);
    return grid.rows() <= limit
        ? grid.titled("query (" + Cells.count(grid.rows(), "row") + ")")
        : grid.first((int) limit)
            .titled("query (the first " + Cells.count(limit, "row") + " of more)");
  }

  Grid rowGrid(String table, long limit) {
    requireTable(table);
    var total = count(table);
    return query(
        RowFiles.note(table, Math.min(limit, total), total),
        "SELECT * FROM " + quoted(table) + " LIMIT " + limit,
        limit);
  }

  Grid tableGrid() {
    var grid = Grid.of("dataset " + name, "table", "rows");
    for (var table : tableNames()) {
      grid.row(table, count(table));
    }
    return grid.build();
  }

  private void requireTable(String table) {
    var known = tableNames();
    if (!known.contains(table)) {
      throw new IllegalArgumentException(
          "Dataset '" + name + "' has no table '" + table + "'" + Nearest.hint(table, known));
    }
  }

  private long count(String table) {
    return query("count", "SELECT count(*) FROM " + quoted(table), 1)
                .columns()
                .getFirst()
                .getFirst()
            instanceof Long count
        ? count
        : 0;
  }

  private List<String> column(String query, @Nullable Object... parameters) {
    return query("names", query, Long.MAX_VALUE, parameters).columns().getFirst().stream()
        .map(Cells::text)
        .toList();
  }

  private String quoted(String table) {
    return Ident.of(name, table).sql();
  }

  /// Before the first load there is no such schema; then names are what they are.
  private Connection inDataset(Connection connection) throws SQLException {
    try (var schemas = connection.getMetaData().getSchemas()) {
      while (schemas.next()) {
        if (schemas.getString("TABLE_SCHEM").equals(name)) {
          connection.setSchema(name);
          break;
        }
      }
    }
    return connection;
  }

  private Grid query(String title, String query, long limit, @Nullable Object... parameters) {
    try (var connection = inDataset(connections.call());
        var statement = connection.prepareStatement(query)) {
      for (var at = 0; at < parameters.length; at++) {
        statement.setObject(at + 1, parameters[at]);
      }
      try (var rows = statement.executeQuery()) {
        return ResultRows.read(title, rows, limit);
      }
    } catch (SQLException e) {
      throw new IllegalArgumentException(
          "Dataset '" + name + "' cannot answer '" + query + "': " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("Cannot reach dataset '" + name + "': " + e.getMessage(), e);
    }
  }
}
