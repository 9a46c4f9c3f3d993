package dev.sluice.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/// The settings of one TOML text, as plain maps and lists.
record TomlFile(String name, boolean secret, Map<String, Object> tables) implements Provider {
  /// Parses a text; this is the first use of tomlj, whose parser costs a tenth of a second to load.
  static TomlFile parse(String name, boolean secret, String text) {
    var parsed = Toml.parse(text);
    if (parsed.hasErrors()) {
      var error = parsed.errors().getFirst();
      throw new IllegalArgumentException(
          "Cannot read "
              + name
              + ": line "
              + error.position().line()
              + ", column "
              + error.position().column()
              + ": "
              // The message of a secrets file could quote a secret.
              + (secret ? "this is not TOML" : oneLine(String.valueOf(error.getMessage())))
              + "; repair the line");
    }
    return new TomlFile(name, secret, plain(parsed));
  }

  private static String oneLine(String message) {
    return message.replaceAll("\\s+", " ");
  }

  private static Map<String, Object> plain(TomlTable table) {
    var map = new TreeMap<String, Object>();
    for (var entry : table.toMap().entrySet()) {
      map.put(entry.getKey(), plainValue(entry.getValue()));
    }
    return map;
  }

  private static Object plainValue(Object value) {
    if (value instanceof TomlTable table) {
      return plain(table);
    }
    if (value instanceof TomlArray array) {
      var list = new ArrayList<Object>();
      for (int i = 0; i < array.size(); i++) {
        list.add(plainValue(array.get(i)));
      }
      return list;
    }
    return value;
  }

  @Override
  public boolean holdsSecrets() {
    return secret;
  }

  @Override
  public Optional<Object> at(List<String> path) {
    Object value = tables;
    for (var key : path) {
      if (!(value instanceof Map<?, ?> table) || !table.containsKey(key)) {
        return Optional.empty();
      }
      value = table.get(key);
    }
    return Optional.ofNullable(value);
  }

  @Override
  public String spell(List<String> path) {
    var sections = path.subList(0, path.size() - 1);
    return (sections.isEmpty() ? "" : "[" + String.join(".", sections) + "] ") + path.getLast();
  }

  @Override
  public List<String> unknownKeys() {
    return said(KnownSettings::suspect, " is unknown and has no effect");
  }

  @Override
  public List<String> keysWithoutEffect() {
    return said(KnownSettings::noEffect, " has no effect here, because ");
  }

  private List<String> said(Function<List<String>, Optional<String>> judge, String what) {
    var found = new ArrayList<String>();
    collect(List.of(), tables, judge, what, found);
    return found;
  }

  private void collect(
      List<String> path,
      Map<?, ?> table,
      Function<List<String>, Optional<String>> judge,
      String what,
      List<String> found) {
    table.forEach((key, value) -> {
      var inner = new ArrayList<>(path);
      inner.add(String.valueOf(key));
      if (value instanceof Map<?, ?> nested) {
        collect(inner, nested, judge, what, found);
      } else {
        judge
            .apply(inner)
            .ifPresent(
                rest -> found.add("Setting '" + spell(inner) + "' in " + name + what + rest));
      }
    });
  }
}
