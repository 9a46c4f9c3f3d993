package dev.sluice.resource;

import dev.sluice.pipe.Fn;
import dev.sluice.seam.Seam;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A value in the rows by which a pipeline knows how far it came. Immutable.
///
/// ```java
/// var events = resource("events", incremental("updated_at", "2026-01-01"), since -> api.rows("/events", "since", since.lastValue()));
/// var orders = resource("orders", () -> read("orders")).incremental(incremental("meta.changed", Instant.EPOCH).lag(Duration.ofHours(1)));
/// ```
///
/// Rows below the last value are left out. Rows that equal it are known by their key or content, so
/// that only new ones are loaded.
///
/// - `C`: text, a number, or a date or time
/// - defaults: the highest value counts; rows equal to the start are read, those equal to the end
///   are not; a row without the value is an error
public final class Incremental<C> {
  /// The order in which the generator gives rows.
  public enum Order {
    /// Rising: it is closed after the end value.
    ASC,
    /// Falling: it is closed below the start.
    DESC
  }

  /// Whether a bound belongs to the range.
  public enum Range {
    /// It does.
    CLOSED,
    /// It does not.
    OPEN
  }

  /// What becomes of a row without the value.
  public enum Missing {
    /// It ends the run.
    RAISE,
    /// It is loaded.
    INCLUDE,
    /// It is left out.
    EXCLUDE
  }

  /// How the last value is found.
  enum Reducer {
    MAX,
    MIN,
    OWN
  }

  final String path;
  // Written only while a copy is made.
  @Nullable C initial;
  @Nullable C end;
  @Nullable Double lag;
  @Nullable Order order;
  Range rangeStart = Range.CLOSED;
  Range rangeEnd = Range.OPEN;
  Missing missing = Missing.RAISE;
  @Nullable List<String> key;
  Reducer reducer = Reducer.MAX;
  @Nullable Fn<List<C>, C> own;

  private Incremental(String path) {
    this.path = path;
  }

  private Incremental<C> with(Consumer<Incremental<C>> change) {
    var copy = new Incremental<C>(path);
    copy.initial = initial;
    copy.end = end;
    copy.lag = lag;
    copy.order = order;
    copy.rangeStart = rangeStart;
    copy.rangeEnd = rangeEnd;
    copy.missing = missing;
    copy.key = key;
    copy.reducer = reducer;
    copy.own = own;
    change.accept(copy);
    return copy;
  }

  /// A cursor that begins with the first row.
  ///
  /// - `path`: a key of the row, or a way into it: `meta.at`, `items[0].at`
  public static <C> Incremental<C> of(String path) {
    CursorPath.of(path);
    return new Incremental<>(path);
  }

  /// A cursor that begins with a value.
  public static <C> Incremental<C> of(String path, @Nullable C initial) {
    return Incremental.<C>of(path).with(copy -> copy.initial = initial);
  }

  /// A cursor from dlt's parameters by name: `cursor_path`, `initial_value`, `end_value`,
  /// `last_value_func` (max, min), `lag`, `row_order`, `range_start`, `range_end`,
  /// `on_cursor_value_missing`, `primary_key`. Null means absent.
  public static Incremental<Object> of(Map<String, ?> parameters) {
    Incremental<Object> made =
        of(String.valueOf(parameters.get("cursor_path")), parameters.get("initial_value"));
    for (var parameter : parameters.entrySet()) {
      var value = parameter.getValue();
      if (value == null) {
        continue;
      }
      made =
          switch (parameter.getKey()) {
            case "cursor_path", "initial_value" -> made;
            case "end_value" -> made.endValue(value);
            case "last_value_func" ->
                switch (String.valueOf(value)) {
                  case "max" -> made;
                  case "min" -> made.min();
                  default -> throw unknown("last_value_func", value, "max or min");
                };
            case "lag" -> made.lag(((Number) value).doubleValue());
            case "row_order" -> made.rowOrder(word(Order.class, "row_order", value));
            case "range_start" -> made.rangeStart(word(Range.class, "range_start", value));
            case "range_end" -> made.rangeEnd(word(Range.class, "range_end", value));
            case "on_cursor_value_missing" ->
                made.onMissing(word(Missing.class, "on_cursor_value_missing", value));
            case "primary_key" ->
                value instanceof List<?> columns
                    ? made.primaryKey(columns.stream().map(String::valueOf).toArray(String[]::new))
                    : made.primaryKey(String.valueOf(value));
            default ->
                throw new IllegalArgumentException(
                    "Incremental cursor '"
                        + made.path
                        + "' has no parameter '"
                        + parameter.getKey()
                        + "'");
          };
    }
    return made;
  }

