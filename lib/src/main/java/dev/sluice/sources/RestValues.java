package dev.sluice.sources;

import dev.sluice.http.JsonPath;
import dev.sluice.pipe.Cursor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the placeholders of an endpoint stand for in one request.
record RestValues(
    RestEndpoint endpoint, Map<String, @Nullable Object> parentRow, @Nullable Cursor<?> cursor)
    implements Function<String, @Nullable Object> {
  @Override
  public @Nullable Object apply(String expression) {
    var words = expression.split("\\.", 3);
    return words[0].equals("incremental") ? ofCursor(words[1]) : ofParent(words[2], expression);
  }

  private @Nullable Object ofParent(String field, String expression) {
    var found =
        parentRow.containsKey(field)
            ? java.util.Collections.singletonList(parentRow.get(field))
            : JsonPath.of(field).all(parentRow);
    if (found.isEmpty()) {
      throw missing(field, "to fill in {" + expression + "}");
    }
    return found.get(0);
  }

  private @Nullable Object ofCursor(String which) {
    var known = java.util.Objects.requireNonNull(cursor);
    return converted(
        switch (which) {
          // the last value moves on while children are asked, and would cut off later ones
          case "start_value", "last_value" -> known.startValue();
          case "end_value" -> known.endValue().orElse(null);
          default -> endpoint.parts().initial;
        });
  }

  @Nullable Object converted(@Nullable Object value) {
    try {
      return value == null ? null : endpoint.parts().convert.apply(value);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(
          "The cursor's value '" + value + "' cannot be converted: " + e.getMessage(), e);
    }
  }

  /// What each row gets of its parent's row.
  Map<String, @Nullable Object> included() {
    var included = new LinkedHashMap<String, @Nullable Object>();
    for (var field : endpoint.parts().included) {
      if (!parentRow.containsKey(field)) {
        throw missing(field, "to include it");
      }
      included.put("_" + endpoint.parent() + "_" + field, parentRow.get(field));
    }
    return included;
  }

  private IllegalArgumentException missing(String field, String why) {
    return new IllegalArgumentException(
        "endpoint '"
            + endpoint.name()
            + "' needs field '"
            + field
            + "' of '"
            + endpoint.parent()
            + "' "
            + why
            + ", but the row has only "
            + RestApi.quoted(parentRow.keySet()));
  }
}
