package dev.sluice.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.config.Config;
import dev.sluice.json.Json;
import dev.sluice.notebook.Browser;
import dev.sluice.schema.Schema;
import dev.sluice.schema.State;
import dev.sluice.store.FolderUpdate;
import dev.sluice.store.PipelineFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PageTest {
  @TempDir Path pipelines;

  private String page(Optional<Dataset> dataset) {
    return Page.of(
        PipelineFolder.of(pipelines, "shop"), dataset, Instant.parse("2026-01-02T03:04:05Z"));
  }

  @Test
  void aPipelineThatNeverRanHasAPageToo() {
    assertThat(page(Optional.empty()))
        .contains("<h1>Pipeline shop</h1>", "none yet", "The destination was not looked at.");
  }

  private static final String HOSTILE =
      "<img src=x onerror=alert(1)>\"'`</title><script>alert(2)</script>&#60;";

  /// Names, values, notes, errors, settings and files of somebody who wants to run a script.
  @Test
  void whateverNamesAndValuesAreThePageHasNoMarkupOfTheirs() throws Exception {
    var fixture = new PackageFixture(pipelines, "shop");
    var table = HOSTILE.replace("/", "|");
    fixture.normalized(
        "1767320000.25",
        Schema.of("shop"),
        draft -> PackageFixture.rows(draft, table, "jsonl", Map.of(HOSTILE, HOSTILE)));
    var stored = fixture.extracted("1767329999.5", draft -> {});
    var folder = Files.createDirectory(stored.folder().resolve("quarantine"));
    Files.writeString(
        folder.resolve("users.abc.jsonl"),
        Json.dumps(
                Map.of(
                    "table",
                    HOSTILE,
                    "file",
                    HOSTILE,
                    "line",
                    7,
                    "reason",
                    HOSTILE,
                    "value",
                    Map.of(HOSTILE, HOSTILE)))
            + "\n");
    var recorder = TraceRecorder.of("shop", InstantSource.fixed(Instant.EPOCH), text -> text);
    recorder.begin("load");
    recorder.fail(new IllegalStateException(HOSTILE));
    try (var directory = fixture.open()) {
      var columns = Map.of(HOSTILE, Map.of("data_type", HOSTILE, "description", HOSTILE));
      var tables = Map.of(HOSTILE, Map.of("columns", columns, "description", HOSTILE));
      directory.update(
          FolderUpdate.none()
              .schema("hostile", Schema.of(Map.of("name", HOSTILE, "tables", tables)).bytes())
              .state(
                  State.of("shop")
                      .with("dataset_name", HOSTILE)
                      .with("sources", Map.of(HOSTILE, Map.of(HOSTILE, HOSTILE)))
                      .bytes()));
      directory.put(
          PipelineTrace.FILE,
          recorder.trace(List.of(new Config.Lookup(HOSTILE, HOSTILE, HOSTILE))).toJson());
    }
    var page = page(Optional.empty());
    assertThat(page).contains("&lt;img src=x onerror=alert(1)&gt;");
    assertThat(tags(page)).isSubsetOf(TAGS);
    assertThat(page).doesNotContain("<img", "<script");
    var views =
        Views.html(HOSTILE)
            + Views.html(Views.grid(HOSTILE, List.of(HOSTILE), List.of(List.of(HOSTILE))))
            + Views.html(PipelineTrace.read(PipelineFolder.of(pipelines, "shop")).orElseThrow());
    assertThat(tags(views)).isSubsetOf(TAGS);
    assertThat(views).doesNotContain("<img", "<script");
  }

  private static final Set<String> TAGS =
      Set.of(
          "!doctype",
          "html",
          "head",
          "meta",
          "title",
          "style",
          "body",
          "h1",
          "h2",
          "p",
          "nav",
          "a",
          "section",
          "div",
          "table",
          "caption",
          "thead",
          "tbody",
          "tr",
          "th",
          "td",
          "span",
          "details",
          "summary",
          "pre",
          "svg",
          "rect",
          "text",
          "line",
          "path",
          "circle",
          "g");

  /// The names of all tags, and none has an attribute that runs something.
  private static Set<String> tags(String html) {
    var found = new TreeSet<String>();
    var tags = Pattern.compile("</?([!a-zA-Z0-9]+)([^>]*)>").matcher(html);
    while (tags.find()) {
      found.add(tags.group(1).toLowerCase(java.util.Locale.ROOT));
      assertThat(tags.group(2)).doesNotContainPattern("(?i)\\son[a-z]+\\s*=|javascript:");
    }
    return found;
  }

  @Test
  void everythingKnownStandsOnOnePageWithoutScript() throws Exception {
    var fixture = new PackageFixture(pipelines, "shop");
    for (var i = 0; i < 6; i++) {
      var rows = IntStream.range(0, 10 + i * 7).mapToObj(n -> (Object) Map.of("id", n)).toArray();
      fixture.normalized(
          "176732%d000.25".formatted(i),
          Schema.of("shop"),
          draft -> {
            PackageFixture.rows(draft, "users", "jsonl", rows);
            PackageFixture.rows(draft, "orders", "jsonl", rows);
          });
    }
    var stored = fixture.extracted("1767329999.5", draft -> {});
    var folder = Files.createDirectory(stored.folder().resolve("quarantine"));
    Files.writeString(
        folder.resolve("users.abc.jsonl"),
        """
        {"table":"users","file":"users.abc.0.typed-jsonl.gz","line":7,"reason":"column 'x' is new","value":{"x":"<script>alert(1)</script>"}}
        """);
    var recorder = TraceRecorder.of("shop", InstantSource.fixed(Instant.EPOCH), text -> text);
    recorder.begin("load");
    recorder.fail(new IllegalStateException("no such column 'x'"));
    try (var directory = fixture.open();
        var yaml = Schema.class.getResourceAsStream("render/schema.yaml")) {
      var schema =
          Schema.ofYaml(
              new String(Objects.requireNonNull(yaml).readAllBytes(), StandardCharsets.UTF_8));
      directory.update(
          FolderUpdate.none()
              .schema("insp", schema.bytes())
              .state(State.of("shop").with("dataset_name", "shop_data").bytes()));
      directory.put(
          PipelineTrace.FILE,
          recorder.trace(List.of(new Config.Lookup("load.workers", "4", "config.toml"))).toJson());
    }
    var url = "jdbc:duckdb:" + pipelines.resolve("shop.duckdb");
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA shop_data");
      statement.execute("CREATE TABLE shop_data.users AS SELECT 1 AS id FROM range(40)");
    }
    var html = page(Optional.of(Dataset.of("shop_data", () -> DriverManager.getConnection(url))));
    assertThat(html)
        .contains(
            "package 1767329999.5, extracted",
            "shop_data",
            "rows per package",
            "schema insp, version 4",
            "no such column 'x'",
            "load.workers",
            "column 'x' is new",
            "&lt;script&gt;")
        .doesNotContain("<script", "src=", "href=\"http", "url(");
    var file = Files.writeString(pipelines.resolve("page.html"), html);
    if (System.getenv("SLUICE_PICTURES") != null) {
      Files.copy(file, Path.of(System.getenv("SLUICE_PICTURES"), "page.html"));
    }
    var chromium = Browser.chromium();
    assumeTrue(chromium.isPresent(), "skipped: needs Chromium to look at the page");
    assertThat(asABrowserHasIt(chromium.get(), file))
        .contains("Pipeline shop</h1>", "</svg>", "<summary>columns of insp</summary>")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;");
  }

  @Test
  void whatCannotBeReadIsSaidInItsPlace() throws Exception {
    var folder = pipelines.resolve("shop/schemas");
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("shop.schema.json"), "{");
    assertThat(page(Optional.empty()))
        .contains("<p class=\"bad\">Cannot read the schema in ", "<h2>Last run</h2>");
  }

  private String asABrowserHasIt(Path chromium, Path page) throws Exception {
    var process =
        Browser.headless(
                chromium, pipelines.resolve("browser"), "--dump-dom", page.toUri().toString())
            .start();
    var dom = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return dom;
  }
}
