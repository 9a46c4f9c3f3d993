package dev.sluice.sources;

import dev.sluice.config.Config;
import dev.sluice.config.KnownSettings;
import dev.sluice.pipe.Out;
import dev.sluice.resource.Resource;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.seam.Seam;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Files of a folder as a source: JSON lines, CSV, Parquet, JSON, each also packed by gzip or zstd.
/// Immutable.
///
/// For zstd (`.zst`, `.zstd`) a script adds its codec, `//DEPS com.github.luben:zstd-jni:1.5.7-28`.
/// A file may have several frames, skippable ones too, and a window of up to 128 MB; one that was
/// packed with a dictionary is refused.
///
/// ```java
/// var logs = Filesystem.of("data", "logs/**/*.jsonl.gz").incremental().rows("logs");
/// var prices = Filesystem.of("data", "prices_*.csv").separator(';').origin().rows("prices").replace();
/// pipeline("files").to(duckdb()).run(logs, prices);
/// ```
///
/// Files are read in the order of their paths. The end of the name says what is in a file, unless
/// [#format] does.
///
/// - JSON lines: a row each; what is no object becomes `{"value": x}`
/// - CSV: columns are whole numbers, numbers, booleans or text, as their first page shows; a number
///   with a leading zero is text; an empty field is null, and text if quoted
/// - Parquet: read by DuckDB, with its types
/// - JSON: a list of rows, or one row
///
/// A line that is no row (a CSV's with more or fewer fields than the header, unreadable JSON) is
/// not lost: it becomes a row of the table `<name>_rejected` with `file`, `line`, `reason` and
/// `text`. A file that was cut off, or that changes while it is read, ends the run with an error,
/// and none of its rows is loaded.
///
/// - pages of 5,000 rows, or of 1 MB if they are wide; rows of up to 16 MB; text in UTF-8; rows
///   without their origin; all files at each run; links are followed
public final class Filesystem {
  private static final int LARGEST_ROW = 1 << 30;

  private final FileStore store;
  private final Glob glob;
  // Written only while a copy is made.
  private @Nullable String format;
  private char separator;
  private boolean header = true;
  private Charset charset = StandardCharsets.UTF_8;
  private boolean origin;
  private boolean incremental;
  private boolean direct;
  private int pageRows = 5_000;
  private int maxRowBytes = 16 << 20;

  private Filesystem(FileStore store, Glob glob) {
    this.store = store;
    this.glob = glob;
  }

  /// The files of a folder of this machine whose path below it fits.
  ///
  /// - `glob`: `*` within a name, `**` any folders, `?` a character, `{csv,tsv}` one of those
  public static Filesystem of(String folder, String glob) {
    if (folder.startsWith("s3://")) {
      throw new IllegalArgumentException(
          "Files of a bucket like '"
              + folder
              + "' need the optional part for S3: write S3.files(\""
              + folder
              + "\", \""
              + glob
              + "\") with dev.sluice.s3.S3, in a script also //DEPS software.amazon.awssdk:s3:2.40.2");
    }
    return of(Path.of(folder.startsWith("file://") ? folder.substring(7) : folder), glob);
  }

  /// The files of a folder of this machine whose path below it fits.
  public static Filesystem of(Path folder, String glob) {
    var files = Glob.of(glob);
    return new Filesystem(new LocalFiles(folder, files.levels()), files);
  }

  /// Files that are elsewhere.
  @Seam
  public static Filesystem of(FileStore store, String glob) {
    return new Filesystem(store, Glob.of(glob));
  }

  /// Says what is in the files, if their names do not: `jsonl`, `csv`, `parquet` or `json`.
  public Filesystem format(String ending) {
    if (FileFormat.of("x." + ending).isEmpty()) {
      throw new IllegalArgumentException(
          "A file is read as 'jsonl', 'csv', 'parquet' or 'json', not as '" + ending + "'");
    }
    return with(copy -> copy.format = ending);
  }

  /// Between the fields of a CSV; without this it is `,` `;` `|` or a tab, by the first line.
  public Filesystem separator(char separator) {
    return with(copy -> copy.separator = separator);
  }

