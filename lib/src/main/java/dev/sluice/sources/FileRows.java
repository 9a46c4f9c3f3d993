package dev.sluice.sources;

import dev.sluice.json.Json;
import dev.sluice.json.JsonStreams;
import dev.sluice.load.Database;
import dev.sluice.seam.IoFault;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.JacksonIOException;

/// Reads one file of this machine into pages.
final class FileRows {
  /// - `separator`: of a CSV's fields; 0 = the one its first line has most of
  /// - `origin`: whether rows get `_file` and `_line`
  /// - `longest`: bytes of a line or of a JSON value, characters of a CSV's record
  record Options(
      int pageRows, char separator, boolean header, Charset charset, boolean origin, int longest) {}

  private final FileEntry file;
  private final Path path;
  private final FileFormat format;
  private final Options options;
  private final FileSink sink;
  private final PageOfFile page;

  private FileRows(FileEntry file, Path path, FileFormat format, Options options, FileSink sink) {
    this.file = file;
    this.path = path;
    this.format = format;
    this.options = options;
    this.sink = sink;
    this.page = new PageOfFile(sink, options.pageRows());
  }

  /// Sends all rows of the file, which stands at `path`, to the sink.
  static void read(FileEntry file, Path path, FileFormat format, Options options, FileSink sink) {
    var rows = new FileRows(file, path, format, options, sink);
    try {
      rows.read();
    } catch (SourceFailed said) {
      throw new SourceFailed("File '" + file.url() + "': " + said.getMessage(), said.getCause());
    } catch (EOFException cut) {
      throw rows.failed("ends within its compressed data, so it was cut off; get it again", cut);
    } catch (ZipException broken) {
      throw rows.failed("is broken ('" + broken.getMessage() + "'); get it again", broken);
    } catch (CharacterCodingException foreign) {
      throw rows.failed(
          "is not text in '" + options.charset() + "'; say which with charset(..)", foreign);
    } catch (IOException unreadable) {
      throw rows.failed("cannot be read: '" + IoFault.said(unreadable, path) + "'", unreadable);
    }
  }

  private void read() throws IOException {
    switch (format) {
      case JSONL -> lines();
      case CSV -> records();
      case JSON -> json();
      case PARQUET -> parquet();
    }
    page.flush();
  }

  // ------------------------------------------------------------------ a JSON value a line

  private void lines() throws IOException {
    try (var in = content()) {
      var lines = new Lines(in, options.longest());
      for (var line = lines.next(); line != null; line = lines.next()) {
        if (lines.tooLong() > 0) {
          var reason =
              "has %d bytes, more than %s".formatted(lines.tooLong(), limit(options.longest()));
          sink.reject(
              lines.number(), reason, new String(line.bytes(), StandardCharsets.UTF_8) + "…");
          continue;
        }
        if (line.blank()) continue;
        var raw = options.origin() ? null : line.raw();
        if (raw != null) {
          page.add(raw, line.length());
          continue;
        }
        Object value;
        try {
          value = value(line.bytes());
        } catch (IllegalArgumentException malformed) {
          var text = new String(line.bytes(), StandardCharsets.UTF_8);
          sink.reject(lines.number(), String.valueOf(malformed.getMessage()), text);
          continue;
        }
        add(value, lines.number(), line.length());
      }
    }
  }

  private static @Nullable Object value(byte[] line) {
    Object value = Json.<@Nullable Object>loadb(line);
    if (mayHoldHalfAPair(line)) Json.dumpb(value); // which refuses half a surrogate pair
    return value;
  }

  /// Only an escape can spell it.
  private static boolean mayHoldHalfAPair(byte[] line) {
    for (int at = 2; at < line.length; at++) {
      if ((line[at] | ' ') == 'd' && line[at - 1] == 'u' && line[at - 2] == '\\') return true;
    }
    return false;
  }

  // ------------------------------------------------------------------ a JSON value, or a list

