package dev.sluice.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Other spellings of a setting: those of older or newer dlt.
final class Aliases {
  private static final Map<String, List<String>> OTHER =
      Map.of(
          "file_max_bytes", List.of("max_file_size"),
          "max_file_size", List.of("file_max_bytes"),
          "workers", List.of("worker"),
          "dev_mode", List.of("full_refresh"));

  private Aliases() {}

  /// The path itself and then the same with each other spelling of its key.
  static List<List<String>> spellings(List<String> path) {
    var others = OTHER.getOrDefault(path.getLast(), List.of());
    if (others.isEmpty()) {
      return List.of(path);
    }
    var all = new ArrayList<List<String>>();
    all.add(path);
    for (var other : others) {
      var spelled = new ArrayList<>(path);
      spelled.set(path.size() - 1, other);
      all.add(List.copyOf(spelled));
    }
    return all;
  }
}
