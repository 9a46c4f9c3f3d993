package dev.sluice.normalize;

import dev.sluice.json.JsonStreams;
import dev.sluice.json.TypedValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A row of an extracted file as Java values whose strings still carry their marks, as the ids that
/// are hashes need them.
final class RawJson {
  private RawJson() {}

  static @Nullable Object read(byte[] bytes, int offset, int length) {
    try {
      return JsonStreams.read(bytes, offset, length);
    } catch (IllegalArgumentException unreadable) {
      throw new CannotNormalize(String.valueOf(unreadable.getMessage()), unreadable.getCause());
    }
  }

  /// The value with the marks of all its strings decoded.
  static @Nullable Object decoded(@Nullable Object value) {
    return switch (value) {
      case String text when TypedValues.isMarked(text) -> {
        var decoded = TypedValues.decode(text);
        yield decoded == null ? text : decoded;
      }
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, item) -> copy.put((String) key, decoded(item)));
        yield copy;
      }
      case List<?> list -> {
        var copy = new ArrayList<@Nullable Object>(list.size());
        for (var item : list) {
          copy.add(decoded(item));
        }
        yield copy;
      }
      case null, default -> value;
    };
  }
}
