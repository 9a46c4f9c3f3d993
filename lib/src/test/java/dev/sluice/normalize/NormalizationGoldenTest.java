package dev.sluice.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.json.Json;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import dev.sluice.schema.LoadFileFormat;
import dev.sluice.schema.Schema;
import dev.sluice.store.WriterSettings;
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
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Packages that dlt 1.31 extracted, and what its own normalize made of them: schema, version hash
/// and rows have to be the same.
class NormalizationGoldenTest {
  /// Where the result is better than dlt's, on purpose; each has a test of its own.
  private static final Set<String> BETTER =
      Set.of(
          "bigint_too_big",
          "binary_empty",
          "coerce_bool_to_text",
          "coerce_text_digits_python",
          "coerce_text_nan",
          "flatten_clash",
          "hints_not_null_missing",
          "hugeints_declared",
          "names_collide_in_item",
          "names_only_underscores",
          "nested_own_ids",
          "replace_failed_load",
          "variant_meets_field",
          "x_upsert_typed_key");

  @TempDir Path folder;

  @Test
  void packagesOfDltComeOutAsInDlt() throws IOException {
    var differences = new ArrayList<String>();
    int number = 0;
    for (var golden : packages()) {
      var name = (String) golden.get("name");
      if (!BETTER.contains(name.replaceAll("#.*", ""))) {
        var difference = difference(name, golden, folder.resolve(String.valueOf(number++)));
        if (difference != null) {
          differences.add(name + ": " + difference);
        }
      }
    }
    assertThat(differences).isEmpty();
  }

  private static List<Map<String, Object>> packages() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            NormalizationGoldenTest.class.getResourceAsStream("packages.jsonl.gz"))) {
      return new String(new GZIPInputStream(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> Json.<Map<String, Object>>loads(line))
          .toList();
    }
  }

  @SuppressWarnings("unchecked")
  private static @Nullable String difference(String name, Map<String, Object> golden, Path folder)
      throws IOException {
    try (var extracted = Extracted.in(folder)) {
      var schema = Schema.of((Map<String, Object>) golden.get("schema"));
      extracted.add(
          (String) golden.get("load_id"), schema, (Map<String, String>) golden.get("files"));
      var settings =
          new NormalizeSettings(
              1,
              LoadFileFormat.JSONL,
              WriterSettings.defaults(),
              ((Number) golden.get("max_length")).intValue(),
              false,
              false,
              false,
              false);
      try {
        extracted.normalize(settings);
      } catch (CannotNormalize refused) {
        return golden.containsKey("error") ? null : "fails: " + refused.getMessage();
      }
      if (golden.containsKey("error")) {
        return "should fail: " + golden.get("error");
      }
      var expected = Schema.of((Map<String, Object>) golden.get("normalized"));
      var ours = extracted.schema();
      for (var table : expected.tables()) {
        var own = ours.table(table.name());
        if (own.isEmpty()) {
          return "no table " + table.name();
        }
        if (!own.get().properties().equals(table.properties())) {
          return table.name() + own.get().properties() + " instead of " + table.properties();
        }
        if (!own.get().columns().equals(table.columns())) {
          return own.get().columns().stream().map(c -> c.properties()).toList()
              + " instead of "
              + table.columns().stream().map(c -> c.properties()).toList();
        }
      }
      if (ours.tables().size() != expected.tables().size()) {
        return ours.tables() + " instead of " + expected.tables();
      }
      if (ours.version() != expected.version()
          || !ours.versionHash().equals(expected.versionHash())) {
        return "another version: " + ours.toMap() + " instead of " + expected.toMap();
      }
      var ignored = (List<String>) golden.get("ignore");
      var rows = comparable(extracted.rows(), expected, ignored);
      var wanted =
          comparable(
              (Map<String, List<Map<String, Object>>>) golden.get("rows"), expected, ignored);
      rows.keySet().removeIf(table -> table.startsWith("_dlt"));
      return rows.equals(wanted) ? null : rows + " instead of " + wanted;
    }
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
          if (value != null
              && !column.equals("_dlt_load_id")
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
      case DECIMAL, WEI ->
          // dlt leaves the rounding to the destination
          Objects.requireNonNull(ColumnForm.of(column).rounded(new BigDecimal(value.toString())))
              .stripTrailingZeros()
              .toPlainString();
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
