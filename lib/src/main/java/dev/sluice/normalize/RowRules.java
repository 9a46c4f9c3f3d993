package dev.sluice.normalize;

import dev.sluice.json.CanonicalJson;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.RowIds;
import dev.sluice.schema.SchemaContract;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One root row by all the rules, whatever it holds: flattened, typed, its lists made tables, its
/// surprises taken into the schema or set aside. [CompiledRows] does the same, faster, for rows
/// that hold no surprise.
final class RowRules {
  private final Names names;
  private final Tables tables;
  private final Inference inference;
  private final Flattening flattening;
  private final Quarantine quarantine;
  private final boolean promote;
  private final RowIds ids;
  private final String loadId;

  /// The number of the root row at hand within its file.
  private long line;

  private String resource = "";

  /// Tables that a contract has refused, and why.
  private final Map<String, String> filteredTables = new LinkedHashMap<>();

  RowRules(
      Names names,
      Tables tables,
      Inference inference,
      Quarantine quarantine,
      boolean promote,
      RowIds ids,
      String loadId) {
    this.names = names;
    this.tables = tables;
    this.inference = inference;
    this.flattening = new Flattening(names, tables, inference);
    this.quarantine = quarantine;
    this.promote = promote;
    this.ids = ids;
    this.loadId = loadId;
  }

  /// What becomes of a row.
  private record Row(
      String table,
      String parent,
      Map<String, @Nullable Object> values,
      Map<String, String> sources,
      @Nullable Object source) {}

  /// Takes a root row; its rows stand in the sinks of their tables afterwards.
  void take(String rootTable, @Nullable Object item, long row) {
    line = row;
    resource = tables.resource(rootTable);
    if (item instanceof Map<?, ?> map) {
      take(
          map,
          Map.of(),
          List.of(rootTable),
          List.of(),
          "",
          0,
          tables.nestingLevel(rootTable),
          true);
    } else {
      var wrapped = new LinkedHashMap<String, @Nullable Object>();
      wrapped.put(names.value, item);
      take(
          wrapped,
          Map.of(),
          List.of(rootTable),
          List.of(),
          "",
          0,
          tables.nestingLevel(rootTable),
          true);
    }
  }

  /// Gives an empty table the columns that normalize adds.
  void touch(String rootTable) {
    var row = new LinkedHashMap<String, @Nullable Object>();
    row.put(names.loadId, loadId);
    row.put(names.id, ids.random());
    var coerced = new CoercedRow(rootTable, "", row, Map.of());
    coerced.run();
    accept(coerced, new Row(rootTable, "", row, Map.of(), row));
  }

  private void take(
      Map<?, ?> source,
      Map<String, @Nullable Object> inherited,
      List<String> path,
      List<String> parentPath,
      String parentId,
      long index,
      int depth,
      boolean isRoot) {
    var table = tableName(parentPath, path);
    var flat = flattening.flatten(table, source, depth);
    var row = flat.row();
    row.putAll(inherited);
    boolean root = isRoot || !tables.isNested(table);
    if (root) {
      row.put(names.loadId, loadId);
    }
    var id = row.get(names.id);
    boolean own = id != null && !"".equals(id) && !Long.valueOf(0).equals(id);
    if (!own) {
      id = addId(table, source, row, parentId, index, root);
    } else if (!root) {
      row.put(names.parentId, parentId);
      row.put(names.listIndex, index);
    }
    var extended = extended(table, row, inherited, root);
    if (!write(
        new Row(
            table,
            parentPath.isEmpty() ? "" : names.joined(parentPath),
            row,
            flat.sources(),
            source))) {
      return;
    }
    if (!flat.lists().isEmpty()) {
      var parents = new ArrayList<>(parentPath);
      parents.addAll(path);
      var parent = String.valueOf(id);
      flat.lists().forEach((key, list) -> take(list, extended, key, parents, parent, depth - 1));
    }
  }

