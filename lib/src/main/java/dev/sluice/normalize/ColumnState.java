package dev.sluice.normalize;

import dev.sluice.parquet.Column;
import dev.sluice.schema.ColumnSchema;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A column while files are normalized: its schema, and what writing a value of it needs.
final class ColumnState {
  /// The JSON before a value: comma, name, colon.
  final byte[] prefix;

  ColumnSchema schema;

  /// Null while the column has no type.
  @Nullable ColumnForm form;

  /// Whether it holds whole numbers that a double may not hold.
  boolean wide;

  /// The values of rows that become Parquet; null as long as there were none.
  @Nullable Column values;

  /// Whether some of them are of rows that are not kept yet.
  boolean unkept;

  /// The number of the row that set it last.
  long row = -1;

  ColumnState(ColumnSchema schema) {
    this.schema = schema;
    this.form = schema.complete() ? ColumnForm.of(schema) : null;
    var name = new ByteSink(schema.name().length() + 8);
    name.raw((byte) ',');
    if (!name.utf8(schema.name())) {
      throw new CannotNormalize(
          "The column name '" + schema.name() + "' holds half a surrogate pair, which is no text");
    }
    name.raw((byte) ':');
    prefix = java.util.Arrays.copyOf(name.bytes, name.length);
  }

  String name() {
    return schema.name();
  }

  /// A value that must be there and that only the source can give.
  boolean required() {
    return !schema.nullable() && !schema.has("x-valid-from") && !schema.has("x-valid-to");
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
