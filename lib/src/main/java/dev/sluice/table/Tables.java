package dev.sluice.table;

import dev.sluice.seam.Seam;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DateColumn;
import tech.tablesaw.api.DateTimeColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.InstantColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.api.TimeColumn;
import tech.tablesaw.columns.Column;

/// A grid as a Tablesaw table: the one class that loads Tablesaw.
///
/// A column takes the type of its values. It is text if they differ, and if Tablesaw would change
/// one: a NaN and the smallest long are its marks for a missing value, and it keeps no more than
/// milliseconds.
@Seam
public final class Tables {
  private static final long MAX_EXACT = 1L << 53;

  private Tables() {}

  public static Table of(Grid grid) {
    var columns = new ArrayList<Column<?>>(grid.names().size());
    var taken = new HashSet<String>();
    for (var at = 0; at < grid.names().size(); at++) {
      columns.add(column(unique(grid.names().get(at), taken), grid.columns().get(at)));
    }
    return Table.create(grid.title(), columns.toArray(Column[]::new));
  }

  /// Tablesaw takes `id` and `ID` for the same name.
  private static String unique(String name, Set<String> taken) {
    var free = name;
    for (var number = 2; !taken.add(free.toLowerCase(Locale.ROOT)); number++) {
      free = name + " (" + number + ")";
    }
    return free;
  }

  private static Column<?> column(String name, List<@Nullable Object> values) {
    var first = values.stream().filter(value -> value != null).findFirst().orElse("");
    return switch (first) {
      case Long any when all(values, value -> value instanceof Long) ->
          all(values, value -> !value.equals(Long.MIN_VALUE))
              ? longs(name, values)
              : text(name, values);
      case Number any when all(values, Tables::isExactDouble) -> doubles(name, values);
      case Boolean any when all(values, value -> value instanceof Boolean) ->
          fill(BooleanColumn.create(name), values);
      case Instant any when all(values, value -> value instanceof Instant time && inMillis(time)) ->
          fill(InstantColumn.create(name), values);
      case LocalDateTime any
          when all(values, value -> value instanceof LocalDateTime time && inMillis(time)) ->
          fill(DateTimeColumn.create(name), values);
      case LocalDate any when all(values, value -> value instanceof LocalDate) ->
          fill(DateColumn.create(name), values);
      case LocalTime any
          when all(values, value -> value instanceof LocalTime time && inMillis(time)) ->
          fill(TimeColumn.create(name), values);
      default -> text(name, values);
    };
  }

  private static boolean all(List<@Nullable Object> values, Predicate<Object> test) {
    for (var value : values) {
      if (value != null && !test.test(value)) {
        return false;
      }
    }
    return true;
  }

  private static boolean inMillis(Temporal time) {
    return time.get(ChronoField.NANO_OF_SECOND) % 1_000_000 == 0;
  }

  private static boolean isExactDouble(Object value) {
    return switch (value) {
      case Double number -> !number.isNaN();
      case Long number -> Math.abs(number) <= MAX_EXACT;
      default -> false;
    };
  }

  private static LongColumn longs(String name, List<@Nullable Object> values) {
    var column = LongColumn.create(name);
    for (var value : values) {
      if (value instanceof Long number) {
        column.append(number.longValue());
      } else {
        column.appendMissing();
      }
    }
    return column;
  }

  private static DoubleColumn doubles(String name, List<@Nullable Object> values) {
    var column = DoubleColumn.create(name);
    for (var value : values) {
      if (value instanceof Number number) {
        column.append(number.doubleValue());
      } else {
        column.appendMissing();
      }
    }
    return column;
  }

  private static Column<?> fill(Column<?> column, List<@Nullable Object> values) {
    for (var value : values) {
      if (value == null) {
        column.appendMissing();
      } else {
        column.appendObj(value);
      }
    }
    return column;
  }

  private static StringColumn text(String name, List<@Nullable Object> values) {
    var column = StringColumn.create(name);
    for (var value : values) {
      if (value == null) {
        column.appendMissing();
      } else {
        column.append(Cells.text(value));
      }
    }
    return column;
  }

  /// The way back, for tables that somebody else made.
  public static Grid grid(Table table) {
    var columns = new ArrayList<List<@Nullable Object>>();
    for (var column : table.columns()) {
      var values = new ArrayList<@Nullable Object>(column.size());
      for (var row = 0; row < column.size(); row++) {
        values.add(column.isMissing(row) ? null : Cells.of(column.get(row)));
      }
      columns.add(values);
    }
    return new Grid(table.name() == null ? "" : table.name(), table.columnNames(), columns);
  }
}
