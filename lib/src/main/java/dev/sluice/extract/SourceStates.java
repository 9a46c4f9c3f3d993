package dev.sluice.extract;

import dev.sluice.resource.Source;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a pipeline remembers of its sources, as an extract changes it.
///
/// - `all`: the whole state, with `sources` in it
record SourceStates(Map<String, @Nullable Object> all) {
  /// That of one source; made if there is none.
  @SuppressWarnings("unchecked")
  Map<String, @Nullable Object> of(String source) {
    var sources =
        (Map<String, @Nullable Object>)
            all.computeIfAbsent("sources", key -> new LinkedHashMap<String, @Nullable Object>());
    return (Map<String, @Nullable Object>)
        sources.computeIfAbsent(source, key -> new LinkedHashMap<String, @Nullable Object>());
  }

  /// How deep the state of a source is there before it is extracted: 1 `sources`, 2 the source, 3
  /// its `resources`. As in dlt a refresh that forgets makes the first, and a replaced resource the
  /// second.
  int levelsOf(Source source, boolean forgets) {
    if (all.get("sources") instanceof Map<?, ?> sources
        && sources.get(source.name()) instanceof Map<?, ?> own) {
      return own.containsKey("resources") ? 3 : 2;
    }
    if (source.evaluated().stream().anyMatch(Replaced::is)) {
      return 2;
    }
    return forgets || all.containsKey("sources") ? 1 : 0;
  }

  /// A source that remembers nothing leaves no trace but the levels that were there.
  void prune(String source, int levels) {
    var own = of(source);
    if (own.get("resources") instanceof Map<?, ?> resources) {
      resources.values().removeIf(value -> value instanceof Map<?, ?> map && map.isEmpty());
      if (resources.isEmpty() && levels < 3) {
        own.remove("resources");
      }
    }
    if (own.isEmpty() && levels < 2 && all.get("sources") instanceof Map<?, ?> sources) {
      sources.remove(source);
      if (sources.isEmpty() && levels < 1) {
        all.remove("sources");
      }
    }
  }
}
