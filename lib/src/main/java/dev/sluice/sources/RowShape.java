package dev.sluice.sources;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The names of the columns of a result, shared by all its rows.
final class RowShape {
  private final String[] names;
  private final Map<String, Integer> positions;

  RowShape(List<String> columns) {
    names = columns.toArray(String[]::new);
    positions = new HashMap<>(names.length * 2);
    for (int at = 0; at < names.length; at++) positions.put(names[at], at);
  }

  int size() {
    return names.length;
  }

  String name(int position) {
    return names[position];
  }

  /// Where the column stands, or -1.
  int position(Object name) {
    var found = positions.get(name);
    return found == null ? -1 : found;
  }

  /// This shape with one more column at its end.
  RowShape and(String name) {
    var more = new java.util.ArrayList<>(List.of(names));
    more.add(name);
    return new RowShape(more);
  }
}
