package dev.sluice.schema;

import dev.sluice.seam.Seam;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A table: its columns in order, its parent if it is a nested table, and its hints. Immutable.
///
/// ```java
/// var table = schema.table("users").orElseThrow();
/// table.columns().forEach(IO::println);
/// ```
public final class TableSchema {
  private final Map<String, Object> properties;
  private final Map<String, ColumnSchema> columns;

  private TableSchema(Map<String, Object> properties, Map<String, ColumnSchema> columns) {
    this.properties = Collections.unmodifiableMap(properties);
    this.columns = Collections.unmodifiableMap(columns);
  }

  /// A table with a name and no column.
  public static TableSchema of(String name) {
    return of(name, Map.of(), List.of());
  }

  /// A table from its properties in dlt's spelling and its columns in order.
  public static TableSchema of(
      String name, Map<String, ? extends @Nullable Object> properties, List<ColumnSchema> columns) {
    var copy = new LinkedHashMap<String, Object>();
    copy.put("name", name);
    properties.forEach((key, value) -> {
      if (Schema.counts(key, value) && !key.equals("name") && !key.equals("columns"))
        copy.put(key, value);
    });
    var byName = new LinkedHashMap<String, ColumnSchema>();
    for (var column : columns) byName.put(column.name(), column);
    return new TableSchema(copy, byName);
  }

  /// The name as the destination has it.
  public String name() {
    return (String) properties.getOrDefault("name", "");
  }

  /// The table whose rows hold these rows; empty for a root table.
  public Optional<String> parent() {
    return text("parent");
  }

  /// Whether it is a nested table.
  public boolean nested() {
    return parent().filter(p -> !p.isEmpty()).isPresent();
  }

  /// The resource that feeds it; root tables only.
  public Optional<String> resource() {
    return text("resource");
  }

  /// The columns in order, incomplete ones included.
  public List<ColumnSchema> columns() {
    return List.copyOf(columns.values());
  }

  /// The columns that a destination has: those with a type.
  public List<ColumnSchema> completeColumns() {
    return columns.values().stream().filter(ColumnSchema::complete).toList();
  }

  /// The column of that name.
  public Optional<ColumnSchema> column(String name) {
    return Optional.ofNullable(columns.get(name));
  }

  /// Names of the columns that have the hint, in order.
  public List<String> columnsWith(String hint) {
    return columns.values().stream().filter(c -> c.has(hint)).map(ColumnSchema::name).toList();
  }

  /// The value of a table property in dlt's spelling (`write_disposition`, `schema_contract`,
  /// `x-…`); null if absent.
  public @Nullable Object property(String name) {
    return properties.get(name);
  }

  /// All properties in dlt's spelling but the columns.
  public Map<String, Object> properties() {
    return properties;
  }

  /// Whether rows were ever normalized into it.
  public boolean seenData() {
    return properties.get("x-normalizer") instanceof Map<?, ?> hints
        && Boolean.TRUE.equals(hints.get("seen-data"));
  }

  /// Whether no column has a type yet.
  public boolean isNew() {
    return columns.values().stream().noneMatch(ColumnSchema::complete);
  }

  /// Sets a property in dlt's spelling; null removes it.
  public TableSchema with(String property, @Nullable Object value) {
    var copy = new LinkedHashMap<>(properties);
    if (value == null) copy.remove(property);
    else copy.put(property, value);
    return new TableSchema(copy, columns);
  }

  /// Adds columns, or replaces those of the same name.
  public TableSchema columns(ColumnSchema... more) {
    var copy = new LinkedHashMap<>(columns);
    for (var column : more) copy.put(column.name(), column);
    return new TableSchema(properties, copy);
  }

  Map<String, ColumnSchema> columnsByName() {
    return columns;
  }

  /// The table as dlt's dictionary, columns within.
  @Seam
  public Map<String, Object> dictionary() {
    var map = new LinkedHashMap<String, Object>(properties);
    var all = new LinkedHashMap<String, Object>();
    columns.forEach((name, column) -> all.put(name, column.properties()));
    map.put("columns", all);
    return map;
  }

  static TableSchema fromMap(String name, Map<String, ?> map) {
    var columns = new LinkedHashMap<String, ColumnSchema>();
    if (map.get("columns") instanceof Map<?, ?> all)
      all.forEach((key, value) -> {
        if (value instanceof Map<?, ?> properties)
          columns.put((String) key, ColumnSchema.of((String) key, Schema.strings(properties)));
      });
    return of(name, map, List.copyOf(columns.values()));
  }

  private Optional<String> text(String name) {
    return properties.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TableSchema table
        && properties.equals(table.properties)
        && List.copyOf(columns.values()).equals(List.copyOf(table.columns.values()));
  }

  @Override
  public int hashCode() {
    return properties.hashCode();
  }

  @Override
  public String toString() {
    return name() + columns.values();
  }
}
