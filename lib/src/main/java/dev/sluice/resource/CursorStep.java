package dev.sluice.resource;

import dev.sluice.pipe.Cursor;
import dev.sluice.pipe.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An incremental cursor at work: it leaves out what was loaded before and moves the state on.
///
/// The state is at `incremental.<path>` of the resource's: `initial_value`, `last_value`,
/// `start_value`, `unique_hashes`. The last value is written after each element; the hashes only by
/// [#save()], since they may be many.
final class CursorStep implements Step, Cursor<Object> {
  private static final System.Logger LOGGER = System.getLogger(CursorStep.class.getName());

  /// Where a checkpoint keeps how the evaluation began.
  private static final String CHECKPOINT = "checkpoint";

  private final Incremental<Object> declared;
  private final CursorPath path;
  private final String resource;
  private final Map<String, Object> state;
  private final @Nullable Object cachedStart;
  private final @Nullable Boundary boundary;
  private @Nullable Object startValue;
  private @Nullable Object lastValue;
  private @Nullable Object endValue;
  private boolean seen;
  private boolean startPassed;
  private boolean endPassed;

  /// - `resourceState`: gives the state of the resource, where the cursor's is kept
  @SuppressWarnings("unchecked")
  CursorStep(
      Resource<?> resource, Incremental<?> declared, Supplier<Map<String, Object>> resourceState) {
    this.declared = (Incremental<Object>) declared;
    this.path = CursorPath.of(declared.path());
    this.resource = resource.name();
    this.endValue = declared.end;
    checkRange();
    this.state = declared.end == null ? kept(resourceState.get()) : fresh(new LinkedHashMap<>());
    var before = state.remove(CHECKPOINT) instanceof Map<?, ?> map ? map : null;
    this.cachedStart = before == null ? state.get("last_value") : before.get("start_value");
    this.startValue = lagged(cachedStart);
    this.lastValue = before == null ? startValue : state.get("last_value");
    var key =
        this.declared.key == null ? resource.hints().primaryKey().orElse(null) : this.declared.key;
    this.boundary =
        remembers(key) ? new Boundary(resource.name(), key, state, before, Boundary.MOST) : null;
  }

  @Override
  public @Nullable Object apply(Object element, Flow flow) {
    if (element instanceof List<?> page && page.isEmpty()) {
      return page;
    }
    var kept = new ArrayList<Object>();
    if (element instanceof List<?> page) {
      for (var row : page) {
        if (row != null) {
          take(row, kept);
        }
      }
    } else {
      take(element, kept);
    }
    if ((declared.order == Incremental.Order.ASC && endPassed)
        || (declared.order == Incremental.Order.DESC && startPassed)) {
      flow.closeGenerator();
    }
    written(!kept.isEmpty());
    if (kept.isEmpty()) {
      return null;
    }
    return element instanceof List<?> || kept.size() > 1 ? kept : kept.getFirst();
  }

  @Override
  public boolean holdsBack() {
    return boundary != null && boundary.holdsBack();
  }

  @Override
  public @Nullable Object finish() {
    var held = boundary == null ? List.of() : boundary.release();
    if (held.isEmpty()) {
      return null;
    }
    written(true);
    return held;
  }

  @Override
  public boolean closes() {
    return declared.order != null;
  }

  /// Writes down which rows have the last value, at the end of the evaluation.
  void save() {
    state.remove(CHECKPOINT);
    if (boundary == null) {
      put(state, "unique_hashes", List.of());
    } else if (seen) {
      boundary.save(state);
    }
  }

  /// Writes down all that an evaluation needs to go on from here as if it had not been cut off:
  /// rows are still left out by where it began, not by how far it came.
  void saveCheckpoint() {
    save();
    var start = new LinkedHashMap<String, Object>();
    put(start, "start_value", cachedStart);
    if (boundary != null) {
      boundary.saveStart(start);
    }
    state.put(CHECKPOINT, start);
  }

