package dev.sluice.sources;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// The result of one query as a stream of pages of rows. A page ends at so many rows, or at about
/// 32 MB of text and bytes; no more than one page is held, and the driver's fetch.
///
/// The connection is closed with the stream, or when it ends or fails.
final class SqlReader implements Iterator<List<Map<String, @Nullable Object>>> {
  /// Beyond that much text and bytes a page ends early.
  static final long PAGE_BYTES = 32L << 20;

  /// How to read: rows of a page, rows of a fetch, and whether a type without a form is read as
  /// text.
  record Options(int pageRows, int fetchRows, boolean unmappedAsText) {}

  private final Connection connection;
  private final Query query;
  private final Options options;
  private @Nullable PreparedStatement statement;
  private @Nullable ResultSet rows;
  private RowShape shape = new RowShape(List.of());
  private ColumnReader[] readers = {};
  private boolean ready;
  private long done;

  private SqlReader(Connection connection, Query query, Options options) {
    this.connection = connection;
    this.query = query;
    this.options = options;
  }

  static Stream<List<Map<String, @Nullable Object>>> pages(
      Connection connection, Query query, Options options) {
    var reader = new SqlReader(connection, query, options);
    var pages = Spliterators.spliteratorUnknownSize(reader, Spliterator.ORDERED);
    return StreamSupport.stream(pages, false).onClose(reader::close);
  }

  @Override
  public boolean hasNext() {
    try {
      if (statement == null) open();
      if (!ready && rows != null) {
        ready = rows.next();
        if (!ready) close();
      }
      return ready;
    } catch (SQLException | RuntimeException failed) {
      throw failed(failed);
    }
  }

  @Override
  public List<Map<String, @Nullable Object>> next() {
    if (!hasNext() || rows == null) throw new NoSuchElementException();
    try {
      return page(rows);
    } catch (SQLException | RuntimeException failed) {
      throw failed(failed);
    }
  }

  private void open() throws SQLException {
    var dialect = Dialect.of(connection);
    dialect.prepare(connection);
    var opened =
        connection.prepareStatement(
            query.sql(), ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
    statement = opened;
    dialect.fetch(opened, options.fetchRows());
    for (int at = 0; at < query.parameters().size(); at++) {
      dialect.bind(opened, at + 1, query.parameters().get(at));
    }
    rows = opened.executeQuery();
    columns(rows, dialect);
  }

  private void columns(ResultSet result, Dialect dialect) throws SQLException {
    var metadata = result.getMetaData();
    var names = new ArrayList<String>();
    var found = new ArrayList<ColumnReader>();
    for (int column = 1; column <= metadata.getColumnCount(); column++) {
      var name = metadata.getColumnLabel(column);
      var type = String.valueOf(metadata.getColumnTypeName(column));
      var kind = SqlKind.of(dialect, metadata.getColumnType(column), type);
      if (kind == SqlKind.UNMAPPED && !options.unmappedAsText()) {
        throw new SourceFailed(
            "Column '%s' of %s has type '%s', which has no form here; read such columns as text with unmappedAsText(), leave it out with without(\"%s\"), or cast it in a query"
                .formatted(name, query.subject(), type, name));
      }
      if (names.contains(name)) {
        throw new SourceFailed(
            "%s has two columns named '%s', of which one would be lost; name them apart with AS"
                .formatted(capital(query.subject()), name));
      }
      names.add(name);
      found.add(ColumnReader.of(kind));
    }
    shape = new RowShape(names);
    readers = found.toArray(ColumnReader[]::new);
  }

  private List<Map<String, @Nullable Object>> page(ResultSet result) throws SQLException {
    var page = new ArrayList<Map<String, @Nullable Object>>(Math.min(options.pageRows(), 10_000));
    var bytes = 0L;
    do {
      var values = new @Nullable Object[readers.length];
      for (int at = 0; at < values.length; at++) {
        var value = readers[at].read(result, at + 1);
        values[at] = value;
        if (value instanceof String text) bytes += text.length();
        else if (value instanceof byte[] binary) bytes += binary.length;
      }
      page.add(new TableRow(shape, values));
      done++;
      ready = result.next();
    } while (ready && page.size() < options.pageRows() && bytes < PAGE_BYTES);
    if (!ready) close();
    return page;
  }

  private RuntimeException failed(Exception cause) {
    try {
      close();
    } catch (RuntimeException alsoFailed) {
      cause.addSuppressed(alsoFailed);
    }
    if (cause instanceof SourceFailed said) return said;
    var state = cause instanceof SQLException sql ? ", SQL state '" + sql.getSQLState() + "'" : "";
    var message = String.valueOf(cause.getMessage()).strip().replaceAll("\\s*\\n\\s*", "; ");
    return new SourceFailed(
        "Reading %s failed after %d rows: '%s'%s; the extract is undone whole, so correct it and run again"
            .formatted(query.subject(), done, message, state),
        cause);
  }

  /// Closes result, statement and connection; closing again does nothing.
  private void close() {
    ready = false;
    var open = rows;
    rows = null;
    try (var ends = connection;
        var stops = statement;
        var over = open) {
      if (over != null && stops != null && !ends.getAutoCommit()) ends.rollback();
    } catch (SQLException failed) {
      throw new SourceFailed("Closing the connection of " + query.subject() + " failed", failed);
    }
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
