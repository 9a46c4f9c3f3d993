package dev.sluice.sources;

import dev.sluice.pipe.Cursor;
import dev.sluice.resource.Incremental;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A table as it was found in the database: the hints of its chosen columns, and its rows.
final class SqlTable {
  private final SqlDatabase database;
  private final Reflection.Table table;
  private final List<Reflection.Column> columns;
  private final TableSelect select;
  private final Dialect dialect;

  private SqlTable(SqlDatabase database, Reflection.Table table, Connection connection)
      throws SQLException {
    this.database = database;
    this.table = table;
    this.columns = chosen();
    this.dialect = Dialect.of(connection);
    this.select = TableSelect.of(connection, table, columns).limit(database.limit);
  }

  static SqlTable of(SqlDatabase database, String name) {
    var subject = "table '" + name + "'";
    try (var connection = database.connect(subject)) {
      var reflection = Reflection.of(connection, database.schema);
      return new SqlTable(database, reflection.table(name), connection);
    } catch (SQLException failed) {
      throw unreadable(subject, failed);
    }
  }

  /// All tables of the schema, and its views if the database says so.
  static List<SqlTable> all(SqlDatabase database) {
    var subject = "schema '" + (database.schema == null ? "" : database.schema) + "'";
    try (var connection = database.connect(subject)) {
      var reflection = Reflection.of(connection, database.schema);
      var found = new ArrayList<SqlTable>();
      for (var name : reflection.tables(database.views)) {
        found.add(new SqlTable(database, reflection.table(name), connection));
      }
      return found;
    } catch (SQLException failed) {
      throw unreadable(subject, failed);
    }
  }

  String name() {
    return table.name();
  }

  /// The primary key, if all its columns are read.
  List<String> primaryKey() {
    var names = columns.stream().map(Reflection.Column::name).toList();
    return names.containsAll(table.primaryKey()) ? table.primaryKey() : List.of();
  }

  List<ColumnSchema> hints() {
    return columns.stream()
        .map(column -> Reflection.hints(column, database.detail, dialect))
        .toList();
  }

  /// The column of that name.
  Reflection.Column column(String name) {
    return columns.stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow(() -> noColumn(name));
  }

  /// All rows.
  Stream<List<Map<String, @Nullable Object>>> pages() {
    return pages(select);
  }

  /// Rows in the range of the cursor.
  <C> Stream<List<Map<String, @Nullable Object>>> pages(Incremental<C> since, Cursor<C> cursor) {
    return pages(ranged(since, cursor));
  }

  /// As dlt asks: from the cursor on, up to the end value, rows without the value if they are
  /// wanted. A reducer of the user's own decides about every row itself.
  private <C> TableSelect ranged(Incremental<C> since, Cursor<C> cursor) {
    var column = since.path();
    var falling = since.falling();
    if (falling.isEmpty()) return select;
    var ranged = select;
    var from = cursor.lastValue();
    if (from != null) {
      ranged = ranged.where(column, operator(!falling.get(), since.rangeStart()), from);
      if (cursor.endValue().isPresent()) {
        var end = cursor.endValue().get();
        ranged = ranged.where(column, operator(falling.get(), since.rangeEnd()), end);
      }
      if (since.onMissing() == Incremental.Missing.INCLUDE) ranged = ranged.orNull(column);
    }
    if (since.onMissing() == Incremental.Missing.EXCLUDE) {
      ranged = ranged.whereNull(column, false);
    }
    var order = since.rowOrder();
    return order.isEmpty()
        ? ranged
        : ranged.orderBy(column, falling.get() != (order.get() == Incremental.Order.DESC));
  }

  private static String operator(boolean above, Incremental.Range range) {
    return (above ? ">" : "<") + (range == Incremental.Range.CLOSED ? "=" : "");
  }

  private Stream<List<Map<String, @Nullable Object>>> pages(TableSelect from) {
    var column = database.partColumn;
    return column == null || database.limit > 0
        ? database.read(from.query())
        : parts(from, column(column));
  }

  private Stream<List<Map<String, @Nullable Object>>> parts(
      TableSelect from, Reflection.Column column) {
    if (Reflection.type(column, dialect).filter(DataType.BIGINT::equals).isEmpty()) {
      throw new SourceFailed(
          "Column '%s' of table '%s' is %s, but a table is read in parts by a whole number; name one, or read it in one"
              .formatted(column.name(), table.name(), column.type()));
    }
    var snapshot = Snapshot.of(database, "table '" + table.name() + "'");
    try {
      var readers = new ArrayList<Callable<Stream<List<Map<String, @Nullable Object>>>>>();
      var parts =
          Parts.of(snapshot.connection(), from, column, database.partWorkers, database.pageRows);
      for (var part : parts) {
        readers.add(() -> snapshot.read(part.query()));
      }
      return OrderedParts.pages(readers, database.partWorkers, snapshot::close);
    } catch (SQLException | RuntimeException failed) {
      snapshot.close();
      if (failed instanceof SQLException sql) {
        throw unreadable("table '" + table.name() + "'", sql);
      }
      throw (RuntimeException) failed;
    }
  }

  private List<Reflection.Column> chosen() {
    database.only.forEach(this::known);
    database.without.forEach(this::known);
    return table.columns().stream()
        .filter(column -> database.only.isEmpty() || database.only.contains(column.name()))
        .filter(column -> !database.without.contains(column.name()))
        .toList();
  }

  private void known(String column) {
    if (table.columns().stream().noneMatch(one -> one.name().equals(column)))
      throw noColumn(column);
  }

  private SourceFailed noColumn(String name) {
    return new SourceFailed(
        "Table '%s' has no column '%s'; it has '%s'"
            .formatted(
                table.name(),
                name,
                table.columns().stream()
                    .map(Reflection.Column::name)
                    .collect(Collectors.joining("', '"))));
  }

  private static SourceFailed unreadable(String subject, SQLException failed) {
    return new SourceFailed(
        "The columns of %s cannot be read: '%s', SQL state '%s'"
            .formatted(subject, failed.getMessage(), failed.getSQLState()),
        failed);
  }
}
