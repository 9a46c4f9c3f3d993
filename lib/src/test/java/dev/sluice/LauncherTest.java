package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher in a small clone: it asks JBang once, and again when a source is another.
class LauncherTest {
  private static final String[] AWKWARD = {"a b", "it's", "$x", "\"q\"", "", "*", "\\n"};

  @TempDir Path clone;

  @BeforeEach
  void makeClone() throws IOException {
    Files.createDirectories(clone.resolve("lib/src"));
    Files.createDirectories(clone.resolve("scripts"));
    Files.createDirectories(clone.resolve("tools/jbang"));
    for (var name : List.of("jbang", "tools/jbang/pom.xml", "tools/jbang/Warm.java"))
      Files.copy(
          Path.of("..").resolve(name), clone.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
    for (var name : List.of("lib/sluice.java", "lib/sluicebuild.java"))
      Files.createFile(clone.resolve(name));
    Files.writeString(
        clone.resolve("jbang-catalog.json"),
        """
        {"aliases": {
          "say": {"script-ref": "scripts/say.java"},
          "greet": {"script-ref": "scripts/say.java", "arguments": ["hello you"]}}}""");
    script("one");
  }

  @Test
  void argumentsArriveAsTheyAreWithJbangAndWithout() throws Exception {
    for (var run = 1; run <= 2; run++)
      assertThat(run("scripts/say.java", AWKWARD)).isEqualTo("one " + List.of(AWKWARD));
    assertThat(run("run", "say", "1")).isEqualTo("one [1]");
    for (var run = 1; run <= 2; run++) assertThat(run("greet")).isEqualTo("one [hello you]");
  }

  @Test
  void aChangedSourceIsBuiltAndAMissingOneMissed() throws Exception {
    assertThat(run("say")).isEqualTo("one []");
    var asked = run("scripts/say.java");
    assertThat(run("scripts/say.java")).isEqualTo(asked);
    script("two");
    assertThat(run("say")).isEqualTo("two []");
    assertThat(run("scripts/say.java")).isEqualTo("two []");
    Files.delete(clone.resolve("scripts/say.java"));
    assertThat(run("say")).doesNotContain("two");
  }

  private void script(String word) throws IOException {
    Files.writeString(
        clone.resolve("scripts/say.java"),
        """
        //JAVA 25+
        void main(String... words) { IO.println("%s " + java.util.List.of(words)); }
        """
            .formatted(word));
  }

  private String run(String first, String... more) throws Exception {
    var command = new ArrayList<>(List.of(clone.resolve("jbang").toString(), first));
    command.addAll(List.of(more));
    var builder = new ProcessBuilder(command).directory(clone.toFile());
    builder.redirectError(clone.resolve("messages.txt").toFile());
    builder.environment().put("SLUICE_OWN_JBANG", "1");
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes());
    process.waitFor();
    return output.strip();
  }
}
