package dev.sluice.json;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/// A Map as an object; keys of any class become text.
final class MapWriter {
  private MapWriter() {}

  static void write(JsonGenerator out, Map<?, ?> map, Style style, int depth) {
    out.writeStartObject(map);
    if (style.sorted) {
      sorted(out, map, BY_CODE_POINTS, style, depth);
    } else if (MapOrder.isShuffled(map)) {
      sorted(out, map, Comparator.naturalOrder(), style, depth);
    } else {
      inOrder(out, map, style, depth);
    }
    out.writeEndObject();
  }

  private static void inOrder(JsonGenerator out, Map<?, ?> map, Style style, int depth) {
    for (var entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        checkKeys(out, map);
        name(out, String.valueOf(entry.getKey()));
      } else {
        name(out, name);
      }
      ValueWriter.value(out, entry.getValue(), style, depth);
    }
  }

  private static void sorted(
      JsonGenerator out, Map<?, ?> map, Comparator<String> order, Style style, int depth) {
    checkKeys(out, map);
    var entries = new ArrayList<Map.Entry<?, ?>>(map.entrySet());
    entries.sort((left, right) -> order.compare(name(left), name(right)));
    for (var entry : entries) {
      name(out, name(entry));
      ValueWriter.value(out, entry.getValue(), style, depth);
    }
  }

  static void name(JsonGenerator out, String name) {
    if (!ValueWriter.wellFormed(name)) {
      throw ValueWriter.refused(
          JsonStreams.path(out.streamWriteContext().getParent()),
          "has a key with half a surrogate pair, '" + name + "'; repair or drop it",
          null);
    }
    out.writeName(name);
  }

  private static String name(Map.Entry<?, ?> entry) {
    return String.valueOf(entry.getKey());
  }

  /// 1 and "1" are two keys for a Map and one for JSON: one of the values would be lost.
  private static void checkKeys(JsonGenerator out, Map<?, ?> map) {
    var names = new HashSet<String>();
    for (var key : map.keySet()) {
      if (!names.add(String.valueOf(key))) {
        throw ValueWriter.refused(
            JsonStreams.path(out.streamWriteContext().getParent()),
            "has two keys that are written '" + key + "'; rename one of them",
            null);
      }
    }
  }

  /// The order of UTF-8 bytes, which differs from String's for characters beyond U+FFFF.
  static final Comparator<String> BY_CODE_POINTS =
      (left, right) -> {
        var length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
          var a = left.charAt(i);
          var b = right.charAt(i);
          if (a != b) {
            var surrogates = Character.isSurrogate(a) || Character.isSurrogate(b);
            return surrogates && Character.isSurrogate(a) != Character.isSurrogate(b)
                ? Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b))
                : Character.compare(a, b);
          }
        }
        return Integer.compare(left.length(), right.length());
      };
}
