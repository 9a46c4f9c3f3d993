package dev.sluice.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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
    return said(KnownSettings::suspect, " is no setting and has no effect");
  }

  @Override
  public List<String> keysWithoutEffect() {
    return said(KnownSettings::noEffect, " has no effect here, because ");
  }

  private List<String> said(Function<List<String>, Optional<String>> judge, String what) {
    return variables.keySet().stream()
        .filter(name -> name.contains("__"))
        .sorted()
        .flatMap(name ->
            judge.apply(Arrays.asList(name.toLowerCase(Locale.ROOT).split("__"))).stream()
                .map(rest -> "Environment variable " + name + what + rest))
        .toList();
  }
}
