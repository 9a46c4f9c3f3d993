package dev.sluice.schema;

import dev.sluice.seam.Seam;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A schema being changed: tables are added and merged as dlt does it, then [#toSchema()] takes the
/// new version.
///
/// Adding a column costs the same however many the table has. Not for use by two threads at once.
@Seam
public final class SchemaEditor {
  private final Map<String, Object> properties;
  private final LinkedHashMap<String, Draft> tables = new LinkedHashMap<>();

  /// Tables with a column that leads to the root row.
  private final Set<String> withRootKey = new HashSet<>();

  private final NamingConvention naming;
  private final int maxLength;

  private static final class Draft {
    final LinkedHashMap<String, Object> properties;
    final LinkedHashMap<String, ColumnSchema> columns;

    Draft(TableSchema table) {
      properties = new LinkedHashMap<>(table.properties());
      columns = new LinkedHashMap<>(table.columnsByName());
    }

    TableSchema table(String name) {
      return TableSchema.of(name, properties, List.copyOf(columns.values()));
    }
  }

  private SchemaEditor(
      Map<String, Object> properties, Map<String, TableSchema> tables, int maxLength) {
    this.properties = new LinkedHashMap<>(properties);
    tables.forEach((name, table) -> {
      this.tables.put(name, new Draft(table));
      noteRootKeys(name, table.columnsByName().values());
    });
    this.maxLength = maxLength;
    this.naming = NamingConvention.of(namingName(), maxLength);
    if (maxLength > 0) shortenHints();
  }

  /// The default hints name columns, and names may have become shorter.
  private void shortenHints() {
    var settings = child(properties, "settings");
    var hints = child(settings, "default_hints");
    hints.replaceAll((hint, names) ->
        names instanceof List<?> list ? list.stream().map(this::shortened).toList() : names);
    if (!hints.equals(child(settings, "default_hints"))) {
      settings.put("default_hints", hints);
      properties.put("settings", settings);
    }
  }

  private Object shortened(Object name) {
    return name instanceof String text && text.length() > maxLength && !text.startsWith("re:")
        ? naming.identifier(text)
        : name;
  }

  /// Changes to an existing schema; names longer than `maxLength` are shortened, 0 = no limit.
  public static SchemaEditor of(Schema schema, int maxLength) {
    return new SchemaEditor(schema.propertiesWithoutTables(), schema.tablesByName(), maxLength);
  }

  static SchemaEditor fresh(String name, String namingName) {
    var naming = NamingConvention.of(namingName, 0);
    var properties = new LinkedHashMap<String, Object>();
    properties.put("engine_version", Schema.ENGINE_VERSION);
    properties.put("name", name);
    var settings = new LinkedHashMap<String, Object>();
    settings.put("detections", List.of("iso_timestamp"));
    settings.put("default_hints", defaultHints(naming));
    properties.put("settings", settings);
    var json = new LinkedHashMap<String, Object>();
    json.put("module", "dlt.common.normalizers.json.relational");
    var normalizers = new LinkedHashMap<String, Object>();
    normalizers.put("names", namingName);
    normalizers.put("json", json);
    properties.put("normalizers", normalizers);
    properties.put("previous_hashes", new ArrayList<String>());
    var editor = new SchemaEditor(properties, Map.of(), 0);
    editor.update(SystemTables.version());
    editor.update(SystemTables.loads());
    return editor;
  }

  /// The name of the schema.
  public String name() {
    return (String) properties.getOrDefault("name", "");
  }

  /// How names are made.
  public NamingConvention naming() {
    return naming;
  }

  /// Names of all tables in order.
  public Collection<String> tableNames() {
    return tables.keySet();
  }

  /// The table as it stands now.
  public Optional<TableSchema> table(String name) {
    var draft = tables.get(name);
    return draft == null ? Optional.empty() : Optional.of(draft.table(name));
  }

  /// Whether there is a table of that name.
  public boolean has(String table) {
    return tables.containsKey(table);
  }

  /// A column of a table as it stands now.
  public Optional<ColumnSchema> column(String table, String column) {
    var draft = tables.get(table);
    return draft == null ? Optional.empty() : Optional.ofNullable(draft.columns.get(column));
  }

  /// Adds or replaces one column of an existing table. An incomplete column that becomes complete
  /// moves to the end.
  public void put(String table, ColumnSchema column) {
    var draft = require(table);
    mergeColumn(draft, column);
    noteRootKeys(table, List.of(column));
  }

  /// Sets a table property; null removes it.
  public void property(String table, String property, @Nullable Object value) {
    var draft = require(table);
    if (value == null) draft.properties.remove(property);
    else draft.properties.put(property, value);
  }

  /// Sets a property of the schema itself, for instance its `settings`.
  public void property(String property, Object value) {
    properties.put(property, value);
  }

  /// Sets one entry of the settings; null removes it.
  public void setting(String name, @Nullable Object value) {
    var settings =
        properties.get("settings") instanceof Map<?, ?> map
            ? Schema.strings(map)
            : new LinkedHashMap<String, Object>();
    if (value == null) settings.remove(name);
    else settings.put(name, value);
    properties.put("settings", settings);
  }

  /// Levels below which objects and lists stay JSON, unless a table says otherwise; null removes
  /// the limit.
  public void maxNesting(@Nullable Integer levels) {
    var config = jsonConfig();
    if (levels == null && !config.containsKey("max_nesting")) return;
    if (levels == null) config.remove("max_nesting");
    else config.put("max_nesting", levels);
    jsonConfig(config);
  }

  /// Normalizes the names of a table and its columns.
  public TableSchema normalized(TableSchema table) {
    var columns = new LinkedHashMap<String, ColumnSchema>();
    for (var column : table.columns()) {
      var name = naming.path(column.name());
      var renamed = column.named(name);
      var earlier = columns.get(name);
      columns.put(name, earlier == null ? renamed : earlier.merge(renamed));
    }
    var normalized =
        TableSchema.of(
            naming.tablePath(table.name()), table.properties(), List.copyOf(columns.values()));
    var parent = table.parent();
    return parent.isPresent()
        ? normalized.with("parent", naming.tablePath(parent.get()))
        : normalized;
  }

  /// Adds a table, or merges it into the one of its name: new columns at the end, properties laid
  /// over. Names must be normalized already.
  public void update(TableSchema partial) {
    update(partial, true);
  }

  /// As [#update(TableSchema)]; with `mergeCompound` false the keys in `partial` replace all former
  /// ones.
  public void update(TableSchema partial, boolean mergeCompound) {
    var parent = partial.parent();
    if (parent.isPresent() && !tables.containsKey(parent.get()))
      throw new IllegalArgumentException(
          "Table '%s' of schema '%s' is nested in '%s', which does not exist; declare the tables between as well"
              .formatted(partial.name(), name(), parent.get()));
    var draft = tables.get(partial.name());
    if (draft == null) {
      tables.put(partial.name(), new Draft(partial));
    } else {
      if (!parent.equals(draft.table(partial.name()).parent()))
        throw new IllegalArgumentException(
            "Table '%s' of schema '%s' cannot be nested in '%s': it exists with parent '%s'"
                .formatted(
                    partial.name(),
                    name(),
                    parent.orElse("none"),
                    draft.properties.getOrDefault("parent", "none")));
      if (!mergeCompound) dropCompound(draft, partial);
      for (var column : partial.columns()) mergeColumn(draft, column);
      partial
          .properties()
          .forEach((key, value) -> {
            if (!key.equals("name")) draft.properties.put(key, value);
          });
    }
    noteRootKeys(partial.name(), partial.columns());
    propagateRootKey(partial.name());
  }

  private void noteRootKeys(String table, Collection<ColumnSchema> columns) {
    if (columns.stream().anyMatch(column -> column.has("root_key"))) {
      withRootKey.add(table);
    }
  }

  /// Removes tables. The chain of nested tables has to be named whole.
  public void drop(Collection<String> names) {
    names.forEach(tables::remove);
    names.forEach(withRootKey::remove);
  }

  /// The schema with this content: a new version if the content changed.
  public Schema toSchema() {
    var dictionary = new LinkedHashMap<String, Object>(properties);
    var all = new LinkedHashMap<String, TableSchema>();
    var maps = new LinkedHashMap<String, Object>();
    tables.forEach((name, draft) -> {
      var table = draft.table(name);
      all.put(name, table);
      maps.put(name, table.dictionary());
    });
    dictionary.put("tables", maps);
    SchemaVersion.bump(dictionary);
    dictionary.remove("tables");
    return new Schema(dictionary, all, maxLength);
  }

  private static void mergeColumn(Draft draft, ColumnSchema column) {
    var existing = draft.columns.get(column.name());
    if (existing == null) {
      draft.columns.put(column.name(), column);
      return;
    }
    if (column.complete() && !existing.complete()) draft.columns.remove(column.name());
    draft.columns.put(column.name(), existing.merge(column));
  }

  private static void dropCompound(Draft draft, TableSchema partial) {
    for (var hint : List.of("primary_key", "merge_key", "partition", "cluster", "incremental"))
      if (partial.columns().stream().anyMatch(c -> c.has(hint)))
        draft.columns.replaceAll((name, column) -> column.with(hint, null));
  }

  /// Adds what every schema has and an edited file may lack: dlt's own tables, and the hints of its
  /// columns.
  public void complete() {
    for (var table : List.of(SystemTables.version(), SystemTables.loads()))
      if (!has(table.name())) update(table);
    var settings = child(properties, "settings");
    var hints = child(settings, "default_hints");
    defaultHints(naming)
        .forEach((hint, names) -> {
          var all = new ArrayList<Object>();
          if (hints.get(hint) instanceof List<?> known) all.addAll(known);
          for (var name : (List<?>) names) if (!all.contains(name)) all.add(name);
          hints.put(hint, all);
        });
    if (hints.equals(child(settings, "default_hints"))) return;
    settings.put("default_hints", hints);
    properties.put("settings", settings);
  }

  /// Finds anew which chains carry the id of their root row: those of tables that are merged now,
  /// or that have a column for it.
  public void propagateRootKeys() {
    var config = jsonConfig();
    var propagation = child(config, "propagation");
    if (propagation.remove("tables") != null) {
      if (propagation.isEmpty()) config.remove("propagation");
      else config.put("propagation", propagation);
      jsonConfig(config);
    }
    tables.keySet().forEach(this::propagateRootKey);
  }

  /// A chain that is merged carries the id of its root row in every nested table.
  private void propagateRootKey(String table) {
    var name = table;
    while (tables.get(name) instanceof Draft draft
        && draft.properties.get("parent") instanceof String parent
        && !parent.isEmpty()) name = parent;
    var root = tables.get(name);
    if (root == null || name.startsWith("_dlt")) return;
    var config = jsonConfig();
    var switched = config.get("root_key_propagation");
    var merged = "merge".equals(root.properties.get("write_disposition"));
    var scd2 = "scd2".equals(root.properties.get("x-merge-strategy"));
    var wanted = switched instanceof Boolean on ? on : merged && !scd2;
    if (!wanted && !anyNestedHasRootKey(name)) return;
    var propagation = child(config, "propagation");
    var perTable = child(propagation, "tables");
    var mapping = new LinkedHashMap<String, Object>();
    var rowKey =
        root.columns.values().stream()
            .filter(c -> c.has("row_key"))
            .map(ColumnSchema::name)
            .findFirst()
            .orElse(naming.identifier("_dlt_id"));
    mapping.put(rowKey, naming.identifier("_dlt_root_id"));
    if (mapping.equals(perTable.get(name))) return;
    perTable.put(name, mapping);
    propagation.put("tables", perTable);
    config.put("propagation", propagation);
    jsonConfig(config);
  }

  private boolean anyNestedHasRootKey(String root) {
    for (var table : withRootKey) {
      var name = table;
      while (tables.get(name) instanceof Draft draft
          && draft.properties.get("parent") instanceof String parent) name = parent;
      if (name.equals(root)) return true;
    }
    return false;
  }

  private Map<String, Object> jsonConfig() {
    return child(child(child(properties, "normalizers"), "json"), "config");
  }

  private void jsonConfig(Map<String, Object> config) {
    var normalizers = child(properties, "normalizers");
    var json = child(normalizers, "json");
    if (config.isEmpty()) json.remove("config");
    else json.put("config", config);
    normalizers.put("json", json);
    properties.put("normalizers", normalizers);
  }

  private static Map<String, Object> child(Map<String, Object> map, String key) {
    return map.get(key) instanceof Map<?, ?> child
        ? Schema.strings(child)
        : new LinkedHashMap<String, Object>();
  }

  private Draft require(String table) {
    var draft = tables.get(table);
    if (draft == null)
      throw new IllegalArgumentException(
          "Schema '%s' has no table '%s'; it has %s".formatted(name(), table, tables.keySet()));
    return draft;
  }

  private String namingName() {
    return properties.get("normalizers") instanceof Map<?, ?> map
            && map.get("names") instanceof String names
        ? names
        : "snake_case";
  }

  private static Map<String, Object> defaultHints(NamingConvention naming) {
    var hints = new LinkedHashMap<String, Object>();
    hints.put(
        "not_null",
        List.of(
            naming.identifier("_dlt_id"),
            naming.identifier("_dlt_root_id"),
            naming.identifier("_dlt_parent_id"),
            naming.identifier("_dlt_list_idx"),
            naming.identifier("_dlt_load_id")));
    hints.put("parent_key", List.of(naming.identifier("_dlt_parent_id")));
    hints.put("root_key", List.of(naming.identifier("_dlt_root_id")));
    hints.put("unique", List.of(naming.identifier("_dlt_id")));
    hints.put("row_key", List.of(naming.identifier("_dlt_id")));
    return hints;
  }
}
