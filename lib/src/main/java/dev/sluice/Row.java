package dev.sluice;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Names and values in turn as a map in that order.
final class Row {
  private Row() {}

  static Map<String, @Nullable Object> of(@Nullable Object... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "A row needs names and values in turn, but %s has no value for its last name"
              .formatted(Arrays.toString(namesAndValues)));
    }
    var row = new LinkedHashMap<String, @Nullable Object>();
    for (var at = 0; at < namesAndValues.length; at += 2) {
      if (!(namesAndValues[at] instanceof String name)) {
        throw new IllegalArgumentException(
            "A row needs names and values in turn, but at %d of %s stands '%s' for a name"
                .formatted(at, Arrays.toString(namesAndValues), namesAndValues[at]));
      }
      if (row.containsKey(name)) {
        throw new IllegalArgumentException("A row has the name '%s' twice".formatted(name));
      }
      row.put(name, namesAndValues[at + 1]);
    }
    return row;
  }
}
