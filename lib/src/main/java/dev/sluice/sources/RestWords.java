package dev.sluice.sources;

import dev.sluice.config.Secret;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Takes the words of a declaration for what they must be, and says where a wrong one stands.
///
/// - `where`: said in front of errors
record RestWords(String where) {
  static @Nullable String text(@Nullable Object value) {
    return value instanceof Secret secret
        ? secret.reveal()
        : value == null ? null : value.toString();
  }

  static String[] texts(@Nullable Object value) {
    return switch (value) {
      case null -> new String[0];
      case List<?> list -> list.stream().map(String::valueOf).toArray(String[]::new);
      default -> new String[] {value.toString()};
    };
  }

  Map<String, Object> table(String where, Map<String, ?> map, String key) {
    if (!map.containsKey(key)) {
      throw wrong(key, "is missing");
    }
    return map(where.isEmpty() ? key : where + "." + key, map.get(key));
  }

  Map<String, Object> map(String key, @Nullable Object value) {
    if (value != null && !(value instanceof Map)) {
      throw wrong(key, "must be a table, not '" + value + "'");
    }
    var map = new LinkedHashMap<String, Object>();
    if (value instanceof Map<?, ?> given) {
      given.forEach((name, inner) -> {
        if (inner != null) {
          map.put(String.valueOf(name), inner);
        }
      });
    }
    return map;
  }

  void only(String key, Map<String, ?> table, String... known) {
    var unknown = new TreeSet<>(table.keySet());
    unknown.removeAll(Arrays.asList(known));
    if (!unknown.isEmpty()) {
      throw wrong(key, "has no '" + unknown.first() + "'; it knows " + String.join(", ", known));
    }
  }

  <T> T named(String key, Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      if (!where.isEmpty() && String.valueOf(e.getMessage()).startsWith("'" + where)) {
        throw e; // says already where
      }
      throw new IllegalArgumentException(place(key) + ": " + e.getMessage(), e);
    }
  }

  IllegalArgumentException wrong(String key, String what) {
    return new IllegalArgumentException(place(key) + " " + what);
  }

  String place(String key) {
    var whole = where.isEmpty() ? key : key.isEmpty() ? where : where + ": " + key;
    return "'" + whole + "'";
  }
}
