package dev.sluice.sources;

import static dev.sluice.sources.SqlReaderTest.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilesystemTest {
  @TempDir Path folder;

  private final Evaluated runs = new Evaluated();

  private void write(String name, String text) throws Exception {
    var path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private Filesystem files(String glob) {
    return Filesystem.of(folder, glob);
  }

  @Test
  void filesAreReadInTheOrderOfTheirPathsByTheirEndings() throws Exception {
    write("b.csv", "id\n2\n");
    write("a/x.jsonl", "{\"id\":1}\n");
    write("c.json", "[{\"id\":3}]");
    write("d.txt", "nothing");
    assertThat(runs.rows(files("**/*.{csv,json,jsonl}").rows("t")))
        .containsExactly(map("id", 1L), map("id", 2L), map("id", 3L));
  }

  // ------------------------------------------------------------------ links

  @Test
  void confinedRefusesWhatLinksPutElsewhere() throws Exception {
    write("data/a.csv", "id\n1\n");
    write("data/sub/b.csv", "id\n2\n");
    write("elsewhere/c.csv", "id\n3\n");
    var data = folder.resolve("data");
    var all = Filesystem.of(data, "**/*.csv");
    Files.createSymbolicLink(data.resolve("inside.csv"), data.resolve("a.csv"));
    assertThat(runs.rows(all.confined().rows("t"))).hasSize(3);

    var file = Files.createSymbolicLink(data.resolve("out.csv"), folder.resolve("elsewhere/c.csv"));
    assertThat(runs.rows(all.rows("t"))).hasSize(4);
    assertThatThrownBy(() -> runs.rows(all.confined().rows("t")))
        .rootCause()
        .hasMessage(refused(file, folder.resolve("elsewhere/c.csv"), data));
    // Only what is wanted is looked at.
    assertThat(runs.rows(Filesystem.of(data, "a.csv").confined().rows("t"))).hasSize(1);
    Files.delete(file);

    var link = Files.createSymbolicLink(data.resolve("far"), folder.resolve("elsewhere"));
    assertThat(runs.rows(all.rows("t"))).hasSize(4);
    assertThatThrownBy(() -> runs.rows(all.confined().rows("t")))
        .rootCause()
        .hasMessage(refused(link, folder.resolve("elsewhere"), data));
    assertThatThrownBy(() -> runs.rows(all.confined().direct().rows("t"))).isNotNull();
    assertThatThrownBy(() -> runs.rows(all.confined().files("t")))
        .rootCause()
        .hasMessage(refused(link, folder.resolve("elsewhere"), data));
    assertThat(runs.rows(Filesystem.of(data, "*.csv").confined().rows("t"))).hasSize(2);
  }

  @Test
  void aFolderThatIsALinkItselfIsConfinedToWhereItLeads() throws Exception {
    write("data/a.csv", "id\n1\n");
    var link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("data"));
    assertThat(runs.rows(Filesystem.of(link, "*.csv").confined().rows("t"))).hasSize(1);
    Files.createSymbolicLink(folder.resolve("data/up.csv"), Path.of("../data/a.csv"));
    assertThat(runs.rows(Filesystem.of(link, "*.csv").confined().rows("t"))).hasSize(2);
  }

  private static String refused(Path link, Path real, Path data) {
    return "'%s' leads by a link to '%s', out of the folder '%s', and confined lets nothing in from there; remove the link, or choose other files"
        .formatted(link, real, data);
  }

  @Test
  void settingsOfTheSectionHold() throws Exception {
    write("data/a.jsonl", "{\"a\":1}\n{\"a\":10}\n");
    Files.createSymbolicLink(folder.resolve("data/b.jsonl"), folder.resolve("data/a.jsonl"));
    write("c.jsonl", "");
    write(".dlt/config.toml", "[sources.filesystem]\nmax_row_bytes = 7\nconfined = true\n");
    var config = Config.of(Map.of(), folder, getClass().getClassLoader());
    var set = Filesystem.of(folder.resolve("data"), "*.jsonl").settings(config);
    assertThat(runs.rows(set.rows("t"))).hasSize(2);
    assertThat(runs.tables.get("t_rejected")).hasSize(2);
    Files.createSymbolicLink(folder.resolve("data/c.jsonl"), folder.resolve("c.jsonl"));
    assertThatThrownBy(() -> runs.rows(set.rows("t"))).rootCause().hasMessageContaining("confined");
  }

  @ParameterizedTest
  @CsvSource({
    "*.csv,a.csv",
    "x/*.csv,x/a.csv",
    "'{x/,}a.csv','a.csv x/a.csv'",
    "x/y/?.csv,x/y/a.csv",
    "x/**,'x/a.csv x/y/a.csv'",
    "x[!b]a.csv,x/a.csv",
    "**/a.csv,'a.csv x/a.csv x/y/a.csv'"
  })
  void foldersAreSearchedAsDeepAsTheGlobReaches(String glob, String paths) throws Exception {
    for (var path : List.of("a.csv", "x/a.csv", "x/y/a.csv")) write(path, "id\n1\n");
    var found = runs.rows(files(glob).files("t")).stream().map(row -> row.get("relative_path"));
    assertThat(found).containsExactly((Object[]) paths.split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "*.csv,a.csv,true",
    "*.csv,x/a.csv,false",
    "**/*.csv,a.csv,true",
    "**/*.csv,x/y/a.csv,true",
    "x/**,x/y/a.csv,true",
    "x/**,z/a.csv,false",
    "a?.csv,ab.csv,true",
    "a?.csv,a/.csv,false",
    "'*.{csv,tsv}',a.tsv,true",
    "'*.{csv,tsv}',a.txt,false",
    "[a-c].csv,b.csv,true",
    "[!a-c].csv,b.csv,false",
    "a+b.csv,a+b.csv,true",
    "*,a.csv,true"
  })
  void globsFitPaths(String glob, String path, boolean fits) {
    assertThat(Glob.of(glob).matches(path)).isEqualTo(fits);
  }

  @Test
  void linksAreFollowed() throws Exception {
    write("real/x/a.csv", "id\n1\n");
    var link = Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));
    Files.createSymbolicLink(folder.resolve("real/x/again"), folder.resolve("real"));
    Files.createSymbolicLink(folder.resolve("real/x/nowhere.tmp"), Path.of("gone"));
    assertThat(runs.rows(Filesystem.of(link, "**/*.csv").rows("t"))).containsExactly(map("id", 1L));
    assertThat(runs.rows(files("*/x/a.csv").rows("t")))
        .containsExactly(map("id", 1L), map("id", 1L));
  }

  @Test
  void linesThatAreNoRowsAreInATableOfTheirOwn() throws Exception {
    write("a.csv", "id,name\n1,x\n2\n3,y\n");
    assertThat(runs.rows(files("*.csv").rows("t"))).hasSize(2);
    assertThat(runs.tables.get("t_rejected"))
        .containsExactly(
            map("file", "a.csv", "line", 3L, "reason", "has 1 fields instead of 2", "text", "2"));
  }

  @Test
  void theTableOfRejectedLinesHasNoKey() {
    var resource = files("*.csv").rows("t").merge("id");
    assertThat(resource.hints().ofTable("t_rejected").primaryKey()).isEmpty();
    assertThat(resource.hints().ofTable("t").primaryKey()).contains(List.of("id"));
  }

  @Test
  void onlyNewAndChangedFilesAreReadAgain() throws Exception {
    write("a.csv", "id\n1\n");
    write("b.csv", "id\n2\n");
    var resource = files("*.csv").incremental().rows("t");
    assertThat(runs.rows(resource)).containsExactly(map("id", 1L), map("id", 2L));
    assertThat(runs.rows(resource)).isEmpty();

    write("c.csv", "id\n3\n");
    Files.setLastModifiedTime(
        folder.resolve("a.csv"), FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));
    assertThat(runs.rows(resource)).as("a.csv was only touched").containsExactly(map("id", 3L));

    write("b.csv", "id\n4\n");
    Files.setLastModifiedTime(
        folder.resolve("b.csv"), FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));
    assertThat(runs.rows(resource)).containsExactly(map("id", 4L));
    assertThat(runs.rows(resource)).isEmpty();
  }

  @Test
  void aFileThatChangesWhileItIsReadEndsTheRun() throws Exception {
    write("a.csv", "id\n1\n2\n");
    var resource =
        files("*.csv")
            .pageRows(1)
            .rows("t")
            .map(row -> {
              Files.writeString(folder.resolve("a.csv"), "id\n1\n2\n3\n");
              return row;
            });
    assertThatThrownBy(() -> runs.run(resource))
        .rootCause()
        .isInstanceOf(SourceFailed.class)
        .hasMessageStartingWith(
            "File '%s' changed while it was read: it had 7 bytes of"
                .formatted(folder.resolve("a.csv")))
        .hasMessageEndingWith("nothing of it is kept, so run again once its writer is done");
  }

  @Test
  void theFilesThemselvesAreRowsToo() throws Exception {
    write("x/a.csv", "id\n");
    Files.setLastModifiedTime(
        folder.resolve("x/a.csv"), FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
    assertThat(runs.rows(files("**").files("listing")))
        .containsExactly(
            map(
                "file_name",
                "a.csv",
                "relative_path",
                "x/a.csv",
                "file_url",
                folder.resolve("x/a.csv").toString(),
                "modification_date",
                Instant.parse("2026-01-02T03:04:05Z"),
                "size_in_bytes",
                3L));
  }

  @Test
  void aFormatCanBeSaid() throws Exception {
    write("data.txt", "a;b\n1;2\n");
    assertThat(runs.rows(files("*.txt").format("csv").rows("t")))
        .containsExactly(map("a", 1L, "b", 2L));
    assertThatThrownBy(() -> runs.rows(files("*.txt").rows("t")))
        .rootCause()
        .hasMessageStartingWith(
            "What is in file '%s' is not told by its name".formatted(folder.resolve("data.txt")));
    assertThatThrownBy(() -> files("*").format("xls"))
        .hasMessage("A file is read as 'jsonl', 'csv', 'parquet' or 'json', not as 'xls'");
  }

  @Test
  void aCsvWithoutAHeaderHasNumberedColumns() throws Exception {
    write("a.csv", "1,x\n2,y\n");
    assertThat(runs.rows(files("*.csv").withoutHeader().rows("t")))
        .containsExactly(
            map("column_1", 1L, "column_2", "x"), map("column_1", 2L, "column_2", "y"));
  }

  @Test
  void aFolderThatIsNotThereIsAnError() {
    assertThatThrownBy(() -> runs.rows(Filesystem.of(folder.resolve("no"), "*").rows("t")))
        .rootCause()
        .hasMessageStartingWith(
            "There is no folder '%s'; the working folder is".formatted(folder.resolve("no")));
  }

  @Test
  void aBucketSaysWhichPartItNeeds() {
    assertThatThrownBy(() -> Filesystem.of("s3://logs/2026", "*.csv"))
        .hasMessageContaining("S3.files(\"s3://logs/2026\", \"*.csv\")");
  }

  @Test
  void rowsOfAThousandFilesComeOnce() throws Exception {
    for (int n = 0; n < 1_000; n++)
      write("%02d/%04d.jsonl".formatted(n % 7, n), "{\"n\":" + n + "}\n");
    List<Map<String, Object>> rows = runs.rows(files("**/*.jsonl").incremental().rows("t"));
    assertThat(rows).hasSize(1_000).doesNotHaveDuplicates();
  }
}
