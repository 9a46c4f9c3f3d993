package dev.sluice.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Environment variables: upper case, sections joined by two underscores.
record Environment(Map<String, String> variables) implements Provider {
  @Override
  public String name() {
    return "environment";
  }

  @Override
  public Optional<Object> at(List<String> path) {
    var value = variables.get(spell(path));
    return value == null || value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  @Override
  public String spell(List<String> path) {
    return String.join("__", path).toUpperCase(Locale.ROOT);
  }

  @Override
  public List<String> unknownKeys() {
    return variables.keySet().stream()
        .filter(name -> name.contains("__"))
        .sorted()
        .flatMap(name ->
            KnownKeys.suspect(Arrays.asList(name.toLowerCase(Locale.ROOT).split("__"))).stream()
                .map(hint ->
                    "Environment variable " + name + " is no setting and has no effect" + hint))
        .toList();
  }
}
