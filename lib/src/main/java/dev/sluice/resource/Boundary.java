package dev.sluice.resource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rows at the last value of a cursor, known by their digests, in bounded memory however many
/// they are.
///
/// Up to [#MOST] rows each digest is kept, as dlt does. Beyond that [DigestBlocks] keep digests of
/// blocks of rows in their order: rows that come again in the same order are known (a block is held
/// back until it is complete), and so are new ones after them. If the order has changed, they are
/// taken as new from there on, with a warning: better twice than lost.
final class Boundary {
  /// Digests kept at most.
  static final int MOST = 10_000;

  private static final System.Logger LOGGER = System.getLogger(Boundary.class.getName());
  private static final String HASHES = "unique_hashes";
  private static final String BLOCKS = "boundary_blocks";

  private final @Nullable List<String> key;
  private final String resource;
  private final int most;
  private final Set<String> known;
  private final @Nullable DigestBlocks knownBlocks;
  private final boolean knownLegacy;
  private final List<Object> held = new ArrayList<>();
  private final List<String> heldDigests = new ArrayList<>();
  private int block;
  private boolean verifying;
  private boolean otherOrder;

  /// Rows at the last value that were not digested yet: most values are soon replaced.
  private final List<Object> rows = new ArrayList<>();

  /// Whether the last value is still that of the start.
  private boolean atStart = true;

  private Set<String> digests;
  private boolean legacy;
  private DigestBlocks sequence;

  /// - `key`: columns by which rows are known; null = by their whole content
  /// - `state`: of the cursor
  /// - `start`: what [#saveStart] wrote, if an evaluation goes on from a checkpoint
  Boundary(
      String resource,
      @Nullable List<String> key,
      Map<String, Object> state,
      @Nullable Map<?, ?> start,
      int most) {
    this.resource = resource;
    this.key = key;
    this.most = most;
    this.known = new HashSet<>();
    var before = start == null ? state : start;
    known.addAll(hashes(before));
    this.knownBlocks =
        before.get(BLOCKS) instanceof List<?> list ? DigestBlocks.of(list, most) : null;
    this.verifying = knownBlocks != null;
    this.knownLegacy = known.stream().anyMatch(DedupDigest::isLegacy);
    this.digests = new LinkedHashSet<>(hashes(state));
    this.legacy = knownLegacy;
    this.sequence = new DigestBlocks(most);
  }

  private static List<String> hashes(Map<?, ?> state) {
    return state.get(HASHES) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }

  /// Writes down which rows were known at the start.
  void saveStart(Map<String, Object> start) {
    start.put(HASHES, List.copyOf(known));
    if (knownBlocks != null) {
      start.put(BLOCKS, knownBlocks.toList());
    }
  }

  /// Whether rows may be held back.
  boolean holdsBack() {
    return knownBlocks != null;
  }

  /// Takes a row at the start value; adds those that are new to `into`, perhaps later.
  void atStart(Object row, boolean isLast, List<Object> into) {
    var digest = digest(row, knownLegacy);
    if (isLast) {
      remember(digest);
    }
    if (!verifying || knownBlocks == null) {
      if (!known.contains(digest)) {
        into.add(row);
      }
      return;
    }
    held.add(row);
    heldDigests.add(digest);
    if (heldDigests.size() < knownBlocks.size(block)) {
      return;
    }
    if (DigestBlocks.root(heldDigests).equals(knownBlocks.digest(block))) {
      held.clear();
      verifying = ++block < knownBlocks.count();
    } else {
      otherOrder = true;
      LOGGER.log(
          System.Logger.Level.WARNING,
          "Resource ''{0}'' has more than {1} rows at the last value of its cursor, and they come"
              + " in another order than before: some are loaded again; use a finer cursor, or merge"
              + " by primary key",
          resource,
          most);
      into.addAll(release());
    }
    heldDigests.clear();
  }

  /// The rows held back; from now on none are.
  List<Object> release() {
    var released = List.copyOf(held);
    held.clear();
    heldDigests.clear();
    verifying &= released.isEmpty();
    return released;
  }

  /// The cursor has a new last value, which this row has.
  void restart(Object row) {
    rows.clear();
    rows.add(row);
    if (atStart || !digests.isEmpty()) {
      digests = new LinkedHashSet<>();
      sequence = new DigestBlocks(most);
    }
    atStart = false;
    legacy = false;
  }

  /// One more row has the last value.
  void add(Object row) {
    rows.add(row);
    if (rows.size() >= 1_000) {
      digestAll();
    }
  }

  /// Writes down which rows have the last value.
  void save(Map<String, Object> state) {
    digestAll();
    if (atStart && knownBlocks != null && !otherOrder && sequence.rows() < knownBlocks.rows()) {
      return; // what came was known, or there is more that did not come
    }
    if (digests.size() <= most && !(atStart && knownBlocks != null)) {
      state.put(HASHES, List.copyOf(digests));
      state.remove(BLOCKS);
    } else {
      state.put(HASHES, List.of());
      state.put(BLOCKS, sequence.toList());
    }
  }

  private void digestAll() {
    for (var row : rows) {
      remember(digest(row, legacy));
    }
    rows.clear();
  }

  private void remember(String digest) {
    if (digests.size() <= most) {
      digests.add(digest);
    }
    sequence.add(digest);
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
