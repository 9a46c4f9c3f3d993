package dev.sluice.parquet;

import java.util.List;

/// Where the pages of a column of a row group stand, for the footer.
///
/// - `encoding`: of the values, or of those in the dictionary
/// - `dictionary`: where its page begins, or -1
record Chunk(
    String name,
    ParquetType type,
    int encoding,
    boolean compressed,
    int rows,
    int nulls,
    long plainSize,
    long size,
    long dictionary,
    long data) {
  /// Writes field 4 of the footer: row groups and their columns.
  static void write(Compact out, List<List<Chunk>> groups) {
    out.structs(4, groups.size());
    for (var group : groups) {
      out.element().structs(1, group.size());
      group.forEach(chunk -> chunk.write(out));
      out.i64(2, group.stream().mapToLong(Chunk::plainSize).sum());
      out.i64(3, group.isEmpty() ? 0 : group.getFirst().rows);
      out.end();
    }
  }

  private void write(Compact out) {
    out.element().i64(2, 0).struct(3).i32(1, FileSchema.physical(type));
    if (dictionary < 0) {
      out.numbers(2, encoding, ChunkWriter.RLE);
    } else {
      out.numbers(2, ChunkWriter.PLAIN, ChunkWriter.RLE, ChunkWriter.RLE_DICTIONARY);
    }
    out.texts(3, name)
        .i32(4, compressed ? 1 : 0)
        .i64(5, rows)
        .i64(6, plainSize)
        .i64(7, size)
        .i64(9, data);
    if (dictionary >= 0) {
      out.i64(11, dictionary);
    }
    out.struct(12).i64(3, nulls).end().end().end();
  }
}
