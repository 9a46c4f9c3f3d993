package dev.sluice.parquet;

import java.util.Arrays;

/// The distinct values of a column and, for each value, its place among them.
final class Dictionary {
  // A column of fewer values is small whatever is done.
  private static final int FEWEST = 16;
  private static final int SAMPLE = 1_000;
  private static final int LARGEST = 1 << 20;
  private static final int FIRST_SLOTS = 1 << 11;
  // Whole numbers that lie so close are looked up by their distance from the smallest.
  private static final int NARROW = 1 << 16;
  // Values that clash so often were chosen to.
  private static final int MOST_PROBES = 256;
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  private int[] places = new int[0];

  // Where in the column's bytes each distinct value stands.
  private int[] offsets = new int[FIRST_SLOTS];
  private int count;
  private long size;

  // Hash of a value in the upper half and its place, counted from 1, in the lower one; 0 is free.
  private long[] slots = new long[FIRST_SLOTS];
  private int mask;
  private long smallest;

  /// Takes the `total` values of a column; false if a dictionary would not pay, and then it holds
  /// none.
  boolean take(Column column, int total) {
    var width = column.type().width();
    if (total < FEWEST || width == 1) {
      return false;
    }
    if (places.length < total) {
      places = new int[Math.max(total, places.length * 2)];
    }
    count = 0;
    size = 0;
    var range = range(column, total);
    clear(Math.max(FIRST_SLOTS, range));
    var values = column.values();
    return range > 0 ? takeNarrow(values, width, total) : take(values, width, total);
  }

  private boolean take(byte[] values, int width, int total) {
    var at = 0;
    for (var i = 0; i < total; i++) {
      var length = width == 0 ? Integer.BYTES + Words.intAt(values, at) : width;
      var place = place(values, at, length);
      if (place < 0 || place > total / 2 || size > LARGEST || (i == SAMPLE && mostlyNew())) {
        return false;
      }
      places[i] = place;
      at += length;
    }
    return true;
  }

  private boolean takeNarrow(byte[] values, int width, int total) {
    for (var i = 0; i < total; i++) {
      var at = i * width;
      var slot = (int) (whole(values, at, width) - smallest);
      var place = (int) slots[slot] - 1;
      if (place < 0) {
        place = add(0, slot, at, width);
      }
      if (place > total / 2 || (i == SAMPLE && mostlyNew())) {
        return false;
      }
      places[i] = place;
    }
    return true;
  }

  /// Whether a value that differs from the one before it is seldom an old one. Snappy does as well
  /// with values that only come several times in a row.
  private boolean mostlyNew() {
    var changes = 1;
    for (var i = 1; i < SAMPLE; i++) {
      changes += places[i] == places[i - 1] ? 0 : 1;
    }
    return count > SAMPLE / 4 && count > changes / 10 * 7;
  }

  /// For each value its place in the dictionary.
  int[] places() {
    return places;
  }

  /// How many distinct values there are.
  int count() {
    return count;
  }

  /// Writes the distinct values as they stand in the column.
  void write(Column column, Buffer out) {
    var values = column.values();
    var width = column.type().width();
    for (var i = 0; i < count; i++) {
      var at = offsets[i];
      out.write(values, at, width == 0 ? Integer.BYTES + Words.intAt(values, at) : width);
    }
  }

  /// How many whole numbers lie from the smallest to the largest, or 0 if they are other values or
  /// too many.
  private int range(Column column, int total) {
    var width = column.type().width();
    if (width == 0 || width > Long.BYTES || column.type().kind() == ParquetType.Kind.DOUBLE) {
      return 0;
    }
    var values = column.values();
    var low = Long.MAX_VALUE;
    var high = Long.MIN_VALUE;
    for (var i = 0; i < total; i++) {
      var number = whole(values, i * width, width);
      low = Math.min(low, number);
      high = Math.max(high, number);
    }
    smallest = low;
    var distance = high - low; // negative where it overflows
    return distance >= 0 && distance < Math.min(NARROW, 4L * total) ? (int) distance + 1 : 0;
  }

  private static long whole(byte[] values, int at, int width) {
    return width == Long.BYTES ? Words.longAt(values, at) : Words.intAt(values, at);
  }

  private void clear(int free) {
    mask = free - 1;
    if (slots.length < free) {
      slots = new long[free];
    } else {
      Arrays.fill(slots, 0, free, 0);
    }
  }

  private int place(byte[] values, int at, int length) {
    var hash = hash(values, at, length);
    var slot = hash & mask;
    for (var probes = 0; probes < MOST_PROBES; probes++) {
      var entry = slots[slot];
      if (entry == 0) {
        var place = add(hash, slot, at, length);
        if (count > mask / 2) {
          spread();
        }
        return place;
      }
      if ((int) (entry >>> 32) == hash) {
        var place = (int) entry - 1;
        if (same(values, at, offsets[place], length)) {
          return place;
        }
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  private int add(int hash, int slot, int at, int length) {
    if (count == offsets.length) {
      offsets = Arrays.copyOf(offsets, count * 2);
    }
    offsets[count] = at;
    count++;
    size += length;
    slots[slot] = ((long) hash << 32) | count;
    return count - 1;
  }

  private void spread() {
    var old = Arrays.copyOf(slots, mask + 1);
    clear(old.length * 4);
    for (var entry : old) {
      if (entry != 0) {
        var slot = (int) (entry >>> 32) & mask;
        while (slots[slot] != 0) {
          slot = (slot + 1) & mask;
        }
        slots[slot] = entry;
      }
    }
  }

  private static int hash(byte[] values, int at, int length) {
    long hash = 0;
    var rest = length;
    var i = at;
    for (; rest >= Long.BYTES; rest -= Long.BYTES) {
      hash = (hash ^ Words.longAt(values, i)) * MIX;
      hash ^= hash >>> 32;
      i += Long.BYTES;
    }
    if (rest > 0) {
      hash = (hash ^ (Words.longAt(values, i) << ((Long.BYTES - rest) * Byte.SIZE))) * MIX;
      hash ^= hash >>> 32;
    }
    hash *= MIX; // or numbers that end in zero bits would have hashes that do
    return (int) (hash ^ (hash >>> 32));
  }

  /// Text begins with its length, so that only values of one length are compared to their ends.
  private static boolean same(byte[] values, int left, int right, int length) {
    var rest = length;
    var a = left;
    var b = right;
    for (; rest >= Long.BYTES; rest -= Long.BYTES) {
      if (Words.longAt(values, a) != Words.longAt(values, b)) {
        return false;
      }
      a += Long.BYTES;
      b += Long.BYTES;
    }
    return rest == 0
        || (Words.longAt(values, a) ^ Words.longAt(values, b)) << ((Long.BYTES - rest) * Byte.SIZE)
            == 0;
  }
}
