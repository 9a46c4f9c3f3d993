package dev.sluice.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetWriterTest {
  private final Scratch scratch = Scratch.of();
  @TempDir Path folder;

  @Test
  void columnsThatWereGivenBackKeepLittle() {
    var columns = new ArrayList<Column>();
    for (int i = 0; i < 100; i++) {
      var column = scratch.column("c" + i, ParquetType.BYTES);
      column.bytes(0, new byte[1 << 20], 0, 1 << 20);
      columns.add(column);
    }
    columns.forEach(scratch::giveBack);
    assertThat(scratch.kept()).isBetween(8L << 20, 16L << 20);
    for (int i = 0; i < 100; i++) {
      assertThat(scratch.column("c" + i, ParquetType.BYTES).size()).isZero();
    }
    assertThat(scratch.kept()).isZero();
  }

  @Test
  void typesAreWhatTheyWereDeclared() throws Exception {
    var columns =
        List.of(
            Column.of("text", ParquetType.TEXT),
            Column.of("bytes", ParquetType.BYTES),
            Column.of("boolean", ParquetType.BOOLEAN),
            Column.of("int8", ParquetType.integer(8)),
            Column.of("int16", ParquetType.integer(16)),
            Column.of("int32", ParquetType.integer(32)),
            Column.of("int64", ParquetType.integer(64)),
            Column.of("double", ParquetType.DOUBLE),
            Column.of("decimal", ParquetType.decimal(38, 9)),
            Column.of("date", ParquetType.DATE),
            Column.of("time", ParquetType.TIME),
            Column.of("timestamp", ParquetType.TIMESTAMP),
            Column.of("instant", ParquetType.INSTANT));

    assertThat(ReadBack.schema(write(columns, 0)))
        .containsExactly(
            "text VARCHAR",
            "bytes BLOB",
            "boolean BOOLEAN",
            "int8 TINYINT",
            "int16 SMALLINT",
            "int32 INTEGER",
            "int64 BIGINT",
            "double DOUBLE",
            "decimal DECIMAL(38,9)",
            "date DATE",
            "time TIME",
            "timestamp TIMESTAMP",
            "instant TIMESTAMP WITH TIME ZONE");
  }

  @Test
  void integersKeepTheirEnds() throws Exception {
    assertThat(wholes(ParquetType.integer(64), Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE))
        .containsExactly("-9223372036854775808", "-1", "0", "1", "9223372036854775807");
    assertThat(wholes(ParquetType.integer(32), Integer.MIN_VALUE, -1, Integer.MAX_VALUE))
        .containsExactly("-2147483648", "-1", "2147483647");
    assertThat(wholes(ParquetType.integer(16), -32768, 32767)).containsExactly("-32768", "32767");
    assertThat(wholes(ParquetType.integer(8), -128, 127)).containsExactly("-128", "127");
  }

  @Test
  void timesKeepTheirMicroseconds() throws Exception {
    assertThat(
            wholes(
                ParquetType.DATE,
                LocalDate.of(1, 1, 1).toEpochDay(),
                -1,
                0,
                LocalDate.of(9999, 12, 31).toEpochDay()))
        .containsExactly("0001-01-01", "1969-12-31", "1970-01-01", "9999-12-31");
    assertThat(wholes(ParquetType.TIME, 0, 1, 86_399_999_999L))
        .containsExactly("00:00:00", "00:00:00.000001", "23:59:59.999999");
    assertThat(wholes(ParquetType.TIMESTAMP, -1, 0, 1_700_000_000_123_456L))
        .containsExactly(
            "1969-12-31 23:59:59.999999", "1970-01-01 00:00:00", "2023-11-14 22:13:20.123456");
    assertThat(wholes(ParquetType.INSTANT, -1, 1_700_000_000_123_456L))
        .containsExactly("1969-12-31 23:59:59.999999+00", "2023-11-14 22:13:20.123456+00");
  }

  @Test
  void doublesKeepEveryBit() throws Exception {
    var column = Column.of("x", ParquetType.DOUBLE);
    var doubles =
        new double[] {
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          -0.0,
          0.0,
          Double.MIN_VALUE,
          -Double.MAX_VALUE
        };
    // Enough of them for a dictionary, which tells -0 from 0.
    for (var row = 0; row < 70; row++) {
      column.floating(row, doubles[row % doubles.length]);
    }

    assertThat(ReadBack.values(write(List.of(column), 70), "x").subList(63, 70))
        .containsExactly("nan", "inf", "-inf", "-0.0", "0.0", "5e-324", "-1.7976931348623157e+308");
  }

  @Test
  void decimalsHaveUpTo38Digits() throws Exception {
    var largest = BigInteger.TEN.pow(38).subtract(BigInteger.ONE);
    var numbers =
        List.of(
            largest,
            largest.negate(),
            BigInteger.ZERO,
            BigInteger.ONE.negate(),
            BigInteger.valueOf(Long.MAX_VALUE),
            BigInteger.valueOf(Long.MIN_VALUE),
            BigInteger.valueOf(Long.MIN_VALUE).subtract(BigInteger.ONE));
    var column = Column.of("x", ParquetType.decimal(38, 0));
    for (var row = 0; row < numbers.size(); row++) {
      column.decimal(row, numbers.get(row));
    }

    assertThat(ReadBack.values(write(List.of(column), numbers.size()), "x"))
        .containsExactlyElementsOf(numbers.stream().map(BigInteger::toString).toList());
    assertThatThrownBy(() -> column.decimal(0, BigInteger.ONE.shiftLeft(127)))
        .hasMessageStartingWith("Column 'x' takes decimals of 38 digits, not '1701411834604692317");
  }

  @Test
  void textIsKeptByteByByte() throws Exception {
    var texts = List.of("", "a\0b", "\0", "Zoë 東京 🦆", "x".repeat(100_000));
    var column = Column.of("x", ParquetType.TEXT);
    for (var row = 0; row < texts.size(); row++) {
      text(column, row, texts.get(row));
    }

    assertThat(ReadBack.values(write(List.of(column), texts.size()), "hex(x)"))
        .containsExactlyElementsOf(texts.stream().map(ParquetWriterTest::hex).toList());
  }

  @Test
  void partOfAnArrayIsAValue() throws Exception {
    var column = Column.of("x", ParquetType.BYTES);
    column.bytes(0, new byte[] {1, 2, 3, 4}, 1, 2);

    assertThat(ReadBack.values(write(List.of(column), 1), "hex(x)")).containsExactly("0203");
  }

  @Test
  void rowsWithoutAValueAreNull() throws Exception {
    var every =
        List.<IntFunction<Boolean>>of(
            row -> true,
            row -> false,
            row -> row >= 700,
            row -> row < 300,
            row -> row < 300 || row >= 700,
            row -> row % 2 == 0,
            row -> row % 2 == 1,
            row -> row % 3 == 0 && row > 100 && row < 900,
            row -> row == 999,
            row -> row == 0);
    var columns = new ArrayList<Column>();
    for (var present : every) {
      var column = Column.of("c" + columns.size() / 2, ParquetType.integer(64));
      var booleans = Column.of("b" + columns.size() / 2, ParquetType.BOOLEAN);
      for (var row = 0; row < 1_000; row++) {
        if (present.apply(row)) {
          column.whole(row, row);
          booleans.whole(row, row % 5 / 4);
        }
      }
      columns.add(column);
      columns.add(booleans);
    }

    var file = write(columns, 1_000);

    for (var i = 0; i < every.size(); i++) {
      var present = every.get(i);
      assertThat(ReadBack.values(file, "c" + i + "||' '||b" + i))
          .as("case " + i)
          .containsExactlyElementsOf(
              IntStream.range(0, 1_000)
                  .mapToObj(
                      row -> present.apply(row) ? row + (row % 5 == 4 ? " true" : " false") : null)
                  .toList());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 15, 16, 17, 1_001})
  void booleansAreBits(int rows) throws Exception {
    var column = Column.of("x", ParquetType.BOOLEAN);
    var expected = new ArrayList<String>();
    var random = new Random(rows);
    for (var row = 0; row < rows; row++) {
      var value = random.nextBoolean();
      column.whole(row, value ? 1 : 0);
      expected.add(Boolean.toString(value));
    }

    assertThat(ReadBack.values(write(List.of(column), rows), "x")).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 16, 17, 255, 256, 257, 500, 70_000})
  void repeatedValuesComeFromADictionary(int distinct) throws Exception {
    var rows = distinct < 1_000 ? 20_000 : distinct * 3;
    var random = new Random(distinct);
    var text = Column.of("t", ParquetType.TEXT);
    var whole = Column.of("i", ParquetType.integer(64));
    var small = Column.of("s", ParquetType.integer(32));
    var decimal = Column.of("d", ParquetType.decimal(20, 0));
    var expected = new ArrayList<String>();
    for (var row = 0; row < rows; row++) {
      // At first few, so that the sample promises a dictionary, then runs, then all of them.
      var value =
          row < 2_000
              ? random.nextInt(Math.min(distinct, 400))
              : row < 2_500 ? 0 : random.nextInt(distinct);
      text(text, row, "t" + value);
      whole.whole(row, value);
      small.whole(row, -value);
      decimal.decimal(row, BigInteger.valueOf(value).shiftLeft(16));
      expected.add("t%d %d %d %d".formatted(value, value, -value, (long) value << 16));
    }

    var file = write(List.of(text, whole, small, decimal), rows);

    assertThat(ReadBack.values(file, "t||' '||i||' '||s||' '||d")).isEqualTo(expected);
    if (distinct < 1_000) {
      assertThat(ReadBack.chunks(file, "encodings"))
          .allSatisfy(encodings -> assertThat(encodings).contains("RLE_DICTIONARY"));
    }
  }

  @Test
  void distinctValuesHaveNoDictionary() throws Exception {
    var column = Column.of("x", ParquetType.integer(64));
    for (var row = 0; row < 5_000; row++) {
      column.whole(row, row);
    }

    assertThat(ReadBack.chunks(write(List.of(column), 5_000), "encodings"))
        .allSatisfy(encodings -> assertThat(encodings).doesNotContain("DICTIONARY"));
  }

  @ParameterizedTest
  @CsvSource({
    "-3, 5",
    "7, 0",
    "-32768, 65535",
    "-32768, 65536",
    "-9223372036854775808, 65535",
    "9223372036854710272, 65535",
    "-9223372036854775808, -1"
  })
  void rangesOfAnySizeComeFromADictionary(long low, long range) throws Exception {
    var column = Column.of("x", ParquetType.integer(64));
    var values = new long[] {low + range / 2, low, low + range};
    var expected = new ArrayList<String>();
    for (var row = 0; row < 17_000; row++) {
      var value = values[row % 7 % 3];
      column.whole(row, value);
      expected.add(Long.toString(value));
    }

    var file = write(List.of(column), 17_000);

    assertThat(ReadBack.values(file, "x")).isEqualTo(expected);
    assertThat(ReadBack.chunks(file, "encodings").getFirst()).contains("RLE_DICTIONARY");
  }

  @Test
  void doublesOfFewDigitsComeFromADictionary() throws Exception {
    var random = new Random(1);
    var column = Column.of("x", ParquetType.DOUBLE);
    var expected = new ArrayList<String>();
    for (var row = 0; row < 5_000; row++) {
      double value = random.nextInt(400); // its lower bits are all zero
      column.floating(row, value);
      expected.add(Double.toString(value));
    }

    var file = write(List.of(column), 5_000);

    assertThat(ReadBack.values(file, "x")).isEqualTo(expected);
    assertThat(ReadBack.chunks(file, "encodings").getFirst()).contains("RLE_DICTIONARY");
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "2, 14", "128, 1", "129, 7", "130, 8", "257, 9", "100000, 40", "3, 2000000"})
  void textsOfOneLengthStandWithoutIt(int rows, int length) throws Exception {
    var random = new Random(rows);
    var column = Column.of("x", ParquetType.TEXT);
    var expected = new ArrayList<String>();
    for (var row = 0; row < 2 * rows; row += 2) {
      var value = new StringBuilder();
      while (value.length() < length) {
        value.append((char) ('0' + random.nextInt(64)));
      }
      text(column, row, value.toString());
      expected.add(value.toString());
      expected.add(null);
    }

    var file = write(List.of(column), 2 * rows);

    assertThat(ReadBack.values(file, "x")).isEqualTo(expected);
    if (length != 1) {
      assertThat(ReadBack.chunks(file, "encodings"))
          .allSatisfy(encodings -> assertThat(encodings).contains("DELTA_LENGTH_BYTE_ARRAY"));
    }
  }

  @Test
  void aColumnMayChangeItsNature() throws Exception {
    var number = Column.of("n", ParquetType.integer(64));
    var text = Column.of("t", ParquetType.TEXT);
    var file = folder.resolve("x.parquet");
    var writer = ParquetWriter.of(file, scratch, true);
    var random = new Random(1);
    var expected = new ArrayList<String>();
    for (var group = 0; group < 8; group++) {
      for (var row = 0; row < 2_000; row++) {
        var value =
            switch (group % 4) {
              case 0 -> row % 3 - 1L;
              case 1 -> random.nextLong();
              case 2 -> row * 5_000_000_000L;
              default -> random.nextInt(3_000);
            };
        var word = group % 2 == 0 ? "v" + value : "%016x".formatted(value);
        number.whole(row, value);
        text(text, row, word);
        expected.add(value + " " + word);
      }
      writer.rowGroup(List.of(number, text), 2_000);
    }
    writer.finish(List.of(number, text));

    assertThat(ReadBack.values(file, "n || ' ' || t")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"10, 1000000", "300000, 3", "70000, 40", "3, 3000000"})
  void muchStandsInSeveralPages(int rows, int length) throws Exception {
    var random = new Random(rows);
    var text = Column.of("t", ParquetType.TEXT);
    var whole = Column.of("w", ParquetType.integer(64));
    var expected = new ArrayList<String>();
    for (var row = 0; row < rows; row++) {
      if (row % 7 == 3) {
        expected.add(null);
        continue;
      }
      var value = "abcdefghij".charAt(random.nextInt(10)) + "x".repeat(random.nextInt(length));
      var number = random.nextLong();
      text(text, row, value);
      whole.whole(row, number);
      expected.add(value.charAt(0) + " " + value.length() + " " + number);
    }

    assertThat(
            ReadBack.values(
                write(List.of(text, whole), rows), "t[1] || ' ' || strlen(t) || ' ' || w"))
        .isEqualTo(expected);
  }

  @Test
  void rowGroupsFollowOneAnother() throws Exception {
    var text = Column.of("t", ParquetType.TEXT);
    var number = Column.of("n", ParquetType.integer(32));
    var file = folder.resolve("x.parquet");
    var writer = ParquetWriter.of(file, scratch, true);
    for (var group = 0; group < 3; group++) {
      for (var row = group; row < 100; row++) {
        text(text, row, "group " + group);
        number.whole(row, row);
      }
      writer.rowGroup(List.of(text, number), 100);
      assertThat(text.size()).isZero();
      assertThat(writer.bytes()).isEqualTo(Files.size(file));
    }
    writer.rowGroup(List.of(text, number), 0);
    writer.finish(List.of());

    assertThat(writer.rows()).isEqualTo(300);
    assertThat(writer.bytes()).isEqualTo(Files.size(file));
    assertThat(ReadBack.values(file, "t || ' ' || n").subList(198, 203))
        .containsExactly("group 1 98", "group 1 99", null, null, "group 2 2");
    assertThat(ReadBack.chunks(file, "stats_null_count"))
        .containsExactly("0", "0", "1", "1", "2", "2");
  }

  @Test
  void pagesAreCompressedWhereThatSavesSomething() throws Exception {
    var words = Column.of("words", ParquetType.TEXT);
    var noise = Column.of("noise", ParquetType.integer(64));
    var random = new Random(1);
    for (var row = 0; row < 5_000; row++) {
      text(words, row, "the same words again and again, row " + row);
      noise.whole(row, random.nextLong());
    }
    var file = folder.resolve("x.parquet");
    var writer = ParquetWriter.of(file, scratch, true);
    writer.rowGroup(List.of(words, noise), 5_000);
    writer.finish(List.of(words, noise));

    assertThat(ReadBack.chunks(file, "compression")).containsExactly("SNAPPY", "UNCOMPRESSED");
    assertThat(ReadBack.values(file, "words").getLast()).endsWith("row 4999");
  }

  @Test
  void takenBackValuesAreNotWritten() throws Exception {
    var column = Column.of("x", ParquetType.integer(64));
    column.whole(2, 20);
    column.mark();
    column.whole(3, 30);
    column.whole(5, 50);
    column.whole(9, 90);
    column.reset();
    column.whole(3, 31);
    column.mark();
    column.whole(4, 41);
    column.reset();

    assertThat(ReadBack.values(write(List.of(column), 6), "x"))
        .containsExactly(null, null, "20", "31", null, null);
  }

  @Test
  void anEmptyFileHasItsSchema() throws Exception {
    var file = write(List.of(Column.of("x", ParquetType.DATE)), 0);

    assertThat(ReadBack.schema(file)).containsExactly("x DATE");
    assertThat(ReadBack.values(file, "x")).isEmpty();
  }

  @Test
  void manyColumnsAndGroupsFitTheFooter() throws Exception {
    var columns = new ArrayList<Column>();
    for (var i = 0; i < 300; i++) {
      columns.add(Column.of("c" + i, ParquetType.integer(16)));
    }
    var file = folder.resolve("x.parquet");
    var writer = ParquetWriter.of(file, scratch, true);
    for (var group = 0; group < 20; group++) {
      for (var column : columns) {
        column.whole(0, group);
      }
      writer.rowGroup(columns, 1);
    }
    writer.finish(columns);

    assertThat(ReadBack.schema(file)).hasSize(300).allMatch(column -> column.endsWith(" SMALLINT"));
    assertThat(ReadBack.values(file, "c0 + c299")).hasSize(20).startsWith("0", "2").endsWith("38");
  }

  @Test
  void aLongerFileOfThatNameIsReplaced() throws Exception {
    Files.write(folder.resolve("x.parquet"), new byte[10_000]);
    var column = Column.of("x", ParquetType.integer(8));
    column.whole(0, 1);

    assertThat(ReadBack.values(write(List.of(column), 1), "x")).containsExactly("1");
  }

  @Test
  void misuseIsSaid() throws IOException {
    var column = Column.of("x", ParquetType.TEXT);
    text(column, 4, "a");
    assertThatThrownBy(() -> text(column, 4, "b"))
        .hasMessage("Column 'x' has row 4 already; row 4 comes too late");
    var writer = ParquetWriter.of(folder.resolve("x.parquet"), scratch, false);
    assertThatThrownBy(() -> writer.rowGroup(List.of(column), 4))
        .hasMessage("Column 'x' has a value in row 4 of a row group of 4 rows");
    writer.rowGroup(List.of(column), 5);
    assertThatThrownBy(() -> writer.rowGroup(List.of(Column.of("x", ParquetType.BYTES)), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has other columns than the first");
    assertThatThrownBy(() -> ParquetType.integer(7))
        .hasMessage("Parquet has no INTEGER of size 7 and scale 0");
  }

  private List<String> wholes(ParquetType type, long... values) throws Exception {
    var column = Column.of("x", type);
    for (var row = 0; row < values.length; row++) {
      column.whole(row, values[row]);
    }
    return ReadBack.values(write(List.of(column), values.length), "x");
  }

  private Path write(List<Column> columns, int rows) throws IOException {
    var file = folder.resolve("x.parquet");
    var writer = ParquetWriter.of(file, scratch, true);
    writer.rowGroup(columns, rows);
    writer.finish(columns);
    return file;
  }

  private static void text(Column column, int row, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    column.bytes(row, bytes, 0, bytes.length);
  }

  private static String hex(String text) {
    return java.util.HexFormat.of()
        .withUpperCase()
        .formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The fields of a header in Thrift's compact protocol, as far as they are numbers, and its end.
  private record Header(Map<Integer, Integer> fields, int end) {
    static Header at(byte[] file, int start) {
      var fields = new HashMap<Integer, Integer>();
      var at = start;
      var field = 0;
      var outer = new ArrayDeque<Integer>();
      while (true) {
        var head = file[at++];
        if (head == 0) {
          if (outer.isEmpty()) {
            return new Header(fields, at);
          }
          field = outer.pop();
          continue;
        }
        field += head >> 4 & 15;
        if ((head & 15) == 12) {
          outer.push(field);
          field = 0;
          continue;
        }
        assertThat(head & 15).isEqualTo(5);
        var value = 0;
        for (var shift = 0; ; shift += 7) {
          value |= (file[at] & 0x7f) << shift;
          if (file[at++] >= 0) {
            break;
          }
        }
        if (outer.isEmpty()) {
          fields.put(field, value >>> 1 ^ -(value & 1));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyPageCarriesItsChecksum(boolean compress) throws Exception {
    var file = folder.resolve("pages.parquet");
    var columns =
        List.of(
            Column.of("few", ParquetType.TEXT),
            Column.of("many", ParquetType.TEXT),
            Column.of("number", ParquetType.integer(64)),
            Column.of("flag", ParquetType.BOOLEAN));
    var writer = ParquetWriter.of(file, scratch, compress);
    for (int group = 0; group < 2; group++) {
      for (int row = 0; row < 200_000; row++) {
        var few = ("text " + row % 7).getBytes(StandardCharsets.UTF_8);
        var many = ("a longer text " + row * 31).getBytes(StandardCharsets.UTF_8);
        columns.get(0).bytes(row, few, 0, few.length);
        columns.get(1).bytes(row, many, 0, many.length);
        columns.get(2).whole(row, row * 7919L);
        columns.get(3).whole(row, row & 1);
      }
      writer.rowGroup(columns, 200_000);
    }
    writer.finish(columns);
    var bytes = Files.readAllBytes(file);
    var length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
    var pages = 0;
    for (int at = 4; at < bytes.length - 8 - length; pages++) {
      var header = Header.at(bytes, at);
      var size = header.fields().get(3);
      var checksum = new CRC32();
      checksum.update(bytes, header.end(), size);
      assertThat(header.fields().get(4)).isEqualTo((int) checksum.getValue());
      at = header.end() + size;
    }
    assertThat(pages).isGreaterThan(12);
    var whole = new CRC32C();
    whole.update(bytes);
    assertThat(writer.checksum().orElseThrow().getValue()).isEqualTo(whole.getValue());
    assertThat(writer.bytes()).isEqualTo(bytes.length);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aCallThatFailedLeavesNoChecksumToRelyOn() throws Exception {
    var file = Files.createSymbolicLink(folder.resolve("pages.parquet"), Path.of("/dev/full"));
    var column = Column.of("number", ParquetType.integer(64));
    column.whole(0, 7);
    var writer = ParquetWriter.of(file, scratch, true);
    assertThatThrownBy(() -> writer.rowGroup(List.of(column), 1)).isInstanceOf(IOException.class);
    Files.delete(file);
    writer.rowGroup(List.of(column), 1);
    writer.finish(List.of(column));
    assertThat(writer.checksum()).isEmpty();
    assertThat(ReadBack.schema(file)).containsExactly("number BIGINT");
  }
}
