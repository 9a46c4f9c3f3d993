package dev.sluice.sources;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Builds the select of one table: columns, conditions, order, limit. Names are always quoted and
/// values always bound. Immutable.
final class TableSelect {
  private final String subject;
  private final String columns;
  private final String table;
  private final List<String> conditions;
  private final List<@Nullable Object> parameters;
  private final String order;
  private final long limit;
  private final String quote;
  private final Dialect dialect;

  private TableSelect(
      String subject,
      String columns,
      String table,
      List<String> conditions,
      List<@Nullable Object> parameters,
      String order,
      long limit,
      String quote,
      Dialect dialect) {
    this.subject = subject;
    this.columns = columns;
    this.table = table;
    this.conditions = conditions;
    this.parameters = parameters;
    this.order = order;
    this.limit = limit;
    this.quote = quote;
    this.dialect = dialect;
  }

  static TableSelect of(
      Connection connection, Reflection.Table table, List<Reflection.Column> columns)
      throws SQLException {
    var quote = connection.getMetaData().getIdentifierQuoteString().strip();
    var dialect = Dialect.of(connection);
    var owner = dialect == Dialect.MYSQL ? table.catalog() : table.schema();
    return new TableSelect(
        "table '" + table.name() + "'",
        columns.stream()
            .map(column -> quoted(column.name(), quote))
            .collect(Collectors.joining(", ")),
        (owner == null ? "" : quoted(owner, quote) + ".") + quoted(table.name(), quote),
        List.of(),
        List.of(),
        "",
        0,
        quote,
        dialect);
  }

  /// Only rows whose column compares so with a value.
  TableSelect where(String column, String operator, Object value) {
    return where(quoted(column, quote) + " " + operator + " ?", value);
  }

  /// Also rows whose column is null, besides those of the conditions so far.
  TableSelect orNull(String column) {
    return conditions.isEmpty()
        ? this
        : conditions(
            List.of(
                "("
                    + String.join(" AND ", conditions)
                    + " OR "
                    + quoted(column, quote)
                    + " IS NULL)"),
            parameters);
  }

  /// Only rows whose column is (not) null.
  TableSelect whereNull(String column, boolean isNull) {
    var more = new ArrayList<>(conditions);
    more.add(quoted(column, quote) + (isNull ? " IS NULL" : " IS NOT NULL"));
    return conditions(more, parameters);
  }

  TableSelect orderBy(String column, boolean descending) {
    return new TableSelect(
        subject,
        columns,
        table,
        conditions,
        parameters,
        quoted(column, quote) + (descending ? " DESC" : ""),
        limit,
        quote,
        dialect);
  }

  /// At most so many rows; 0 = all.
  TableSelect limit(long rows) {
    return new TableSelect(
        subject, columns, table, conditions, parameters, order, rows, quote, dialect);
  }

  Query query() {
    return new Query(subject, "SELECT " + columns + tail(), parameters);
  }

  /// A query of the least and the greatest value of a column, and of the number of rows.
  Query bounds(String column) {
    var name = quoted(column, quote);
    return new Query(
        subject,
        "SELECT MIN(" + name + "), MAX(" + name + "), COUNT(*) FROM " + table + where(),
        parameters);
  }

  private String tail() {
    return " FROM "
        + table
        + where()
        + (order.isEmpty() ? "" : " ORDER BY " + order)
        + (limit == 0 ? "" : dialect.limit(limit));
  }

  private String where() {
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
  }

  private TableSelect where(String condition, Object value) {
    var more = new ArrayList<>(conditions);
    more.add(condition);
    var values = new ArrayList<>(parameters);
    values.add(value);
    return conditions(more, values);
  }

  private TableSelect conditions(List<String> conditions, List<@Nullable Object> parameters) {
    return new TableSelect(
        subject, columns, table, conditions, parameters, order, limit, quote, dialect);
  }

  private static String quoted(String name, String quote) {
    return quote.isEmpty() ? name : quote + name.replace(quote, quote + quote) + quote;
  }
}
