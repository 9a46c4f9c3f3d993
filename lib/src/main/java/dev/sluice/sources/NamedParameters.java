package dev.sluice.sources;

import dev.sluice.pipe.Cursor;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A query with `:cursor` and `:end`, which stand outside of quotes and comments.
final class NamedParameters {
  // What is skipped comes first: texts, quoted names, comments, casts (::).
  private static final Pattern TOKENS =
      Pattern.compile(
          "'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\\*.*?\\*/|::|:(cursor|end)\\b", Pattern.DOTALL);

  private NamedParameters() {}

  static Query bind(String subject, String sql, Cursor<?> cursor) {
    var values = new ArrayList<@Nullable Object>();
    var bound =
        TOKENS
            .matcher(sql)
            .replaceAll(found -> {
              var name = found.group(1);
              if (name == null) return java.util.regex.Matcher.quoteReplacement(found.group());
              values.add(name.equals("end") ? cursor.endValue().orElse(null) : cursor.lastValue());
              return "?";
            });
    if (values.isEmpty()) {
      throw new SourceFailed(
          "%s has no ':cursor', so it would read everything at each run; compare a column with it"
              .formatted(Character.toUpperCase(subject.charAt(0)) + subject.substring(1)));
    }
    return new Query(subject, bound, values);
  }
}
