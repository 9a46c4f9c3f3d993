package dev.sluice.schema;

import dev.sluice.json.Json;
import dev.sluice.seam.Seam;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The tables of a source, with the rules by which names and types are made. Immutable, versioned
/// by content.
///
/// ```java
/// var schema = pipeline.schema();
/// IO.println(schema.toYaml());
/// schema.tables().forEach(table -> IO.println(table.name()));
/// ```
///
/// It is dlt's own schema dictionary, engine version 11, under typed accessors: a file written by
/// dlt reads and writes back unchanged. A changed content has a new [#versionHash()] and a
/// [#version()] one higher.
public final class Schema {
  /// The version of the dictionary's form.
  public static final int ENGINE_VERSION = 11;

  static final int MAX_PREVIOUS_HASHES = 10;

  /// Tables within tables. A row is nested less deep than that.
  private static final int MAX_NESTING = 1_000;

  private final Map<String, Object> properties;
  private final Map<String, TableSchema> tables;
  private final NamingConvention naming;

  Schema(Map<String, Object> properties, Map<String, TableSchema> tables, int maxLength) {
    this.properties = Collections.unmodifiableMap(properties);
    this.tables = Collections.unmodifiableMap(tables);
    this.naming = NamingConvention.of(namingOf(properties), maxLength);
  }

  /// A schema with dlt's own tables and default rules: snake_case names, ISO timestamps detected.
  public static Schema of(String name) {
    return of(name, "snake_case");
  }

  /// A schema with the naming convention of that name: `snake_case`, `direct`, `duck_case`,
  /// `sql_ci_v1`, `sql_cs_v1`.
  public static Schema of(String name, String naming) {
    return SchemaEditor.fresh(name, naming).toSchema();
  }

  /// A schema from dlt's dictionary, as its schema files hold it.
  public static Schema of(Map<String, ?> dictionary) {
    if (!(dictionary.get("name") instanceof String))
      throw new IllegalArgumentException("The schema has no name; it is no schema file of dlt");
    var what = "Schema '%s'".formatted(dictionary.get("name"));
    SchemaVersion.refuseNewer(what, dictionary.get("engine_version"), ENGINE_VERSION);
    SchemaVersion.refuseBeyondInt(what, dictionary.get("version"));
    var properties = new LinkedHashMap<String, Object>();
    dictionary.forEach((key, value) -> {
      if (!key.equals("tables") && value != null) properties.put(key, value);
    });
    properties.put("engine_version", ENGINE_VERSION);
    properties.putIfAbsent("settings", new LinkedHashMap<String, Object>());
    properties.putIfAbsent("previous_hashes", new ArrayList<String>());
    var tables = new LinkedHashMap<String, TableSchema>();
    if (dictionary.get("tables") instanceof Map<?, ?> all)
      all.forEach((key, value) -> {
        if (value instanceof Map<?, ?> table)
          tables.put(
              (String) key,
              withDefaults(TableSchema.fromMap((String) key, strings(table)), (String) key));
      });
    refuseCircles(what, tables);
    return new Schema(properties, tables, 0);
  }

  /// Whoever looks for a root goes from parent to parent.
  private static void refuseCircles(String what, Map<String, TableSchema> tables) {
    for (var table : tables.values()) {
      var above = table;
      for (var levels = 0; above != null && above.nested(); levels++) {
        if (levels == MAX_NESTING)
          throw new IllegalArgumentException(
              "%s has table '%s', whose parents have no end within %d; mend 'parent'"
                  .formatted(what, table.name(), MAX_NESTING));
        above = tables.get(above.parent().orElseThrow());
      }
    }
  }

  /// The name, which is the source's.
  public String name() {
    return (String) properties.getOrDefault("name", "");
  }

  /// How often the content changed since it was made, from 1.
  public int version() {
    return properties.get("version") instanceof Number version ? version.intValue() : 1;
  }

  /// The hash of the content: base64 of SHA3-256 as dlt computes it.
  public String versionHash() {
    return properties.get("version_hash") instanceof String hash
        ? hash
        : SchemaVersion.hash(toMap());
  }