  private void json() throws IOException {
    try (var bounded = new BoundedValues(content(), options.longest());
        var in = JsonStreams.parser(bounded)) {
      var list = nextToken(in) == JsonToken.START_ARRAY;
      if (list) nextToken(in);
      for (var number = 1L; in.currentToken() != null; number++) {
        bounded.begin(number);
        if (list && in.currentToken() == JsonToken.END_ARRAY) {
          list = false;
        } else {
          add(value(in), number, 256);
        }
        nextToken(in);
      }
    }
  }

  private static @Nullable Object value(JsonParser in) throws IOException {
    try {
      return JsonStreams.read(in);
    } catch (IllegalArgumentException malformed) {
      if (malformed.getCause() instanceof JacksonIOException failed) throw failed.getCause();
      throw new SourceFailed(String.valueOf(malformed.getMessage()), malformed);
    }
  }

  private static @Nullable JsonToken nextToken(JsonParser in) throws IOException {
    try {
      return in.nextToken();
    } catch (JacksonIOException failed) {
      throw failed.getCause();
    } catch (JacksonException malformed) {
      var at = malformed.getLocation();
      throw new SourceFailed(
          "unreadable JSON at line %d, column %d: %s"
              .formatted(at.getLineNr(), at.getColumnNr(), malformed.getOriginalMessage()),
          malformed);
    }
  }

  // ------------------------------------------------------------------ CSV

