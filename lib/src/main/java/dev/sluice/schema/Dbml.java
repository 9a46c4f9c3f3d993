package dev.sluice.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A schema in the database markup language, as dlt writes it; but quotes, backslashes and line
/// breaks are escaped in names too, and each quote of a note.
final class Dbml {
  private static final Set<String> LAST =
      Set.of(SystemTables.VERSION, SystemTables.LOADS, SystemTables.STATE);

  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f]");
  private static final Pattern CONTROL_IN_LINES = Pattern.compile("[\\x00-\\x1f&&[^\\n\\t]]");

  private Dbml() {}

  static String of(Schema schema) {
    var parts = new ArrayList<String>();
    var drawn = new HashSet<String>();
    for (var last : List.of(false, true))
      for (var table : schema.tables())
        if (LAST.contains(table.name()) == last && !table.completeColumns().isEmpty()) {
          drawn.add(table.name());
          parts.add(table(table));
        }
    for (var reference : inOrder(TableReference.of(schema)))
      if (drawn.contains(reference.table()) && drawn.contains(reference.referencedTable()))
        parts.add(reference(reference));
    return String.join("\n\n", parts);
  }

  /// Within one table: declared, load, parent, root.
  private static List<TableReference> inOrder(List<TableReference> references) {
    var byTable =
        references.stream()
            .collect(
                Collectors.groupingBy(
                    reference ->
                        reference.kind() == TableReference.Kind.VERSION ? "" : reference.table(),
                    java.util.LinkedHashMap::new,
                    Collectors.toList()));
    return byTable.values().stream()
        .flatMap(some -> some.stream().sorted(java.util.Comparator.comparing(TableReference::kind)))
        .toList();
  }

  private static String table(TableSchema table) {
    var text = new StringBuilder("Table ").append(quoted(table.name())).append(" {\n");
    for (var column : table.completeColumns()) text.append(indented(column(column)));
    if (table.property("description") instanceof String note && !note.isEmpty())
      text.append(indented("Note {\n" + indented(note(note, "\n")) + "}"));
    return text.append('}').toString();
  }

  private static String column(ColumnSchema column) {
    var options = new ArrayList<String>();
    if (column.has("primary_key")) options.add("pk");
    if (column.has("unique")) options.add("unique");
    if (!column.nullable()) options.add("not null");
    if (column.property("description") instanceof String note && !note.isEmpty())
      options.add("note: " + note(note, ""));
    return quoted(column.name())
        + " "
        + type(column.property("data_type"))
        + (options.isEmpty() ? "" : " [" + String.join(", ", options) + "]");
  }

  private static String reference(TableReference reference) {
    return "Ref {\n    %s.%s %s %s.%s\n}"
        .formatted(
            quoted(reference.table()),
            columns(reference.columns()),
            arrow(reference),
            quoted(reference.referencedTable()),
            columns(reference.referencedColumns()));
  }

  private static String columns(List<String> names) {
    return names.size() == 1
        ? quoted(names.getFirst())
        : names.stream().map(Dbml::quoted).collect(Collectors.joining(", ", "(", ")"));
  }

  private static String arrow(TableReference reference) {
    return switch (reference.kind()) {
      case DECLARED -> "<>";
      case LOAD, PARENT, ROOT -> ">";
      case VERSION -> reference.cardinality().equals("one_to_many") ? "<" : "<>";
    };
  }

  /// Types of dlt are words; what somebody wrote instead is quoted like a name.
  private static String type(@Nullable Object type) {
    var word = String.valueOf(type);
    return word.matches("[A-Za-z0-9_]+") ? word : quoted(word);
  }

  /// A name on one line, whatever is in it.
  private static String quoted(String name) {
    return '"' + spelled(name.replace("\\", "\\\\").replace("\"", "\\\""), CONTROL) + '"';
  }

  /// Text of one line in quotes, of several in three.
  ///
  /// - `before`: what stands between three quotes and the text
  private static String note(String text, String before) {
    var safe = text.replace("\\", "\\\\").replace("'", "\\'");
    return text.contains("\n")
        ? "'''" + before + spelled(safe.replace("\r\n", "\n"), CONTROL_IN_LINES) + "'''"
        : "'" + spelled(safe, CONTROL) + "'";
  }

  private static String spelled(String text, Pattern control) {
    return control
        .matcher(text)
        .replaceAll(found -> "\\\\u%04x".formatted((int) found.group().charAt(0)));
  }

  /// Every line that is not blank four further to the right.
  private static String indented(String text) {
    return text.lines()
        .map(line -> line.isBlank() ? line + "\n" : "    " + line + "\n")
        .collect(Collectors.joining());
  }
}