  private void take(
      List<?> list,
      Map<String, @Nullable Object> inherited,
      List<String> path,
      List<String> parentPath,
      String parentId,
      int depth) {
    var table = tableName(parentPath, path);
    long index = 0;
    for (var item : list) {
      switch (item) {
        case Map<?, ?> map -> take(map, inherited, path, parentPath, parentId, index, depth, false);
        case List<?> nested -> {
          var wrapped = new LinkedHashMap<String, Object>();
          wrapped.put("list", nested);
          take(wrapped, inherited, path, parentPath, parentId, index, depth - 1, false);
        }
        case null, default -> {
          var row = new LinkedHashMap<String, @Nullable Object>();
          row.put(names.value, item);
          row.putAll(inherited);
          addId(table, row, row, parentId, index, !tables.isNested(table));
          write(new Row(table, names.joined(parentPath), row, Map.of(), item));
        }
      }
      index++;
    }
  }

  private String tableName(List<String> parentPath, List<String> path) {
    if (parentPath.isEmpty() && path.size() == 1) {
      return path.getFirst();
    }
    var whole = new ArrayList<>(parentPath);
    whole.addAll(path);
    return names.joined(whole);
  }

  private String addId(
      String table,
      Map<?, ?> source,
      Map<String, @Nullable Object> row,
      String parentId,
      long index,
      boolean root) {
    String id;
    if (!root) {
      id = ids.nested(parentId, table, index);
      row.put(names.parentId, parentId);
      row.put(names.listIndex, index);
    } else {
      id =
          switch (tables.rowId(table)) {
            case RANDOM -> ids.random();
            case KEY_HASH -> ids.hash(CanonicalJson.bytes(key(table, row), true));
            case ROW_HASH -> ids.hash(CanonicalJson.bytes(withoutSystemKeys(source), true));
          };
    }
    row.put(names.id, id);
    return id;
  }

  private Map<String, @Nullable Object> key(String table, Map<String, @Nullable Object> row) {
    var key = new LinkedHashMap<String, @Nullable Object>();
    for (var column : tables.primaryKey(table)) {
      if (!row.containsKey(column)) {
        throw new CannotNormalize(
            "Column '%s' is in the primary key of table '%s', but the row lacks it; give it a value or filter the row"
                .formatted(column, table));
      }
      key.put(column, row.get(column));
    }
    return key;
  }

  private static Map<String, @Nullable Object> withoutSystemKeys(Map<?, ?> source) {
    var content = new LinkedHashMap<String, @Nullable Object>();
    source.forEach((key, value) -> {
      if (!((String) key).startsWith("_dlt")) {
        content.put((String) key, value);
      }
    });
    return content;
  }

  private Map<String, @Nullable Object> extended(
      String table,
      Map<String, @Nullable Object> row,
      Map<String, @Nullable Object> inherited,
      boolean root) {
    var mapping = tables.propagated(table, root);
    if (mapping.isEmpty()) {
      return inherited;
    }
    var extended = new LinkedHashMap<>(inherited);
    mapping.forEach((from, to) -> {
      if (row.containsKey(from)) {
        extended.put(to, row.get(from));
      }
    });
    return extended;
  }

  /// Writes a row unless a contract sets it aside; whether its lists are wanted too.
  private boolean write(Row row) {
    var aside = filteredTables.get(row.table);
    if (aside != null) {
      setAside(row, aside);
      return false;
    }
    var known = tables.find(row.table);
    if (known != null && !known.filtered.isEmpty() && !filter(known, row, row.values)) {
      return false;
    }
    var coerced = new CoercedRow(row.table, row.parent, row.values, row.sources);
    coerced.run();
    if (!coerced.columns.isEmpty() && !admitted(coerced, row)) {
      return false;
    }
    var state = accept(coerced, row);
    requirePresent(state, coerced.values);
    append(state, coerced.values);
    return true;
  }

  private TableState accept(CoercedRow coerced, Row row) {
    var state = tables.require(row.table, row.parent);
    coerced.columns.values().forEach(column -> tables.put(state, column));
    return state;
  }

