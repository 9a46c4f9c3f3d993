package dev.sluice.parquet;

import dev.sluice.seam.Seam;
import java.util.ArrayDeque;

/// The buffers of writers and columns, for as many as one thread has: what is given back is used
/// again, since large arrays cost most when they are new, but no more than 16 MB of columns.
@Seam
public final class Scratch {
  private static final long KEPT = 16 << 20;

  final Buffer out = new Buffer();
  final Compact structures = new Compact(out);
  final Buffer page = new Buffer();
  final Buffer compressed = new Buffer();
  final Levels levels = new Levels();
  final Dictionary dictionary = new Dictionary();

  private final ArrayDeque<Column> idle = new ArrayDeque<>();
  private long kept;

  private Scratch() {}

  /// Small ones, that grow.
  public static Scratch of() {
    return new Scratch();
  }

  /// A column without values, in the arrays of one that was given back.
  public Column column(String name, ParquetType type) {
    var old = idle.poll();
    if (old == null) {
      return Column.of(name, type);
    }
    kept -= old.held();
    return old.renewed(name, type);
  }

  /// Takes a column back, which nobody uses any more.
  public void giveBack(Column column) {
    column.clear();
    if (kept + column.held() <= KEPT) {
      kept += column.held();
      idle.push(column);
    }
  }

  /// Bytes of the columns that were given back and wait to be used again.
  long kept() {
    return kept;
  }
}
