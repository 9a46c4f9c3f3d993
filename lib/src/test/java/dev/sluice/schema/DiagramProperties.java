package dev.sluice.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Whatever names and notes are, a diagram has the tables and columns of the schema and no others.
class DiagramProperties {
  private record Column(String name, String type, String note) {}

  private record Table(String name, String note, List<Column> columns) {}

  // ------------------------------------------------------------------ DBML, read back

  @Property(tries = 300)
  void dbmlReadsBackAsTheSameTables(@ForAll("schemas") List<Table> tables) {
    assertThat(new DbmlReader(schema(tables).toDbml()).tables()).isEqualTo(tables);
  }

  @Example
  void dbmlOfHostileNamesIsThis() {
    var tables =
        List.of(
            new Table(
                "a\" { \"x\" text }\n\\",
                "ends with \\",
                List.of(new Column("c\"] [pk", "text [pk]", "'''\nit''s\r\n\u0000"))));
    var text = schema(tables).toDbml();
    assertThat(text.lines().takeWhile(line -> !line.startsWith("Table \"_dlt")).toList())
        .containsExactly(
            "Table \"a\\\" { \\\"x\\\" text }\\u000a\\\\\" {",
            "    \"c\\\"] [pk\" \"text [pk]\" [note: '''\\'\\'\\'",
            "    it\\'\\'s",
            "    \\u0000''']",
            "    Note {",
            "        'ends with \\\\'",
            "    }",
            "}",
            "");
  }

  /// As the specification of DBML has it: names in double quotes, notes in single or three, a
  /// backslash before what is meant as it stands.
  private static final class DbmlReader {
    private final String text;
    private int at;

    DbmlReader(String text) {
      this.text = text;
    }

    List<Table> tables() {
      var tables = new ArrayList<Table>();
      while (word("Table")) {
        var name = quoted("\"");
        expect("{");
        var columns = new ArrayList<Column>();
        var note = "";
        while (!word("}")) {
          if (word("Note")) {
            expect("{");
            note = note();
            expect("}");
          } else {
            columns.add(column());
          }
        }
        if (!name.startsWith("_dlt")) tables.add(new Table(name, note, columns));
      }
      while (word("Ref")) at = text.indexOf('}', at) + 1;
      blanks();
      assertThat(text.substring(at)).isEmpty();
      return tables;
    }

    private Column column() {
      var name = quoted("\"");
      blanks();
      String type;
      if (text.charAt(at) == '"') {
        type = quoted("\"");
      } else {
        var begin = at;
        while (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_') at++;
        type = text.substring(begin, at);
      }
      var note = "";
      if (word("[")) {
        do {
          if (word("note:")) note = note();
          else if (!word("pk") && !word("unique")) expect("not null");
        } while (word(","));
        expect("]");
      }
      return new Column(name, type, note);
    }

    private String note() {
      blanks();
      if (!text.startsWith("'''", at)) return quoted("'");
      var lines = quoted("'''").split("\n", -1);
      // Blanks before the text are of the file, not of the note.
      return java.util.Arrays.stream(lines)
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .collect(Collectors.joining("\n"));
    }

    private String quoted(String quote) {
      expect(quote);
      var value = new StringBuilder();
      while (!text.startsWith(quote, at)) {
        var c = text.charAt(at++);
        if (c != '\\') {
          assertThat(c == '\n' && quote.length() == 1).as("a line break in quotes").isFalse();
          value.append(c);
        } else if (text.charAt(at) == 'u') {
          value.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
          at += 5;
        } else {
          value.append(text.charAt(at++));
        }
      }
      at += quote.length();
      return value.toString();
    }

    private boolean word(String word) {
      blanks();
      if (!text.startsWith(word, at)) return false;
      at += word.length();
      return true;
    }

    private void expect(String word) {
      assertThat(word(word)).as("'%s' at %d of:%n%s", word, at, text).isTrue();
    }

    private void blanks() {
      while (at < text.length() && " \n".indexOf(text.charAt(at)) >= 0) at++;
    }
  }

  // ------------------------------------------------------------------ Mermaid, by its grammar

  private static final String NAME = "(?:[A-Za-z_][A-Za-z0-9_-]*|\"[^\"%\\r\\n\\x0b\\x08\\\\]+\")";
  private static final String WORD = "[A-Za-z_\\u00C0-\\uFFFF][A-Za-z0-9_\\u00C0-\\uFFFF-]*";
  private static final Pattern ENTITY = Pattern.compile("    " + NAME + "\\{");
  private static final Pattern ATTRIBUTE =
      Pattern.compile(
          "    "
              + WORD
              + " (?!(?i:pk|fk|uk)\\b(?!-))"
              + WORD
              + "(?: (?:PK|UK|PK,UK))?(?: \"[^\"\\r\\n<>`]*\")?");
  private static final Pattern RELATION =
      Pattern.compile("    " + NAME + " [|}o{]+--[|}o{]+ " + NAME + " : \"[^\"\\r\\n]*\"");