  /// Asks the contract about new columns; those it refuses are taken out of the row.
  private boolean admitted(CoercedRow coerced, Row row) {
    var state = tables.require(row.table, row.parent);
    var contract = state.contract;
    if (contract == null) {
      contract = tables.contract(row.table, row.parent);
      state.contract = contract;
    }
    if (contract.equals(SchemaContract.evolve())) {
      return true;
    }
    boolean fresh = tables.find(row.table) == null || state.isNew();
    if (fresh && contract.tables() != SchemaContract.Mode.EVOLVE) {
      var reason =
          "table '%s' is new, and the contract for tables is %s"
              .formatted(row.table, contract.tables().word());
      if (contract.tables() == SchemaContract.Mode.FREEZE) {
        throw frozen(reason);
      }
      filteredTables.put(row.table, reason);
      setAside(row, reason);
      return false;
    }
    boolean evolvesOnce =
        state.property("x-normalizer") instanceof Map<?, ?> marks
            && Boolean.TRUE.equals(marks.get("evolve-columns-once"));
    var columnMode = fresh || evolvesOnce ? SchemaContract.Mode.EVOLVE : contract.columns();
    boolean refused = false;
    for (var column : List.copyOf(coerced.columns.values())) {
      if (names.isSystem(column.name()) || tables.isComplete(row.table, column.name())) {
        continue; // what widens was asked already
      }
      boolean variant = column.has("variant");
      var mode = variant ? contract.dataType() : columnMode;
      if (mode == SchemaContract.Mode.EVOLVE) {
        continue;
      }
      if (mode == SchemaContract.Mode.FREEZE) {
        throw frozen(
            reason(column, row.table, mode)
                + "; it holds "
                + CannotCoerce.show(String.valueOf(coerced.values.get(column.name()))));
      }
      state.filtered.put(column.name(), mode);
      coerced.columns.remove(column.name());
      refused = true;
    }
    if (refused && !filter(state, row, coerced.values)) {
      // Other columns of the row are taken into the schema all the same, as in dlt.
      accept(coerced, row);
      return false;
    }
    return true;
  }

  private static String reason(ColumnSchema column, String table, SchemaContract.Mode mode) {
    return column.has("variant")
        ? "column '%s' of table '%s' would be a new variant, and the contract for data types is %s"
            .formatted(column.name(), table, mode.word())
        : "column '%s' of table '%s' is new, and the contract for columns is %s"
            .formatted(column.name(), table, mode.word());
  }

  private static CannotNormalize frozen(String reason) {
    return new CannotNormalize(
        Character.toUpperCase(reason.charAt(0))
            + reason.substring(1)
            + "; change the contract, declare it, or drop it from the rows");
  }

  /// Takes out what a contract has refused before; false if the whole row goes.
  private boolean filter(TableState table, Row row, Map<String, @Nullable Object> values) {
    for (var entry : table.filtered.entrySet()) {
      var column = entry.getKey();
      if (!values.containsKey(column)) {
        continue;
      }
      var reason =
          "column '%s' of table '%s' is not in the schema, and the contract is %s"
              .formatted(column, row.table, entry.getValue().word());
      if (entry.getValue() == SchemaContract.Mode.DISCARD_ROW) {
        setAside(row, reason);
        return false;
      }
      var value = values.remove(column);
      if (value != null) {
        quarantine.add(row.table, resource, line, column, reason, value);
      }
    }
    return true;
  }

  private void setAside(Row row, String reason) {
    quarantine.add(row.table, resource, line, null, reason, row.source);
  }

  private static void requirePresent(TableState table, Map<String, @Nullable Object> values) {
    for (var column : table.required) {
      if (!values.containsKey(column.name())) {
        throw new CannotNormalize(
            "Column '%s' of table '%s' must not be null, but the row lacks it; give it a value, filter the row, or declare it nullable"
                .formatted(column.name(), table.name));
      }
    }
  }

  private void append(TableState table, Map<String, @Nullable Object> values) {
    table.sink.begin();
    values.forEach((name, value) -> {
      var column = table.column(name);
      if (value == null || column == null || column.form == null) {
        return;
      }
      column.wide |= value instanceof Long number && Math.abs(number) >= Promotion.SAFE;
      try {
        table.sink.value(column, value);
      } catch (IllegalArgumentException unloadable) {
        throw new CannotNormalize(
            unloadable.getMessage() + " (table '" + table.name + "')", unloadable);
      }
    });
    tables.endRow(table);
  }

  /// The values of a row in the types of their columns, and the columns that are new.
  private final class CoercedRow {
    private final String table;
    private final @Nullable TableState state;
    private final Map<String, @Nullable Object> raw;
    private final Map<String, String> sources;

