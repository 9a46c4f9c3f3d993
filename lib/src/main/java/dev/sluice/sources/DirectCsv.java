package dev.sluice.sources;

import dev.sluice.load.Ident;
import dev.sluice.load.Literal;
import dev.sluice.pipe.Out;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A CSV file as a Parquet file that DuckDB makes of it, if it has nothing but rows, and each value
/// is of the type that the first rows show.
///
/// DuckDB would take what stands behind a last separator, or behind a closing quote, for nothing;
/// so the shape of all records is looked at before. The names and types come from the same sample
/// as for reading by rows; DuckDB reads every field as text and ends at the first that is of
/// another form. Then, and at anything that is no row, nothing is kept, and the rows are read one
/// by one.
final class DirectCsv {
  private static final int LONGEST_LINE = 16_000_000;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  // What CsvTypes takes for such a value, in SQL; anything else ends the reading.
  private static final String OTHER = " ELSE error('another type') END";
  private static final String BIGINT =
      "CASE WHEN {x} IS NULL THEN NULL WHEN length({x}) <= 18 AND TRY_CAST({x} AS BIGINT)::VARCHAR = {x} THEN CAST({x} AS BIGINT)"
          + OTHER;
  private static final String DOUBLE =
      "CASE WHEN {x} IS NULL THEN NULL WHEN regexp_full_match({x}, '-?((0|[1-9][0-9]*)([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]{1,3})?') AND isfinite(CAST({x} AS DOUBLE)) THEN CAST({x} AS DOUBLE)"
          + OTHER;
  private static final String BOOL =
      "CASE WHEN {x} IS NULL THEN NULL WHEN lower({x}) = 'true' THEN true WHEN lower({x}) = 'false' THEN false"
          + OTHER;
  private static final String TIME_TEXT =
      "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?(Z|[-+][0-9]{2}(:[0-9]{2})?)?";
  private static final String TIMESTAMP =
      "CASE WHEN {x} IS NULL THEN NULL WHEN regexp_full_match({x}, '"
          + TIME_TEXT
          + "') THEN CAST({x} AS TIMESTAMPTZ)"
          + OTHER;
  private static final Pattern TIMESTAMPS = Pattern.compile(TIME_TEXT);
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

  private final Path path;
  private final FileRows.Options options;
  private final char separator;

  private DirectCsv(Path path, FileRows.Options options, char separator) {
    this.path = path;
    this.options = options;
    this.separator = separator;
  }

  /// Offers the file; false if its rows must be read.
  static boolean offer(FileEntry file, Path path, FileRows.Options options, Out<?> out)
      throws IOException {
    var name = file.name().toLowerCase(Locale.ROOT);
    if (!options.charset().equals(StandardCharsets.UTF_8)
        || List.of(".gz", ".gzip", ".zst", ".zstd").stream().anyMatch(name::endsWith)) {
      return false;
    }
    char separator = options.separator();
    if (separator == 0) {
      try (var in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
        separator = FileRows.separatorOf(in);
      }
    }
    return new DirectCsv(path, options, separator).offer(out);
  }

  private boolean offer(Out<?> out) throws IOException {
    var columns = columns();
    if (columns.size() < 2 || !CsvShape.isRegular(path, separator, columns.size())) return false;
    var folder = Files.createTempDirectory("sluice-csv");
    var parquet = folder.resolve("rows.parquet");
    try {
      var rows = convert(columns, parquet);
      return rows > 0 && out.file(parquet, rows, columns.stream().map(Column::schema).toList());
    } catch (SQLException unlike) {
      return false;
    } finally {
      Files.deleteIfExists(parquet);
      Files.deleteIfExists(folder);
    }
  }

  /// A column, and the expression that makes its value of the text `{x}`, or fails.
  private record Column(String name, DataType type, String expression) {
    ColumnSchema schema() {
      return ColumnSchema.of(name, type);
    }
  }

