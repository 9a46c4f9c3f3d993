package dev.sluice.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.json.Json;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Packages that dlt 1.31 extracted, and what its own normalize made of them: schema, version hash
/// and rows have to be the same.
class NormalizationGoldenTest {
  /// Where the result is better than dlt's, on purpose; each has a test of its own.
  private static final Set<String> BETTER =
      Set.of();

  @TempDir Path folder;

  static Stream<Named<Map<String, Object>>> packages() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            NormalizationGoldenTest.class.getResourceAsStream("packages.jsonl.gz"))) {
      return new String(new GZIPInputStream(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> (Map<String, Object>) Json.<Map<String, Object>>loads(line))
          .map(one -> Named.of((String) one.get("name"), one))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("packages")
  @SuppressWarnings("unchecked")
  void packagesOfDltComeOutAsInDlt(Map<String, Object> golden) throws IOException {
    var name = (String) golden.get("name");
    org.junit.jupiter.api.Assumptions.assumeFalse(BETTER.contains(name.replaceAll("#.*", "")));
    try (var extracted = Extracted.in(folder)) {
      var schema = Schema.of((Map<String, Object>) golden.get("schema"));
      extracted.add(
          (String) golden.get("load_id"), schema, (Map<String, String>) golden.get("files"));
      var limit = ((Number) golden.get("max_length")).intValue();
      var settings = new NormalizeSettings(
              1,
              dev.sluice.schema.LoadFileFormat.JSONL,
              dev.sluice.store.WriterSettings.defaults(),
              limit,
              false,
              false);
      if (golden.containsKey("error")) {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> extracted.normalize(settings))
            .isInstanceOf(CannotNormalize.class);
        return;
      }
      extracted.normalize(settings);
      var expected = Schema.of((Map<String, Object>) golden.get("normalized"));
      assertThat(shown(extracted.schema())).isEqualTo(shown(expected));
      assertThat(extracted.schema().toMap().get("tables")).isEqualTo(expected.toMap().get("tables"));
      assertThat(extracted.schema().versionHash()).isEqualTo(expected.versionHash());
      assertThat(extracted.schema().version()).isEqualTo(expected.version());
      var ignored = (List<String>) golden.get("ignore");
      assertThat(comparable(extracted.rows(), expected, ignored))
          .isEqualTo(
              comparable(
                  (Map<String, List<Map<String, Object>>>) golden.get("rows"), expected, ignored));
    }
  }

  private static Map<String, List<String>> shown(Schema schema) {
    var shown = new TreeMap<String, List<String>>();
    for (var table : schema.tables()) {
      shown.put(
          table.name(),
          table.columns().stream().map(column -> String.valueOf(column.properties())).toList());
    }
    return shown;
  }

  private static Map<String, List<String>> comparable(
      Map<String, List<Map<String, Object>>> tables, Schema schema, List<String> ignored) {
    var all = new TreeMap<String, List<String>>();
    tables.forEach((name, rows) -> {
      var table = schema.table(name).orElseThrow();
      var lines = new ArrayList<String>();
      for (var row : rows) {
        var line = new TreeMap<String, Object>();
        row.forEach((column, value) -> {
          if (value != null && !column.equals("_dlt_load_id")
              && !ignored.contains(column)
              && !(name.startsWith("_dlt") && column.equals("_dlt_id"))) {
            line.put(column, plain(table.column(column).orElse(null), value));
          }
        });
        lines.add(line.toString());
      }
      lines.sort(null);
      all.put(name, lines);
    });
    return all;
  }

  private static Object plain(@Nullable ColumnSchema column, Object value) {
    return switch (column == null ? DataType.TEXT : column.dataType().orElseThrow()) {
      case DECIMAL, WEI -> new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
      case DOUBLE -> Double.valueOf(value.toString());
      case TIMESTAMP ->
          IsoText.parse(value.toString()) instanceof java.time.OffsetDateTime time
              ? time.toInstant()
              : value;
      case JSON -> Json.dumps(sorted(value));
      default -> value;
    };
  }

  private static @Nullable Object sorted(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      var sorted = new TreeMap<String, Object>();
      map.forEach((key, item) -> sorted.put((String) key, sorted(item)));
      return new LinkedHashMap<>(sorted);
    }
    return value;
  }
}
