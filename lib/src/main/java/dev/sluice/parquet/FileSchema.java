package dev.sluice.parquet;

import java.util.List;

/// Names and types of the columns of a file.
record FileSchema(List<String> names, List<ParquetType> types) {
  private static final int DECIMAL_BYTES = 16;
  private static final int OPTIONAL = 1;
  private static final int UTF8 = 0;
  private static final int DECIMAL = 5;
  private static final int DATE = 6;
  private static final int TIMESTAMP_MICROS = 10;
  private static final int INT_8 = 15;

  static FileSchema of(List<Column> columns) {
    return new FileSchema(
        columns.stream().map(Column::name).toList(), columns.stream().map(Column::type).toList());
  }

  /// Whether these are the columns of the file, in its order.
  boolean suits(List<Column> columns) {
    if (columns.size() != names.size()) {
      return false;
    }
    for (var i = 0; i < columns.size(); i++) {
      var column = columns.get(i);
      if (!column.name().equals(names.get(i)) || !column.type().equals(types.get(i))) {
        return false;
      }
    }
    return true;
  }

  /// Writes field 2 of the footer: a root and its children.
  void write(Compact out) {
    out.structs(2, names.size() + 1);
    out.element().text(4, "schema").i32(5, names.size()).end();
    for (var i = 0; i < names.size(); i++) {
      write(out.element(), names.get(i), types.get(i));
      out.end();
    }
  }

  /// Parquet's number of how the values of a type are stored, whatever they mean.
  static int physical(ParquetType type) {
    return switch (type.kind()) {
      case BOOLEAN -> 0;
      case INTEGER, DATE, TIME, TIMESTAMP, INSTANT -> type.width() == Integer.BYTES ? 1 : 2;
      case DOUBLE -> 5;
      case TEXT, BYTES -> 6;
      case DECIMAL -> 7;
    };
  }

  private static void write(Compact out, String name, ParquetType type) {
    out.i32(1, physical(type));
    if (type.kind() == ParquetType.Kind.DECIMAL) {
      out.i32(2, DECIMAL_BYTES);
    }
    out.i32(3, OPTIONAL).text(4, name);
    switch (type.kind()) {
      case BYTES, BOOLEAN, DOUBLE -> {}
      case TEXT -> out.i32(6, UTF8).struct(10).empty(1).end();
      case INTEGER ->
          out.i32(6, INT_8 + Integer.numberOfTrailingZeros(type.size() / 8))
              .struct(10)
              .struct(10)
              .i8(1, type.size())
              .bool(2, true)
              .end()
              .end();
      case DECIMAL ->
          out.i32(6, DECIMAL)
              .i32(7, type.scale())
              .i32(8, type.size())
              .struct(10)
              .struct(5)
              .i32(1, type.scale())
              .i32(2, type.size())
              .end()
              .end();
      case DATE -> out.i32(6, DATE).struct(10).empty(6).end();
      // The older annotation would mean UTC.
      case TIME -> micros(out.struct(10), 7, false).end();
      case TIMESTAMP -> micros(out.struct(10), 8, false).end();
      case INSTANT -> micros(out.i32(6, TIMESTAMP_MICROS).struct(10), 8, true).end();
    }
  }

  private static Compact micros(Compact out, int field, boolean utc) {
    return out.struct(field).bool(1, utc).struct(2).empty(2).end().end();
  }
}
