package dev.sluice;

import static dev.sluice.http.ChaosServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.Config;
import dev.sluice.http.ChaosServer;
import dev.sluice.http.Http;
import dev.sluice.sources.RestApi;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every example of `docs/http.md`, against a server of our own.
class HttpDocTest {
  private static final Path DOC = Path.of("../docs/http.md");
  private static final String FRAME =
      """
      import module java.base;
      import static dev.sluice.Sluice.*;
      import dev.sluice.http.*;
      import dev.sluice.sources.*;

      public class Example {
        public static void run(Path folder) throws Exception {
          %s
        }
      }
      """;

  private final ChaosServer server = ChaosServer.start();

  @TempDir private Path folder;

  @AfterEach
  void stop() {
    server.close();
  }

  static Stream<String> examples() throws IOException {
    return blocks("java").stream();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theExampleRuns(String example) throws Exception {
    serve();
    compiled(FRAME.formatted(atHome(example))).getMethod("run", Path.class).invoke(null, folder);
    assertThat(server.asked()).isNotEmpty();
  }

  @Test
  void theSettingsAreThoseOfTheClient() throws IOException {
    assertThat(Http.of(config(blocks("toml").get(0))))
        .hasToString("http: 10 retries after 1.5 s and longer, at most 30 s; timeout 120 s");
  }

  @Test
  void theSourceInTomlAsksWhatTheOneInJavaAsks() throws Exception {
    serve();
    var example = examples().filter(text -> text.contains("RestApi.of")).findFirst().orElseThrow();
    compiled(FRAME.formatted(atHome(example))).getMethod("run", Path.class).invoke(null, folder);
    var java = List.copyOf(server.asked());
    var blog = RestApi.of(Http.of(), config(atHome(blocks("toml").get(1))), "blog");
    var rows = new java.util.ArrayList<Object>();
    blog.source("blog").forEach(rows::add);
    assertThat(rows)
        .containsExactlyInAnyOrder(
            Map.of("id", 1L, "title", "a"),
            Map.of("updated_at", "2026-02-01", "_posts_title", "a"));
    assertThat(server.asked().stream().skip(java.size()).map(ChaosServer.Asked::target))
        .containsExactlyElementsOf(java.stream().map(ChaosServer.Asked::target).toList());
  }

  private void serve() {
    server
        .on("/contacts", json("[{\"name\": \"Ada\"}]"))
        .on("/orders", json("{\"items\": [{\"id\": 1}]}"))
        .on("/posts", json("[{\"id\": 1, \"title\": \"a\"}]"))
        .on("/posts/1/comments", json("[{\"updated_at\": \"2026-02-01\"}]"));
  }

  private Config config(String toml) throws IOException {
    Files.createDirectories(folder.resolve(".dlt"));
    Files.writeString(folder.resolve(".dlt/config.toml"), toml);
    return Config.of(Map.of(), folder, null);
  }

  private String atHome(String example) {
    return example.replace("https://api.example.com", server.url(""));
  }

  private static List<String> blocks(String language) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(DOC))
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  private Class<?> compiled(String source) throws Exception {
    var file =
        new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignored) {
            return source;
          }
        };
    var said = new DiagnosticCollector<JavaFileObject>();
    var options =
        List.of(
            "-d",
            folder.toString(),
            "-classpath",
            System.getProperty("java.class.path"),
            "-proc:none");
    var done =
        ToolProvider.getSystemJavaCompiler()
            .getTask(null, null, said, options, null, List.of(file))
            .call();
    assertThat(done).as("%s in %s", said.getDiagnostics(), source).isTrue();
    try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      return loader.loadClass("Example");
    }
  }
}
