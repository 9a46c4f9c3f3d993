package dev.sluice.resource;

import dev.sluice.pipe.Fn;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.SchemaContract;
import dev.sluice.schema.WriteDisposition;
import dev.sluice.seam.Seam;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Everything a resource (or a nested table of it) declares about its table. What was not declared
/// is empty.
@Seam
public final class Hints {
  static final Hints NONE = new Hints();

  // Written only while a copy is made.
  private @Nullable String table;
  private @Nullable Fn<Object, String> tableOf;
  private @Nullable WriteDisposition disposition;
  private @Nullable List<String> primaryKey;
  private @Nullable List<String> mergeKey;
  private List<ColumnSchema> columns = List.of();
  private List<ColumnSchema> recordColumns = List.of();
  private @Nullable SchemaContract contract;
  private @Nullable Integer maxTableNesting;
  private Map<List<String>, Hints> nested = Map.of();
  private Map<String, Hints> others = Map.of();
  private @Nullable String incrementalColumn;
  private boolean selected = true;
  private boolean parallelized;

  private Hints() {}

  private Hints(Hints from) {
    table = from.table;
    tableOf = from.tableOf;
    disposition = from.disposition;
    primaryKey = from.primaryKey;
    mergeKey = from.mergeKey;
    columns = from.columns;
    recordColumns = from.recordColumns;
    contract = from.contract;
    maxTableNesting = from.maxTableNesting;
    nested = from.nested;
    others = from.others;
    incrementalColumn = from.incrementalColumn;
    selected = from.selected;
    parallelized = from.parallelized;
  }

  private Hints with(Consumer<Hints> change) {
    var copy = new Hints(this);
    change.accept(copy);
    return copy;
  }

  /// The name of the table, if it is not the resource's.
  public Optional<String> table() {
    return Optional.ofNullable(table);
  }

  /// The function that names the table of each row.
  public Optional<Fn<Object, String>> tableOf() {
    return Optional.ofNullable(tableOf);
  }

  /// What becomes of the rows the table has.
  public Optional<WriteDisposition> disposition() {
    return Optional.ofNullable(disposition);
  }

  /// The columns of the primary key, if one is declared; none if it is declared empty.
  public Optional<List<String>> primaryKey() {
    return Optional.ofNullable(primaryKey);
  }

  /// The columns of the merge key, if one is declared; none if it is declared empty.
  public Optional<List<String>> mergeKey() {
    return Optional.ofNullable(mergeKey);
  }

  /// Declared columns, by the names that the rows have.
  public List<ColumnSchema> columns() {
    return columns;
  }

  /// The columns that follow from the record class of the rows; [#columns()] go before them.
  public List<ColumnSchema> recordColumns() {
    return recordColumns;
  }

  /// What may change.
  public Optional<SchemaContract> contract() {
    return Optional.ofNullable(contract);
  }

  /// How deep lists become tables.
  public Optional<Integer> maxTableNesting() {
    return Optional.ofNullable(maxTableNesting);
  }

  /// What is declared about nested tables, by their path below this one.
  public Map<List<String>, Hints> nested() {
    return nested;
  }

  /// What holds for rows that the generator gives to a table by its name: what was declared of that
  /// table, or else the same as for all.
  public Hints ofTable(String given) {
    return others.getOrDefault(given, this);
  }

  /// The column that an incremental cursor reads, if it is a column of this table.
  public Optional<String> incrementalColumn() {
    return Optional.ofNullable(incrementalColumn);
  }

  /// Whether the rows are wanted.
  public boolean selected() {
    return selected;
  }

  /// Whether the generator has a thread of its own.
  public boolean parallelized() {
    return parallelized;
  }

  Hints withTable(String name) {
    return with(hints -> {
      hints.table = name;
      hints.tableOf = null;
    });
  }

  Hints withTableOf(Fn<Object, String> name) {
    return with(hints -> hints.tableOf = name);
  }

  Hints withDisposition(WriteDisposition disposition) {
    return with(hints -> hints.disposition = disposition);
  }

  Hints withPrimaryKey(List<String> columns) {
    return with(hints -> hints.primaryKey = key(columns));
  }

  Hints withMergeKey(List<String> columns) {
    return with(hints -> hints.mergeKey = key(columns));
  }

  Hints withColumns(List<ColumnSchema> more) {
    return with(hints -> hints.columns = merged(columns, more));
  }

  Hints withRecordColumns(List<ColumnSchema> columns) {
    return with(hints -> hints.recordColumns = List.copyOf(columns));
  }

  Hints withContract(SchemaContract contract) {
    return with(hints -> hints.contract = contract);
  }

  Hints withMaxTableNesting(int levels) {
    return with(hints -> hints.maxTableNesting = levels);
  }

  Hints withNested(List<String> path, Hints below) {
    return with(hints -> {
      var all = new LinkedHashMap<>(nested);
      all.put(List.copyOf(path), below);
      hints.nested = java.util.Collections.unmodifiableMap(all);
    });
  }

  Hints withOther(String table, Hints declared) {
    return with(hints -> {
      var all = new LinkedHashMap<>(others);
      all.put(table, declared);
      hints.others = java.util.Collections.unmodifiableMap(all);
    });
  }

  Hints withIncrementalColumn(@Nullable String column) {
    return with(hints -> hints.incrementalColumn = column);
  }

  Hints withSelected(boolean selected) {
    return with(hints -> hints.selected = selected);
  }

  Hints withParallelized(boolean parallelized) {
    return with(hints -> hints.parallelized = parallelized);
  }

  /// One empty name declares that there is no key, as dlt's `primary_key=""` does.
  private static List<String> key(List<String> columns) {
    return columns.equals(List.of("")) ? List.of() : List.copyOf(columns);
  }

  private static List<ColumnSchema> merged(List<ColumnSchema> before, List<ColumnSchema> more) {
    var byName = new LinkedHashMap<String, ColumnSchema>();
    before.forEach(column -> byName.put(column.name(), column));
    more.forEach(column -> byName.put(column.name(), column));
    return List.copyOf(byName.values());
  }
}
