package dev.sluice.sources;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Cuts a table into parts by ranges of a whole-number column. The first part has no lower end and
/// the last no upper one, and rows without a value are a part of their own: whatever the table
/// holds when the parts are read, every row is in exactly one.
final class Parts {
  private static final int MOST = 10_000;

  private record Bounds(@Nullable BigDecimal least, @Nullable BigDecimal greatest, long rows) {}

  private Parts() {}

  /// At least `workers` parts of about `rows` rows, in the order of the column.
  static List<TableSelect> of(
      Connection connection, TableSelect table, Reflection.Column column, int workers, int rows)
      throws SQLException {
    var bounds = bounds(connection, table.bounds(column.name()));
    if (bounds.least() == null || bounds.greatest() == null) return List.of(table);
    var count = Math.min(MOST, Math.max(workers, (bounds.rows() + rows - 1) / rows));
    var cuts = cuts(bounds.least().toBigInteger(), bounds.greatest().toBigInteger(), (int) count);
    var parts = new ArrayList<TableSelect>();
    if (column.nullable()) parts.add(table.whereNull(column.name(), true));
    for (int at = 0; at <= cuts.size(); at++) {
      var part = at == 0 ? table : table.where(column.name(), ">=", cuts.get(at - 1));
      part = at == cuts.size() ? part : part.where(column.name(), "<", cuts.get(at));
      parts.add(cuts.isEmpty() ? part.whereNull(column.name(), false) : part);
    }
    return parts;
  }

  /// Where one part ends and the next begins: `count - 1` values or fewer, rising.
  static List<Long> cuts(BigInteger least, BigInteger greatest, int count) {
    var span = greatest.subtract(least).add(BigInteger.ONE);
    var cuts = new ArrayList<Long>();
    var before = least;
    for (int at = 1; at < count; at++) {
      var offset = span.multiply(BigInteger.valueOf(at)).divide(BigInteger.valueOf(count));
      var cut = least.add(offset);
      if (cut.compareTo(before) > 0) cuts.add(cut.longValueExact());
      before = cut;
    }
    return cuts;
  }

  private static Bounds bounds(Connection connection, Query query) throws SQLException {
    try (var statement = connection.prepareStatement(query.sql())) {
      for (int at = 0; at < query.parameters().size(); at++) {
        Dialect.of(connection).bind(statement, at + 1, query.parameters().get(at));
      }
      try (var row = statement.executeQuery()) {
        row.next();
        return new Bounds(row.getBigDecimal(1), row.getBigDecimal(2), row.getLong(3));
      }
    }
  }
}
