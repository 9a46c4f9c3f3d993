package dev.sluice.parquet;

import java.io.IOException;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Util;

/// Encodes one column of a row group into the buffer `out`: a dictionary if it pays, then pages.
final class ChunkWriter {
  private static final int PAGE = 1 << 20;
  private static final int SMALLEST_COMPRESSED = 64;

  private final Scratch scratch;
  private final Column column;
  private final byte[] values;
  private final int width;
  private final int count;
  private final boolean indexed;

  private boolean compress;
  private boolean decided;
  private long plainSize;

  private ChunkWriter(Column column, Scratch scratch, boolean compress) {
    this.scratch = scratch;
    this.column = column;
    this.values = column.values();
    this.width = column.type().width();
    this.count = column.count();
    this.indexed = scratch.dictionary.take(column, count);
    this.compress = compress;
  }

  /// Encodes all values of `rows` rows.
  ///
  /// - `offset`: where in the file the first byte of the buffer comes to stand
  static ColumnChunk write(Column column, int rows, Scratch scratch, long offset, boolean compress)
      throws IOException {
    return new ChunkWriter(column, scratch, compress).chunk(rows, offset);
  }

  private ColumnChunk chunk(int rows, long offset) throws IOException {
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
    var data =
        new ColumnMetaData(
            FileSchema.physical(column.type()),
            indexed
                ? List.of(Encoding.PLAIN, Encoding.RLE, Encoding.RLE_DICTIONARY)
                : List.of(Encoding.PLAIN, Encoding.RLE),
            List.of(column.name()),
            compress ? CompressionCodec.SNAPPY : CompressionCodec.UNCOMPRESSED,
            rows,
            plainSize,
            out.length - start,
            offset + pagesStart);
    if (indexed) {
      data.setDictionary_page_offset(offset + start);
    }
    data.setStatistics(new Statistics().setNull_count(rows - count));
    return new ColumnChunk(0).setMeta_data(data);
  }

  private void dictionaryPage() throws IOException {
    var page = scratch.page;
    page.clear();
    scratch.dictionary.write(column, page);
    var header = new PageHeader(PageType.DICTIONARY_PAGE, 0, 0);
    header.setDictionary_page_header(
        new DictionaryPageHeader(scratch.dictionary.count(), Encoding.PLAIN));
    append(header);
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
    } else {
      page.write(values, at, bytes);
    }
    var header = new PageHeader(PageType.DATA_PAGE, 0, 0);
    header.setData_page_header(
        new DataPageHeader(
            rows, indexed ? Encoding.RLE_DICTIONARY : Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    append(header);
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

  /// Eight bytes that are 0 or 1 become the bits of one.
  private void packBooleans(Buffer page, int from, int to) {
    Words.LONG.set(values, (int) column.size(), 0L);
    page.room((to - from + 7) / 8);
    for (var i = from; i < to; i += 8) {
      page.bytes[page.length++] =
          (byte) ((Words.longAt(values, i) * 0x0102_0408_1020_4080L) >>> 56);
    }
  }

  /// The first page decides whether the chunk is compressed.
  private void append(PageHeader header) throws IOException {
    var out = scratch.out;
    var page = scratch.page;
    var body = page;
    if (compress && (decided || page.length >= SMALLEST_COMPRESSED)) {
      SnappyLibrary.compress(page, scratch.compressed);
      body = scratch.compressed;
    }
    if (!decided) {
      compress = body.length < page.length - page.length / 10;
      body = compress ? body : page;
      decided = true;
    }
    header.setUncompressed_page_size(page.length);
    header.setCompressed_page_size(body.length);
    var start = out.length;
    Util.writePageHeader(header, out);
    plainSize += out.length - start + page.length;
    out.write(body.bytes, 0, body.length);
  }
}
