package dev.sluice.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/// The settings of one TOML text, as plain maps and lists.
record TomlFile(String name, boolean secret, Map<String, Object> tables) implements Provider {
  /// Bytes of a file. Settings are some hundred lines.
  private static final int LARGEST = 1 << 20;

  /// Levels of tables, lists and dotted keys: the parser takes some of the stack for each.
  private static final int MAX_DEPTH = 100;

  /// Reading a number takes time that grows with the square of its digits.
  private static final int MAX_DIGITS = 1_000;

  /// The text of a file.
  static String text(Path file) throws IOException {
    var size = Files.size(file);
    if (size > LARGEST) {
      throw new IllegalArgumentException(
          "Cannot read %s: it has %d bytes, but settings of more than %d are not read"
              .formatted(file, size, LARGEST));
    }
    return Files.readString(file);
  }

  /// Parses a text; this is the first use of tomlj, whose parser costs a tenth of a second to load.
  static TomlFile parse(String name, boolean secret, String text) {
    refuseEndless(name, text);
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
    return new TomlFile(name, secret, plain(name, parsed, 0));
  }

  /// Looks for what the parser takes too long for, or too much of the stack: brackets in brackets,
  /// numbers of very many digits. Strings and comments are passed over.
  private static void refuseEndless(String name, String text) {
    int open = 0;
    int digits = 0;
    for (int at = 0; at < text.length(); at++) {
      var c = text.charAt(at);
      digits = (c >= '0' && c <= '9') || c == '_' ? digits + 1 : 0;
      switch (c) {
        case '#' -> at = until(text, at, "\n");
        case '"', '\'' -> at = stringEnd(text, at);
        case '[', '{' -> open++;
        case ']', '}' -> open = Math.max(0, open - 1);
        default -> {}
      }
      if (open > MAX_DEPTH || digits > MAX_DIGITS) {
        var line = text.substring(0, at).chars().filter(sign -> sign == '\n').count() + 1;
        throw new IllegalArgumentException(
            "Cannot read %s: line %d: %s; repair the line"
                .formatted(
                    name,
                    line,
                    open > MAX_DEPTH
                        ? "values are nested deeper than %d levels".formatted(MAX_DEPTH)
                        : "a number has more than %d digits".formatted(MAX_DIGITS)));
      }
    }
  }

  /// Where the string that begins here ends, or its line does.
  private static int stringEnd(String text, int begin) {
    var quote = text.substring(begin, begin + 1);
    if (text.startsWith(quote.repeat(3), begin)) {
      var at = begin + 3;
      while (at < text.length() && !text.startsWith(quote.repeat(3), at)) {
        at += quote.equals("\"") && text.charAt(at) == '\\' ? 2 : 1;
      }
      return Math.min(at + 2, text.length());
    }
    for (int at = begin + 1; at < text.length(); at++) {
      var c = text.charAt(at);
      if (c == '\\' && quote.equals("\"")) {
        at++;
      } else if (c == '\n' || text.startsWith(quote, at)) {
        return at;
      }
    }
    return text.length();
  }

  private static int until(String text, int begin, String end) {
    var at = text.indexOf(end, begin);
    return at < 0 ? text.length() : at;
  }

  private static String oneLine(String message) {
    return message.replaceAll("\\s+", " ");
  }

  private static Map<String, Object> plain(String name, TomlTable table, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "Cannot read %s: tables are nested deeper than %d levels; repair the key"
              .formatted(name, MAX_DEPTH));
    }
    var map = new TreeMap<String, Object>();
    for (var key : table.keySet()) {
      map.put(key, plainValue(name, Objects.requireNonNull(table.get(List.of(key))), depth + 1));
    }
    return map;
  }

  private static Object plainValue(String name, Object value, int depth) {
    if (value instanceof TomlTable table) {
      return plain(name, table, depth);
    }
    if (value instanceof TomlArray array) {
      var list = new ArrayList<Object>();
      for (int i = 0; i < array.size(); i++) {
        list.add(plainValue(name, array.get(i), depth + 1));
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
