package dev.sluice.parquet;

import java.io.IOException;
import java.util.zip.CRC32;

/// Encodes one column of a row group into the buffer `out`: a dictionary if it pays, then pages.
final class ChunkWriter {
  // Parquet's numbers of encodings and kinds of pages.
  static final int PLAIN = 0;
  static final int RLE = 3;
  static final int DELTA_LENGTH = 6;
  static final int RLE_DICTIONARY = 8;
  private static final int DATA_PAGE = 0;
  private static final int DICTIONARY_PAGE = 2;

  private static final int PAGE = 1 << 20;
  private static final int SMALLEST_COMPRESSED = 64;
  private static final int SAMPLE = 1 << 14;

  // Blocks of differences, each of a smallest one and four widths.
  private static final int DELTA_BLOCK = 128;
  private static final int DELTA_PARTS = 4;

  private final CRC32 checksum = new CRC32();
  private final Scratch scratch;
  private final Column column;
  private final byte[] values;
  private final int width;
  private final int count;
  private final boolean indexed;
  private final int length;

  private boolean compress;
  private boolean decided;
  private long plainSize;
  private Buffer body;
  private int headerStart;

  private ChunkWriter(Column column, Scratch scratch, boolean compress) {
    this.scratch = scratch;
    this.column = column;
    this.values = column.values();
    this.width = column.type().width();
    this.count = column.count();
    this.indexed = scratch.dictionary.take(column, count);
    this.length = indexed || width > 0 || count == 0 ? -1 : commonLength();
    this.compress = compress;
    this.body = scratch.page;
  }

  /// The length that every text has, or -1.
  private int commonLength() {
    var first = Words.intAt(values, 0);
    var step = Integer.BYTES + first;
    if (column.size() != (long) count * step) {
      return -1;
    }
    for (var at = step; at < column.size(); at += step) {
      if (Words.intAt(values, at) != first) {
        return -1;
      }
    }
    return first;
  }

  /// Encodes all values of `rows` rows.
  ///
  /// - `offset`: where in the file the first byte of the buffer comes to stand
  static Chunk write(Column column, int rows, Scratch scratch, long offset, boolean compress)
      throws IOException {
    return new ChunkWriter(column, scratch, compress).chunk(rows, offset);
  }

  private Chunk chunk(int rows, long offset) throws IOException {
    var out = scratch.out;
    var start = out.length;
    if (indexed) {
      dictionaryPage();
    }
    var pagesStart = out.length;
    scratch.levels.start(column, rows);
    var value = 0;
    var at = 0;
    do {
      var end = pageEnd(value, at);
      var bytes = bytesOf(value, end, at);
      dataPage(value, end, at, bytes);
      value = end;
      at += bytes;
    } while (value < count);
    return new Chunk(
        column.name(),
        column.type(),
        length < 0 ? PLAIN : DELTA_LENGTH,
        compress,
        rows,
        rows - count,
        plainSize,
        out.length - start,
        indexed ? offset + start : -1,
        offset + pagesStart);
  }

  private void dictionaryPage() throws IOException {
    var page = scratch.page;
    page.clear();
    scratch.dictionary.write(column, page);
    var header = append(DICTIONARY_PAGE);
    header.struct(7).i32(1, scratch.dictionary.count()).i32(2, PLAIN).end();
    body(header);
  }

  private void dataPage(int from, int to, int at, int bytes) throws IOException {
    var page = scratch.page;
    page.clear();
    var rows = scratch.levels.page(page, to - from, to == count);
    if (indexed) {
      var bits = Hybrid.width(scratch.dictionary.count());
      page.write(bits);
      Hybrid.write(page, scratch.dictionary.places(), from, to, bits);
    } else if (width == 1) {
      packBooleans(page, from, to);
    } else if (length >= 0) {
      sameLength(page, to - from, at);
    } else {
      page.write(values, at, bytes);
    }
    var header = append(DATA_PAGE);
    header
        .struct(5)
        .i32(1, rows)
        .i32(2, indexed ? RLE_DICTIONARY : length < 0 ? PLAIN : DELTA_LENGTH)
        .i32(3, RLE)
        .i32(4, RLE)
        .end();
    body(header);
  }

  /// The value behind the last one of a page.
  private int pageEnd(int from, int at) {
    if (indexed || width == 1) {
      return Math.min(count, from + PAGE);
    }
    if (column.size() - at <= PAGE) {
      return count;
    }
    if (width > 0) {
      return Math.min(count, from + PAGE / width);
    }
    var end = from;
    var next = at;
    while (end < count && (end == from || next - at < PAGE)) {
      next += Integer.BYTES + Words.intAt(values, next);
      end++;
    }
    return end;
  }

  private int bytesOf(int from, int to, int at) {
    if (to == count) {
      return (int) column.size() - at;
    }
    if (width > 0) {
      return (to - from) * width;
    }
    var next = at;
    for (var i = from; i < to; i++) {
      next += Integer.BYTES + Words.intAt(values, next);
    }
    return next - at;
  }

  /// The length of all, and that no other differs from it; then the texts, without their lengths.
  private void sameLength(Buffer page, int texts, int at) {
    page.varint(DELTA_BLOCK);
    page.varint(DELTA_PARTS);
    page.varint(texts);
    page.varint(2L * length);
    page.zeros((texts + DELTA_BLOCK - 2) / DELTA_BLOCK * (1 + DELTA_PARTS));
    page.room(Math.addExact(texts * length, Long.BYTES));
    var end = page.length + texts * length;
    var from = at + Integer.BYTES;
    for (; page.length < end; page.length += length) {
      for (var i = 0; i < length; i += Long.BYTES) {
        Words.LONG.set(page.bytes, page.length + i, Words.longAt(values, from + i));
      }
      from += Integer.BYTES + length;
    }
  }

  /// Eight bytes that are 0 or 1 become the bits of one.
  private void packBooleans(Buffer page, int from, int to) {
    Words.LONG.set(values, (int) column.size(), 0L);
    page.room((to - from + 7) / 8);
    for (var i = from; i < to; i += 8) {
      page.bytes[page.length++] =
          (byte) ((Words.longAt(values, i) * 0x0102_0408_1020_4080L) >>> 56);
    }
  }

  /// Begins the header of a page. A sample of the first page decides whether the chunk is
  /// compressed.
  private Compact append(int kind) throws IOException {
    var page = scratch.page;
    body = page;
    var compressed = scratch.compressed;
    if (compress && !decided) {
      var sample = Math.min(page.length, SAMPLE);
      SnappyLibrary.compress(page, sample, compressed);
      compress = sample >= SMALLEST_COMPRESSED && compressed.length < sample - sample / 10;
    }
    decided = true;
    if (compress) {
      SnappyLibrary.compress(page, page.length, compressed);
    }
    body = compress ? compressed : page;
    headerStart = scratch.out.length;
    checksum.reset();
    checksum.update(body.bytes, 0, body.length);
    return scratch
        .structures
        .i32(1, kind)
        .i32(2, page.length)
        .i32(3, body.length)
        .i32(4, (int) checksum.getValue());
  }

  private void body(Compact header) {
    header.end();
    var out = scratch.out;
    plainSize += out.length - headerStart + scratch.page.length;
    out.write(body.bytes, 0, body.length);
  }
}
