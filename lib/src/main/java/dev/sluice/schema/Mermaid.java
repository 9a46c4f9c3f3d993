package dev.sluice.schema;

import java.util.HashSet;

/// A schema as an entity-relationship diagram of Mermaid, as dlt draws it; but quotes and line
/// breaks in descriptions, and signs that Mermaid knows in no name, are replaced.
final class Mermaid {
  private static final String INDENT = "    ";

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
        .append(column.property("data_type"))
        .append(' ')
        .append(column.name().replaceAll("[^\\p{L}\\p{N}_-]", "_"));
    var primary = column.has("primary_key");
    var unique = column.has("unique");
    if (primary || unique)
      text.append(primary ? " PK" : "").append(primary && unique ? ",UK" : unique ? " UK" : "");
    if (column.property("description") instanceof String description && !description.isEmpty())
      text.append(" \"").append(oneLine(description)).append('"');
    text.append('\n');
  }

  private static String entity(String name) {
    return name.matches("[\\p{L}\\p{N}_-]+") ? name : '"' + oneLine(name) + '"';
  }

  private static String oneLine(String text) {
    return text.replace('"', '\'').replaceAll("\\R", " ");
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