  /// The first line of a CSV is a row too; columns are `column_1`, `column_2`, ...
  public Filesystem withoutHeader() {
    return with(copy -> copy.header = false);
  }

  /// How the text of a CSV is encoded.
  public Filesystem charset(Charset charset) {
    return with(copy -> copy.charset = charset);
  }

  /// Rows say where they come from: `_file` is the path of the file, `_line` the line there (in a
  /// Parquet or JSON file the number of the row), counted from 1.
  public Filesystem origin() {
    return with(copy -> copy.origin = true);
  }

  /// Only files that are new, or whose content is another one since an earlier run; the pipeline
  /// remembers time, size and digest of each. A file that has grown is read again whole: use a key
  /// and `merge` where that happens.
  public Filesystem incremental() {
    return with(copy -> copy.incremental = true);
  }

  /// Files go to the destination without being read row by row, as fast as DuckDB reads them, where
  /// nothing has to be normalized: Parquet files of flat columns as they are, and CSV files by way
  /// of a Parquet file that DuckDB writes. Others are read as ever.
  ///
  /// ```java
  /// pipeline("files").to(duckdb()).run(Filesystem.of("data", "orders_*.parquet").direct().rows("orders"));
  /// ```
  ///
  /// Rows that come so have no `_dlt_id` and no `_dlt_load_id` (`normalize.parquet_normalizer` adds
  /// them), and numbers have the types of the file: a `DECIMAL(12,2)` stays one. A file is read row
  /// by row if the resource has steps, a cursor, [#origin()] or a key to merge by; if a name is not
  /// as the naming makes it; if a type is nested, or none that both have; and a CSV if it is
  /// packed, not UTF-8, or has a line that is no row or a value unlike its first [#pageRows] rows,
  /// so that such lines are set aside as ever. A Parquet file is copied into the package (where the
  /// file system can, without its bytes) and may change afterwards.
  public Filesystem direct() {
    return with(copy -> copy.direct = true);
  }

  /// Rows of a page, at most.
  public Filesystem pageRows(int rows) {
    if (rows < 1)
      throw new IllegalArgumentException("pageRows must be 1 or more, not '" + rows + "'");
    return with(copy -> copy.pageRows = rows);
  }

  /// Bytes of a row, at most: of a line of JSON, or of a value of a JSON file; of a CSV's record it
  /// is characters. So a file that was packed to a thousandth fills no memory.
  ///
  /// A longer line is set aside like any other that is no row, with its length and its beginning. A
  /// longer value of a JSON file, or a quote of a CSV that is not closed by then, ends the run, and
  /// none of the file's rows is loaded; so does a longer line of a file packed by zstd. Rows of a
  /// Parquet file have no such limit.
  ///
  /// - `bytes`: up to 1,073,741,824; 16,777,216 unless set, also by `max_row_bytes` in
  ///   `[sources.filesystem]`
  public Filesystem maxRowBytes(int bytes) {
    if (bytes < 1 || bytes > LARGEST_ROW)
      throw new IllegalArgumentException(
          "maxRowBytes must be 1 to %d, not '%d'".formatted(LARGEST_ROW, bytes));
    return with(copy -> copy.maxRowBytes = bytes);
  }

  /// Reads no file outside of the folder: a link that leads out of it, to a file or to a folder
  /// that is searched, ends the run with an error. Without this links are followed wherever they
  /// lead.
  ///
  /// Also by `confined = true` in `[sources.filesystem]`. Files that are no links but another name
  /// of a file elsewhere (hard links) cannot be told apart.
  public Filesystem confined() {
    return with(store.confined(), copy -> {});
  }

  /// With the settings of `[sources.filesystem]`: `max_row_bytes` and `confined`.
  public Filesystem settings(Config config) {
    var set =
        config.find(KnownSettings.FILESYSTEM_MAX_ROW_BYTES).map(this::maxRowBytes).orElse(this);
    return config.get(KnownSettings.FILESYSTEM_CONFINED) ? set.confined() : set;
  }

