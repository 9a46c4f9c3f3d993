package dev.sluice.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.json.Json;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The reader of CSV by a table of cases: `csv/records.jsonl`, each a text with the records it has,
/// the lines they begin in if that is told, or what is said of it.
class CsvRecordsTest {
  private record Case(Map<String, Object> parts) {
    String text() {
      return (String) parts.get("text");
    }

    char separator() {
      return ((String) parts.getOrDefault("separator", ",")).charAt(0);
    }

    @Override
    public String toString() {
      return (String) parts.get("name");
    }
  }

  private record Read(List<List<String>> records, List<Long> lines) {}

  static Stream<Case> cases() throws IOException {
    return Files.readAllLines(Path.of("src/test/resources/csv/records.jsonl")).stream()
        .map(line -> new Case(Json.<Map<String, Object>>loads(line)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void aTextHasTheRecordsOfItsCase(Case one) {
    check(one, new StringReader(one.text()));
  }

  /// Whatever ends a buffer: a quote, half a line end, half a surrogate pair.
  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void itMakesNoDifferenceHowManyLettersComeAtOnce(Case one) {
    for (int letters = 1; letters <= 3; letters++) {
      check(one, new Dripping(one.text(), letters));
    }
  }

  private static void check(Case one, Reader in) {
    if (one.parts().get("error") instanceof String said) {
      assertThat(catchThrowable(() -> read(in, one.separator()))).hasMessage(said);
      return;
    }
    try {
      var read = read(in, one.separator());
      assertThat(read.records()).isEqualTo(one.parts().get("records"));
      if (one.parts().get("lines") instanceof List<?> lines) {
        assertThat(read.lines()).isEqualTo(lines);
      }
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  private static Read read(Reader in, char separator) throws IOException {
    var records = new CsvRecords(in, separator, 16 << 20);
    var found = new ArrayList<List<String>>();
    var lines = new ArrayList<Long>();
    for (var record = records.next(); record != null; record = records.next()) {
      found.add(record);
      lines.add(records.line());
    }
    return new Read(found, lines);
  }

  /// Gives some letters at a time.
  private static final class Dripping extends StringReader {
    private final int letters;

    Dripping(String text, int letters) {
      super(text);
      this.letters = letters;
    }

    @Override
    public int read(char[] into, int offset, int length) throws IOException {
      return super.read(into, offset, Math.min(length, letters));
    }
  }
}
