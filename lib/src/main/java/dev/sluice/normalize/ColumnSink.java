package dev.sluice.normalize;

import dev.sluice.parquet.Column;
import dev.sluice.parquet.ParquetType;
import dev.sluice.parquet.ParquetWriter;
import dev.sluice.parquet.Scratch;
import dev.sluice.seam.IoFault;
import dev.sluice.store.Compressor;
import dev.sluice.store.FileSum;
import dev.sluice.store.JobName;
import dev.sluice.store.PackageDraft;
import dev.sluice.store.StoredJob;
import dev.sluice.store.WriterSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Rows as columns of Parquet files.
///
/// Rows are gathered up to a row group: 20 times `buffer_max_items` rows or 4 times
/// `buffer_max_bytes` bytes, which are then written at once. A file has the same columns
/// throughout, so that another is begun when one was added or got another type.
final class ColumnSink implements RowSink {
  private static final long BUFFERS_IN_A_GROUP = 20;
  private static final long BYTES_IN_A_GROUP = 4;
  private static final long FIRST_GRANT = 16 * 1024;

  private final PackageDraft draft;
  private final String table;
  private final WriterSettings settings;
  private final Compressor compressor;
  private final Scratch scratch;
  private final long groupRows;
  private final long groupBytes;

  private final List<Column> columns = new ArrayList<>();
  private final List<StoredJob> finished = new ArrayList<>();
  private final MomentText moment = new MomentText();
  private final ByteSink plain = new ByteSink(64);

  /// Columns with values of rows that are not kept yet.
  private ColumnState[] unkept = new ColumnState[16];

  private int unkeptCount;

  /// The number of the row at hand within its row group.
  private int row;

  private int keptRows;
  private long bytes;
  private long granted;
  private long rows;
  private @Nullable OpenFile file;

  /// A file being written and the number of columns it has.
  private record OpenFile(JobName name, ParquetWriter writer, int columns) {}

  ColumnSink(
      PackageDraft draft,
      String table,
      WriterSettings settings,
      Compressor compressor,
      Scratch scratch) {
    this.draft = draft;
    this.table = table;
    this.settings = settings;
    this.compressor = compressor;
    this.scratch = scratch;
    groupRows = Math.min(BUFFERS_IN_A_GROUP * settings.bufferMaxItems(), settings.fileMaxItems());
    groupBytes = BYTES_IN_A_GROUP * settings.bufferMaxBytes();
  }

  // ------------------------------------------------------------------ values

  @Override
  public void begin() {}

  /// The column that takes a value of the row at hand.
  private Column column(ColumnState state) {
    var column = state.values;
    if (column == null) {
      column = added(state);
    }
    if (!state.unkept) {
      state.unkept = true;
      if (unkeptCount == unkept.length) {
        unkept = Arrays.copyOf(unkept, 2 * unkeptCount);
      }
      unkept[unkeptCount++] = state;
    }
    return column;
  }

  private Column added(ColumnState state) {
    var form = Objects.requireNonNull(state.form);
    var column = scratch.column(form.name(), type(form));
    columns.add(column);
    state.values = column;
    return column;
  }

  /// What the column holds so far goes to files of its own.
  @Override
  public void retype(ColumnState state) {
    var old = state.values;
    if (old != null) {
      keep();
      writeGroup();
      closeFile();
      columns.remove(old);
      state.values = null;
    }
  }

  private static ParquetType type(ColumnForm form) {
    return switch (form.type()) {
      case TEXT, JSON -> ParquetType.TEXT;
      case BINARY -> ParquetType.BYTES;
      case DOUBLE -> ParquetType.DOUBLE;
      case BOOL -> ParquetType.BOOLEAN;
      // A whole number of 128 bits would become a double in the file, and lose digits.
      case BIGINT ->
          form.bits() > Long.SIZE ? ParquetType.decimal(38, 0) : ParquetType.integer(form.bits());
      case DECIMAL, WEI -> ParquetType.decimal(form.precision(), form.scale());
      case TIMESTAMP -> form.timezone() ? ParquetType.INSTANT : ParquetType.TIMESTAMP;
      case DATE -> ParquetType.DATE;
      case TIME -> ParquetType.TIME;
    };
  }

  @Override
  public void text(ColumnState column, byte[] json, int from, int to, boolean escaped) {
    bytes += to - from + 4;
    if (escaped) {
      plain.clear();
      plain.unescaped(json, from, to);
      column(column).bytes(row, plain.bytes, 0, plain.length);
    } else {
      column(column).bytes(row, json, from, to - from);
    }
  }