  /// As the first rows show them; none if something there is no row, or is told apart otherwise.
  private List<Column> columns() throws IOException {
    try (var in = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      in.mark(1);
      if (in.read() != BYTE_ORDER_MARK) in.reset();
      var records = new CsvRecords(in, separator, options.longest());
      var first = records.next();
      if (first == null || records.line() > 1 || records.tooLong() != null) return List.of();
      var names = CsvTypes.names(first, options.header());
      if (new HashSet<>(names).size() != names.size()) return List.of();
      var sample = new ArrayList<List<@Nullable String>>();
      if (!options.header()) sample.add(first);
      while (sample.size() < options.pageRows()) {
        var record = records.next();
        if (record == null) break;
        if (record.size() != names.size() || records.tooLong() != null) return List.of();
        sample.add(record);
      }
      var types = CsvTypes.of(sample, names.size());
      var columns = new ArrayList<Column>();
      for (int at = 0; at < names.size(); at++) {
        var column = column(names.get(at), at, types, sample);
        if (column.isEmpty()) return List.of();
        columns.add(column.get());
      }
      return columns;
    } catch (SourceFailed | java.nio.charset.CharacterCodingException saidLater) {
      return List.of();
    }
  }

  private static Optional<Column> column(
      String name, int at, CsvTypes types, List<List<@Nullable String>> sample) {
    var values = sample.stream().map(record -> record.get(at)).filter(Objects::nonNull).toList();
    // What a column without values is, is told by its first one.
    if (values.isEmpty()) return Optional.empty();
    return switch (types.of(at)) {
      case BIGINT -> Optional.of(new Column(name, DataType.BIGINT, BIGINT));
      case DOUBLE -> Optional.of(new Column(name, DataType.DOUBLE, DOUBLE));
      case BOOL -> Optional.of(new Column(name, DataType.BOOL, BOOL));
      case TEXT -> text(name, values);
    };
  }

  /// The first value says whether normalize would find timestamps.
  private static Optional<Column> text(String name, List<String> values) {
    var first = values.getFirst();
    if (TIMESTAMPS.matcher(first).matches()) {
      return values.stream().allMatch(value -> TIMESTAMPS.matcher(value).matches())
          ? Optional.of(new Column(name, DataType.TIMESTAMP, TIMESTAMP))
          : Optional.empty();
    }
    var mayBeTime =
        first.length() >= 7
            && "T 0123456789".indexOf(first.charAt(0)) >= 0
            && Character.isDigit(first.charAt(3));
    return mayBeTime && !DATE.matcher(first).matches()
        ? Optional.empty()
        : Optional.of(new Column(name, DataType.TEXT, "{x}"));
  }

  private long convert(List<Column> columns, Path parquet) throws SQLException {
    var read =
        IntStream.range(0, columns.size())
            .mapToObj(at -> "'c%d': 'VARCHAR'".formatted(at))
            .collect(Collectors.joining(", "));
    var selected =
        IntStream.range(0, columns.size())
            .mapToObj(at ->
                columns.get(at).expression().replace("{x}", "c" + at)
                    + " AS "
                    + Ident.of(columns.get(at).name()))
            .collect(Collectors.joining(", "));
    try (var connection = DirectFile.open(List.of(path, parquet), "SET TimeZone = 'UTC'");
        var statement = connection.createStatement()) {
      return statement.executeLargeUpdate(
          "COPY (SELECT %s FROM read_csv(%s, auto_detect = false, columns = {%s}, header = %s, delim = %s, quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false, strict_mode = true, compression = 'none', max_line_size = %d)) TO %s (FORMAT parquet)"
              .formatted(
                  selected,
                  Literal.path(path.toString()),
                  read,
                  options.header(),
                  Literal.text(String.valueOf(separator)),
                  Math.min(LONGEST_LINE, options.longest()),
                  Literal.text(parquet.toString())));
    }
  }
}
