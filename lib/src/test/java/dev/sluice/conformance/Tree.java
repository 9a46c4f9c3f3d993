package dev.sluice.conformance;

import java.util.List;
import java.util.Map;

/// Reads untyped JSON where the format of the cases says what stands there.
final class Tree {
  private Tree() {}

  /// A list, or nothing as an empty one.
  @SuppressWarnings("unchecked")
  static <T> List<T> list(Object value) {
    return value == null ? List.of() : (List<T>) value;
  }

  /// An object, or nothing as an empty one.
  @SuppressWarnings("unchecked")
  static <T> Map<String, T> map(Object value) {
    return value == null ? Map.of() : (Map<String, T>) value;
  }

  /// One word or several.
  static List<String> words(Object value) {
    return value instanceof String word ? List.of(word) : list(value);
  }

  static String text(Object value) {
    return (String) value;
  }
}