  /// The rows of all files.
  @SuppressWarnings("unchecked")
  public Resource<Map<String, @Nullable Object>> rows(String name) {
    var type = (Class<Map<String, @Nullable Object>>) (Class<?>) Map.class;
    return Resource.of(name, type, out -> readAll(name, out))
        .other(name + "_rejected", Resource::append);
  }

  /// The files themselves: `file_name`, `relative_path`, `file_url`, `modification_date`,
  /// `size_in_bytes`.
  public Resource<Map<String, @Nullable Object>> files(String name) {
    return Resource.<Map<String, @Nullable Object>>of(
            name, () -> matching().stream().map(Filesystem::described))
        .columns(
            ColumnSchema.of("file_url", DataType.TEXT),
            ColumnSchema.of("modification_date", DataType.TIMESTAMP),
            ColumnSchema.of("size_in_bytes", DataType.BIGINT))
        .primaryKey("file_url");
  }

  private void readAll(String name, Out<Map<String, @Nullable Object>> out) throws IOException {
    var seen = incremental ? SeenFiles.of(out.state()) : null;
    for (var file : matching()) {
      if (seen != null && seen.unchanged(file)) continue;
      try (var local = store.open(file)) {
        if (seen != null && seen.sameContent(file, local.path())) continue;
        if (!direct || !DirectFile.offer(file, local.path(), formatOf(file), options(), out)) {
          FileRows.read(file, local.path(), formatOf(file), options(), sink(name, file, out));
        }
        if (seen != null) seen.add(file, local.path());
        unchanged(file);
      }
    }
  }

  private List<FileEntry> matching() throws IOException {
    return store.list().stream()
        .filter(file -> glob.matches(file.path()))
        .sorted(Comparator.comparing(FileEntry::path))
        .toList();
  }

  private FileFormat formatOf(FileEntry file) {
    return FileFormat.of(format == null ? file.name() : "x." + format)
        .orElseThrow(() ->
            new SourceFailed(
                "What is in file '%s' is not told by its name; say it with format(\"jsonl\"), or choose other files than '%s'"
                    .formatted(file.url(), glob)));
  }

  private FileRows.Options options() {
    return new FileRows.Options(pageRows, separator, header, charset, origin, maxRowBytes);
  }

  /// A file that is another one after it was read than before may have given half of each.
  private void unchanged(FileEntry file) throws IOException {
    var now = store.now(file);
    if (!now.same(file)) {
      throw new SourceFailed(
          "File '%s' changed while it was read: it had %d bytes of %s, and has %d of %s; nothing of it is kept, so run again once its writer is done"
              .formatted(file.url(), file.size(), file.modified(), now.size(), now.modified()));
    }
  }

  private static FileSink sink(
      String name, FileEntry file, Out<Map<String, @Nullable Object>> out) {
    return new FileSink() {
      @Override
      public void page(List<Map<String, @Nullable Object>> rows) {
        out.page(rows);
      }

      @Override
      public void reject(long line, String reason, String text) {
        var row = new LinkedHashMap<String, @Nullable Object>();
        row.put("file", file.path());
        row.put("line", line);
        row.put("reason", reason);
        row.put("text", text);
        out.table(name + "_rejected", row);
      }
    };
  }

  private static Map<String, @Nullable Object> described(FileEntry file) {
    var row = new LinkedHashMap<String, @Nullable Object>();
    row.put("file_name", file.name());
    row.put("relative_path", file.path());
    row.put("file_url", file.url());
    row.put("modification_date", file.modified());
    row.put("size_in_bytes", file.size());
    return row;
  }

  private Filesystem with(Consumer<Filesystem> change) {
    return with(store, change);
  }

  private Filesystem with(FileStore store, Consumer<Filesystem> change) {
    var copy = new Filesystem(store, glob);
    copy.format = format;
    copy.separator = separator;
    copy.header = header;
    copy.charset = charset;
    copy.origin = origin;
    copy.incremental = incremental;
    copy.direct = direct;
    copy.pageRows = pageRows;
    copy.maxRowBytes = maxRowBytes;
    change.accept(copy);
    return copy;
  }
}
