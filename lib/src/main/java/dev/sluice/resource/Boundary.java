package dev.sluice.resource;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rows at the last value of a cursor, known by their digests.
final class Boundary {
  private final @Nullable List<String> key;
  private final String resource;
  private final Set<String> known;
  private final boolean knownLegacy;
  private Set<String> digests;
  private boolean legacy;
  private final List<Object> rows = new ArrayList<>();

  /// - `key`: columns by which rows are known; null = by their whole content
  /// - `digests`: of the rows that were loaded before
  Boundary(String resource, @Nullable List<String> key, List<?> digests) {
    this.resource = resource;
    this.key = key;
    this.known = new LinkedHashSet<>();
    digests.forEach(digest -> known.add(String.valueOf(digest)));
    this.knownLegacy = known.stream().anyMatch(DedupDigest::isLegacy);
    this.digests = new LinkedHashSet<>(known);
    this.legacy = knownLegacy;
  }

  /// Whether the row was loaded before.
  boolean knows(Object row) {
    return !known.isEmpty() && known.contains(digest(row, knownLegacy));
  }

  /// The cursor has a new last value, which this row has.
  void restart(Object row) {
    rows.clear();
    rows.add(row);
    digests = new LinkedHashSet<>();
    legacy = false;
  }

  /// One more row has the last value.
  void add(Object row) {
    rows.add(row);
    if (rows.size() >= 1_000) {
      digest();
    }
  }

  /// The digests of all rows that have the last value.
  List<String> digests() {
    digest();
    return List.copyOf(digests);
  }

  private void digest() {
    for (var row : rows) {
      digests.add(digest(row, legacy));
    }
    rows.clear();
  }

  private String digest(Object row, boolean legacy) {
    if (key == null) {
      return DedupDigest.of(row, legacy);
    }
    if (key.size() == 1) {
      return DedupDigest.of(column(row, key.getFirst()), legacy);
    }
    var values = new ArrayList<@Nullable Object>(key.size());
    for (var column : key) {
      values.add(column(row, column));
    }
    return DedupDigest.of(values, legacy);
  }

  private @Nullable Object column(Object row, String column) {
    var value = Fields.get(row, column);
    if (value == CursorPath.MISSING) {
      throw new IllegalArgumentException(
          "Resource '"
              + resource
              + "' knows rows at the last value of its cursor by the primary key, but a row has no"
              + " '"
              + column
              + "': '"
              + row
              + "'; give it one, or declare another key with incremental(..).primaryKey(..)");
    }
    return value;
  }
}
