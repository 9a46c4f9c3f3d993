package dev.sluice.schema;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A column: its name, type and hints. Immutable; every wither returns a new column.
///
/// ```java
/// var price = ColumnSchema.of("price").type(DataType.DECIMAL).precision(10, 2).notNull();
/// users.columns(price, ColumnSchema.of("email").unique());
/// ```
///
/// A column without a type is *incomplete*: its type comes from the first value seen. Properties
/// have dlt's spelling (`data_type`, `nullable`, `precision`, `primary_key`, `x-…`), so that a
/// schema file goes through unchanged.
public final class ColumnSchema {
  private final Map<String, Object> properties;

  private ColumnSchema(Map<String, Object> properties) {
    this.properties = Collections.unmodifiableMap(properties);
  }

  /// A column with a name alone.
  public static ColumnSchema of(String name) {
    var properties = new LinkedHashMap<String, Object>();
    properties.put("name", name);
    return new ColumnSchema(properties);
  }

  /// A column with a name and a type.
  public static ColumnSchema of(String name, DataType type) {
    return of(name).type(type);
  }

  /// A column from its properties in dlt's spelling, for instance read from a schema file.
  public static ColumnSchema of(String name, Map<String, ?> properties) {
    var copy = new LinkedHashMap<String, Object>();
    copy.put("name", name);
    properties.forEach((key, value) -> {
      if (Schema.counts(key, value) && !key.equals("name")) copy.put(key, value);
    });
    if ("complex".equals(copy.get("data_type"))) copy.put("data_type", "json");
    return new ColumnSchema(copy);
  }

  /// The name as the destination has it.
  public String name() {
    return (String) properties.getOrDefault("name", "");
  }

  /// The type; empty while no value was seen and none was declared.
  public Optional<DataType> dataType() {
    return properties.get("data_type") instanceof String word
        ? DataType.of(word)
        : Optional.empty();
  }

  /// Whether it has a type, so that a destination can create it.
  public boolean complete() {
    return properties.get("data_type") != null;
  }

  /// Whether nulls are allowed; true unless declared.
  public boolean nullable() {
    return !Boolean.FALSE.equals(properties.get("nullable"));
  }

  /// Digits of a decimal, bits of a bigint, length of a text, fraction digits of a timestamp or
  /// time.
  public Optional<Integer> precision() {
    return number("precision");
  }

  /// Digits behind the point of a decimal.
  public Optional<Integer> scale() {
    return number("scale");
  }

  /// Whether timestamps are instants (UTC); true unless declared. False: wall clock without a zone.
  public boolean timezone() {
    return !Boolean.FALSE.equals(properties.get("timezone"));
  }

  /// Whether the hint of that name is set to anything but its default (`false`, absent).
  public boolean has(String hint) {
    var value = properties.get(hint);
    return value != null && !Boolean.FALSE.equals(value);
  }

  /// The value of a property; null if absent.
  public @Nullable Object property(String name) {
    return properties.get(name);
  }

  /// All properties in dlt's spelling, `name` among them.
  public Map<String, Object> properties() {
    return properties;
  }

  /// Declares the type.
  public ColumnSchema type(DataType type) {
    return with("data_type", type.word());
  }

  /// Declares the precision: digits, bits, length or fraction digits, by type.
  public ColumnSchema precision(int precision) {
    return with("precision", precision);
  }

  /// Declares the digits of a decimal, and how many of them stand behind the point.
  public ColumnSchema precision(int precision, int scale) {
    return precision(precision).with("scale", scale);
  }

  /// Timestamps of this column have no zone.
  public ColumnSchema withoutTimezone() {
    return with("timezone", false);
  }

  /// Refuses nulls: a row with a null, or without the column, fails normalize.
  public ColumnSchema notNull() {
    return with("nullable", false);
  }

  /// Part of the primary key.
  public ColumnSchema primaryKey() {
    return with("nullable", false).with("primary_key", true);
  }

  /// Part of the merge key.
  public ColumnSchema mergeKey() {
    return with("nullable", false).with("merge_key", true);
  }

  /// Values are unique; a hint, not checked.
  public ColumnSchema unique() {
    return with("unique", true);
  }

  /// A merge deletes rows in which this column is true (bool) or present (any other type).
  public ColumnSchema hardDelete() {
    return with("hard_delete", true);
  }

  /// Of rows with one key a merge keeps the first in this order.
  ///
  /// - `order`: `"asc"` or `"desc"`
  public ColumnSchema dedupSort(String order) {
    if (!order.equals("asc") && !order.equals("desc"))
      throw new IllegalArgumentException(
          "dedup_sort of column '" + name() + "' must be 'asc' or 'desc', not '" + order + "'");
    return with("dedup_sort", order);
  }

  /// Any other hint, for instance `x-…`; null removes it.
  public ColumnSchema with(String property, @Nullable Object value) {
    var copy = new LinkedHashMap<>(properties);
    if (value == null) copy.remove(property);
    else copy.put(property, value);
    return new ColumnSchema(copy);
  }

  /// The same column under another name.
  public ColumnSchema named(String name) {
    return with("name", name);
  }

  /// This column with every property of the other laid over it.
  ColumnSchema merge(ColumnSchema over) {
    var copy = new LinkedHashMap<>(properties);
    copy.putAll(over.properties);
    return new ColumnSchema(copy);
  }

  private Optional<Integer> number(String name) {
    return properties.get(name) instanceof Number n ? Optional.of(n.intValue()) : Optional.empty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ColumnSchema column && properties.equals(column.properties);
  }

  @Override
  public int hashCode() {
    return properties.hashCode();
  }

  /// For instance `price decimal(10,2) not null`.
  @Override
  public String toString() {
    var text = new StringBuilder(name()).append(' ').append(property("data_type"));
    precision()
        .ifPresent(p ->
            text.append('(').append(p).append(scale().map(s -> "," + s).orElse("")).append(')'));
    if (!nullable()) text.append(" not null");
    return text.toString();
  }
}
