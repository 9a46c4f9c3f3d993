package dev.sluice.store;

import dev.sluice.seam.Seam;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Writes the rows of one table into job files of a draft: buffers, flushes, begins another file.
///
/// Rows come as encoded JSON, without a line break. `jsonl` holds a row per line, `typed-jsonl` a
/// line with an array of rows per flush. A flush happens at `buffer_max_items` rows or at the byte
/// bound; then a file that has reached its limit is closed. While one buffer is compressed and
/// written by the [Compressor], the other is filled. Not for use by several threads at once.
@Seam
public final class JobWriter implements AutoCloseable {
  private static final int FIRST_BUFFER = 8 * 1024;

  private final PackageDraft draft;
  private final String table;
  private final String format;
  private final boolean arrays;
  private final WriterSettings settings;
  private final Compressor compressor;
  private final int flushRows;
  private final List<StoredJob> finished = new ArrayList<>();

  private byte[] buffer = new byte[FIRST_BUFFER];
  private byte[] other = new byte[0];
  private int length;
  private int rows;
  private long totalRows;
  private @Nullable OpenFile file;
  private @Nullable Future<?> pending;
  private boolean closed;

  /// A file being written; fields belong to the task in flight until it is awaited.
  private static final class OpenFile {
    final JobName name;
    final CRC32C checksum = new CRC32C();
    long rows;
    long bytes;

    OpenFile(JobName name) {
      this.name = name;
    }

    FileSum sum() {
      return FileSum.of(bytes, checksum);
    }
  }

  JobWriter(
      PackageDraft draft,
      String table,
      String format,
      WriterSettings settings,
      Compressor compressor) {
    this.draft = draft;
    this.table = table;
    this.format = format;
    this.arrays = format.equals("typed-jsonl");
    this.settings = settings;
    this.compressor = compressor;
    this.flushRows = (int) Math.min(settings.bufferMaxItems(), settings.fileMaxItems());
    compressor.grow(FIRST_BUFFER, true);
  }

  /// Adds one encoded row.
  public void append(byte[] row, int offset, int count) {
    var needed = (long) count + 2;
    if (length + needed > buffer.length) {
      makeRoom(needed);
    }
    if (arrays) {
      buffer[length++] = (byte) (rows == 0 ? '[' : ',');
    }
    System.arraycopy(row, offset, buffer, length, count);
    length += count;
    if (!arrays) {
      buffer[length++] = '\n';
    }
    rows++;
    totalRows++;
    if (rows >= flushRows || length >= settings.bufferMaxBytes()) {
      flush();
    }
  }

  /// Rows given so far.
  public long rows() {
    return totalRows;
  }

  private void makeRoom(long needed) {
    if (rows > 0 && length + needed > settings.bufferMaxBytes()) {
      flush();
    }
    var wanted = wantedSize(needed);
    if (wanted > buffer.length && !compressor.grow(wanted - buffer.length, rows == 0)) {
      flush(); // all writers together hold too much: give away what this one has
      wanted = wantedSize(needed);
      compressor.grow(Math.max(0, wanted - buffer.length), true);
    }
    if (wanted > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.toIntExact(wanted));
    }
  }

  private long wantedSize(long needed) {
    var wanted = length + needed + 2;
    if (wanted > Integer.MAX_VALUE - 16) {
      throw StoreException.refused(
          "A row of table '"
              + table
              + "' has "
              + needed
              + " bytes, more than a file line can hold");
    }
    return wanted <= buffer.length
        ? buffer.length
        : Math.min(Integer.MAX_VALUE - 16, Math.max(wanted, 2L * buffer.length));
  }

  /// Writes what is buffered; the file can then be read to this point.
  public void flush() {
    if (rows == 0) {
      return;
    }
    if (arrays) {
      if (length + 2 > buffer.length) {
        compressor.grow(2, true);
        buffer = Arrays.copyOf(buffer, length + 2);
      }
      buffer[length++] = ']';
      buffer[length++] = '\n';
    }
    awaitPending();
    closeFileAtLimit();
    var target = file == null ? open() : file;
    target.rows += rows;
    submit(target, buffer, length);
    var full = buffer;
    if (other.length == 0) {
      other = new byte[FIRST_BUFFER];
      compressor.grow(FIRST_BUFFER, true);
    }
    buffer = other;
    other = full;
    length = 0;
    rows = 0;
  }

  /// Ends the current file; the next row begins another.
  public void rotate() {
    flush();
    awaitPending();
    closeFile();
  }

  /// Makes sure that there is a file even if there were no rows.
  public void ensureFile() {
    if (file == null && finished.isEmpty() && rows == 0) {
      submit(open(), buffer, 0);
    }
  }

  /// Writes what is buffered and returns all files as they stand now, the open one among them.
  public List<StoredJob> checkpoint() {
    flush();
    awaitPending();
    var files = new ArrayList<>(finished);
    if (file != null) {
      files.add(draft.register(file.name, file.rows, file.sum()));
    }
    return List.copyOf(files);
  }

  /// Writes the rest and returns all files; they are durable once the draft is committed.
  public List<StoredJob> finish() {
    rotate();
    close();
    return List.copyOf(finished);
  }

  /// Ends the writer and deletes the files it wrote, for work that is done again.
  public void discard() {
    try {
      awaitPending();
    } catch (RuntimeException unwritten) {
      // The file goes anyway.
    }
    if (file != null) {
      draft.discard(file.name);
      file = null;
    }
    finished.forEach(draft::discard);
    finished.clear();
    close();
  }

  /// Ends the writer without writing what is still buffered (after an error).
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      compressor.release(buffer.length + other.length);
    }
  }

  private OpenFile open() {
    var opened = new OpenFile(draft.newJob(table, format, settings.compress()));
    file = opened;
    return opened;
  }

  private void closeFileAtLimit() {
    if (file != null
        && (file.rows >= settings.fileMaxItems() || file.bytes >= settings.maxFileSize())) {
      closeFile();
    }
  }

  private void closeFile() {
    if (file != null) {
      finished.add(draft.register(file.name, file.rows, file.sum()));
      file = null;
    }
  }

  private void awaitPending() {
    if (pending != null) {
      var task = pending;
      pending = null;
      Compressor.await(task);
    }
  }

  private void submit(OpenFile target, byte[] bytes, int count) {
    pending =
        compressor.submit(() -> {
          write(target, bytes, count);
          return null;
        });
  }

  /// The channel is open only here: a run with thousands of tables needs no thousands of handles.
  private void write(OpenFile target, byte[] bytes, int count) {
    draft.refuseSecrets(table, target.name.fileName(), target.rows, bytes, 0, count);
    var path = draft.jobPath(target.name);
    var block = settings.compress() ? compressor.borrowBlock() : null;
    try (var channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      Chaos.change("write", path);
      channel.position(target.bytes);
      if (block == null) {
        target.checksum.update(bytes, 0, count);
        Durable.writeFully(channel, ByteBuffer.wrap(bytes, 0, count));
      } else {
        block.writeGzip(channel, target.checksum, bytes, count);
      }
      target.bytes = channel.position();
    } catch (IOException e) {
      throw StoreException.io(
          "write rows of table '" + table + "' to", Files.exists(path) ? path : draft.folder(), e);
    } finally {
      if (block != null) {
        compressor.giveBack(block);
      }
    }
  }
}
