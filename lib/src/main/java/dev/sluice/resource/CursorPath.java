package dev.sluice.resource;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a value stands in a row: `updated_at`, `meta.at`, `items[0].at`, `items[*].at` (the first
/// that has it), `$.at`, `['a key']`.
record CursorPath(String text, List<Object> parts) {
  /// There is nothing at the path.
  static final Object MISSING = new Object();

  private static final Object ANY = new Object();

  static CursorPath of(String text) {
    var parts = new ArrayList<Object>();
    var rest = text.startsWith("$") ? text.substring(1) : text;
    for (int at = 0; at < rest.length(); ) {
      if (rest.charAt(at) == '[') {
        var end = rest.indexOf(']', at);
        if (end < 0) {
          throw wrong(text);
        }
        parts.add(bracket(text, rest.substring(at + 1, end).strip()));
        at = end + 1;
        continue;
      }
      if (rest.charAt(at) == '.') {
        at++;
      }
      var end = at;
      while (end < rest.length() && rest.charAt(end) != '.' && rest.charAt(end) != '[') {
        end++;
      }
      if (end == at) {
        throw wrong(text);
      }
      var key = rest.substring(at, end);
      parts.add(key.equals("*") ? ANY : key);
      at = end;
    }
    if (parts.isEmpty()) {
      throw wrong(text);
    }
    return new CursorPath(text, List.copyOf(parts));
  }

  /// The column, if the path is a key of the row itself.
  Optional<String> column() {
    return parts.size() == 1 && parts.getFirst() instanceof String key
        ? Optional.of(key)
        : Optional.empty();
  }

  /// The value; null if it is null, [#MISSING] if it is not there.
  @Nullable Object find(Object row) {
    return parts.size() == 1 && parts.getFirst() instanceof String key
        ? Fields.get(row, key)
        : find(row, 0);
  }

  private @Nullable Object find(@Nullable Object value, int depth) {
    if (depth == parts.size()) {
      return value;
    }
    if (value == null) {
      return MISSING;
    }
    var part = parts.get(depth);
    if (part instanceof String key) {
      var below = Fields.get(value, key);
      return below == MISSING ? MISSING : find(below, depth + 1);
    }
    var elements = Fields.elements(value);
    if (part instanceof Integer index) {
      var at = index < 0 ? elements.size() + index : index;
      return at < 0 || at >= elements.size() ? MISSING : find(elements.get(at), depth + 1);
    }
    for (var element : elements) {
      var found = find(element, depth + 1);
      if (found != MISSING) {
        return found;
      }
    }
    return MISSING;
  }

  private static Object bracket(String text, String inside) {
    if (inside.equals("*")) {
      return ANY;
    }
    if (inside.length() > 1
        && (inside.startsWith("'") || inside.startsWith("\""))
        && inside.charAt(inside.length() - 1) == inside.charAt(0)) {
      return inside.substring(1, inside.length() - 1);
    }
    try {
      return Integer.valueOf(inside);
    } catch (NumberFormatException noIndex) {
      throw wrong(text);
    }
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "Cursor path '"
            + text
            + "' is no path; write a key of the row, or a way into it like 'meta.at' or"
            + " 'items[0].at'");
  }
}