  /// Up to ten hashes before this one, newest first.
  public List<String> previousHashes() {
    return properties.get("previous_hashes") instanceof List<?> hashes
        ? hashes.stream().map(String::valueOf).toList()
        : List.of();
  }

  /// All tables, dlt's own among them, in order.
  public List<TableSchema> tables() {
    return List.copyOf(tables.values());
  }

  /// The tables that hold data of yours: all but dlt's own.
  public List<TableSchema> dataTables() {
    return tables.values().stream().filter(t -> !isSystem(t.name())).toList();
  }

  /// The table of that name.
  public Optional<TableSchema> table(String name) {
    return Optional.ofNullable(tables.get(name));
  }

  /// A table and everything nested in it, parents first.
  public List<TableSchema> chain(String root) {
    var chain = new ArrayList<TableSchema>();
    var children = new LinkedHashMap<String, List<TableSchema>>();
    for (var table : tables.values())
      table.parent().ifPresent(p -> children.computeIfAbsent(p, k -> new ArrayList<>()).add(table));
    collect(root, children, chain);
    return chain;
  }

  /// The root table above a table; itself if it is one.
  public TableSchema root(String table) {
    var current = tables.get(table);
    if (current == null)
      throw new IllegalArgumentException(
          "Schema '%s' has no table '%s'; it has %s".formatted(name(), table, tables.keySet()));
    while (current.nested()) {
      var parent = tables.get(current.parent().orElseThrow());
      if (parent == null) return current;
      current = parent;
    }
    return current;
  }

  /// A property of the table or, for a nested one, of the nearest table above that has it; null if
  /// none has.
  public @Nullable Object inherited(String table, String property) {
    for (var current = tables.get(table); current != null; ) {
      var value = current.property(property);
      if (value != null) return value;
      current = current.parent().map(tables::get).orElse(null);
    }
    return null;
  }

  /// Whether a table or column name is dlt's own.
  public boolean isSystem(String name) {
    return name.startsWith(naming.tableIdentifier("_dlt"));
  }

  /// How names are made.
  public NamingConvention naming() {
    return naming;
  }

  /// The rules beside the tables: `detections`, `default_hints`, `preferred_types`,
  /// `schema_contract`.
  public Map<String, Object> settings() {
    return properties.get("settings") instanceof Map<?, ?> map
        ? Collections.unmodifiableMap(strings(map))
        : Map.of();
  }

  /// A property of the schema in dlt's spelling; null if absent.
  public @Nullable Object property(String name) {
    return properties.get(name);
  }

  /// The schema as dlt's dictionary.
  public Map<String, Object> toMap() {
    var map = new LinkedHashMap<String, Object>();
    for (var key : List.of("version", "version_hash", "engine_version", "name"))
      if (properties.containsKey(key)) map.put(key, Objects.requireNonNull(properties.get(key)));
    var all = new LinkedHashMap<String, Object>();
    tables.forEach((name, table) -> all.put(name, table.dictionary()));
    map.put("tables", all);
    properties.forEach(map::putIfAbsent);
    return map;
  }

  /// A schema from YAML, as [#toYaml()] or dlt wrote it and somebody may have edited it: names may
  /// be left out where they stand as keys, a changed content takes a new version.
  public static Schema ofYaml(String yaml) {
    return SchemaText.read(YamlText.read(yaml));
  }

  /// The schema as YAML in dlt's form.
  public String toYaml() {
    return SchemaText.yaml(this);
  }

  /// The schema in the database markup language: tables, columns, references.
  public String toDbml() {
    return Dbml.of(this);
  }

  /// The schema as an entity-relationship diagram for Mermaid.
  public String toMermaid() {
    return Mermaid.of(this);
  }

  /// A schema from the bytes of a schema file in JSON.
  @Seam
  public static Schema read(byte[] json) {
    if (Json.<Object>loadb(json) instanceof Map<?, ?> dictionary) return of(strings(dictionary));
    throw new IllegalArgumentException("The schema is no JSON object; it is no schema file of dlt");
  }