  @Override
  public String path() {
    return path.text();
  }

  @Override
  public @Nullable Object lastValue() {
    return typed(lastValue);
  }

  @Override
  public @Nullable Object startValue() {
    return typed(startValue);
  }

  @Override
  public Optional<Object> endValue() {
    return Optional.ofNullable(endValue);
  }

  /// Adds the row to those that are kept, or leaves it out. dlt's rule, word for word: it asks only
  /// which of two values is the later one.
  private void take(Object row, List<Object> kept) {
    var value = path.find(row);
    if (value == null || value == CursorPath.MISSING) {
      switch (declared.missing) {
        case INCLUDE -> kept.add(row);
        case EXCLUDE -> {}
        case RAISE -> throw missing(row, value == null);
      }
      return;
    }
    if (!seen) {
      startValue = startValue == null ? null : adapted(startValue, value, "the last value");
      lastValue = lastValue == null ? null : CursorValue.adapted(lastValue, value);
    }
    if (endValue != null && isBehindEnd(value)) {
      endPassed = true;
      return;
    }
    seen = true;
    var last = lastValue;
    var newest = last == null ? alone(value) : later(value, last, "last value");
    if (last == null || !equal(last, newest)) {
      lastValue = newest;
      if (boundary != null) {
        boundary.restart(row);
      }
      kept.add(row);
      return;
    }
    var own = alone(value);
    var start = startValue;
    var atStart = start != null && equal(own, start);
    if (start != null
        && (declared.rangeStart == Incremental.Range.OPEN
            ? atStart || equal(later(value, start, "last value"), start)
            : !atStart && equal(later(value, start, "last value"), start))) {
      startPassed = true;
      return;
    }
    if (boundary == null) {
      kept.add(row);
    } else if (atStart) {
      var before = kept.size();
      boundary.atStart(row, equal(own, last), kept);
      startPassed |= kept.size() == before;
    } else {
      if (equal(own, last)) {
        boundary.add(row);
      }
      kept.add(row);
    }
  }

  private boolean isBehindEnd(Object value) {
    if (endValue == null) {
      return false;
    }
    if (!seen) {
      endValue = adapted(endValue, value, "the end value");
    }
    return !equal(later(value, endValue, "end value"), endValue)
        || (declared.rangeEnd == Incremental.Range.OPEN && equal(alone(value), endValue));
  }

  private void written(boolean rows) {
    var last = lastValue;
    var stored = state.get("last_value");
    if (declared.lag != null && stored != null && last != null) {
      last = later(last, stored, "last value");
      lastValue = last;
    }
    put(state, "last_value", last);
    if (rows) {
      put(state, "start_value", cachedStart);
    }
  }

  private Map<String, Object> kept(Map<String, Object> resourceState) {
    var all = States.below(resourceState, "incremental");
    var mine = States.below(all, path.text());
    return mine.isEmpty() ? fresh(mine) : mine;
  }

  private Map<String, Object> fresh(Map<String, Object> state) {
    put(state, "initial_value", declared.initial);
    put(state, "last_value", declared.initial);
    put(state, "unique_hashes", List.of());
    put(state, "start_value", declared.initial);
    return state;
  }

  @SuppressWarnings("NullAway") // the state has nulls, as dlt's
  private static void put(Map<String, Object> state, String key, @Nullable Object value) {
    state.put(key, value);
  }

  private boolean remembers(@Nullable List<String> key) {
    return declared.rangeStart == Incremental.Range.CLOSED
        && declared.end == null
        && !(declared.lag != null
            && declared.lag != 0
            && declared.reducer != Incremental.Reducer.OWN)
        && (key == null || !key.isEmpty());
  }

