package dev.sluice.normalize;

import dev.sluice.json.Json;
import dev.sluice.json.TypedValues;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Lines of JSON that say what dlt 1.31 made of a value.
final class GoldenLines {
  private GoldenLines() {}

  static List<List<@Nullable Object>> read(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(GoldenLines.class.getResourceAsStream(name))) {
      var lines = new ArrayList<List<@Nullable Object>>();
      for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        lines.add(Json.loads(line));
      }
      return lines;
    }
  }

  /// The value that a typed JSON value stands for.
  static @Nullable Object decode(@Nullable Object value) {
    if (value instanceof String text) {
      var decoded = TypedValues.decode(text);
      return decoded == null ? text : decoded;
    }
    if (value instanceof Map<?, ?> map) {
      var decoded = new LinkedHashMap<String, @Nullable Object>();
      map.forEach((key, item) -> decoded.put((String) key, decode(item)));
      return decoded;
    }
    if (value instanceof List<?> list) {
      var decoded = new ArrayList<@Nullable Object>();
      list.forEach(item -> decoded.add(decode(item)));
      return decoded;
    }
    return value;
  }
}
