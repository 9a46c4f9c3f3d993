package dev.sluice.normalize;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.Schema;
import dev.sluice.schema.SchemaContract;
import dev.sluice.schema.TableSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The tables of a schema as one file sees and changes them, and the rules that go by table.
final class Tables {
  /// How the id of a root row is made.
  enum RowId {
    RANDOM,
    KEY_HASH,
    ROW_HASH
  }

  private static final int DEFAULT_NESTING = 1000;

  private final Schema schema;
  private final Names names;
  private final Function<String, Optional<TableSchema>> known;
  private final Predicate<String> wide;
  private final Function<String, RowSink> sinks;
  private final Map<String, Optional<TableSchema>> seen = new HashMap<>();
  private final Map<String, TableState> states = new LinkedHashMap<>();
  private final ArrayList<TableState> touched = new ArrayList<>();
  private final Map<?, ?> propagation;
  private final int maxNesting;
  private int structure;

  /// - `schema`: the rules beside the tables
  /// - `known`: the tables as they stand when they are looked for first
  /// - `wide`: which columns, by table and name, hold numbers that a double may not hold
  /// - `sinks`: where the rows of a table go
  Tables(
      Schema schema,
      Function<String, Optional<TableSchema>> known,
      Predicate<String> wide,
      Function<String, RowSink> sinks,
      Names names) {
    this.schema = schema;
    this.known = known;
    this.wide = wide;
    this.sinks = sinks;
    this.names = names;
    var config = child(child(child(schema.property("normalizers")), "json"), "config");
    propagation = child(config, "propagation");
    maxNesting =
        config.get("max_nesting") instanceof Number number ? number.intValue() : DEFAULT_NESTING;
  }

  private static Map<?, ?> child(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static Map<?, ?> child(Map<?, ?> map, String key) {
    return child(map.get(key));
  }

  /// The table of that name, if the schema or this file has it.
  @Nullable TableState find(String name) {
    var state = states.get(name);
    if (state == null && seen(name).isPresent()) {
      return require(name, "");
    }
    return state == null || (state.known == null && state.added.isEmpty()) ? null : state;
  }

  /// The table of that name, made if need be; `parent` is empty for a root.
  TableState require(String name, String parent) {
    var state = states.get(name);
    if (state == null) {
      state =
          new TableState(
              name, seen(name).orElse(null), fresh(name, parent), names, sinks.apply(name));
      for (var column : state.columns.values()) {
        column.wide = wide.test(wideKey(name, column.name()));
      }
      states.put(name, state);
    }
    return state;
  }

  static String wideKey(String table, String column) {
    return table + "\n" + column;
  }

  /// Whether the destination may have the column: it was there before this package.
  boolean isLoaded(String table, String column) {
    return schema
        .table(table)
        .flatMap(known -> known.column(column))
        .filter(ColumnSchema::complete)
        .isPresent();
  }

  /// Whether the column has a type already.
  boolean isComplete(String table, String column) {
    var state = find(table);
    var found = state == null ? null : state.column(column);
    return found != null && found.form != null;
  }

  /// What was known of every table that mattered, or that there was none.
  Map<String, Optional<TableSchema>> seen() {
    return seen;
  }

  private Optional<TableSchema> seen(String name) {
    return seen.computeIfAbsent(name, known);
  }

  Iterable<TableState> all() {
    return states.values();
  }

  /// Adds a column to a table or completes one.
  void put(TableState table, ColumnSchema column) {
    table.put(column, names);
    if (column.property(TableState.SOURCE_KEY) != null
        || column.dataType().filter(DataType.JSON::equals).isPresent()) {
      structure++;
    }
  }

  /// Counts the changes after which keys may mean something else.
  int structure() {
    return structure;
  }

  /// Ends a row of a table.
  void endRow(TableState table) {
    if (table.sink.pending() == 0) {
      touched.add(table);
    }
    table.sink.end();
  }

  /// Keeps the rows of a root row.
  void keepRows() {
    for (int i = 0; i < touched.size(); i++) {
      touched.get(i).sink.keep();
    }
    touched.clear();
  }

  /// Takes the rows of a root row back.
  void takeBackRows() {
    for (int i = 0; i < touched.size(); i++) {
      touched.get(i).sink.takeBack();
    }
    touched.clear();
  }

  private static TableSchema fresh(String name, String parent) {
    var table = TableSchema.of(name);
    return parent.isEmpty()
        ? table.with("write_disposition", "append").with("resource", name)
        : table.with("parent", parent);
  }

  /// Whether rows of that table hang on rows of another; those that normalize makes itself do.
  boolean isNested(String name) {
    var table = find(name);
    return table == null || table.nested();
  }

  /// How many levels of a row may become tables and columns.
  int nestingLevel(String root) {
    var table = find(root);
    return table != null
            && child(table.property("x-normalizer")).get("max_nesting") instanceof Number n
        ? n.intValue()
        : maxNesting;
  }

  RowId rowId(String name) {
    var table = find(name);
    if (table == null || !"merge".equals(table.property("write_disposition"))) {
      return RowId.RANDOM;
    }
    var strategy = inherited(name, "x-merge-strategy");
    if ("upsert".equals(strategy) || "insert-only".equals(strategy)) {
      return RowId.KEY_HASH;
    }
    if ("scd2".equals(strategy)) {
      for (var column : table.columns.values()) {
        if (column.schema.has("x-row-version")) {
          return column.name().equals(names.id) ? RowId.ROW_HASH : RowId.RANDOM;
        }
      }
    }
    return RowId.RANDOM;
  }

  List<String> primaryKey(String name) {
    var key = new ArrayList<String>();
    var table = find(name);
    if (table != null) {
      for (var column : table.columns.values()) {
        if (column.schema.has("primary_key")) {
          key.add(column.name());
        }
      }
    }
    return key;
  }

  /// Which columns of a row its nested rows carry, and under which name.
  Map<String, String> propagated(String name, boolean root) {
    if (propagation.isEmpty()) {
      return Map.of();
    }
    var mapping = new LinkedHashMap<String, String>();
    if (root) {
      child(propagation, "root").forEach((from, to) -> mapping.put((String) from, (String) to));
    }
    child(child(propagation, "tables"), name)
        .forEach((from, to) -> mapping.put((String) from, (String) to));
    return mapping;
  }

  /// The contract that holds for a table; a new one has that of its parent.
  SchemaContract contract(String name, String parent) {
    if (names.isSystem(name)) {
      return SchemaContract.evolve();
    }
    var from = find(name) != null || parent.isEmpty() ? name : parent;
    if (names.isSystem(from)) {
      return SchemaContract.evolve();
    }
    var setting = inherited(from, "schema_contract");
    return SchemaContract.of(setting == null ? schema.settings().get("schema_contract") : setting);
  }

  /// The resource that feeds a table.
  String resource(String name) {
    var found = inherited(name, "resource");
    return found == null ? name : String.valueOf(found);
  }

  private @Nullable Object inherited(String name, String property) {
    var seen = 0;
    for (var table = find(name); table != null && seen < DEFAULT_NESTING; seen++) {
      var value = table.property(property);
      if (value != null) {
        return value;
      }
      table = table.property("parent") instanceof String parent ? find(parent) : null;
    }
    return null;
  }
}