  private @Nullable Object lagged(@Nullable Object last) {
    var lag = declared.lag;
    if (lag == null || lag == 0 || last == null || declared.end != null) {
      return last;
    }
    if (declared.reducer == Incremental.Reducer.OWN) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "The lag of cursor ''{0}'' of resource ''{1}'' has no effect with a reducer of its own",
          path.text(),
          resource);
      return last;
    }
    Object lagged;
    try {
      lagged = Lag.apply(lag, last, declared.reducer == Incremental.Reducer.MIN);
    } catch (IllegalArgumentException unfit) {
      throw new IllegalArgumentException(
          "Cursor '" + path.text() + "' of resource '" + resource + "': " + unfit.getMessage(),
          unfit);
    }
    var initial = declared.initial;
    return initial != null && equal(later(initial, lagged, "initial value"), initial)
        ? initial
        : lagged;
  }

  private void checkRange() {
    var end = endValue;
    if (end == null) {
      return;
    }
    var initial = declared.initial;
    if (initial == null) {
      throw new IllegalArgumentException(
          "Cursor '"
              + path.text()
              + "' of resource '"
              + resource
              + "' has the end value '"
              + end
              + "' but no initial value; a backfill needs both");
    }
    if (!equal(later(end, initial, "initial value"), end)) {
      throw new IllegalArgumentException(
          "Cursor '"
              + path.text()
              + "' of resource '"
              + resource
              + "' has the initial value '"
              + initial
              + "', which lies behind the end value '"
              + end
              + "'; swap them");
    }
  }

  private Object adapted(Object value, Object row, String which) {
    var adapted = CursorValue.adapted(value, row);
    if (adapted != value) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "In resource ''{0}'' {1} of cursor ''{2}'' is {3}, but the rows have {4}; it is taken as"
              + " UTC",
          resource,
          which,
          path.text(),
          CursorValue.kind(value).words,
          CursorValue.kind(row).words);
    }
    return adapted;
  }

  /// Which of the two counts; of equal ones the first.
  private Object later(Object one, Object other, String which) {
    try {
      return switch (declared.reducer) {
        case MAX -> CursorValue.compare(other, one) > 0 ? other : one;
        case MIN -> CursorValue.compare(other, one) < 0 ? other : one;
        case OWN -> own(List.of(one, other));
      };
    } catch (IllegalArgumentException | ClassCastException incomparable) {
      throw new IllegalArgumentException(
          "Cursor '"
              + path.text()
              + "' of resource '"
              + resource
              + "' holds '"
              + one
              + "' ("
              + CursorValue.kind(one).words
              + "), but its "
              + which
              + " is '"
              + other
              + "' ("
              + CursorValue.kind(other).words
              + "); convert the rows, declare the initial value in their type, or drop the"
              + " resource's state",
          incomparable);
    }
  }

  private Object alone(Object value) {
    return declared.reducer == Incremental.Reducer.OWN ? own(List.of(value)) : value;
  }

  private Object own(List<Object> values) {
    var reducer = declared.own;
    if (reducer == null) {
      throw new IllegalStateException("no reducer");
    }
    try {
      return reducer.apply(values);
    } catch (RuntimeException failed) {
      throw failed;
    } catch (Exception failed) {
      throw Unchecked.thrown(failed);
    }
  }

  private static boolean equal(Object one, Object other) {
    if (one == other || one.equals(other)) {
      return true;
    }
    return CursorValue.kind(one) == CursorValue.kind(other)
        && CursorValue.kind(one) != CursorValue.Kind.OTHER
        && CursorValue.compare(one, other) == 0;
  }

  private @Nullable Object typed(@Nullable Object value) {
    var initial = declared.initial;
    return value == null || initial == null ? value : CursorValue.as(initial, value);
  }

  private IllegalArgumentException missing(Object row, boolean isNull) {
    return new IllegalArgumentException(
        "Resource '"
            + resource
            + "' has the cursor '"
            + path.text()
            + "', but a row "
            + (isNull ? "has null there" : "does not have it")
            + ": '"
            + row
            + "'; give it a value, or say onMissing(INCLUDE) or onMissing(EXCLUDE)");
  }
}
