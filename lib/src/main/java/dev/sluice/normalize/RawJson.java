package dev.sluice.normalize;

import dev.sluice.json.JsonStreams;
import dev.sluice.json.TypedValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// A row of an extracted file as Java values whose strings still carry their marks, as the ids that
/// are hashes need them.
final class RawJson {
  private RawJson() {}

  static @Nullable Object read(byte[] bytes, int offset, int length) {
    try (var in = JsonStreams.parser(bytes, offset, length)) {
      try {
        var value = value(in, in.nextToken());
        if (in.nextToken() != null) {
          throw new CannotNormalize("There is more text after the JSON of a row");
        }
        return value;
      } catch (JacksonException malformed) {
        throw new CannotNormalize(
            "Unreadable JSON at "
                + JsonStreams.path(in.streamReadContext())
                + ": "
                + malformed.getOriginalMessage(),
            malformed);
      }
    }
  }

  private static @Nullable Object value(JsonParser in, @Nullable JsonToken token) {
    return switch (token) {
      case START_OBJECT -> object(in);
      case START_ARRAY -> list(in);
      case VALUE_STRING -> in.getString();
      case VALUE_NUMBER_INT ->
          switch (in.getNumberType()) {
            case INT, LONG -> in.getLongValue();
            default -> in.getBigIntegerValue();
          };
      case VALUE_NUMBER_FLOAT -> floating(in);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case null, default -> throw new CannotNormalize("There is no JSON where a row was expected");
    };
  }

  private static Map<String, @Nullable Object> object(JsonParser in) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    var size = 0;
    for (var name = in.nextName(); name != null; name = in.nextName()) {
      object.put(name, value(in, in.nextToken()));
      if (object.size() == size) {
        throw new CannotNormalize(
            "Key '" + name + "' stands twice at " + JsonStreams.path(in.streamReadContext()));
      }
      size++;
    }
    return object;
  }

  private static List<@Nullable Object> list(JsonParser in) {
    var list = new ArrayList<@Nullable Object>();
    for (var token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
      list.add(value(in, token));
    }
    return list;
  }

  private static Double floating(JsonParser in) {
    var number = in.getDoubleValue();
    if (Double.isInfinite(number)) {
      throw new CannotNormalize(
          "Number '"
              + in.getString()
              + "' at "
              + JsonStreams.path(in.streamReadContext())
              + " is beyond the range of a double; send it as text");
    }
    return number;
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
