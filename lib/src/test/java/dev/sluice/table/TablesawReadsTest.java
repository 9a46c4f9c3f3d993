package dev.sluice.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.Source;
import tech.tablesaw.io.csv.CsvReader;

/// Tablesaw comes without ICU4J, by which its readers guess the charset of a file: they read what
/// says its charset.
class TablesawReadsTest {
  @TempDir Path folder;

  @Test
  void aFileIsReadWhoseCharsetIsSaid() throws Exception {
    var file = folder.resolve("a.csv");
    Files.writeString(file, "name,größe\nÄda,1\nBob,2\n");
    try (var in = Files.newBufferedReader(file)) {
      check(Table.read().csv(in));
    }
    check(new CsvReader().read(new Source(file.toFile(), StandardCharsets.UTF_8)));
    check(Table.read().csv(Files.readString(file), "a"));
  }

  private static void check(Table table) {
    assertThat(table.columnNames()).containsExactly("name", "größe");
    assertThat(table.stringColumn("name").asList()).isEqualTo(List.of("Äda", "Bob"));
    assertThat(table.intColumn("größe").asList()).isEqualTo(List.of(1, 2));
  }

  /// As the README says; should it pass one day, the sentence there can go.
  @Test
  void aFileWhoseCharsetIsToBeGuessedNeedsTheLineOfTheReadme() throws Exception {
    var file = Files.writeString(folder.resolve("a.csv"), "a\n1\n").toFile();
    assertThatThrownBy(() -> Table.read().csv(file))
        .isInstanceOf(NoClassDefFoundError.class)
        .hasMessageContaining("com/ibm/icu/");
    assertThat(Files.readString(Path.of("../README.md"))).contains("com.ibm.icu:icu4j");
  }
}
