package dev.sluice.schema;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What may change in a schema, and what happens to rows that would change it.
///
/// ```java
/// import static dev.sluice.schema.SchemaContract.Mode.*;
///
/// users.contract(SchemaContract.of(FREEZE));                       // nothing may change
/// users.contract(SchemaContract.evolve().columns(DISCARD_VALUE));  // values of unknown columns are set aside
/// ```
///
/// - `tables`: new tables
/// - `columns`: new columns of a table that has data
/// - `dataType`: values that do not fit their column's type
///
/// Each is [Mode#EVOLVE] unless said otherwise. Discarded rows are not lost: see the quarantine of
/// the load package.
public final class SchemaContract {
  /// What a change meets.
  public enum Mode {
    /// The schema changes.
    EVOLVE,
    /// The run fails.
    FREEZE,
    /// The row is set aside.
    DISCARD_ROW,
    /// The value is set aside, the rest of the row goes on.
    DISCARD_VALUE;

    /// The spelling in schema files.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Mode of(String word) {
      for (var mode : values()) if (mode.word().equals(word)) return mode;
      throw new IllegalArgumentException(
          "'%s' is no contract mode; use evolve, freeze, discard_row or discard_value"
              .formatted(word));
    }
  }

  private static final SchemaContract EVOLVE = of(Mode.EVOLVE);

  private final Map<String, Mode> modes;

  /// The mode for all, if it was declared by this one word.
  private final @Nullable Mode all;

  private SchemaContract(Map<String, Mode> modes, @Nullable Mode all) {
    this.modes = modes;
    this.all = all;
  }

  /// Everything may change: the default.
  public static SchemaContract evolve() {
    return EVOLVE;
  }

  /// The same mode for tables, columns and data types.
  public static SchemaContract of(Mode all) {
    var modes = new LinkedHashMap<String, Mode>();
    modes.put("tables", all);
    modes.put("columns", all);
    modes.put("data_type", all);
    return new SchemaContract(modes, all);
  }

  /// From dlt's form: a mode for all, or a dictionary `tables`, `columns`, `data_type`; null =
  /// evolve. What the dictionary does not say is not written into schema files either.
  public static SchemaContract of(@Nullable Object setting) {
    if (setting instanceof String word) return of(Mode.of(word));
    if (!(setting instanceof Map<?, ?> map)) return EVOLVE;
    var contract = new SchemaContract(Map.of(), null);
    for (var entry : map.entrySet())
      if (entry.getValue() != null)
        contract =
            contract.with((String) entry.getKey(), Mode.of(String.valueOf(entry.getValue())));
    return contract;
  }

  /// What a new table meets.
  public Mode tables() {
    return mode("tables");
  }

  /// What a new column meets.
  public Mode columns() {
    return mode("columns");
  }

  /// What a value of another type meets.
  public Mode dataType() {
    return mode("data_type");
  }

  /// Says what a new table meets.
  public SchemaContract tables(Mode mode) {
    return with("tables", mode);
  }

  /// Says what a new column meets.
  public SchemaContract columns(Mode mode) {
    return with("columns", mode);
  }

  /// Says what a value of another type meets.
  public SchemaContract dataType(Mode mode) {
    return with("data_type", mode);
  }

  /// dlt's form: the dictionary of the three modes.
  public Map<String, Object> toMap() {
    var map = new LinkedHashMap<String, Object>();
    modes.forEach((entity, mode) -> map.put(entity, mode.word()));
    return map;
  }

  /// As it stands in schema files: one word if it was declared by one, else [#toMap()].
  public Object toSetting() {
    return all == null ? toMap() : all.word();
  }

  private Mode mode(String entity) {
    return modes.getOrDefault(entity, Mode.EVOLVE);
  }

  private SchemaContract with(String entity, Mode mode) {
    if (!entity.equals("tables") && !entity.equals("columns") && !entity.equals("data_type"))
      throw new IllegalArgumentException(
          "A contract is about tables, columns or data_type, not '%s'".formatted(entity));
    var copy = new LinkedHashMap<>(modes);
    copy.put(entity, mode);
    return new SchemaContract(copy, null);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SchemaContract contract
        && tables() == contract.tables()
        && columns() == contract.columns()
        && dataType() == contract.dataType();
  }

  @Override
  public int hashCode() {
    return Objects.hash(tables(), columns(), dataType());
  }

  @Override
  public String toString() {
    return toMap().toString();
  }
}
