package dev.sluice.resource;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Places in the state of a source.
final class States {
  private States() {}

  /// The state of a resource, made if it is not there.
  static Map<String, Object> resource(Map<String, Object> source, String name) {
    return below(below(source, "resources"), name);
  }

  /// The map at a key, made if it is not there.
  @SuppressWarnings("unchecked")
  static Map<String, Object> below(Map<String, Object> state, String key) {
    return (Map<String, Object>)
        state.computeIfAbsent(key, missing -> new LinkedHashMap<String, Object>());
  }

  /// A copy that later changes do not reach.
  @SuppressWarnings("unchecked")
  static <T extends @Nullable Object> T copy(T value) {
    return switch (value) {
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<Object, @Nullable Object>();
        map.forEach((key, below) -> copy.put(key, copy(below)));
        yield (T) copy;
      }
      case List<?> list -> {
        var copy = new ArrayList<@Nullable Object>(list.size());
        list.forEach(below -> copy.add(copy(below)));
        yield (T) copy;
      }
      case null, default -> value;
    };
  }
}
