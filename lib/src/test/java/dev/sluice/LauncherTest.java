package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher in a small clone: it asks JBang once, and again when a source is another.
class LauncherTest {
  private static final String[] AWKWARD = {"a b", "it's", "$x", "\"q\"", "", "*", "\\n"};

  @TempDir Path clone;

  private String path = "";

  private Path cache =
      Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
          .map(Path::of)
          .orElse(Path.of(System.getProperty("user.home"), ".cache"));

  @BeforeEach
  void makeClone() throws IOException {
    Files.createDirectories(clone.resolve("lib/src"));
    Files.createDirectories(clone.resolve("scripts"));
    Files.createDirectories(clone.resolve("tools/jbang"));
    for (var name :
        List.of(
            "jbang",
            "tools/jbang/pom.xml",
            "tools/jbang/Warm.java",
            "tools/jbang/Checksums.java",
            "tools/jbang/checksums.txt"))
      Files.copy(
          Path.of("..").resolve(name), clone.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
    for (var name : List.of("lib/sluice.java", "lib/sluicebuild.java"))
      Files.createFile(clone.resolve(name));
    Files.writeString(
        clone.resolve("jbang-catalog.json"),
        """
        {"aliases": {
          "say": {"script-ref": "scripts/say.java"},
          "greet": {"script-ref": "scripts/say.java", "arguments": ["hello you"]}}}\
        """);
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

  @Test
  void whatTheSecondRunLearnsServesFromTheThirdOn() throws Exception {
    for (var word : List.of("one", "two")) {
      Files.writeString(
          clone.resolve("scripts/say.java"),
          """
          //JAVA 25+
          //CDS
          //RUNTIME_OPTIONS -Dsluice.aot=true -Xlog:cds=off -Xlog:aot=off -Xlog:cds+dynamic=off
          void main() {
            var flags = java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().toString();
            IO.println("%s " + flags.contains("-XX:AOTCache="));
          }
          """
              .formatted(word));
      var said = new ArrayList<String>();
      for (var run = 1; run <= 4; run++) said.add(run("say"));
      // The second too, if JBang still has what it built of this script in another clone.
      assertThat(said.getFirst()).isEqualTo(word + " false");
      assertThat(said.get(1)).startsWith(word);
      assertThat(said.subList(2, 4)).containsOnly(word + " true");
    }
  }

  /// Its times say nothing then: it is older than the answer.
  @Test
  void anotherCloneInTheSamePlaceIsBuilt(@TempDir Path aside) throws Exception {
    script("other");
    var other = Files.move(clone.resolve("scripts"), aside.resolve("scripts"));
    Files.createDirectory(clone.resolve("scripts"));
    script("one");
    for (var run = 1; run <= 2; run++) assertThat(run("say")).isEqualTo("one []");
    Files.move(clone.resolve("scripts"), aside.resolve("old"));
    Files.move(other, clone.resolve("scripts"));
    assertThat(run("say")).isEqualTo("other []");
  }

  @Test
  void sourcesBehindLinksAndElsewhereAreSeenToChange(@TempDir Path aside) throws Exception {
    var linked = aside.resolve("Linked.java");
    var outside = aside.resolve("Outside.java");
    Files.createSymbolicLink(clone.resolve("scripts/Linked.java"), linked);
    Files.writeString(
        clone.resolve("scripts/say.java"),
        """
        //JAVA 25+
        //SOURCES Linked.java %s
        void main() { IO.println(Linked.WORD + Outside.WORD); }
        """
            .formatted(outside));
    for (var word : List.of("a", "b")) {
      Files.writeString(linked, "class Linked { static String WORD = \"" + word + "\"; }");
      for (var other : List.of("c", "d")) {
        Files.writeString(outside, "class Outside { static String WORD = \"" + other + "\"; }");
        assertThat(run("say")).isEqualTo(word + other);
      }
    }
  }

  @Test
  void aCacheWithBlanksInItsNameWhereNothingCanBeKeptServesToo(@TempDir Path aside)
      throws Exception {
    assertThat(run("say")).isEqualTo("one []");
    var version = cache.resolve("sluice").relativize(jbang());
    var other = Files.createDirectories(aside.resolve("my cache/sluice").resolve(version));
    Files.createDirectory(other.resolve("lib"));
    try (var parts = Files.walk(jbang())) {
      for (var part : parts.filter(Files::isRegularFile).toList())
        if (!part.getParent().endsWith("answers"))
          Files.copy(part, other.resolve(jbang().relativize(part)));
    }
    Files.createFile(other.resolve("answers"));
    cache = aside.resolve("my cache");
    assertThat(run("say", "1")).isEqualTo("one [1]");
  }

  /// A repository that serves other files than those that were pinned.
  @Test
  void whatMavenFetchedMustBeWhatIsPinned(@TempDir Path aside) throws Exception {
    run("say"); // so that JBang is there
    var maven = Files.createDirectories(aside.resolve("bin")).resolve("mvn");
    Files.writeString(
        maven,
        """
        #!/bin/sh
        for word do case $word in -DoutputDirectory=*) to=${word#*=} ;; esac; done
        cp "%s"/* "$to" && cd "$to" && { %s; }
        """);
    var script = Files.readString(maven);
    assertThat(maven.toFile().setExecutable(true)).isTrue();
    path = maven.getParent() + ":";
    var real = jbang().resolve("lib");
    cache = aside.resolve("cache");
    for (var change :
        Map.of(
                "printf x >> gson-2.13.1.jar",
                "gson-2.13.1.jar has the SHA-256 ",
                "cp gson-2.13.1.jar more.jar",
                "more.jar is not one of those that are pinned",
                "rm gson-2.13.1.jar",
                "gson-2.13.1.jar is missing")
            .entrySet()) {
      Files.writeString(maven, script.formatted(real, change.getKey()));
      assertThat(run("say")).isEmpty();
      assertThat(Files.readString(clone.resolve("messages.txt")))
          .contains(
              change.getValue(),
              "[jbang] what Maven fetched is not the JBang that tools/jbang/checksums.txt pins");
      assertThat(cache.resolve("sluice")).isEmptyDirectory();
    }
    Files.writeString(maven, script.formatted(real, "true"));
    assertThat(run("say", "1")).isEqualTo("one [1]");
  }

  private Path jbang() throws IOException {
    try (var found = Files.newDirectoryStream(cache.resolve("sluice"), "jbang-*.*.*")) {
      return found.iterator().next();
    }
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
    builder.environment().put("XDG_CACHE_HOME", cache.toString());
    builder.environment().compute("PATH", (name, all) -> path + all);
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes());
    process.waitFor();
    return output.strip();
  }
}