  @Override
  public void whole(ColumnState column, byte[] json, int from, int to) {
    whole(column, NumberText.whole(json, from, to));
  }

  @Override
  public void whole(ColumnState column, long number) {
    bytes += 8;
    column(column).whole(row, number);
  }

  @Override
  public void floating(ColumnState column, byte[] json, int from, int to, boolean whole) {
    bytes += 8;
    column(column).floating(row, NumberText.floating(json, from, to));
  }

  @Override
  public void bool(ColumnState column, boolean value) {
    bytes++;
    column(column).whole(row, value ? 1 : 0);
  }

  @Override
  public boolean timestamp(ColumnState column, byte[] text, int from, int to) {
    if (!moment.read(text, from, to)) {
      return false;
    }
    whole(column, moment.micros());
    return true;
  }

  @Override
  public void value(ColumnState column, Object value) {
    if (column.form == null || value == JsonNull.NULL) {
      return;
    }
    bytes += ColumnValues.write(column(column), row, column.form, value);
  }

  // ------------------------------------------------------------------ rows

  @Override
  public void end() {
    row++;
  }

  @Override
  public int pending() {
    return row - keptRows;
  }

  @Override
  public void keep() {
    for (int i = 0; i < unkeptCount; i++) {
      var state = unkept[i];
      state.unkept = false;
      if (state.values != null) {
        state.values.mark();
      }
    }
    unkeptCount = 0;
    rows += row - keptRows;
    keptRows = row;
    if (row >= groupRows || bytes >= groupBytes || (bytes > granted && !grow())) {
      writeGroup();
    }
  }

  private boolean grow() {
    long wanted = Math.max(FIRST_GRANT, 2 * bytes);
    if (!compressor.grow(wanted - granted, granted == 0)) {
      return false;
    }
    granted = wanted;
    return true;
  }

  @Override
  public void takeBack() {
    for (int i = 0; i < unkeptCount; i++) {
      var state = unkept[i];
      state.unkept = false;
      if (state.values != null) {
        state.values.reset();
      }
    }
    unkeptCount = 0;
    row = keptRows;
  }

  // ------------------------------------------------------------------ files

  /// Writes the rows that were kept; none is at hand.
  private void writeGroup() {
    if (row == 0) {
      return;
    }
    if (file != null && file.columns != columns.size()) {
      closeFile();
    }
    var to = file == null ? open() : file;
    try {
      to.writer.rowGroup(columns, row);
    } catch (IOException failed) {
      throw unwritable(failed);
    }
    row = 0;
    keptRows = 0;
    bytes = 0;
    if (to.writer.rows() >= settings.fileMaxItems()
        || to.writer.bytes() >= settings.maxFileSize()) {
      closeFile();
    }
  }

  private OpenFile open() {
    var name = draft.newJob(table, "parquet", false);
    var opened =
        new OpenFile(
            name,
            ParquetWriter.of(draft.jobPath(name), scratch, settings.compress()),
            columns.size());
    file = opened;
    return opened;
  }

  private void closeFile() {
    var open = file;
    if (open == null) {
      return;
    }
    try {
      open.writer.finish(columns);
    } catch (IOException failed) {
      throw unwritable(failed);
    }
    finished.add(draft.register(open.name, open.writer.rows(), sum(open)));
    file = null;
  }

  private FileSum sum(OpenFile open) {
    var checksum = open.writer.checksum();
    try {
      return checksum.isPresent()
          ? FileSum.of(open.writer.bytes(), checksum.get())
          : FileSum.read(draft.jobPath(open.name));
    } catch (IOException failed) {
      throw unwritable(failed);
    }
  }

  private CannotNormalize unwritable(IOException failed) {
    return new CannotNormalize(
        "Cannot write rows of table '%s' to '%s': %s"
            .formatted(table, draft.folder(), IoFault.said(failed, draft.folder())),
        failed);
  }

  @Override
  public boolean used() {
    return rows > 0 || file != null || !finished.isEmpty();
  }

  @Override
  public void ensureFile(Iterable<ColumnState> all) {
    if (!used()) {
      for (var column : all) {
        if (column.form != null && column.values == null) {
          added(column);
        }
      }
      open();
    }
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public List<StoredJob> finish() {
    writeGroup();
    closeFile();
    release();
    return List.copyOf(finished);
  }

  @Override
  public void discard() {
    if (file != null) {
      draft.discard(file.name);
      file = null;
    }
    finished.forEach(draft::discard);
    finished.clear();
    release();
  }

  private void release() {
    columns.forEach(scratch::giveBack);
    columns.clear();
    compressor.release(granted);
    granted = 0;
  }
}
