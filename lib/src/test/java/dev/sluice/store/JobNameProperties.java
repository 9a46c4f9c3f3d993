package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Files of tables whose names are of any length and any signs.
class JobNameProperties {
  @Property(tries = 500)
  void aFileOfAnyTableHasANameThatEveryFileSystemTakes(@ForAll("tables") String table) {
    var name = new JobName(table, "0a1b2c3d4e", 999_999_999, "insert_values", true);
    assertThat(name.fileName().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(255);
    assertThat(name.fileName()).doesNotContainPattern("[/\\\\:*?\"<>|\\x00-\\x1f]");
    var read = JobName.parse(name.fileName()).orElseThrow();
    assertThat(read.fileId()).isEqualTo("0a1b2c3d4e");
    assertThat(read.retry()).isEqualTo(999_999_999);
    if (name.fileName().indexOf('~') < 0) assertThat(read.table()).isEqualTo(table);
  }

  @Property(tries = 500)
  void noTextIsAJobThatCannotBeNamed(@ForAll("files") String text) {
    JobName.parse(text).ifPresent(job -> assertThat(job.fileName()).isNotEmpty());
  }

  @Example
  void longTablesThatDifferAtTheirEndsHaveFilesOfTheirOwn() {
    var begin = "\u6570".repeat(200);
    var one = new JobName(begin + "a", "id", 0, "jsonl", true).fileName();
    var other = new JobName(begin + "b", "id", 0, "jsonl", true).fileName();
    assertThat(one).isNotEqualTo(other);
  }

  @Provide
  Arbitrary<String> tables() {
    return Arbitraries.strings()
        .withChars("ab_./\\:*?\"<>|%{}~ \u0000\u001f\u00e9\u6570")
        .ofMinLength(1)
        .ofMaxLength(400);
  }

  @Provide
  Arbitrary<String> files() {
    return Arbitraries.strings().withChars("a.0%41fg").ofMaxLength(40);
  }
}