  /// Reads a range that is known to be complete only later: so far below the last value again.
  ///
  /// - `lag`: seconds for times, days for dates, units for numbers
  public Incremental<C> lag(double lag) {
    return with(copy -> copy.lag = lag);
  }

  /// Reads so much time below the last value again.
  public Incremental<C> lag(Duration lag) {
    return lag(lag.toNanos() / 1e9);
  }

  /// Reads up to this value only, and remembers nothing: a backfill. Needs an initial value.
  public Incremental<C> endValue(C end) {
    return with(copy -> copy.end = end);
  }

  /// Says in which order rows come, so that the generator is closed once they are out of range.
  public Incremental<C> rowOrder(Order order) {
    return with(copy -> copy.order = order);
  }

  /// Whether rows equal to the start are read. Open: rows at the last value are not remembered.
  public Incremental<C> rangeStart(Range range) {
    return with(copy -> copy.rangeStart = range);
  }

  /// Whether rows equal to the end value are read.
  public Incremental<C> rangeEnd(Range range) {
    return with(copy -> copy.rangeEnd = range);
  }

  /// What becomes of rows without the value, or with null.
  public Incremental<C> onMissing(Missing missing) {
    return with(copy -> copy.missing = missing);
  }

  /// The columns by which rows at the last value are known; none = they are not remembered. Without
  /// this it is the resource's primary key, or else the whole row.
  public Incremental<C> primaryKey(String... columns) {
    return with(copy -> copy.key = List.of(columns));
  }

  /// The lowest value counts; the cursor goes down.
  public Incremental<C> min() {
    return with(copy -> copy.reducer = Reducer.MIN);
  }

  /// Which of two values counts as the later one; it is also called with one value, to bring it
  /// into the form that is kept.
  public Incremental<C> reducer(Fn<List<C>, C> later) {
    return with(copy -> {
      copy.reducer = Reducer.OWN;
      copy.own = later;
    });
  }

  /// The path of the value.
  public String path() {
    return path;
  }

  /// Whether lower values are the later ones; empty if code of the user decides that.
  @Seam
  public Optional<Boolean> falling() {
    return reducer == Reducer.OWN ? Optional.empty() : Optional.of(reducer == Reducer.MIN);
  }

  /// The order that rows are declared to have.
  @Seam
  public Optional<Order> rowOrder() {
    return Optional.ofNullable(order);
  }

  /// What becomes of a row without the value.
  @Seam
  public Missing onMissing() {
    return missing;
  }

  /// Whether rows equal to the start are read.
  @Seam
  public Range rangeStart() {
    return rangeStart;
  }

  /// Whether rows equal to the end value are read.
  @Seam
  public Range rangeEnd() {
    return rangeEnd;
  }

  /// The column of the table that it is, if it is one.
  Optional<String> column() {
    return CursorPath.of(path).column();
  }

  private static <E extends Enum<E>> E word(Class<E> type, String parameter, Object value) {
    for (var one : type.getEnumConstants()) {
      if (one.name().equalsIgnoreCase(String.valueOf(value))) {
        return one;
      }
    }
    throw unknown(
        parameter,
        value,
        String.join(
            ", ",
            java.util.Arrays.stream(type.getEnumConstants())
                .map(one -> one.name().toLowerCase(Locale.ROOT))
                .toList()));
  }

  private static IllegalArgumentException unknown(String parameter, Object value, String known) {
    return new IllegalArgumentException(
        "Parameter '"
            + parameter
            + "' of an incremental cursor is '"
            + value
            + "', but must be one of "
            + known);
  }

  /// For instance `incremental 'updated_at'`.
  @Override
  public String toString() {
    return "incremental '" + path + "'";
  }
}
