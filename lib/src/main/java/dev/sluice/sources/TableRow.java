package dev.sluice.sources;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A row as a Map over an array: the keys are shared by all rows of a result, so that a million
/// rows are a million arrays and no hash table. Values can be replaced and keys added.
final class TableRow extends AbstractMap<String, @Nullable Object> {
  private RowShape shape;
  private @Nullable Object[] values;

  TableRow(RowShape shape, @Nullable Object[] values) {
    this.shape = shape;
    this.values = values;
  }

  @Override
  public int size() {
    return shape.size();
  }

  @Override
  public @Nullable Object get(Object key) {
    var at = shape.position(key);
    return at < 0 ? null : values[at];
  }

  @Override
  public boolean containsKey(Object key) {
    return shape.position(key) >= 0;
  }

  @Override
  public @Nullable Object put(String key, @Nullable Object value) {
    var at = shape.position(key);
    if (at < 0) {
      shape = shape.and(key);
      values = Arrays.copyOf(values, shape.size());
      values[values.length - 1] = value;
      return null;
    }
    var before = values[at];
    values[at] = value;
    return before;
  }

  @Override
  public void forEach(BiConsumer<? super String, ? super @Nullable Object> action) {
    for (int at = 0; at < values.length; at++) action.accept(shape.name(at), values[at]);
  }

  @Override
  public Set<Map.Entry<String, @Nullable Object>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return shape.size();
      }

      @Override
      public Iterator<Map.Entry<String, @Nullable Object>> iterator() {
        return new Entries();
      }
    };
  }

  private final class Entries implements Iterator<Map.Entry<String, @Nullable Object>> {
    private int next;

    @Override
    public boolean hasNext() {
      return next < values.length;
    }

    @Override
    public Map.Entry<String, @Nullable Object> next() {
      if (next >= values.length) throw new NoSuchElementException();
      return new Field(next++);
    }
  }

  private final class Field implements Map.Entry<String, @Nullable Object> {
    private final int at;

    Field(int at) {
      this.at = at;
    }

    @Override
    public String getKey() {
      return shape.name(at);
    }

    @Override
    public @Nullable Object getValue() {
      return values[at];
    }

    @Override
    public @Nullable Object setValue(@Nullable Object value) {
      var before = values[at];
      values[at] = value;
      return before;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Map.Entry<?, ?> entry
          && new SimpleEntry<>(getKey(), getValue()).equals(entry);
    }

    @Override
    public int hashCode() {
      return new SimpleEntry<>(getKey(), getValue()).hashCode();
    }

    @Override
    public String toString() {
      return getKey() + "=" + getValue();
    }
  }
}
