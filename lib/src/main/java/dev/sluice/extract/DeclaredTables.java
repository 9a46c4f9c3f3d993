package dev.sluice.extract;

import dev.sluice.resource.Hints;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.SchemaEditor;
import dev.sluice.schema.TableSchema;
import dev.sluice.schema.WriteDisposition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a resource declares about its tables, as dlt puts it into a schema: hints become properties
/// of tables and columns, names are normalized.
final class DeclaredTables {
  private static final List<String> VALIDITY = List.of("_dlt_valid_from", "_dlt_valid_to");

  private static final List<String> TYPES =
      Arrays.stream(DataType.values()).map(DataType::word).toList();

  private DeclaredTables() {}

  /// The root table and the nested ones that have hints, parents first.
  ///
  /// - `table`: the root table's name, not yet normalized
  static List<TableSchema> of(SchemaEditor schema, String resource, String table, Hints hints) {
    var tables = new ArrayList<TableSchema>();
    var root = root(resource, table, hints);
    tables.add(schema.normalized(checked(root)));
    hints.nested().entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> entry.getKey().size()))
        .forEach(
            entry -> tables.add(nested(schema, resource, table, entry.getKey(), entry.getValue())));
    return tables;
  }

  private static TableSchema root(String resource, String table, Hints hints) {
    var columns = columns(hints);
    var properties = new LinkedHashMap<String, @Nullable Object>();
    disposition(hints.disposition().orElseGet(WriteDisposition::append), properties, columns);
    hints.contract().ifPresent(contract -> properties.put("schema_contract", contract.toSetting()));
    hints
        .maxTableNesting()
        .ifPresent(levels -> properties.put("x-normalizer", Map.of("max_nesting", levels)));
    hints
        .incrementalColumn()
        .ifPresent(cursor ->
            columns.put(
                cursor,
                columns.getOrDefault(cursor, ColumnSchema.of(cursor)).with("incremental", true)));
    properties.put("resource", resource);
    return TableSchema.of(table, properties, List.copyOf(columns.values()));
  }

  private static TableSchema nested(
      SchemaEditor schema, String resource, String table, List<String> path, Hints hints) {
    var naming = schema.naming();
    var names = new ArrayList<String>();
    names.add(naming.tablePath(table));
    path.forEach(part -> names.add(naming.tableIdentifier(part)));
    var columns = columns(hints);
    var properties = new LinkedHashMap<String, @Nullable Object>();
    hints.disposition().ifPresent(disposition -> disposition(disposition, properties, columns));
    hints.contract().ifPresent(contract -> properties.put("schema_contract", contract.toSetting()));
    // A nested table with a key of its own stands for itself.
    if (columns.values().stream().anyMatch(c -> c.has("primary_key") || c.has("merge_key"))) {
      properties.put("resource", resource);
    } else {
      properties.put("parent", naming.fragments(names.subList(0, names.size() - 1)));
    }
    var name = naming.fragments(names);
    var declared = checked(TableSchema.of(name, properties, List.copyOf(columns.values())));
    var normalized = schema.normalized(declared);
    return TableSchema.of(name, normalized.properties(), normalized.columns());
  }

  /// The table, if its columns have names, types that exist and an order to sort by.
  private static TableSchema checked(TableSchema table) {
    for (var column : table.columns()) {
      if (column.name().isBlank()) {
        throw new IllegalArgumentException(
            "A column of table '%s' is declared without a name ('%s'); name it as the rows do"
                .formatted(table.name(), column.name()));
      }
      among(table, column, "data_type", TYPES);
      among(table, column, "dedup_sort", List.of("asc", "desc"));
    }
    return table;
  }

  private static void among(
      TableSchema table, ColumnSchema column, String property, List<String> words) {
    var value = column.property(property);
    if (value != null && !words.contains(value)) {
      throw new IllegalArgumentException(
          "Column '%s' of table '%s' is declared with %s '%s'; use one of %s"
              .formatted(column.name(), table.name(), property, value, String.join(", ", words)));
    }
  }

  /// Declared columns before those of a record class, then the keys.
  private static Map<String, ColumnSchema> columns(Hints hints) {
    var columns = new LinkedHashMap<String, ColumnSchema>();
    hints.recordColumns().forEach(column -> columns.put(column.name(), column));
    hints.columns().forEach(column -> columns.put(column.name(), column));
    hints.primaryKey().ifPresent(names -> key(columns, "primary_key", names));
    hints.mergeKey().ifPresent(names -> key(columns, "merge_key", names));
    return columns;
  }

  /// Keys of the table stand above those of its columns.
  private static void key(Map<String, ColumnSchema> columns, String hint, List<String> names) {
    columns.replaceAll((name, column) -> column.with(hint, null));
    for (var name : names) {
      var column = columns.getOrDefault(name, ColumnSchema.of(name));
      columns.put(
          name,
          column
              .with("nullable", column.property("nullable") == null ? false : column.nullable())
              .with(hint, true));
    }
  }

  private static void disposition(
      WriteDisposition declared,
      Map<String, @Nullable Object> properties,
      Map<String, ColumnSchema> columns) {
    properties.put("write_disposition", declared.word());
    if (!(declared instanceof WriteDisposition.Merge merge)) {
      return;
    }
    var options = merge.options();
    if (merge.strategy() != WriteDisposition.Strategy.DELETE_INSERT
        || options.containsKey("strategy")) {
      properties.put("x-merge-strategy", merge.strategy().word());
    }
    if (Boolean.TRUE.equals(options.get("deduplicated"))) {
      properties.put("x-stage-data-deduplicated", true);
    }
    if (merge.strategy() == WriteDisposition.Strategy.SCD2) {
      history(options, properties, columns);
    }
  }

  private static void history(
      Map<String, @Nullable Object> options,
      Map<String, @Nullable Object> properties,
      Map<String, ColumnSchema> columns) {
    // dlt writes a null that was given as well, and counts it in the hash.
    if (options.containsKey("boundary_timestamp")) {
      properties.put("x-boundary-timestamp", options.get("boundary_timestamp"));
    }
    var names = options.get("validity_column_names") instanceof List<?> own ? own : VALIDITY;
    var from = String.valueOf(names.get(0));
    var to = String.valueOf(names.get(1));
    columns.put(
        from,
        ColumnSchema.of(from, DataType.TIMESTAMP)
            .with("nullable", true)
            .with("x-valid-from", true));
    // dlt asks for this hint, so that a null is written as well.
    var validTo = new LinkedHashMap<String, @Nullable Object>();
    validTo.put("data_type", DataType.TIMESTAMP.word());
    validTo.put("nullable", true);
    validTo.put("x-valid-to", true);
    validTo.put("x-active-record-timestamp", options.get("active_record_timestamp"));
    columns.put(to, ColumnSchema.of(to, validTo));
    var version = String.valueOf(options.getOrDefault("row_version_column_name", "_dlt_id"));
    columns.put(
        version,
        ColumnSchema.of(version)
            .with("nullable", false)
            .with("x-row-version", true)
            .with("unique", false)
            .with("row_key", false));
  }
}
