package dev.sluice.parquet;

import java.util.Arrays;

/// Which rows of a column have a value, page by page: Parquet's definition levels.
final class Levels {
  // Shorter runs than these take less room packed.
  private static final int SHORT_RUN = 16;

  private int[] expanded = new int[0];
  private int[] runs = new int[0];
  private int rows;
  private boolean packed;
  private int run;
  private int row;

  /// Begins with the first row of a column.
  void start(Column column, int count) {
    runs = column.runs();
    rows = count;
    packed = column.runCount() > count / (2 * SHORT_RUN);
    run = 0;
    row = 0;
  }

  /// Writes the levels of the next page, with their size before them, and returns how many rows it
  /// has.
  ///
  /// - `values`: how many rows with a value
  /// - `last`: so that the rows without one that follow are in it too
  int page(Buffer out, int values, boolean last) {
    out.room(Integer.BYTES);
    var sizeAt = out.length;
    out.length += Integer.BYTES;
    var first = row;
    if (packed) {
      expanded = expanded.length < rows ? new int[rows] : expanded;
    }
    var left = values;
    while (left > 0) {
      level(out, 0, runs[2 * run] - row, first);
      var taken = Math.min(left, runs[2 * run + 1] - row);
      level(out, 1, taken, first);
      left -= taken;
      if (row == runs[2 * run + 1]) {
        run++;
      }
    }
    if (last) {
      level(out, 0, rows - row, first);
    }
    if (packed) {
      Hybrid.write(out, expanded, 0, row - first, 1);
    }
    Words.INT.set(out.bytes, sizeAt, out.length - sizeAt - Integer.BYTES);
    return row - first;
  }

  private void level(Buffer out, int level, int count, int first) {
    if (count <= 0) {
      return;
    }
    if (packed) {
      Arrays.fill(expanded, row - first, row - first + count, level);
    } else {
      Hybrid.run(out, count, level, 1);
    }
    row += count;
  }
}
