package dev.sluice.sources;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A text with placeholders as dlt has them: `posts/{resources.posts.id}/comments`; `{{` and `}}`
/// are braces themselves.
record Template(String text, List<Part> parts) {
  /// A piece of the text: as it stands, or to be filled in.
  record Part(String text, boolean filled) {}

  static Template of(String text) {
    var parts = new ArrayList<Part>();
    var plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean twice = i + 1 < text.length() && text.charAt(i + 1) == c;
      if ((c == '{' || c == '}') && twice) {
        plain.append(c);
        i++;
      } else if (c == '{') {
        int end = text.indexOf('}', i);
        if (end < 0) {
          throw new IllegalArgumentException(
              "'" + text + "' has a '{' without a '}'; write '{{' for a brace itself");
        }
        if (!plain.isEmpty()) {
          parts.add(new Part(plain.toString(), false));
          plain.setLength(0);
        }
        parts.add(new Part(text.substring(i + 1, end).strip(), true));
        i = end;
      } else if (c == '}') {
        throw new IllegalArgumentException(
            "'" + text + "' has a '}' without a '{'; write '}}' for a brace itself");
      } else {
        plain.append(c);
      }
    }
    if (!plain.isEmpty()) {
      parts.add(new Part(plain.toString(), false));
    }
    return new Template(text, List.copyOf(parts));
  }

  /// What is to be filled in.
  List<String> expressions() {
    return parts.stream().filter(Part::filled).map(Part::text).toList();
  }

  /// The text, each value changed by `shown`; a value that stands alone keeps its type.
  @Nullable Object filled(
      Function<String, @Nullable Object> values, UnaryOperator<@Nullable Object> shown) {
    if (parts.size() == 1 && parts.get(0).filled) {
      return shown.apply(values.apply(parts.get(0).text));
    }
    var filled = new StringBuilder();
    for (var part : parts) {
      filled.append(part.filled ? shown.apply(values.apply(part.text)) : part.text);
    }
    return filled.toString();
  }

  /// Every text within maps and lists, filled in.
  static @Nullable Object filledAll(
      @Nullable Object value, Function<String, @Nullable Object> values) {
    return switch (value) {
      case null -> null;
      case String text -> of(text).filled(values, one -> one);
      case Map<?, ?> map -> {
        var filled = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((name, inner) ->
            filled.put(
                String.valueOf(filledAll(String.valueOf(name), values)), filledAll(inner, values)));
        yield filled;
      }
      case List<?> list -> {
        var filled = new ArrayList<@Nullable Object>();
        list.forEach(inner -> filled.add(filledAll(inner, values)));
        yield filled;
      }
      default -> value;
    };
  }

  /// What is to be filled in anywhere within maps and lists.
  static List<String> expressionsIn(@Nullable Object value) {
    var found = new ArrayList<String>();
    collect(value, found);
    return found;
  }

  private static void collect(@Nullable Object value, List<String> found) {
    if (value instanceof String text) {
      found.addAll(of(text).expressions());
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((name, inner) -> {
        collect(String.valueOf(name), found);
        collect(inner, found);
      });
    } else if (value instanceof List<?> list) {
      list.forEach(inner -> collect(inner, found));
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
