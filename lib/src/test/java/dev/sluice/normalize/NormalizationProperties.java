package dev.sluice.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.json.Json;
import dev.sluice.schema.Schema;
import dev.sluice.store.JobReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Rows of any shape: what goes in comes out, whichever way and with however many workers.
class NormalizationProperties {
  private static final String[] KEYS = {"a", "b", "Key", "key", "c__d", "c", "d", "ü"};

  @Provide
  Arbitrary<Object> values() {
    var scalars =
        Arbitraries.oneOf(
            Arbitraries.longs().map(Object.class::cast),
            Arbitraries.integers().between(0, 9).map(number -> (Object) (long) number),
            Arbitraries.doubles().map(Object.class::cast),
            Arbitraries.of(true, false).map(Object.class::cast),
            Arbitraries.strings()
                .all()
                .ofMaxLength(8)
                .filter(NormalizationProperties::isText)
                .map(Object.class::cast),
            Arbitraries.of("2024-01-02T03:04:05Z", "12", "", "x\ny\"\\").map(Object.class::cast));
    return Arbitraries.recursive(
        () -> scalars,
        inner ->
            Arbitraries.oneOf(
                scalars,
                inner.list().ofMaxSize(3).map(Object.class::cast),
                Arbitraries.maps(Arbitraries.of(KEYS), inner).ofMaxSize(4).map(Object.class::cast)),
        0,
        3);
  }

  @Provide
  Arbitrary<List<Map<String, Object>>> rows() {
    return Arbitraries.maps(Arbitraries.of(KEYS), values())
        .ofMaxSize(5)
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  /// Each row twice, so that the second one is taken the fast way wherever it can be.
  @Property(tries = 60)
  void rowsComeOutTheSameTheFastWayAndByTheRules(@ForAll("rows") List<Map<String, Object>> rows)
      throws IOException {
    var lines = new ArrayList<String>();
    int number = 0;
    for (int round = 0; round < 2; round++) {
      for (var row : rows) {
        var numbered = new LinkedHashMap<String, Object>();
        numbered.put("nr", number++);
        numbered.putAll(row);
        lines.add(Json.dumps(numbered));
      }
    }
    var fast = normalized(List.of("[" + String.join(",", lines) + "]"), 1);
    // blanks between the tokens are what the fast way never takes
    var slow = normalized(lines.stream().map(line -> "{ " + line.substring(1)).toList(), 1);
    assertThat(fast).isEqualTo(slow);
  }

  @Property(tries = 25)
  void workersChangeNothing(@ForAll("rows") List<Map<String, Object>> rows) throws IOException {
    var lines = new ArrayList<String>();
    for (int i = 0; i < rows.size(); i++) {
      var numbered = new LinkedHashMap<String, Object>();
      numbered.put("nr", i);
      numbered.putAll(rows.get(i));
      lines.add("[" + Json.dumps(numbered) + "]");
    }
    var one = files(lines, 1);
    assertThat(files(lines, 2)).isEqualTo(one);
    assertThat(files(lines, 8)).isEqualTo(one);
  }

  private static boolean isText(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text)
        && (text.isEmpty() || text.charAt(0) < '\uF000' || text.charAt(0) > '\uF0FF');
  }

  private static String files(List<String> lines, int workers) throws IOException {
    var files = new TreeMap<String, String>();
    for (int i = 0; i < lines.size(); i++) {
      files.put("t.000000000%x.0.typed-jsonl".formatted(i), lines.get(i) + "\n");
    }
    return normalized(files, workers);
  }

  private static String normalized(List<String> lines, int workers) throws IOException {
    return normalized(
        Map.of("t.0000000001.0.typed-jsonl", String.join("\n", lines) + "\n"), workers);
  }

  private static String normalized(Map<String, String> files, int workers) throws IOException {
    var folder = Files.createTempDirectory("normalize");
    try (var extracted = Extracted.in(folder)) {
      extracted.add("1700000000.0", Schema.of("s"), files);
      try {
        extracted.normalize(NormalizeSettings.defaults().workers(workers));
      } catch (CannotNormalize refused) {
        return "refused, as dlt does where a variant has no place for a value";
      }
      return extracted.schema().toMap().get("tables") + "\n" + trees(extracted);
    } finally {
      delete(folder);
    }
  }

  /// The rows with their nested rows in them instead of ids.
  private static String trees(Extracted extracted) throws IOException {
    var children = new TreeMap<String, List<Map<String, Object>>>();
    var roots = new ArrayList<Map<String, Object>>();
    for (var job : extracted.normalized().jobs()) {
      try (var in = JobReader.open(job.file())) {
        for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
          if (line.isBlank()) {
            continue;
          }
          Map<String, Object> row = Json.loads(line);
          row.put("(table)", job.table());
          if (row.remove("_dlt_parent_id") instanceof String parent) {
            children.computeIfAbsent(parent, key -> new ArrayList<>()).add(row);
          } else {
            roots.add(row);
          }
        }
      }
    }
    var trees = new ArrayList<String>();
    roots.forEach(row -> trees.add(tree(row, children)));
    trees.sort(null);
    assertThat(children).isEmpty();
    return String.join("\n", trees);
  }

  private static String tree(
      Map<String, Object> row, Map<String, List<Map<String, Object>>> children) {
    var below = new ArrayList<String>();
    var own = children.remove(String.valueOf(row.remove("_dlt_id")));
    if (own != null) {
      own.forEach(child -> below.add(tree(child, children)));
    }
    below.sort(Comparator.naturalOrder());
    return new TreeMap<>(row) + " " + below;
  }

  private static void delete(Path path) throws IOException {
    try (var all = Files.walk(path)) {
      for (var one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
