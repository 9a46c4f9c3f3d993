package dev.sluice.normalize;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.Schema;
import dev.sluice.schema.SchemaContract;
import dev.sluice.schema.SchemaEditor;
import dev.sluice.schema.TableSchema;
import java.util.LinkedHashMap;
import java.util.Map;

/// The schema of a package as its files change it, one after another in the order of the files.
///
/// A file may have been normalized against an older state of the schema. If its rows would come out
/// the same against the present one, its changes are merged; if not, it has to be done again.
final class SchemaMerge {
  private final SchemaEditor editor;
  private final int maxNameLength;
  private Schema current;
  private final Map<String, TableSchema> updates = new LinkedHashMap<>();

  SchemaMerge(Schema schema, int maxNameLength) {
    this.maxNameLength = maxNameLength;
    editor = SchemaEditor.of(schema, maxNameLength);
    current = editor.toSchema();
  }

  /// The schema as it stands.
  synchronized Schema current() {
    return current;
  }

  SchemaEditor editor() {
    return editor;
  }

  /// What all files have added, table by table.
  Map<String, TableSchema> updates() {
    return updates;
  }

  /// Whether the file would come out the same against the present schema.
  boolean holds(FileNormalizer.Result file) {
    var base = file.base();
    if (base == current) {
      return true;
    }
    for (var name : file.touched()) {
      var before = base.table(name);
      var now = current.table(name);
      if (before.equals(now)) {
        continue;
      }
      if (!agrees(file, name, before.orElse(TableSchema.of(name)), now.orElseThrow())) {
        return false;
      }
    }
    return true;
  }

  private boolean agrees(
      FileNormalizer.Result file, String name, TableSchema before, TableSchema now) {
    if (!evolves(name)) {
      return false;
    }
    var added = added(file, name);
    for (var column : now.columns()) {
      var old = before.column(column.name());
      if (old.isPresent() && old.get().equals(column)) {
        continue;
      }
      var ours = added.column(column.name());
      if (ours.isPresent()) {
        if (!ours.get().equals(column)) {
          return false;
        }
      } else if (changesRows(column)) {
        return false;
      }
    }
    return true;
  }

  /// Whether a column that another file added may change what becomes of rows that do not have it.
  private static boolean changesRows(ColumnSchema column) {
    return !column.nullable()
        || column.property(TableState.SOURCE_KEY) != null
        || column.dataType().filter(DataType.JSON::equals).isPresent();
  }

  private boolean evolves(String table) {
    var setting = current.inherited(table, "schema_contract");
    return SchemaContract.of(setting == null ? current.settings().get("schema_contract") : setting)
        .equals(SchemaContract.evolve());
  }

  private static TableSchema added(FileNormalizer.Result file, String table) {
    for (var change : file.changes()) {
      if (change.partial().name().equals(table)) {
        return change.partial();
      }
    }
    return TableSchema.of(table);
  }

  /// Takes the changes of the file, which must hold, into the schema.
  synchronized void merge(FileNormalizer.Result file) {
    boolean changed = false;
    for (var change : file.changes()) {
      var partial = change.partial();
      var table = partial.name();
      var existing = current.table(table);
      var news =
          partial.columns().stream()
              .filter(column ->
                  existing.flatMap(t -> t.column(column.name())).filter(column::equals).isEmpty())
              .toArray(ColumnSchema[]::new);
      if (news.length == 0 && existing.isPresent()) {
        continue;
      }
      changed = true;
      var reduced =
          TableSchema.of(
              table,
              existing.isPresent() && partial.parent().isEmpty() ? Map.of() : partial.properties(),
              java.util.List.of(news));
      editor.update(reduced);
      var whole = editor.table(table).orElseThrow();
      updates.merge(
          table,
          TableSchema.of(table, whole.properties(), java.util.List.of(news)),
          (earlier, later) -> earlier.columns(news));
    }
    if (changed) {
      current = editor.toSchema();
    }
  }

  int maxNameLength() {
    return maxNameLength;
  }
}
