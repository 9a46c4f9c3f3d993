package dev.sluice.extract;

import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.SchemaContract;
import dev.sluice.schema.SchemaContract.Mode;
import dev.sluice.schema.SchemaEditor;
import dev.sluice.schema.TableSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Lets declared tables into a schema as far as its contract allows. What the rows themselves would
/// change is decided by normalize.
final class ContractGate {
  private static final List<String> TYPE_PROPERTIES =
      List.of("data_type", "nullable", "precision", "scale", "timezone");

  private final SchemaEditor schema;
  private final @Nullable SchemaContract contractOfRun;
  private final @Nullable Object contractOfSource;

  /// - `contractOfRun`: stands above those of resources, and becomes that of their tables
  ContractGate(
      SchemaEditor schema,
      @Nullable SchemaContract contractOfRun,
      @Nullable Object contractOfSource) {
    this.schema = schema;
    this.contractOfRun = contractOfRun;
    this.contractOfSource = contractOfSource;
  }

  /// Adds a table, or merges it into the one that exists.
  ///
  /// - returns false if the contract discards rows of new tables, and this is one
  /// - fails with [IllegalArgumentException] if the contract freezes what the table would change
  boolean admit(TableSchema declared) {
    var table =
        contractOfRun == null || declared.nested()
            ? declared
            : declared.with("schema_contract", contractOfRun.toSetting());
    var contract = contractOf(table);
    var existing = schema.table(table.name());
    var isNew = existing.isEmpty() || existing.get().isNew();
    if (isNew && contract.tables() != Mode.EVOLVE && !table.name().startsWith("_dlt")) {
      if (contract.tables() == Mode.FREEZE) {
        throw new IllegalArgumentException(
            "Table '%s' is new, but the contract of schema '%s' freezes its tables; allow it with tables: evolve"
                .formatted(table.name(), schema.name()));
      }
      return false;
    }
    existing.ifPresent(known -> refuseOtherTypes(known, table));
    var admitted = isNew ? table : columnsAllowed(existing.orElseThrow(), table, contract);
    if (isNew && contract.columns() != Mode.EVOLVE) {
      // The first rows of a new table say what its columns are.
      admitted = admitted.with("x-normalizer", onceOpen(admitted));
    }
    schema.update(admitted, false);
    schema.table(table.name()).ifPresent(ContractGate::refuseUnloadable);
    return true;
  }

  /// A package whose tables cannot be loaded would block those after it.
  private static void refuseUnloadable(TableSchema table) {
    if (table.nested()) {
      return;
    }
    var strategy = table.property("x-merge-strategy");
    if ("merge".equals(table.property("write_disposition"))
        && ("upsert".equals(strategy) || "insert-only".equals(strategy))
        && table.columns().stream().noneMatch(column -> column.has("primary_key"))) {
      throw new IllegalArgumentException(
          "Table '%s' cannot be merged by %s: it has no primary key (primary_key); declare one, or use delete-insert"
              .formatted(table.name(), strategy));
    }
    for (var hint : List.of("hard_delete", "dedup_sort")) {
      var columns = table.columns().stream().filter(column -> column.has(hint)).toList();
      if (columns.size() > 1) {
        throw new IllegalArgumentException(
            "Found multiple columns with hint '%s' in table '%s': %s; only one is allowed"
                .formatted(
                    hint,
                    table.name(),
                    columns.stream().map(ColumnSchema::name).collect(Collectors.joining(", "))));
      }
    }
  }

  /// Whether nothing of a table is held by a contract.
  boolean evolves(TableSchema table) {
    return contractOf(table).equals(SchemaContract.evolve());
  }

  private static Map<String, Object> onceOpen(TableSchema table) {
    var hints = new LinkedHashMap<String, Object>();
    if (table.property("x-normalizer") instanceof Map<?, ?> own) {
      own.forEach((key, value) -> {
        if (value != null) {
          hints.put(String.valueOf(key), value);
        }
      });
    }
    hints.put("evolve-columns-once", true);
    return hints;
  }

  private SchemaContract contractOf(TableSchema table) {
    if (contractOfRun != null && !table.nested()) {
      return contractOfRun;
    }
    Optional<TableSchema> at = Optional.of(table);
    while (at.isPresent()) {
      var own = at.get().property("schema_contract");
      if (own != null) {
        return SchemaContract.of(own);
      }
      at = at.get().parent().flatMap(schema::table);
    }
    return SchemaContract.of(contractOfSource);
  }

  private static void refuseOtherTypes(TableSchema existing, TableSchema declared) {
    for (var column : declared.columns()) {
      var known = existing.column(column.name());
      if (existing.seenData()
          && column.complete()
          && known.isPresent()
          && known.get().complete()
          && !known.get().dataType().equals(column.dataType())) {
        throw new IllegalArgumentException(
            ("Column '%s' of table '%s' is %s, but is now declared %s; a type cannot change:"
                    + " drop the table with refresh, or give the column another name")
                .formatted(
                    column.name(),
                    declared.name(),
                    known.get().dataType().orElseThrow().word(),
                    column.dataType().orElseThrow().word()));
      }
    }
  }

  private TableSchema columnsAllowed(
      TableSchema existing, TableSchema table, SchemaContract contract) {
    var openOnce =
        existing.property("x-normalizer") instanceof Map<?, ?> hints
            && Boolean.TRUE.equals(hints.get("evolve-columns-once"));
    var columnMode = openOnce ? Mode.EVOLVE : contract.columns();
    var kept = new ArrayList<ColumnSchema>();
    for (var column : table.columns()) {
      var known = existing.column(column.name()).filter(ColumnSchema::complete);
      var mode =
          known.isEmpty()
              ? columnMode
              : otherType(column, known.get()) ? contract.dataType() : Mode.EVOLVE;
      if (mode == Mode.FREEZE) {
        throw new IllegalArgumentException(
            "Column '%s' of table '%s' would %s, but the contract freezes %s; leave it undeclared or allow it"
                .formatted(
                    column.name(),
                    table.name(),
                    known.isEmpty() ? "be new" : "change",
                    known.isEmpty() ? "columns" : "data_type"));
      }
      if (mode == Mode.EVOLVE || column.name().startsWith("_dlt")) {
        kept.add(column);
      }
    }
    return TableSchema.of(table.name(), table.properties(), kept);
  }

  private static boolean otherType(ColumnSchema column, ColumnSchema known) {
    return TYPE_PROPERTIES.stream()
        .anyMatch(property -> {
          var declared = column.property(property);
          return declared != null && !declared.equals(known.property(property));
        });
  }
}
