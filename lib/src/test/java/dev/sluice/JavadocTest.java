package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/// Builds the site of the API, `target/apidocs`, and takes each warning for an error: a public
/// member without a comment, a link that leads nowhere, markup that does not close.
///
/// What is public only for another package of ours stays out: a [dev.sluice.seam.Seam] type is not
/// given to javadoc, and a member so marked gets the tag `@hidden` in a copy of its source.
/// Comments that repeat a parameter's name are not asked for.
class JavadocTest {
  private static final Pattern API =
      Pattern.compile("(?<!@Seam\n(@FunctionalInterface\n)?)^public (?!@)", Pattern.MULTILINE);
  private static final Pattern SEAM = Pattern.compile("^( +)@Seam$", Pattern.MULTILINE);
  private static final Pattern ERROR =
      Pattern.compile("^( *)public .*class \\w+ extends \\w*Exception", Pattern.MULTILINE);
  private static final Pattern UNASKED = Pattern.compile("warning: no @(param|return|throws)");
  private static final Path COPY = Path.of("target/apidocs-sources");

  @Test
  void everyPublicMemberIsDescribed() throws IOException {
    var arguments =
        new ArrayList<>(
            List.of(
                "-quiet",
                "-Xdoclint:all",
                "-Xmaxwarns",
                "10000",
                "-windowtitle",
                "Sluice",
                "-doctitle",
                "Sluice",
                "-d",
                "target/apidocs",
                "-encoding",
                "UTF-8",
                "-classpath",
                System.getProperty("java.class.path")));
    for (var root : List.of("src/main/java", "src/s3/java", "src/junit/java")) {
      try (var files = Files.walk(Path.of(root))) {
        for (var file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          var source = Files.readString(file);
          if (API.matcher(source).find()) {
            var copy = COPY.resolve(Path.of(root).relativize(file));
            Files.createDirectories(copy.getParent());
            Files.writeString(copy, tagged(source));
            arguments.add(copy.toString());
            var about = file.resolveSibling("package-info.java");
            if (Files.exists(about) && !arguments.contains(about.toString())) {
              arguments.add(about.toString());
            }
          }
        }
      }
    }
    var said = new StringWriter();
    var out = new PrintWriter(said);
    var code =
        ToolProvider.findFirst("javadoc")
            .orElseThrow()
            .run(out, out, arguments.toArray(String[]::new));
    var warnings =
        said.toString()
            .lines()
            .filter(line -> line.contains("warning:") || line.contains("error:"))
            .filter(line -> !UNASKED.matcher(line).find())
            .toList();
    assertThat(warnings).isEmpty();
    assertThat(code).isZero();
  }

  private static String tagged(String source) {
    var hidden =
        SEAM.matcher(source).replaceAll("$1/// For a package of ours.\n$1///\n$1/// @hidden\n$0");
    return ERROR.matcher(hidden).replaceAll("$1///\n$1/// @serial exclude\n$0");
  }
}
