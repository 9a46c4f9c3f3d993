package dev.sluice.parquet;

import dev.sluice.seam.Seam;
import java.math.BigInteger;
import java.util.Arrays;

/// The values of one column while a row group is gathered, as they will stand in the file.
///
/// Rows come in increasing order, each with one value at most; a row without one is null. Only the
/// method that suits the type may be called. Not for several threads at once.
@Seam
public final class Column {
  /// What may be read, or written as zeros, behind the last value.
  static final int SLACK = Long.BYTES;

  private static final int FIRST = 256;
  private static final int KEPT = 4 << 20;
  private static final int FIRST_RUNS = 8;
  private static final int MOST = Integer.MAX_VALUE - 64;

  private final String name;
  private final ParquetType type;
  private final int width;

  private byte[] values;
  private int size;

  // First row and end of each run of rows with values; that of start and next is still open.
  private int[] runs;
  private int closed;
  private int start;
  private int next;

  private int markedSize;
  private int markedClosed;
  private int markedStart;
  private int markedNext;

  private Column(String name, ParquetType type, byte[] values, int[] runs) {
    this.name = name;
    this.type = type;
    this.width = type.width();
    this.values = values;
    this.runs = runs;
  }

  /// A column without values.
  public static Column of(String name, ParquetType type) {
    return new Column(name, type, new byte[FIRST], new int[FIRST_RUNS]);
  }

  /// Another column, which takes the arrays of this one, which is empty.
  Column renewed(String name, ParquetType type) {
    return new Column(name, type, values, runs);
  }

  /// Its name in the file.
  public String name() {
    return name;
  }

  /// How its values are stored.
  public ParquetType type() {
    return type;
  }

  /// A value of [ParquetType#TEXT], in UTF-8, or of [ParquetType#BYTES].
  public void bytes(int row, byte[] from, int offset, int count) {
    assert width == 0;
    present(row);
    room(Integer.BYTES + (long) count);
    Words.INT.set(values, size, count);
    System.arraycopy(from, offset, values, size + Integer.BYTES, count);
    size += Integer.BYTES + count;
  }

  /// A boolean as 0 or 1, an integer, days of a date, microseconds of a time, timestamp or instant.
  public void whole(int row, long value) {
    assert width > 0 && width <= Long.BYTES;
    present(row);
    room(Long.BYTES);
    Words.LONG.set(values, size, value); // the next value takes what is too much
    size += width;
  }

  /// A value of [ParquetType#DOUBLE], bit by bit.
  public void floating(int row, double value) {
    assert type.kind() == ParquetType.Kind.DOUBLE;
    present(row);
    room(Long.BYTES);
    Words.LONG.set(values, size, Double.doubleToRawLongBits(value));
    size += Long.BYTES;
  }

  /// A decimal, as the number that its digits are without a point.
  public void decimal(int row, BigInteger unscaled) {
    assert type.kind() == ParquetType.Kind.DECIMAL;
    if (unscaled.bitLength() > 127) {
      throw new IllegalArgumentException(
          "Column '%s' takes decimals of 38 digits, not '%s'".formatted(name, unscaled));
    }
    present(row);
    room(2 * Long.BYTES);
    long low = unscaled.longValue();
    long high = unscaled.bitLength() < Long.SIZE ? low >> 63 : unscaled.shiftRight(64).longValue();
    Words.LONG.set(values, size, Long.reverseBytes(high));
    Words.LONG.set(values, size + Long.BYTES, Long.reverseBytes(low));
    size += 2 * Long.BYTES;
  }

  /// Bytes that the values take.
  public long size() {
    return size;
  }

  /// Keeps what there is: [#reset()] comes back to it.
  public void mark() {
    markedSize = size;
    markedClosed = closed;
    markedStart = start;
    markedNext = next;
  }

  /// Takes back every value since the last mark, or all if there was none since [#clear()].
  public void reset() {
    size = markedSize;
    closed = markedClosed;
    start = markedStart;
    next = markedNext;
  }

  /// Makes it empty, for the next row group.
  public void clear() {
    size = 0;
    closed = 0;
    start = 0;
    next = 0;
    mark();
    if (values.length > KEPT) {
      values = new byte[FIRST];
    }
    if (runs.length > KEPT / Integer.BYTES) {
      runs = new int[FIRST_RUNS];
    }
  }

  /// Bytes of its arrays.
  long held() {
    return values.length + (long) Integer.BYTES * runs.length;
  }

  /// The values one behind the other, then at least [#SLACK] bytes.
  byte[] values() {
    return values;
  }

  /// First row and end of each run of rows with values, also of the open one; runs are not
  /// adjacent.
  int[] runs() {
    runs[closed] = start;
    runs[closed + 1] = next;
    return runs;
  }

  /// How many runs there are.
  int runCount() {
    return closed / 2 + (next > start ? 1 : 0);
  }

  /// How many rows have a value.
  int count() {
    var count = next - start;
    for (var at = 0; at < closed; at += 2) {
      count += runs[at + 1] - runs[at];
    }
    return count;
  }

  /// The row behind the last one with a value.
  int end() {
    return next;
  }

  private void present(int row) {
    if (row != next) {
      skipTo(row);
    }
    next = row + 1;
  }

  private void skipTo(int row) {
    if (row < next) {
      throw new IllegalArgumentException(
          "Column '%s' has row %d already; row %d comes too late".formatted(name, next - 1, row));
    }
    if (next > start) {
      runs[closed] = start;
      runs[closed + 1] = next;
      closed += 2;
      if (closed + 2 > runs.length) {
        runs = Arrays.copyOf(runs, runs.length * 2);
      }
    }
    start = row;
  }

  private void room(long count) {
    if (size + count > values.length - SLACK) {
      grow(size + count + SLACK);
    }
  }

  private void grow(long needed) {
    if (needed > MOST) {
      throw new IllegalStateException(
          "Column '%s' holds 2 GiB; write a row group sooner".formatted(name));
    }
    values = Arrays.copyOf(values, (int) Math.min(MOST, Math.max(needed, values.length * 2L)));
  }
}
