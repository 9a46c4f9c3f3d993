package dev.sluice.conformance;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/// The values that JSON has no form for: `{"$decimal": "1.10"}` in a file is a BigDecimal here.
final class Markers {
  /// The content of a JSON column.
  record JsonContent(Object value) {}

  private Markers() {}

  /// Replaces every marker in a value by what it stands for.
  static Object decode(Object value) {
    return switch (value) {
      case Map<?, ?> map when isMarker(map) -> marked(map);
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<Object, Object>();
        map.forEach((key, each) -> copy.put(key, decode(each)));
        yield copy;
      }
      case Iterable<?> list -> {
        var copy = new ArrayList<Object>();
        list.forEach(each -> copy.add(decode(each)));
        yield copy;
      }
      case null, default -> value;
    };
  }

  private static boolean isMarker(Map<?, ?> map) {
    return !map.isEmpty()
        && map.keySet().iterator().next() instanceof String key
        && key.startsWith("$");
  }

  private static Object marked(Map<?, ?> map) {
    var entry = map.entrySet().iterator().next();
    var name = (String) entry.getKey();
    if (name.equals("$json")) return new JsonContent(entry.getValue());
    var text = (String) entry.getValue();
    return switch (name) {
      case "$decimal" -> new BigDecimal(text);
      case "$timestamp" -> timestamp(text);
      case "$date" -> LocalDate.parse(text);
      case "$time" -> LocalTime.parse(text);
      case "$bytes" -> Base64.getDecoder().decode(text);
      case "$uuid" -> UUID.fromString(text);
      case "$float" -> Double.valueOf(text);
      case "$repeat" -> text.repeat(((Number) map.get("times")).intValue());
      default ->
          throw new IllegalArgumentException(
              "'%s' is no marker of the format of the cases".formatted(name));
    };
  }

  /// With an offset a moment, without one a date and time of no zone.
  static Object timestamp(String text) {
    return text.matches(".*T.*([+-]\\d\\d:?\\d\\d|Z)")
        ? OffsetDateTime.parse(text)
        : LocalDateTime.parse(text);
  }
}
