package dev.sluice.resource;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The columns that follow from a record class; components whose type tells nothing have none.
final class RecordColumns {
  private static final Map<Class<?>, DataType> TYPES =
      Map.ofEntries(
          Map.entry(String.class, DataType.TEXT),
          Map.entry(char.class, DataType.TEXT),
          Map.entry(Character.class, DataType.TEXT),
          Map.entry(UUID.class, DataType.TEXT),
          Map.entry(byte.class, DataType.BIGINT),
          Map.entry(Byte.class, DataType.BIGINT),
          Map.entry(short.class, DataType.BIGINT),
          Map.entry(Short.class, DataType.BIGINT),
          Map.entry(int.class, DataType.BIGINT),
          Map.entry(Integer.class, DataType.BIGINT),
          Map.entry(long.class, DataType.BIGINT),
          Map.entry(Long.class, DataType.BIGINT),
          Map.entry(BigInteger.class, DataType.BIGINT),
          Map.entry(float.class, DataType.DOUBLE),
          Map.entry(Float.class, DataType.DOUBLE),
          Map.entry(double.class, DataType.DOUBLE),
          Map.entry(Double.class, DataType.DOUBLE),
          Map.entry(boolean.class, DataType.BOOL),
          Map.entry(Boolean.class, DataType.BOOL),
          Map.entry(BigDecimal.class, DataType.DECIMAL),
          Map.entry(Instant.class, DataType.TIMESTAMP),
          Map.entry(OffsetDateTime.class, DataType.TIMESTAMP),
          Map.entry(ZonedDateTime.class, DataType.TIMESTAMP),
          Map.entry(LocalDateTime.class, DataType.TIMESTAMP),
          Map.entry(LocalDate.class, DataType.DATE),
          Map.entry(LocalTime.class, DataType.TIME),
          Map.entry(byte[].class, DataType.BINARY));

  private RecordColumns() {}

  static List<ColumnSchema> of(Class<?> type) {
    return type.isRecord()
        ? Arrays.stream(type.getRecordComponents())
            .flatMap(
                component -> Stream.ofNullable(column(component.getName(), component.getType())))
            .toList()
        : List.of();
  }

  private static @Nullable ColumnSchema column(String name, Class<?> type) {
    var dataType = type.isEnum() ? DataType.TEXT : TYPES.get(type);
    if (dataType == null) {
      return null;
    }
    var column = ColumnSchema.of(name, dataType);
    if (type == LocalDateTime.class) {
      column = column.withoutTimezone();
    }
    return type.isPrimitive() ? column.notNull() : column;
  }
}