  /// A schema from the bytes of a schema file in JSON, which is named if it cannot be read.
  @Seam
  public static Schema read(byte[] json, Path file) {
    try {
      return read(json);
    } catch (IllegalArgumentException unreadable) {
      throw new IllegalArgumentException(
          "Cannot read the schema in '"
              + file
              + "': "
              + unreadable.getMessage()
              + (unreadable.getCause() == null ? "" : "; restore the file"),
          unreadable);
    }
  }

  /// The same of a file that somebody else may have written: its content must be that of its hash,
  /// as dlt demands it too.
  @Seam
  public static Schema verified(byte[] json, Path file) {
    var schema = read(json, file);
    if (!VersionHash.holds(json))
      throw new IllegalArgumentException(
          "The schema in '"
              + file
              + "' is damaged or was edited: its version_hash is not that of its content; restore the"
              + " file, or delete its version_hash to take it as it stands");
    return schema;
  }

  /// The bytes of a schema file in JSON.
  @Seam
  public byte[] bytes() {
    return Json.dumpb(toMap());
  }

  /// The columns of every table, a line each.
  @Override
  public String toString() {
    var text = new StringBuilder("schema %s, version %d".formatted(name(), version()));
    for (var table : dataTables()) {
      text.append('\n').append(table.name());
      table.parent().ifPresent(parent -> text.append(" (nested in ").append(parent).append(')'));
      for (var column : table.columns()) text.append("\n  ").append(column);
    }
    return text.toString();
  }

  /// Whether version, history and content are the same, however their numbers are held.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Schema schema
        && version() == schema.version()
        && previousHashes().equals(schema.previousHashes())
        && SchemaVersion.hash(toMap()).equals(SchemaVersion.hash(schema.toMap()));
  }

  @Override
  public int hashCode() {
    return versionHash().hashCode();
  }

  Map<String, Object> propertiesWithoutTables() {
    return properties;
  }

  Map<String, TableSchema> tablesByName() {
    return tables;
  }

  static Map<String, Object> strings(Map<?, ?> map) {
    var copy = new LinkedHashMap<String, Object>();
    map.forEach((key, value) -> {
      if (counts(String.valueOf(key), value)) copy.put(String.valueOf(key), value);
    });
    return copy;
  }

  /// This content as the one version after another, however many were made on the way.
  @Seam
  public Schema after(Schema before) {
    var map = toMap();
    map.put("version", before.version());
    map.put("version_hash", before.versionHash());
    map.put("previous_hashes", before.previousHashes());
    SchemaVersion.bump(map);
    return of(map);
  }

  /// This content as the first version, with the hashes of what came before it.
  @Seam
  public Schema first(List<String> hashes) {
    var map = toMap();
    var hash = SchemaVersion.hash(map);
    map.put("version", 1);
    map.put("version_hash", hash);
    map.put("previous_hashes", hashes.stream().filter(before -> !before.equals(hash)).toList());
    return of(map);
  }

  /// A property that is null is as good as absent, but for hints of one's own: dlt writes
  /// `x-active-record-timestamp: null`, asks for it when it loads, and counts it in the hash.
  static boolean counts(String property, @Nullable Object value) {
    return value != null || property.startsWith("x-");
  }

  private static TableSchema withDefaults(TableSchema table, String name) {
    if (table.nested()) return table;
    var complete = table;
    if (complete.property("write_disposition") == null)
      complete = complete.with("write_disposition", "append");
    if (complete.property("resource") == null) complete = complete.with("resource", name);
    return complete;
  }

  private static String namingOf(Map<String, Object> properties) {
    return properties.get("normalizers") instanceof Map<?, ?> normalizers
            && normalizers.get("names") instanceof String names
        ? names
        : "snake_case";
  }

  private void collect(
      String name, Map<String, List<TableSchema>> children, List<TableSchema> chain) {
    var table = tables.get(name);
    if (table == null) return;
    chain.add(table);
    for (var child : children.getOrDefault(name, List.of())) collect(child.name(), children, chain);
  }
}