    final Map<String, @Nullable Object> values = new LinkedHashMap<>();
    final Map<String, ColumnSchema> columns = new LinkedHashMap<>();

    CoercedRow(
        String table,
        String parent,
        Map<String, @Nullable Object> raw,
        Map<String, String> sources) {
      this.table = table;
      this.state = tables.find(table);
      this.parent = parent;
      this.raw = raw;
      this.sources = sources;
    }

    private final String parent;

    void run() {
      raw.forEach((name, marked) -> {
        var value = RawJson.decoded(marked);
        if (value == null) {
          nothing(name);
        } else {
          value(name, value);
        }
      });
    }

    private void nothing(String name) {
      var column = state == null ? null : state.column(name);
      boolean refused =
          column == null
              ? inference.notNull(name)
              : column.form != null && !column.schema.nullable();
      if (refused) {
        throw new CannotNormalize(
            "Column '%s' of table '%s' must not be null, but is null; give it a value, filter the row, or declare it nullable"
                .formatted(name, table));
      }
      if (column == null || column.form == null) {
        tables.require(table, parent).nullOnly.add(name);
      }
    }

    private void value(String name, Object value) {
      var column = state == null ? null : state.column(name);
      try {
        if (column != null && column.form != null) {
          if (promoted(column, name, value)) {
            return;
          }
          if (promote && !Promotion.exact(column.form, value)) {
            throw CannotCoerce.of(value, column.form.type().word());
          }
          values.put(name, Coercion.coerce(column.form, value));
          return;
        }
        var inferred = inference.column(name, inference.type(value, name, false), false);
        if (column != null) {
          inferred = merged(inferred, column.schema);
        }
        var sourceKey = sources.get(name);
        if (sourceKey != null) {
          inferred = inferred.with(TableState.SOURCE_KEY, sourceKey);
        }
        values.put(name, Coercion.coerce(inferred, value));
        columns.put(name, inferred);
      } catch (CannotCoerce misfit) {
        variant(name, value, misfit);
      }
    }

    /// Whether the column takes a wider type for the value's sake.
    private boolean promoted(ColumnState column, String name, Object value) throws CannotCoerce {
      if (!promote || tables.isLoaded(table, name)) {
        return false;
      }
      var wider = Promotion.of(column, value);
      if (wider == null
          || tables.contract(table, parent).dataType() != SchemaContract.Mode.EVOLVE) {
        return false;
      }
      values.put(name, Coercion.coerce(wider, value));
      columns.put(name, wider);
      return true;
    }

    private void variant(String name, Object value, CannotCoerce misfit) {
      var type = Coercion.typeOf(value).word();
      var variant = names.joined(List.of(name, "v_" + type));
      if (type.equals("json")) {
        var old = names.joined(List.of(name, "v_complex"));
        if (state != null
            && state.column(old) instanceof ColumnState found
            && found.schema.has("variant")) {
          variant = old;
        }
      }
      var sourceKey = name + " as " + type;
      if (state != null && state.renamed.get(sourceKey) instanceof String renamed) {
        variant = renamed;
      }
      boolean taken = raw.get(variant) != null || values.containsKey(variant);
      if (taken) {
        variant = flattening.free(state, raw, variant, sourceKey);
      }
      var column = state == null ? null : state.column(variant);
      try {
        if (column != null && column.form != null) {
          values.put(variant, Coercion.coerce(column.form, value));
          return;
        }
        var inferred = inference.column(variant, inference.type(value, variant, true), true);
        if (column != null) {
          inferred = merged(inferred, column.schema);
        }
        if (taken) {
          inferred = inferred.with(TableState.SOURCE_KEY, sourceKey);
        }
        values.put(variant, Coercion.coerce(inferred, value));
        columns.put(variant, inferred);
      } catch (CannotCoerce second) {
        throw new CannotNormalize(
            "Column '%s' of table '%s' cannot take a value (%s), and its variant '%s' neither (%s); declare the column text, or repair the value"
                .formatted(name, table, misfit.getMessage(), variant, second.getMessage()));
      }
    }
  }

  private static ColumnSchema merged(ColumnSchema inferred, ColumnSchema declared) {
    var merged = new LinkedHashMap<>(inferred.properties());
    merged.putAll(declared.properties());
    return ColumnSchema.of(declared.name(), merged);
  }
}
