package dev.sluice.inspect;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The values of a load file, which holds text where JSON has no type of its own.
final class LoadValues {
  private LoadValues() {}

  /// The value as its column means it; what cannot be read that way stays as it stands in the file.
  static @Nullable Object decode(ColumnSchema column, @Nullable Object value) {
    if (value instanceof Long number
        && column.dataType().orElse(DataType.TEXT) == DataType.DOUBLE) {
      return number.doubleValue();
    }
    if (!(value instanceof String text)) {
      return value;
    }
    try {
      return switch (column.dataType().orElse(DataType.TEXT)) {
        case TIMESTAMP ->
            column.timezone() ? OffsetDateTime.parse(text).toInstant() : LocalDateTime.parse(text);
        case DATE -> LocalDate.parse(text);
        case TIME -> LocalTime.parse(text);
        case BINARY -> Base64.getDecoder().decode(text);
        case TEXT, DOUBLE, BOOL, BIGINT, JSON, DECIMAL, WEI -> text;
      };
    } catch (DateTimeException | IllegalArgumentException unreadable) {
      return text;
    }
  }
}
