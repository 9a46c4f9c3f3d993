package dev.sluice.json;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The sorted keys of a `Map.of(..)`, found once for many maps with the same keys.
///
/// Such a map iterates in another order in every JVM; columns must not.
final class MapOrder {
  private static final Class<?> SHUFFLED = Map.of("a", 1, "b", 2).getClass();

  // A row and the maps nested in it take turns.
  private static final int REMEMBERED = 8;

  private final String[][] known = new String[REMEMBERED][];
  private int next;

  static boolean isShuffled(Map<?, ?> map) {
    return map.getClass() == SHUFFLED && map.size() > 1;
  }

  /// The keys in their natural order; null if one is no text.
  String @Nullable [] of(Map<?, ?> map) {
    for (var names : known) {
      if (names != null && names.length == map.size() && hasAll(map, names)) {
        return names;
      }
    }
    var names = new String[map.size()];
    int count = 0;
    for (var key : map.keySet()) {
      if (!(key instanceof String name)) {
        return null;
      }
      names[count++] = name;
    }
    Arrays.sort(names);
    known[next++ % REMEMBERED] = names;
    return names;
  }

  private static boolean hasAll(Map<?, ?> map, String[] names) {
    for (var name : names) {
      if (!map.containsKey(name)) {
        return false;
      }
    }
    return true;
  }
}
