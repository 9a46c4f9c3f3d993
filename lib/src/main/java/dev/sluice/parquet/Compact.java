package dev.sluice.parquet;

import java.nio.charset.StandardCharsets;

/// Thrift's compact protocol, as far as the headers and the footer of Parquet need it: structures
/// are fields in the order of their numbers, then an end.
///
/// By hand, since the structures generated for it take 0.1 s to load.
final class Compact {
  private static final int TRUE = 1;
  private static final int FALSE = 2;
  private static final int BYTE = 3;
  private static final int I32 = 5;
  private static final int I64 = 6;
  private static final int BINARY = 8;
  private static final int LIST = 9;
  private static final int STRUCT = 12;
  private static final int DEEPEST = 16;
  private static final int LONG_LIST = 15;

  private final Buffer out;

  // The number of the last field of each open structure.
  private final int[] last = new int[DEEPEST];
  private int depth;

  Compact(Buffer out) {
    this.out = out;
  }

  Compact i8(int field, int value) {
    field(field, BYTE);
    out.write(value);
    return this;
  }

  Compact i32(int field, int value) {
    field(field, I32);
    return number(value);
  }

  Compact i64(int field, long value) {
    field(field, I64);
    return number(value);
  }

  Compact bool(int field, boolean value) {
    field(field, value ? TRUE : FALSE);
    return this;
  }

  Compact text(int field, String value) {
    field(field, BINARY);
    return text(value);
  }

  /// Begins a field that is a structure.
  Compact struct(int field) {
    field(field, STRUCT);
    return element();
  }

  /// A field that is a structure without fields.
  Compact empty(int field) {
    return struct(field).end();
  }

  /// Begins a list of structures, each of which begins with [#element()].
  Compact structs(int field, int count) {
    return list(field, STRUCT, count);
  }

  /// A list of numbers of 32 bits.
  Compact numbers(int field, int... values) {
    list(field, I32, values.length);
    for (var value : values) {
      number(value);
    }
    return this;
  }

  /// A list of one text.
  Compact texts(int field, String value) {
    return list(field, BINARY, 1).text(value);
  }

  /// Begins a structure that is no field.
  Compact element() {
    last[++depth] = 0;
    return this;
  }

  /// Ends the innermost structure, at last that which all stands in.
  Compact end() {
    out.write(0);
    if (depth == 0) {
      last[0] = 0;
    } else {
      depth--;
    }
    return this;
  }

  private void field(int field, int type) {
    var step = field - last[depth];
    last[depth] = field;
    out.write((step << 4) | type); // none of Parquet's steps is longer than 15
  }

  private Compact list(int field, int type, int count) {
    field(field, LIST);
    if (count < LONG_LIST) {
      out.write((count << 4) | type);
    } else {
      out.write((LONG_LIST << 4) | type);
      out.varint(count);
    }
    return this;
  }

  private Compact number(long value) {
    out.varint((value << 1) ^ (value >> 63));
    return this;
  }

  private Compact text(String value) {
    var bytes = value.getBytes(StandardCharsets.UTF_8);
    out.varint(bytes.length);
    out.write(bytes, 0, bytes.length);
    return this;
  }
}
