package dev.sluice.parquet;

import dev.sluice.seam.Seam;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/// Writes one Parquet file, a row group at a time. The file is open only while a call runs, so
/// there may be any number of writers; nothing is forced to disk.
///
/// ```java
/// var id = Column.of("id", ParquetType.integer(64));
/// id.whole(0, 7);
/// var writer = ParquetWriter.of(file, Scratch.of(), true);
/// writer.rowGroup(List.of(id), 1);
/// writer.finish(List.of(id));
/// ```
///
/// Not for several threads at once, nor two writers of one [Scratch].
@Seam
public final class ParquetWriter {
  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final String CREATOR = "sluice";
  private static final int WRITTEN_AT_ONCE = 1 << 18;
  private static final int DRAINED = 1 << 20;

  private final Path file;
  private final Scratch scratch;
  private final boolean compress;
  private final List<List<Chunk>> groups = new ArrayList<>();
  private @Nullable FileSchema schema;
  private final CRC32C checksum = new CRC32C();
  private boolean summed = true;
  private long rows;
  private long bytes;

  private ParquetWriter(Path file, Scratch scratch, boolean compress) {
    this.file = file;
    this.scratch = scratch;
    this.compress = compress;
  }

  /// A writer of a file that is made by the first row group.
  ///
  /// - `compress`: pages are compressed by Snappy where that saves a tenth of a sample
  public static ParquetWriter of(Path file, Scratch scratch, boolean compress) {
    if (compress) {
      SnappyLibrary.prepare();
    }
    return new ParquetWriter(file, scratch, compress);
  }

  /// Appends a row group and clears the columns, which must have the names and types of the first
  /// group, in its order. Without rows nothing is written.
  public void rowGroup(List<Column> columns, int count) throws IOException {
    var known = schema(columns);
    if (!known.suits(columns)) {
      throw new IllegalArgumentException(
          "A row group of '%s' has other columns than the first: %s instead of %s"
              .formatted(file, FileSchema.of(columns), known));
    }
    for (var column : columns) {
      if (column.end() > count) {
        throw new IllegalArgumentException(
            "Column '%s' has a value in row %d of a row group of %d rows"
                .formatted(column.name(), column.end() - 1, count));
      }
    }
    if (count > 0) {
      try (var channel = open()) {
        append(channel, columns, count);
      }
    }
    columns.forEach(Column::clear);
  }

  /// Rows written so far.
  public long rows() {
    return rows;
  }

  /// Bytes written so far.
  public long bytes() {
    return bytes;
  }

  /// The checksum of the bytes written so far; empty if a call failed, so that what it had written
  /// is in the sum and not in the file.
  public Optional<Checksum> checksum() {
    return summed ? Optional.of(checksum) : Optional.empty();
  }

  /// Writes the footer; the file is whole then. The columns are needed only if no row group was
  /// written.
  public void finish(List<Column> columns) throws IOException {
    var out = scratch.out;
    out.clear();
    begin(out);
    var start = out.length;
    var footer = scratch.structures.i32(1, VERSION);
    schema(columns).write(footer);
    footer.i64(3, rows);
    Chunk.write(footer, groups);
    footer.text(6, CREATOR).end();
    var size = out.length - start;
    out.room(Integer.BYTES);
    Words.INT.set(out.bytes, out.length, size);
    out.length += Integer.BYTES;
    out.write(MAGIC, 0, MAGIC.length);
    var sum = summed;
    summed = false;
    try (var channel = open()) {
      bytes = drain(out, channel, bytes);
      channel.truncate(bytes);
    }
    summed = sum;
  }

  private FileSchema schema(List<Column> columns) {
    var known = schema;
    if (known == null) {
      known = FileSchema.of(columns);
      schema = known;
    }
    return known;
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private void begin(Buffer out) {
    if (bytes == 0) {
      out.write(MAGIC, 0, MAGIC.length);
    }
  }

  private void append(FileChannel channel, List<Column> columns, int count) throws IOException {
    var out = scratch.out;
    out.clear();
    begin(out);
    var snappy = compress && SnappyLibrary.works();
    var chunks = new ArrayList<Chunk>(columns.size());
    var written = bytes;
    var sum = summed;
    summed = false;
    for (var column : columns) {
      chunks.add(ChunkWriter.write(column, count, scratch, written, snappy));
      if (out.length > DRAINED) {
        written = drain(out, channel, written);
      }
    }
    bytes = drain(out, channel, written);
    summed = sum;
    rows += count;
    groups.add(chunks);
  }

  /// Writes the buffer at `position`, so that a call that failed may be repeated, and returns the
  /// end.
  private long drain(Buffer out, FileChannel channel, long position) throws IOException {
    checksum.update(out.bytes, 0, out.length);
    for (var at = 0; at < out.length; ) {
      var part = ByteBuffer.wrap(out.bytes, at, Math.min(WRITTEN_AT_ONCE, out.length - at));
      at += channel.write(part, position + at);
    }
    var end = position + out.length;
    out.clear();
    return end;
  }
}
