package dev.sluice.http;

import dev.sluice.seam.Seam;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A path into parsed JSON: `data.items`, `$`, `links[0].href`, `items[*].row`, `['a.b'].c`.
@Seam
public final class JsonPath {
  private static final Pattern STEP =
      Pattern.compile(
          "\\['([^']*)'\\]|\\[\"([^\"]*)\"\\]|\\[(\\d+|\\*)\\]|\"([^\"]*)\"|([^.\\[\\]\"]+)");

  private final String text;
  private final List<Object> steps; // a name, an index, or ALL

  private enum Every {
    ALL
  }

  private JsonPath(String text, List<Object> steps) {
    this.text = text;
    this.steps = steps;
  }

  /// Reads a path.
  public static JsonPath of(String text) {
    var rest = text.startsWith("$") ? text.substring(1) : text;
    var steps = new ArrayList<Object>();
    var matcher = STEP.matcher(rest);
    int at = 0;
    while (at < rest.length()) {
      if (rest.charAt(at) == '.') {
        at++;
        continue;
      }
      if (!matcher.find(at) || matcher.start() != at) {
        throw new IllegalArgumentException(
            "'" + text + "' is no path into JSON; write names joined by dots, or $ for the whole");
      }
      at = matcher.end();
      if (matcher.group(3) != null) {
        steps.add(matcher.group(3).equals("*") ? Every.ALL : Integer.valueOf(matcher.group(3)));
      } else {
        var name = matcher.group(1);
        for (int i : new int[] {2, 4, 5}) {
          name = name == null ? matcher.group(i) : name;
        }
        steps.add("*".equals(name) ? Every.ALL : String.valueOf(name));
      }
    }
    return new JsonPath(text, List.copyOf(steps));
  }

  /// All values the path leads to; none if it leads nowhere.
  public List<@Nullable Object> all(@Nullable Object json) {
    var found = new ArrayList<@Nullable Object>();
    walk(json, 0, found);
    return found;
  }

  /// The first value the path leads to, or null.
  public @Nullable Object first(@Nullable Object json) {
    var found = all(json);
    return found.isEmpty() ? null : found.get(0);
  }

  private void walk(@Nullable Object json, int at, List<@Nullable Object> found) {
    if (at == steps.size()) {
      found.add(json);
      return;
    }
    var step = steps.get(at);
    if (json instanceof Map<?, ?> map) {
      if (step == Every.ALL) {
        map.values().forEach(value -> walk(value, at + 1, found));
      } else if (step instanceof String name && map.containsKey(name)) {
        walk(map.get(name), at + 1, found);
      }
    } else if (json instanceof List<?> list) {
      if (step == Every.ALL) {
        list.forEach(value -> walk(value, at + 1, found));
      } else if (step instanceof Integer index && index < list.size()) {
        walk(list.get(index), at + 1, found);
      }
    }
  }

  /// A copy of a JSON value (maps only) with a value set at this path; missing maps are made.
  public Map<String, @Nullable Object> set(@Nullable Object json, @Nullable Object value) {
    return set(json, value, 0);
  }

  private Map<String, @Nullable Object> set(@Nullable Object json, @Nullable Object value, int at) {
    var copy = new java.util.LinkedHashMap<String, @Nullable Object>();
    if (json instanceof Map<?, ?> map) {
      map.forEach((name, v) -> copy.put(String.valueOf(name), v));
    }
    var name = String.valueOf(steps.get(at));
    copy.put(name, at + 1 == steps.size() ? value : set(copy.get(name), value, at + 1));
    return copy;
  }

  @Override
  public String toString() {
    return text;
  }
}
