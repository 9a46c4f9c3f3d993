package dev.sluice.normalize;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.SchemaContract;
import dev.sluice.schema.TableSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A table while one file is normalized: its columns as they stand now, what was added, and where
/// its rows go.
final class TableState {
  static final String SOURCE_KEY = "x-source-key";

  final String name;
  final byte[] nameBytes;

  /// The table as the schema has it; null if this file brings it.
  final @Nullable TableSchema known;

  /// Properties of a table that this file brings.
  final TableSchema fresh;

  final Map<String, ColumnState> columns = new LinkedHashMap<>();

  /// Columns that this file added or completed, in order.
  final Map<String, ColumnSchema> added = new LinkedHashMap<>();

  final Set<String> nullOnly = new LinkedHashSet<>();

  /// Columns named differently because another key has their name, by the path of their key.
  final Map<String, String> renamed = new HashMap<>();

  /// What a contract does with columns it has met.
  final Map<String, SchemaContract.Mode> filtered = new HashMap<>();

  @Nullable SchemaContract contract;

  /// The columns without which there is no row, dlt's own aside.
  ColumnState[] required = {};

  /// Where its rows go.
  final RowSink sink;

  /// The number of the row that holds the list at hand.
  long listedIn = -1;

  /// Whether a row of it is being written.
  boolean open;

  private boolean complete;

  TableState(
      String name, @Nullable TableSchema known, TableSchema fresh, Names names, RowSink sink) {
    this.name = name;
    this.nameBytes = ColumnState.ascii(name);
    this.known = known;
    this.fresh = fresh;
    this.sink = sink;
    for (var column : schema().columns()) {
      columns.put(column.name(), new ColumnState(column));
      if (column.property(SOURCE_KEY) instanceof String key) {
        renamed.put(key, column.name());
      }
    }
    refresh(names);
  }

  private TableSchema schema() {
    return known == null ? fresh : known;
  }

  /// Whether no column has a type yet.
  boolean isNew() {
    return !complete;
  }

  /// Whether rows are linked to those of another table.
  boolean nested() {
    return schema().nested();
  }

  @Nullable Object property(String property) {
    return schema().property(property);
  }

  @Nullable ColumnState column(String column) {
    return columns.get(column);
  }

  /// Adds a column or completes one; a completed one moves to the end.
  void put(ColumnSchema column, Names names) {
    var existing = columns.get(column.name());
    boolean wasComplete = existing != null && existing.form != null;
    if (existing != null) {
      if (existing.form == null) {
        columns.remove(column.name());
      }
      // The state object stays the same, so that whoever holds it sees the type.
      var form = ColumnForm.of(column);
      if (!form.equals(existing.form)) {
        sink.retype(existing);
      }
      existing.schema = column;
      existing.form = form;
      columns.put(column.name(), existing);
    } else {
      columns.put(column.name(), new ColumnState(column));
    }
    if (existing == null || !wasComplete) {
      added.remove(column.name());
    }
    added.put(column.name(), column);
    if (column.property(SOURCE_KEY) instanceof String key) {
      renamed.put(key, column.name());
    }
    complete = true;
    if (!column.nullable()) {
      refresh(names);
    }
  }

  private void refresh(Names names) {
    var needed = new ArrayList<ColumnState>();
    complete = false;
    for (var column : columns.values()) {
      complete |= column.form != null;
      if (column.form != null && column.required() && !names.isSystem(column.name())) {
        needed.add(column);
      }
    }
    required = needed.toArray(ColumnState[]::new);
  }

  /// What this file changed; empty columns for a table that it only brought.
  List<ColumnSchema> addedColumns() {
    return List.copyOf(added.values());
  }
}
