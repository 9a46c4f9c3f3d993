package dev.sluice.normalize;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.Schema;
import dev.sluice.schema.SchemaContract;
import dev.sluice.schema.SchemaEditor;
import dev.sluice.schema.TableSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The schema of a package as its files change it, one after another in the order of the files.
///
/// A file may have been normalized against an older state of the tables. If its rows would come out
/// the same against the present one, its changes are merged; if not, it has to be done again.
final class SchemaMerge {
  private final SchemaEditor editor;
  private final Schema rules;
  private final Map<String, TableSchema> tables = new ConcurrentHashMap<>();
  private final Set<String> wide = ConcurrentHashMap.newKeySet();
  private final Map<String, TableSchema> updates = new LinkedHashMap<>();

  SchemaMerge(Schema schema, int maxNameLength) {
    editor = SchemaEditor.of(schema, maxNameLength);
    rules = editor.toSchema();
    for (var table : schema.tables()) {
      tables.put(table.name(), table);
    }
  }

  /// The schema that the package begins with: what is said there beside the tables holds for all
  /// files.
  Schema rules() {
    return rules;
  }

  /// A table as it stands; any thread may ask.
  Optional<TableSchema> table(String name) {
    return Optional.ofNullable(tables.get(name));
  }

  /// Whether a column holds whole numbers that a double may not hold.
  boolean isWide(String tableAndColumn) {
    return wide.contains(tableAndColumn);
  }

  SchemaEditor editor() {
    return editor;
  }

  /// What all files have added, table by table.
  Map<String, TableSchema> updates() {
    return updates;
  }

  /// Whether the file would come out the same against the present tables.
  boolean holds(FileNormalizer.Result file) {
    for (var seen : file.seen().entrySet()) {
      var now = tables.get(seen.getKey());
      var before = seen.getValue().orElse(null);
      if (now != null && now != before && !agrees(file, before, now)) {
        return false;
      }
    }
    return !widenedUnaware(file);
  }

  /// Whether the file made a column double that holds more than a double does in an earlier one.
  private boolean widenedUnaware(FileNormalizer.Result file) {
    for (var change : file.changes()) {
      for (var column : change.partial().columns()) {
        var key = Tables.wideKey(change.partial().name(), column.name());
        if (column.dataType().filter(DataType.DOUBLE::equals).isPresent()
            && isWide(key)
            && !file.wide().contains(key)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean agrees(
      FileNormalizer.Result file, @Nullable TableSchema before, TableSchema now) {
    if (!evolves(now)) {
      return false;
    }
    var added = added(file, now.name());
    for (var column : now.columns()) {
      var old = before == null ? Optional.<ColumnSchema>empty() : before.column(column.name());
      if (old.filter(column::equals).isPresent()) {
        continue;
      }
      var ours = added.column(column.name());
      if (ours.isPresent() ? !ours.get().equals(column) : changesRows(column)) {
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

  private boolean evolves(TableSchema table) {
    Object setting = null;
    for (TableSchema at = table; at != null && setting == null; ) {
      setting = at.property("schema_contract");
      at = at.parent().map(tables::get).orElse(null);
    }
    return SchemaContract.of(setting == null ? rules.settings().get("schema_contract") : setting)
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
  void merge(FileNormalizer.Result file) {
    wide.addAll(file.wide());
    for (var change : file.changes()) {
      var partial = change.partial();
      var name = partial.name();
      var existing = tables.get(name);
      var news =
          partial.columns().stream()
              .filter(column ->
                  existing == null
                      || existing.column(column.name()).filter(column::equals).isEmpty())
              .toArray(ColumnSchema[]::new);
      if (existing == null) {
        editor.update(partial);
      } else {
        for (var column : news) {
          editor.put(name, column);
        }
      }
      if (existing != null && news.length == 0) {
        continue;
      }
      var whole = editor.table(name).orElseThrow();
      tables.put(name, whole);
      var update = TableSchema.of(name, whole.properties(), List.of(news));
      updates.merge(name, update, (earlier, later) -> earlier.columns(news));
    }
  }
}