  private void records() throws IOException {
    try (var in = content()) {
      var decoder =
          options
              .charset()
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT);
      in.mark(1 << 16);
      var separator = options.separator() == 0 ? separatorOf(in) : options.separator();
      in.reset();
      skipByteOrderMark(in);
      var records =
          new CsvRecords(new InputStreamReader(in, decoder), separator, options.longest());
      new CsvRows(records, separator).read();
    }
  }

  /// Of the usual separators the one that the first line has most of.
  static char separatorOf(InputStream in) throws IOException {
    var head = in.readNBytes((1 << 16) - 1);
    var counts = new int[128];
    var quoted = false;
    for (var b : head) {
      if (b == '\n' && !quoted) break;
      if (b == '"') quoted = !quoted;
      if (b >= 0 && !quoted) counts[b]++;
    }
    var best = ',';
    for (var candidate : new char[] {';', '\t', '|'}) {
      if (counts[candidate] > counts[best]) best = candidate;
    }
    return best;
  }

  private static void skipByteOrderMark(InputStream in) throws IOException {
    in.mark(3);
    var start = in.readNBytes(3);
    var marked =
        start.length == 3
            && (start[0] & 0xFF) == 0xEF
            && (start[1] & 0xFF) == 0xBB
            && (start[2] & 0xFF) == 0xBF;
    if (!marked) in.reset();
  }

  /// Types a column by its first page: whole numbers, numbers, booleans, else text. A later value
  /// that does not fit stays text, and normalize finds a place for it.
  private final class CsvRows {
    private final CsvRecords records;
    private final char separator;

    CsvRows(CsvRecords records, char separator) {
      this.records = records;
      this.separator = separator;
    }

    void read() throws IOException {
      var first = records.next();
      if (first == null) return;
      var tooLong = records.tooLong();
      if (tooLong != null) {
        throw new SourceFailed("the first record, in line " + records.line() + ", " + tooLong);
      }
      var names = CsvTypes.names(first, options.header());
      var shape = new RowShape(options.origin() ? withOrigin(names) : names);
      var sample = new java.util.ArrayList<List<@Nullable String>>();
      var lines = new java.util.ArrayList<Long>();
      if (!options.header()) keep(first, names.size(), sample, lines);
      while (sample.size() < options.pageRows()) {
        var record = records.next();
        if (record == null) break;
        keep(record, names.size(), sample, lines);
      }
      var types = CsvTypes.of(sample, names.size());
      for (int at = 0; at < sample.size(); at++) send(shape, types, sample.get(at), lines.get(at));
      for (var record = records.next(); record != null; record = records.next()) {
        if (fits(record, names.size())) send(shape, types, record, records.line());
      }
    }

    private void keep(
        List<@Nullable String> record,
        int columns,
        List<List<@Nullable String>> sample,
        List<Long> lines) {
      if (!fits(record, columns)) return;
      sample.add(record);
      lines.add(records.line());
    }

    private boolean fits(List<@Nullable String> record, int columns) {
      var tooLong = records.tooLong();
      if (tooLong == null && record.size() == columns) return true;
      if (tooLong == null) {
        var reason = "has %d fields instead of %d".formatted(record.size(), columns);
        sink.reject(records.line(), reason, CsvRecords.joined(record, separator));
      } else {
        sink.reject(records.line(), tooLong, records.beginning());
      }
      return false;
    }

    private void send(RowShape shape, CsvTypes types, List<@Nullable String> record, long line) {
      var values = new @Nullable Object[shape.size()];
      var size = 0L;
      for (int at = 0; at < record.size(); at++) {
        var text = record.get(at);
        values[at] = text == null ? null : types.value(at, text);
        if (text != null) size += text.length();
      }
      if (options.origin()) {
        values[record.size()] = file.path();
        values[record.size() + 1] = line;
      }
      page.add(new TableRow(shape, values), size);
    }
  }

  private static List<String> withOrigin(List<String> names) {
    var more = new java.util.ArrayList<>(names);
    more.add("_file");
    more.add("_line");
    return more;
  }

  // ------------------------------------------------------------------ Parquet

  private void parquet() {
    var columns = options.origin() ? "* EXCLUDE (_row), ? AS _file, _row + 1 AS _line" : "*";
    var from =
        options.origin()
            ? "(SELECT *, file_row_number AS _row FROM read_parquet(?))"
            : "read_parquet(?)";
    var parameters = new java.util.ArrayList<@Nullable Object>();
    if (options.origin()) parameters.add(file.path());
    parameters.add(path.toString());
    var query = new Query("its rows", "SELECT " + columns + " FROM " + from, parameters);
    duckdb(query).forEachOrdered(sink::page);
  }

  private java.util.stream.Stream<List<Map<String, @Nullable Object>>> duckdb(Query query) {
    try {
      var connection = Database.reader(Dialect.streaming("jdbc:duckdb:"), List.of(path));
      return SqlReader.pages(
          connection, query, new SqlReader.Options(options.pageRows(), options.pageRows(), true));
    } catch (SQLException failed) {
      throw new SourceFailed("DuckDB does not start: '" + failed.getMessage() + "'", failed);
    }
  }

  // ------------------------------------------------------------------ what they share

  /// A limit as messages say it, with where to raise it.
  static String limit(long longest) {
    return "the %d of maxRowBytes (setting 'sources.filesystem.max_row_bytes')".formatted(longest);
  }

  private void add(@Nullable Object value, long number, long size) {
    var row = new LinkedHashMap<String, @Nullable Object>();
    if (value instanceof Map<?, ?> map) map.forEach((key, item) -> row.put((String) key, item));
    else row.put("value", value);
    if (options.origin()) {
      row.put("_file", file.path());
      row.put("_line", number);
    }
    page.add(row, size);
  }

  /// The content, unpacked.
  private InputStream content() throws IOException {
    var raw = Files.newInputStream(path);
    try {
      return new BufferedInputStream(unpacked(raw), 1 << 16);
    } catch (IOException | RuntimeException failed) {
      try {
        raw.close();
      } catch (IOException open) {
        failed.addSuppressed(open);
      }
      throw failed;
    }
  }

  private InputStream unpacked(InputStream raw) throws IOException {
    var name = file.name().toLowerCase(Locale.ROOT);
    if (name.endsWith(".zst") || name.endsWith(".zstd")) {
      return ZstdInput.open(raw);
    }
    return name.endsWith(".gz") || name.endsWith(".gzip") ? new GZIPInputStream(raw, 1 << 16) : raw;
  }

  private SourceFailed failed(String what, Exception cause) {
    return new SourceFailed("File '" + file.url() + "' " + what, cause);
  }
}
