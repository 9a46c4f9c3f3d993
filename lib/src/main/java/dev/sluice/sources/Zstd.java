package dev.sluice.sources;

import dev.sluice.load.Database;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/// A zstd file, unpacked by DuckDB, which reads it as a CSV of one column; the JDK has no zstd.
/// Lines end with a line feed then, whatever they ended with before.
final class Zstd extends InputStream {
  /// Bytes of a line; DuckDB's reader fails at a longer one and does not say why.
  static final int LONGEST = 128 << 20;

  // No text has it, so that a line is one field.
  private static final String LINES =
      "SELECT strlen(line), CASE WHEN strlen(line) <= ? THEN line END FROM read_csv(?, columns = {'line': 'VARCHAR'}, auto_detect = false,"
          + " header = false, delim = '\u001f', quote = '', escape = '', compression = 'zstd',"
          + " max_line_size = "
          + LONGEST
          + ")";

  private final Connection connection;
  private final ResultSet lines;
  private final int longest;
  private long number;
  private byte[] line = {};
  private int at;

  private Zstd(Connection connection, ResultSet lines, int longest) {
    this.connection = connection;
    this.lines = lines;
    this.longest = longest;
  }

  /// - `longest`: the bytes of a line, at most
  static InputStream open(Path path, int longest) throws IOException {
    ZstdFrames.check(path);
    try {
      var connection =
          Database.reader(Dialect.streaming("jdbc:duckdb:"), List.of(path));
      var statement = connection.prepareStatement(LINES);
      statement.setInt(1, longest);
      statement.setString(2, path.toString());
      return new BufferedInputStream(
          new Zstd(connection, statement.executeQuery(), longest), 1 << 16);
    } catch (SQLException failed) {
      throw new IOException(failed.getMessage(), failed);
    }
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (at == line.length && !next()) return -1;
    var count = Math.min(length, line.length - at);
    System.arraycopy(line, at, into, offset, count);
    at += count;
    return count;
  }

  private boolean next() throws IOException {
    try {
      if (!lines.next()) return false;
      number++;
      if (lines.getLong(1) > longest) {
        throw new SourceFailed(
            "line %d has %d bytes, more than %s"
                .formatted(number, lines.getLong(1), FileRows.limit(longest)));
      }
      var text = lines.getString(2);
      line = ((text == null ? "" : text) + "\n").getBytes(StandardCharsets.UTF_8);
      at = 0;
      return true;
    } catch (SQLException failed) {
      throw new IOException(
          "DuckDB stops behind line %d, for instance at one of more than %d bytes: %s"
              .formatted(number, LONGEST, failed.getMessage()),
          failed);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException failed) {
      throw new IOException(failed.getMessage(), failed);
    }
  }
}
