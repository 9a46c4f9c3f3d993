package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.load.Destination;
import dev.sluice.resource.Resource;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The same rows make the same tables, whether their load files are JSON lines or Parquet, and
/// however small these are.
class LoadFormatsProperties {
  private static final String[] KEYS = {"a", "b", "c", "d", "e", "list"};

  @Provide
  Arbitrary<List<Map<String, Object>>> rows() {
    var scalars =
        Arbitraries.oneOf(
            Arbitraries.longs().map(Object.class::cast),
            Arbitraries.integers().between(0, 9).map(number -> (Object) (long) number),
            Arbitraries.doubles().map(Object.class::cast),
            Arbitraries.of(0.5, -0.0, 17.25, 1e300, Double.NaN, Double.NEGATIVE_INFINITY)
                .map(Object.class::cast),
            Arbitraries.of(true, false).map(Object.class::cast),
            Arbitraries.of(
                    "", "é😀", "x\ny\"\\\t/", "2024-01-02T03:04:05.5Z", "1969-12-31 23:59:59", "12")
                .map(Object.class::cast),
            Arbitraries.bigDecimals()
                .between(new BigDecimal("-1e20"), new BigDecimal("1e20"))
                .ofScale(3)
                .map(Object.class::cast),
            Arbitraries.of(
                    new BigInteger("18446744073709551616"),
                    OffsetDateTime.of(1950, 2, 3, 4, 5, 6, 7_000, ZoneOffset.ofHours(5)),
                    LocalDateTime.of(2024, 2, 29, 23, 59, 59, 999_999_000),
                    LocalDate.of(1, 1, 1),
                    LocalDate.of(9999, 12, 31),
                    LocalTime.of(1, 2, 3, 4_000),
                    new byte[] {0, 1, -1})
                .map(Object.class::cast));
    var nested = Arbitraries.maps(Arbitraries.of("x", "y"), scalars).ofMaxSize(2);
    var values =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(8, scalars),
            net.jqwik.api.Tuple.of(1, nested.list().ofMaxSize(3).map(Object.class::cast)),
            net.jqwik.api.Tuple.of(1, nested.map(Object.class::cast)));
    return Arbitraries.maps(Arbitraries.of(KEYS), values)
        .ofMaxSize(4)
        .list()
        .ofMinSize(1)
        .ofMaxSize(20);
  }

  @Property(tries = 30)
  void bothFormatsMakeTheSameTables(
      @ForAll("rows") List<Map<String, Object>> rows, @ForAll boolean promote)
      throws IOException, SQLException {
    var jsonl = loaded(rows, Map.of("normalize.promote_types", promote));
    var whole =
        loaded(
            rows,
            Map.of("normalize.promote_types", promote, "normalize.loader_file_format", "parquet"));
    assertThat(whole).isEqualTo(jsonl);
    var pieces =
        loaded(
            rows,
            Map.of(
                "normalize.promote_types",
                promote,
                "normalize.loader_file_format",
                "parquet",
                "normalize.data_writer.buffer_max_bytes",
                10,
                "normalize.data_writer.file_max_items",
                3));
    assertThat(pieces).isEqualTo(jsonl);
  }

  /// Each row twice, so that the second one is taken the fast way wherever it can be.
  private static String loaded(List<Map<String, Object>> rows, Map<String, Object> settings)
      throws IOException, SQLException {
    var twice = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < 2 * rows.size(); i++) {
      var numbered = new LinkedHashMap<String, Object>();
      numbered.put("nr", i);
      numbered.putAll(rows.get(i % rows.size()));
      twice.add(numbered);
    }
    var folder = Files.createTempDirectory("formats");
    try {
      var surroundings =
          new Surroundings(
              Map.of(),
              folder,
              InstantSource.fixed(Instant.EPOCH),
              new Random(1),
              new PrintStream(OutputStream.nullOutputStream()));
      var file = folder.resolve("formats.duckdb");
      var pipeline =
          Pipeline.of("formats", surroundings).to(Destination.duckdb(file)).datasetName("data");
      for (var setting : settings.entrySet()) {
        pipeline = pipeline.setting(setting.getKey(), setting.getValue());
      }
      try {
        pipeline.run(Resource.of("t", () -> twice));
      } catch (PipelineException refused) {
        return "refused at " + refused.step();
      }
      return tables(file);
    } finally {
      try (var all = Files.walk(folder)) {
        for (var one : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(one);
        }
      }
    }
  }

  private static String tables(Path file) throws SQLException {
    var text = new StringBuilder();
    try (var duckdb = DriverManager.getConnection("jdbc:duckdb:" + file);
        var statement = duckdb.createStatement()) {
      var columns = new LinkedHashMap<String, List<String>>();
      try (var found =
          statement.executeQuery(
              "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_name LIKE 't%' ORDER BY ALL")) {
        while (found.next()) {
          text.append(found.getString(1) + "." + found.getString(2) + " " + found.getString(3))
              .append(" " + found.getString(4) + "\n");
          if (!found.getString(2).startsWith("_dlt")) {
            columns
                .computeIfAbsent(found.getString(1), table -> new ArrayList<>())
                .add('"' + found.getString(2) + "\"::VARCHAR");
          }
        }
      }
      for (var table : columns.entrySet()) {
        try (var rows =
            statement.executeQuery(
                "SELECT row("
                    + String.join(", ", table.getValue())
                    + ")::VARCHAR FROM data."
                    + table.getKey()
                    + " ORDER BY ALL")) {
          while (rows.next()) {
            text.append(table.getKey() + ": " + rows.getString(1) + "\n");
          }
        }
      }
    }
    return text.toString();
  }
}
