package dev.sluice.table;

import dev.sluice.seam.Seam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Named columns of values, before it is decided who looks at them: a Tablesaw table, a terminal, a
/// page. Knows nothing of Tablesaw, so that looking at text does not load it.
///
/// Values are those of [Cells].
@Seam
public record Grid(String title, List<String> names, List<List<@Nullable Object>> columns) {
  public int rows() {
    return columns.isEmpty() ? 0 : columns.getFirst().size();
  }

  public Grid titled(String text) {
    return new Grid(text, names, columns);
  }

  public Grid first(int count) {
    return new Grid(
        title, names, columns.stream().map(column -> column.subList(0, count)).toList());
  }

  /// The column of that name; empty values only if there is none.
  public List<@Nullable Object> column(String name) {
    var at = names.indexOf(name);
    return at < 0 ? new ArrayList<>() : columns.get(at);
  }

  public static Builder of(String title, String... names) {
    return new Builder(title, names);
  }

  /// Takes rows one after another; a column that appears late is empty in the rows before.
  @Seam
  public static final class Builder {
    private final Map<String, List<@Nullable Object>> columns = new LinkedHashMap<>();
    private final String title;
    private int rows;

    private Builder(String title, String... names) {
      this.title = title;
      for (var name : names) {
        columns.put(name, new ArrayList<>());
      }
    }

    public int rows() {
      return rows;
    }

    /// A row in the order of the columns.
    public Builder row(@Nullable Object... values) {
      if (values.length != columns.size()) {
        throw new IllegalArgumentException(
            "The grid '%s' has %d columns, the row %s"
                .formatted(title, columns.size(), Arrays.toString(values)));
      }
      var at = 0;
      for (var column : columns.values()) {
        column.add(Cells.of(values[at++]));
      }
      rows++;
      return this;
    }

    /// A row by names.
    public Builder row(Map<String, ? extends @Nullable Object> values) {
      values.forEach((name, value) -> {
        var column = columns.computeIfAbsent(name, key -> new ArrayList<>());
        pad(column, rows);
        column.add(Cells.of(value));
      });
      rows++;
      return this;
    }

    public Grid build() {
      return build(title);
    }

    public Grid build(String named) {
      columns.values().forEach(column -> pad(column, rows));
      return new Grid(named, List.copyOf(columns.keySet()), List.copyOf(columns.values()));
    }

    private static void pad(List<@Nullable Object> column, int to) {
      while (column.size() < to) {
        column.add(null);
      }
    }
  }
}
