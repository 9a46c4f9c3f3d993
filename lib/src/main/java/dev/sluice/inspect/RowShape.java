package dev.sluice.inspect;

import dev.sluice.json.JsonStreams;
import dev.sluice.json.TypedJson;
import java.io.ByteArrayOutputStream;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A row that a resource yields, as extract would write it: names and values.
final class RowShape {
  private RowShape() {}

  static Map<String, ? extends @Nullable Object> of(@Nullable Object row) {
    var bytes = new ByteArrayOutputStream();
    try (var json = JsonStreams.generator(bytes)) {
      TypedJson.write(json, row);
    }
    try (var json = JsonStreams.parser(bytes.toByteArray(), 0, bytes.size())) {
      return TypedJson.read(json) instanceof Map<?, ?> object
          ? PackageGrids.strings(object)
          : Collections.singletonMap("value", row);
    }
  }
}
