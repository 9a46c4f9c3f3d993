package dev.sluice.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Settings that a script makes itself.
record OwnSettings(Map<String, Object> values) implements Provider {
  static final OwnSettings NONE = new OwnSettings(Map.of());

  OwnSettings with(String key, Object value) {
    var more = new HashMap<>(values);
    more.put(key, value);
    return new OwnSettings(Map.copyOf(more));
  }

  @Override
  public String name() {
    return "the script";
  }

  @Override
  public Optional<Object> at(List<String> path) {
    return Optional.ofNullable(values.get(spell(path)));
  }

  @Override
  public String spell(List<String> path) {
    return String.join(".", path);
  }

  @Override
  public List<String> unknownKeys() {
    return List.of();
  }

  @Override
  public List<String> keysWithoutEffect() {
    return List.of();
  }
}
