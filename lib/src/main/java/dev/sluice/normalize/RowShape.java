package dev.sluice.normalize;

import dev.sluice.schema.ColumnSchema;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows of one table as they were seen so far: which keys come in which order, and what each of
/// them means.
final class RowShape {
  final TableState table;

  /// Names of the tables from the root to this one, by which nested tables are named.
  final List<String> path;

  final Level level;

  /// For lists within the list, whose rows hold nothing else; made when one is met.
  @Nullable RowShape inner;

  /// The column of values that are no objects.
  final Slot value;

  /// The columns that normalize fills: the first in root rows, the last in all, the others in
  /// nested ones.
  final ColumnState loadId;

  final ColumnState rootId;
  final ColumnState parentId;
  final ColumnState listIndex;
  final ColumnState id;

  RowShape(TableState table, List<String> path, int depth, Names names) {
    this.table = table;
    this.path = path;
    this.level = new Level(this, List.of(), List.of(), depth);
    this.value = new Slot(level, new byte[0], "", names.value, names.value, false);
    loadId = filled(names.loadId);
    rootId = filled(names.rootId);
    parentId = filled(names.parentId);
    listIndex = filled(names.listIndex);
    id = filled(names.id);
  }

  private ColumnState filled(String name) {
    var column = table.column(name);
    // Rows of this kind may not have it; then nobody asks for it.
    return column == null ? new ColumnState(ColumnSchema.of(name)) : column;
  }

  /// The keys of an object: the row itself, or one nested in it.
  static final class Level {
    final RowShape row;
    final List<String> path;
    final List<String> keys;
    final int depth;

    /// The key that came first last time.
    @Nullable Slot first;

    private Slot[] byHash = new Slot[16];
    private int size;

    Level(RowShape row, List<String> path, List<String> keys, int depth) {
      this.row = row;
      this.path = path;
      this.keys = keys;
      this.depth = depth;
    }

    /// The slot of a key, which stands in `bytes`.
    @Nullable Slot find(byte[] bytes, int from, int to) {
      int mask = byHash.length - 1;
      for (int at = hash(bytes, from, to) & mask; ; at = (at + 1) & mask) {
        var slot = byHash[at];
        if (slot == null
            || (slot.key.length == to - from
                && Arrays.equals(slot.key, 0, slot.key.length, bytes, from, to))) {
          return slot;
        }
      }
    }

    void add(Slot slot) {
      if (2 * ++size > byHash.length) {
        var old = byHash;
        byHash = new Slot[2 * old.length];
        for (var one : old) {
          if (one != null) {
            put(one);
          }
        }
      }
      put(slot);
    }

    private void put(Slot slot) {
      int mask = byHash.length - 1;
      int at = hash(slot.key, 0, slot.key.length) & mask;
      while (byHash[at] != null) {
        at = (at + 1) & mask;
      }
      byHash[at] = slot;
    }

    private static int hash(byte[] bytes, int from, int to) {
      int hash = to - from;
      for (int at = from; at < to; at++) {
        hash = 31 * hash + bytes[at];
      }
      return hash ^ (hash >>> 15);
    }
  }

  /// What a key means: a column, an object whose keys are columns, a list that is a table; each is
  /// known once it was met.
  static final class Slot {
    final Level level;
    final byte[] key;
    final String text;

    /// The name of the column, with the path before it.
    final String column;

    /// The name of the key alone, as a part of a table's name.
    final String tablePart;

    /// Whether dlt itself fills the column.
    final boolean system;

    @Nullable ColumnState state;
    @Nullable Level object;
    @Nullable RowShape list;
    boolean nullAllowed;

    /// The key that followed last time.
    @Nullable Slot next;

    Slot(Level level, byte[] key, String text, String column, String tablePart, boolean system) {
      this.level = level;
      this.key = key;
      this.text = text;
      this.column = column;
      this.tablePart = tablePart;
      this.system = system;
    }

    static String text(byte[] bytes, int from, int to) {
      return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
  }
}