  @Property(tries = 300)
  void mermaidHasOneLineForEachThing(@ForAll("schemas") List<Table> tables) {
    var schema = schema(tables);
    var lines = schema.toMermaid().split("\n", -1);
    assertThat(lines[0]).isEqualTo("erDiagram");
    int entities = 0;
    int attributes = 0;
    for (int at = 1; at < lines.length - 1; at++) {
      var line = lines[at];
      assertThat(line).doesNotContain("%%");
      if (ENTITY.matcher(line).matches()) entities++;
      else if (ATTRIBUTE.matcher(line).matches()) attributes++;
      else
        assertThat(line.equals("}") || RELATION.matcher(line).matches())
            .as("line '%s'", line)
            .isTrue();
    }
    var columns = schema.tables().stream().mapToInt(table -> table.columns().size()).sum();
    assertThat(entities).isEqualTo(schema.tables().size());
    assertThat(attributes).isEqualTo(columns);
  }

  @Example
  void mermaidOfHostileNamesIsThis() {
    var tables =
        List.of(
            new Table(
                "class", "", List.of(new Column("pk", "text", ""), new Column("1 x", "text", ""))),
            new Table(
                "a\"{b%\\",
                "",
                List.of(
                    new Column(
                        "\u6570-\ud83d\ude00",
                        "text } x",
                        "`<img onerror=x>` \"%%{init: {}}%%\"\n}"))));
    var text = schema(tables).toMermaid();
    assertThat(text.substring(text.indexOf("    \"class\"")).lines().limit(7))
        .containsExactly(
            "    \"class\"{",
            "    text pk_",
            "    text _1_x",
            "}",
            "    \"a'{b__\"{",
            "    text___x \u6570-_ \"'#lt;img onerror=x#gt;' '% %{init: {}}% %' }\"",
            "}");
  }

  // ------------------------------------------------------------------ YAML, read back

  @Property(tries = 300)
  void yamlReadsBackAsTheSameSchema(@ForAll("schemas") List<Table> tables) {
    var schema = schema(tables);
    // The hash is that of all names, types and notes.
    assertThat(Schema.ofYaml(schema.toYaml()).versionHash()).isEqualTo(schema.versionHash());
  }

  // ------------------------------------------------------------------ schemas of any names

  private static Schema schema(List<Table> tables) {
    var all = new LinkedHashMap<String, Object>();
    all.putAll(strings(Schema.of("shop").toMap().get("tables")));
    for (var table : tables) {
      var columns = new LinkedHashMap<String, Object>();
      for (var column : table.columns())
        columns.put(
            column.name(), Map.of("data_type", column.type(), "description", column.note()));
      all.put(table.name(), Map.of("description", table.note(), "columns", columns));
    }
    return Schema.of(Map.of("name", "shop", "tables", all));
  }

  private static Map<String, Object> strings(Object map) {
    return Schema.strings((Map<?, ?>) map);
  }

  @Provide
  Arbitrary<List<Table>> schemas() {
    var name = text(" \t\n\r\u0000\u001f").ofMinLength(1);
    // A note's own blanks at the ends of lines are not kept where it has several.
    var note =
        text("")
            .list()
            .ofMaxSize(3)
            .map(lines -> String.join("\n", lines))
            .map(DiagramProperties::withoutBlankLines);
    var column = Combinators.combine(name, typeNames(), note).as(Column::new);
    var columns = column.list().ofMinSize(1).ofMaxSize(3).uniqueElements(Column::name);
    return Combinators.combine(name.filter(n -> !n.startsWith("_dlt")), note, columns)
        .as(Table::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .uniqueElements(Table::name);
  }

  private static String withoutBlankLines(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  private static Arbitrary<String> typeNames() {
    return Arbitraries.oneOf(Arbitraries.of("text", "bigint"), text(" \n").ofMinLength(1));
  }

  private static net.jqwik.api.arbitraries.StringArbitrary text(String more) {
    return Arbitraries.strings()
        .withChars("ab'\"\\{}[]()`<>%#:;,|*&!-?/=~0 \u2028\u00e9\u6570PKpk_\u202e" + more)
        .ofMaxLength(12);
  }
}
