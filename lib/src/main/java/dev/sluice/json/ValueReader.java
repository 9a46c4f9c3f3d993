package dev.sluice.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Tokens to Java values, with typed strings decoded or left alone.
final class ValueReader {
  /// A source that Jackson does not name tells nobody anything.
  private static final Pattern SOURCE = Pattern.compile(" \\(start marker at \\[[^]]*]\\)");

  private ValueReader() {}

  static @Nullable Object read(JsonParser in, boolean typed) {
    try {
      var token = in.currentToken() == null ? in.nextToken() : in.currentToken();
      if (token == null) {
        throw new IllegalArgumentException("There is no JSON where a value was expected");
      }
      return value(in, token, typed);
    } catch (JacksonException malformed) {
      throw malformed(in, malformed);
    }
  }

  static IllegalArgumentException malformed(JsonParser in, JacksonException cause) {
    var at = cause.getLocation();
    var where =
        at == null || at.getLineNr() < 0
            ? ""
            : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    return new IllegalArgumentException(
        "Unreadable JSON at "
            + JsonStreams.path(in.streamReadContext())
            + where
            + ": "
            + SOURCE.matcher(cause.getOriginalMessage()).replaceFirst(""),
        cause);
  }

  private static @Nullable Object value(JsonParser in, JsonToken token, boolean typed) {
    return switch (token) {
      case START_OBJECT -> object(in, typed);
      case START_ARRAY -> list(in, typed);
      case VALUE_STRING -> text(in.getString(), typed);
      case VALUE_NUMBER_INT -> integer(in);
      case VALUE_NUMBER_FLOAT -> floating(in);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default ->
          throw new IllegalArgumentException(
              "Unexpected " + token + " at " + JsonStreams.path(in.streamReadContext()));
    };
  }

  private static Map<String, @Nullable Object> object(JsonParser in, boolean typed) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    var size = 0;
    for (var name = in.nextName(); name != null; name = in.nextName()) {
      object.put(name, value(in, in.nextToken(), typed));
      if (object.size() == size) {
        throw new IllegalArgumentException(
            "Key '" + name + "' stands twice at " + JsonStreams.path(in.streamReadContext()));
      }
      size++;
    }
    return object;
  }

  private static List<@Nullable Object> list(JsonParser in, boolean typed) {
    var list = new ArrayList<@Nullable Object>();
    for (var token = in.nextToken(); token != JsonToken.END_ARRAY; token = in.nextToken()) {
      list.add(value(in, token, typed));
    }
    return list;
  }

  private static Object text(String text, boolean typed) {
    if (typed && TypeMark.startsWithMark(text)) {
      var decoded = TypedValues.decode(text);
      return decoded == null ? text : decoded;
    }
    return text;
  }

  private static Object integer(JsonParser in) {
    return switch (in.getNumberType()) {
      case INT, LONG -> in.getLongValue();
      default -> in.getBigIntegerValue();
    };
  }

  private static Double floating(JsonParser in) {
    var number = in.getDoubleValue();
    if (Double.isInfinite(number)) {
      throw new IllegalArgumentException(
          "Number '"
              + in.getString()
              + "' at "
              + JsonStreams.path(in.streamReadContext())
              + " is beyond the range of a double; send it as text");
    }
    return number;
  }
}
