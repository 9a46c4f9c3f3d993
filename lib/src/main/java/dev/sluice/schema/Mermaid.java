package dev.sluice.schema;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// A schema as an entity-relationship diagram of Mermaid, as dlt draws it; but quotes and line
/// breaks in descriptions, and signs that Mermaid knows in no name, are replaced.
final class Mermaid {
  private static final String INDENT = "    ";

  /// Of an attribute; Mermaid does not ask for the case.
  private static final Set<String> KEYS = Set.of("pk", "fk", "uk");

  private static final Set<String> KEYWORDS =
      Set.of(
          "erdiagram",
          "title",
          "acctitle",
          "accdescr",
          "direction",
          "tb",
          "bt",
          "lr",
          "rl",
          "style",
          "class",
          "classdef",
          "default",
          "one",
          "many",
          "zero",
          "only",
          "optionally",
          "to",
          "u",
          "o",
          "is",
          "pk",
          "fk",
          "uk");

  private Mermaid() {}

  static String of(Schema schema) {
    var text = new StringBuilder("erDiagram\n");
    var drawn = new HashSet<String>();
    for (var table : schema.tables()) {
      if (table.completeColumns().isEmpty()) continue;
      drawn.add(table.name());
      text.append(INDENT).append(entity(table.name())).append("{\n");
      for (var column : table.completeColumns()) column(column, text);
      text.append("}\n");
    }
    for (var reference : TableReference.of(schema))
      if (drawn.contains(reference.table()) && drawn.contains(reference.referencedTable()))
        text.append(INDENT)
            .append(entity(reference.table()))
            .append(' ')
            .append(arrow(reference.cardinality()))
            .append(' ')
            .append(entity(reference.referencedTable()))
            .append(" : \"")
            .append(oneLine(reference.label()))
            .append("\"\n");
    return text.toString();
  }

  private static void column(ColumnSchema column, StringBuilder text) {
    text.append(INDENT)
        .append(word(String.valueOf(column.property("data_type"))))
        .append(' ')
        .append(word(column.name()));
    var primary = column.has("primary_key");
    var unique = column.has("unique");
    if (primary || unique)
      text.append(primary ? " PK" : "").append(primary && unique ? ",UK" : unique ? " UK" : "");
    if (column.property("description") instanceof String description && !description.isEmpty())
      text.append(" \"").append(oneLine(description)).append('"');
    text.append('\n');
  }

  /// A name of a table; what is more than a word, or a word of Mermaid's own, stands in quotes.
  private static String entity(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_-]*") && !KEYWORDS.contains(lower(name))
        ? name
        : '"' + oneLine(name.replaceAll("[%\\\\]", "_")) + '"';
  }

  /// A name of a column, or a type: there are no quotes for them.
  private static String word(String name) {
    var word = name.replaceAll("[^A-Za-z0-9_\\u00C0-\\uD7FF\\uF900-\\uFFEF-]", "_");
    if (!word.matches("[A-Za-z_\\u00C0-\\uFFFF].*")) word = "_" + word;
    return KEYS.contains(lower(word)) ? word + "_" : word;
  }

  /// Text within quotes. A `%%{` would be a directive to Mermaid wherever it stands, markup is
  /// shown as text.
  private static String oneLine(String text) {
    var line =
        text.replace('"', '\'')
            .replace('`', '\'')
            .replaceAll("\\R|\\p{Cntrl}", " ")
            .replace("<", "#lt;")
            .replace(">", "#gt;");
    while (line.contains("%%")) line = line.replace("%%", "% %");
    return line.isEmpty() ? " " : line;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static String arrow(String cardinality) {
    return switch (cardinality) {
      case "many_to_one" -> "}|--||";
      case "zero_to_many" -> "|o--|{";
      case "many_to_zero" -> "}|--o|";
      case "one_to_one" -> "||--||";
      case "many_to_many" -> "}|--|{";
      case "zero_to_one", "one_to_zero" -> "|o--o|";
      default -> "||--|{";
    };
  }
}
