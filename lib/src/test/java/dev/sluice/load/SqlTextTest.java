package dev.sluice.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// SQL of texts and names is made by [Ident] and [Literal] alone. The sources are read as text: a
/// literal with words of SQL to which something is joined (`+`, `formatted`) must stand in a file
/// that is listed here with a reason, and nowhere are quotes put around what is joined.
class SqlTextTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/sluice");

  private static final String QUOTED = "names are Ident, texts and paths Literal or bound";
  private static final String OF_QUOTED = "names by MergeContext, which makes them by Ident";
  private static final String NO_INPUT = "constants of its own; paths and texts are bound";

  /// Where SQL is put together, and of what.
  private static final Map<String, String> MAKES_SQL = new TreeMap<>();

  static {
    MAKES_SQL.put("inspect/Dataset.java", QUOTED);
    MAKES_SQL.put("inspect/ParquetFiles.java", QUOTED);
    MAKES_SQL.put("load/Catalog.java", QUOTED);
    MAKES_SQL.put("load/Database.java", QUOTED);
    MAKES_SQL.put("load/DeleteInsertSql.java", OF_QUOTED);
    MAKES_SQL.put("load/InsertOnlySql.java", OF_QUOTED);
    MAKES_SQL.put("load/JobFiles.java", QUOTED);
    MAKES_SQL.put("load/MergePreview.java", OF_QUOTED);
    MAKES_SQL.put("load/MergeRows.java", OF_QUOTED);
    MAKES_SQL.put("load/MergeSql.java", OF_QUOTED);
    MAKES_SQL.put("load/Migration.java", QUOTED);
    MAKES_SQL.put("load/PackageLoad.java", QUOTED);
    MAKES_SQL.put("load/Restore.java", QUOTED);
    MAKES_SQL.put("load/Scd2Sql.java", OF_QUOTED);
    MAKES_SQL.put("load/SystemRows.java", QUOTED);
    MAKES_SQL.put("load/Undo.java", QUOTED);
    MAKES_SQL.put("load/UndoSql.java", OF_QUOTED);
    MAKES_SQL.put("sources/DirectCsv.java", QUOTED);
    MAKES_SQL.put("sources/DirectFile.java", QUOTED);
    MAKES_SQL.put("sources/FileRows.java", NO_INPUT);
    MAKES_SQL.put("sources/Snapshot.java", QUOTED);
    MAKES_SQL.put(
        "sources/TableSelect.java",
        "names as the driver of any database quotes them, values bound");
  }

  /// Where quotes are put around what is joined, or doubled in it.
  private static final Map<String, String> QUOTES =
      Map.of(
          "load/Ident.java", "the one for names",
          "load/Literal.java", "the one for texts",
          "sources/CsvRecords.java", "fields of a CSV, no SQL",
          "sources/DirectCsv.java", "around a pattern that is a constant",
          "load/JobFiles.java", "a message, no SQL",
          "inspect/GridFiles.java", "fields of a CSV, no SQL",
          "sources/TableSelect.java", "names as the driver of any database quotes them");

  private static final Pattern SQL =
      Pattern.compile(
          "\\b(SELECT|INSERT (INTO|OR)|UPDATE|DELETE FROM|CREATE (OR |SCHEMA|TABLE|TEMP|VIEW|INDEX)"
              + "|DROP (SCHEMA|TABLE|VIEW)|ALTER TABLE|COPY \\(|ATTACH|DETACH|PRAGMA|MERGE INTO"
              + "|FROM|WHERE|JOIN|VALUES|ORDER BY|GROUP BY|SET (TRANSACTION|TimeZone|[a-z_]+ =)"
              + "|USING \\(|AS SELECT|IS (NOT )?NULL|read_(csv|json|parquet)\\()\\b?");

  private enum Kind {
    JOINED,
    QUOTED_BY_HAND
  }

  private record Finding(Kind kind, String text) {}

  @Test
  void sqlIsMadeWhereItIsListedAndQuotedByTheTypesForIt() throws IOException {
    var joined = new TreeSet<String>();
    var byHand = new TreeMap<String, List<String>>();
    try (var files = Files.walk(SOURCES)) {
      for (var file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        var name = SOURCES.relativize(file).toString().replace('\\', '/');
        for (var finding : findings(Files.readString(file))) {
          if (finding.kind() == Kind.JOINED) joined.add(name);
          else byHand.computeIfAbsent(name, key -> new ArrayList<>()).add(finding.text());
        }
      }
    }
    // Both ways: a file that makes none any more leaves the list.
    assertThat(joined).as("files that put SQL together").isEqualTo(MAKES_SQL.keySet());
    assertThat(byHand.keySet()).as("quotes made by hand: %s", byHand).isEqualTo(QUOTES.keySet());
  }

  @Test
  void whatItIsThereForIsFound() {
    assertFound(Kind.JOINED, "execute(\"SELECT * FROM \" + table);");
    assertFound(Kind.JOINED, "execute(\"DROP TABLE %s\".formatted(table));");
    assertFound(Kind.JOINED, "execute(String.format(\"DELETE FROM %s\", table));");
    assertFound(Kind.JOINED, "var sql = new StringBuilder(\"SELECT \").append(columns);");
    assertFound(Kind.JOINED, "sql.append(\" WHERE \").append(key);");
    assertFound(Kind.JOINED, "execute(table + \" WHERE x = 1\");");
    assertFound(
        Kind.JOINED, "execute(\"\"\"\n    SELECT *\n    FROM %s\n    \"\"\".formatted(table));");
    assertFound(Kind.QUOTED_BY_HAND, "execute(\"SELECT * FROM \\\"\" + table + \"\\\"\");");
    assertFound(Kind.QUOTED_BY_HAND, "execute(\"SELECT * FROM x WHERE y = '\" + y + \"'\");");
    assertFound(Kind.QUOTED_BY_HAND, "execute(\"COPY (SELECT 1) TO '%s'\".formatted(path));");
    assertFound(Kind.QUOTED_BY_HAND, "execute(\"SELECT \\\"%s\\\"\".formatted(path));");
    assertFound(Kind.QUOTED_BY_HAND, "return name.replace(\"'\", \"''\");");
    assertFound(Kind.QUOTED_BY_HAND, "return '\"' + name.replace(\"\\\"\", \"\\\"\\\"\") + '\"';");
  }

  @Test
  void whatIsFixedOrNoSqlIsNotFound() {
    assertNothing("execute(\"SELECT 1\");");
    assertNothing("execute(\"SELECT a, \" + \"b FROM c WHERE d = 'e'\");");
    assertNothing("throw failed(\"Cannot read '\" + file + \"' from there\");");
    assertNothing("// execute(\"SELECT * FROM \" + table);");
    assertNothing("/* \"SELECT * FROM \" + table */ var x = 1;");
    assertNothing("/// `\"SELECT * FROM \" + table`");
  }

  private static void assertFound(Kind kind, String source) {
    assertThat(findings(source)).as(source).extracting(Finding::kind).contains(kind);
  }

  private static void assertNothing(String source) {
    assertThat(findings(source)).as(source).isEmpty();
  }

  // ------------------------------------------------------------------ reading Java as text

  /// A string literal, or whatever stands between two.
  private record Piece(boolean literal, String text) {}

  private static final Pattern TOKEN =
      Pattern.compile(
          "//[^\\n]*|(?s:/\\*.*?\\*/)"
              + "|(?<block>\\\"\\\"\\\"(?s:.*?)(?<!\\\\)\\\"\\\"\\\")"
              + "|(?<string>\"(?:\\\\.|[^\"\\\\\\n])*\")"
              + "|(?<character>'(?:\\\\.|[^'\\\\\\n])+')");
  private static final Pattern FORMAT_AFTER =
      Pattern.compile("\\A\\s*\\.formatted\\(.*", Pattern.DOTALL);
  private static final Pattern FORMAT_BEFORE =
      Pattern.compile(".*String\\.format\\(\\s*\\z", Pattern.DOTALL);
  private static final Pattern APPEND_BEFORE =
      Pattern.compile(".*(\\.append|StringBuilder)\\(\\s*\\z", Pattern.DOTALL);
  private static final Pattern APPEND_AFTER =
      Pattern.compile("\\A\\s*\\)\\s*\\.append\\(\\s*\\S.*", Pattern.DOTALL);
  private static final Pattern PLUS_AFTER = Pattern.compile("\\A\\s*\\+\\s*\\S.*", Pattern.DOTALL);
  private static final Pattern PLUS_BEFORE = Pattern.compile(".*\\S\\s*\\+\\s*\\z", Pattern.DOTALL);
  private static final Pattern DOUBLES =
      Pattern.compile("\\.replace\\(\\s*(\"'\",\\s*\"''\"|\"\\\\\"\",\\s*\"\\\\\"\\\\\"\"|quote,)");
  private static final Pattern QUOTED_PLACE = Pattern.compile("'%s'|\\\\?\"%s\\\\?\"");

  private static List<Finding> findings(String source) {
    var found = new ArrayList<Finding>();
    var doubles = DOUBLES.matcher(withoutComments(source));
    if (doubles.find()) found.add(new Finding(Kind.QUOTED_BY_HAND, doubles.group()));
    var pieces = pieces(source);
    for (int at = 0; at < pieces.size(); at++) {
      var piece = pieces.get(at);
      if (!piece.literal() || !SQL.matcher(piece.text()).find()) continue;
      var before = at > 0 ? pieces.get(at - 1).text() : "";
      var after = at + 1 < pieces.size() ? pieces.get(at + 1).text() : "";
      var joinedAfter =
          PLUS_AFTER.matcher(after).matches() || APPEND_AFTER.matcher(after).matches();
      var joinedBefore =
          PLUS_BEFORE.matcher(before).matches()
              || (APPEND_BEFORE.matcher(before).matches() && !before.contains("StringBuilder("));
      var format = FORMAT_AFTER.matcher(after).matches() || FORMAT_BEFORE.matcher(before).matches();
      if (joinedAfter || joinedBefore || format) found.add(new Finding(Kind.JOINED, piece.text()));
      var quotes =
          (format && QUOTED_PLACE.matcher(piece.text()).find())
              || (joinedAfter && piece.text().matches("(?s).*('|\\\\\")"))
              || (joinedBefore && piece.text().matches("(?s)('|\\\\\").*"));
      if (quotes) found.add(new Finding(Kind.QUOTED_BY_HAND, piece.text()));
    }
    return found;
  }

  /// Literals that are joined by `+` alone are one.
  private static List<Piece> pieces(String source) {
    var pieces = new ArrayList<Piece>();
    var between = new StringBuilder();
    var end = 0;
    var tokens = TOKEN.matcher(source);
    while (tokens.find()) {
      between.append(source, end, tokens.start());
      end = tokens.end();
      var text = tokens.group("string") == null ? tokens.group("block") : tokens.group("string");
      if (text == null) {
        if (tokens.group("character") != null) between.append(tokens.group());
        continue;
      }
      var quotes = tokens.group("string") == null ? 3 : 1;
      var value = text.substring(quotes, text.length() - quotes);
      var onlyPlus = between.toString().strip().equals("+");
      if (onlyPlus && !pieces.isEmpty() && pieces.getLast().literal()) {
        pieces.add(new Piece(true, pieces.removeLast().text() + value));
      } else {
        pieces.add(new Piece(false, between.toString()));
        pieces.add(new Piece(true, value));
      }
      between.setLength(0);
    }
    pieces.add(new Piece(false, between + source.substring(end)));
    return pieces;
  }

  private static String withoutComments(String source) {
    return TOKEN
        .matcher(source)
        .replaceAll(token ->
            token.group().startsWith("/")
                ? ""
                : java.util.regex.Matcher.quoteReplacement(token.group()));
  }
}
