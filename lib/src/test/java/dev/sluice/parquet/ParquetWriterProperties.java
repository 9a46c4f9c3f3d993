package dev.sluice.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ParquetWriterProperties {
  private static final List<ParquetType> TYPES =
      List.of(
          ParquetType.TEXT,
          ParquetType.BYTES,
          ParquetType.BOOLEAN,
          ParquetType.integer(8),
          ParquetType.integer(32),
          ParquetType.integer(64),
          ParquetType.decimal(38, 0));

  /// Rows are gathered, some of them taken back and gathered anew, over several row groups.
  @Property(tries = 100)
  void whatWasGatheredAndNotTakenBackIsReadBack(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 3) int groups,
      @ForAll @IntRange(min = 0, max = 3_000) int rows,
      @ForAll @IntRange(min = 0, max = 100) int nulls,
      @ForAll @IntRange(min = 1, max = 40) int stretch,
      @ForAll @IntRange(min = 1, max = 4_000) int distinct,
      @ForAll boolean compress)
      throws Exception {
    var random = new Random(seed);
    var columns = new ArrayList<Column>();
    var expected = new ArrayList<List<String>>();
    for (var type : TYPES) {
      columns.add(Column.of("c" + columns.size(), type));
      expected.add(new ArrayList<>());
    }
    var file = Files.createTempFile("property", ".parquet");
    try {
      var writer = ParquetWriter.of(file, Scratch.of(), compress);
      for (var group = 0; group < groups; group++) {
        for (var i = 0; i < columns.size(); i++) {
          gather(columns.get(i), rows, nulls, stretch, distinct, random, expected.get(i));
        }
        writer.rowGroup(columns, rows);
      }
      writer.finish(columns);
      for (var i = 0; i < columns.size(); i++) {
        assertThat(read(file, i)).as(columns.get(i).type().toString()).isEqualTo(expected.get(i));
      }
    } finally {
      Files.delete(file);
    }
  }

  private static List<String> read(Path file, int i) throws Exception {
    var kind = TYPES.get(i).kind();
    var text = kind == ParquetType.Kind.TEXT || kind == ParquetType.Kind.BYTES;
    return ReadBack.values(file, text ? "lower(hex(c%d))".formatted(i) : "c" + i);
  }

  private static void gather(
      Column column,
      int rows,
      int nulls,
      int stretch,
      int distinct,
      Random random,
      List<String> expected) {
    var row = 0;
    while (row < rows) {
      column.mark();
      var end = Math.min(rows, row + 1 + random.nextInt(20));
      if (random.nextInt(4) == 0) {
        for (var lost = row; lost < end; lost++) {
          if (random.nextBoolean()) {
            add(column, lost, random.nextInt(distinct));
          }
        }
        column.reset();
      }
      var present = random.nextInt(100) >= nulls;
      for (; row < end; row++) {
        if (row % stretch == 0) {
          present = random.nextInt(100) >= nulls;
        }
        expected.add(present ? add(column, row, random.nextInt(distinct)) : null);
      }
    }
  }

  private static String add(Column column, int row, int choice) {
    var random = new Random(choice);
    switch (column.type().kind()) {
      case TEXT -> {
        var bytes =
            ("é\0" + choice)
                .repeat(random.nextInt(4))
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        column.bytes(row, bytes, 0, bytes.length);
        return HexFormat.of().formatHex(bytes);
      }
      case BYTES -> {
        var bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        column.bytes(row, bytes, 0, bytes.length);
        return HexFormat.of().formatHex(bytes);
      }
      case BOOLEAN -> {
        column.whole(row, choice & 1);
        return Boolean.toString((choice & 1) == 1);
      }
      case DECIMAL -> {
        var number = new BigInteger(random.nextInt(1, 126), random);
        number = random.nextBoolean() ? number.negate() : number;
        column.decimal(row, number);
        return number.toString();
      }
      default -> {
        var number = random.nextLong() >> 64 - column.type().size();
        column.whole(row, number);
        return Long.toString(number);
      }
    }
  }
}
