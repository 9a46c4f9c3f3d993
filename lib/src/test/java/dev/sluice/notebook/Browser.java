package dev.sluice.notebook;

import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Chromium without a window, told what to do by its DevTools protocol.
public final class Browser implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
  private final WebSocket socket;
  private int sent;

  private Browser(Process process, Path profile) throws Exception {
    this.process = process;
    var port = profile.resolve("DevToolsActivePort");
    until("Chromium listens", () -> Files.exists(port) && Files.readAllLines(port).size() > 1);
    // its first tab: another one would stand behind it, and a page that is not seen draws nothing
    var list = "http://127.0.0.1:%s/json/list".formatted(Files.readAllLines(port).getFirst());
    var pages =
        client.send(
            HttpRequest.newBuilder(URI.create(list)).build(), HttpResponse.BodyHandlers.ofString());
    var address =
        JSON.readTree(pages.body())
            .valueStream()
            .filter(page -> page.path("type").asString().equals("page"))
            .findFirst()
            .orElseThrow()
            .path("webSocketDebuggerUrl")
            .asString();
    socket = client.newWebSocketBuilder().buildAsync(URI.create(address), new Answers()).join();
    call("Emulation.setFocusEmulationEnabled", Map.of("enabled", true));
  }

  /// The Chromium on the path, if there is one.
  public static Optional<Path> chromium() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(folder ->
            Stream.of("chromium", "google-chrome", "chrome").map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Chromium without a window, silent about itself.
  public static ProcessBuilder headless(Path chromium, Path profile, String... more) {
    var command =
        new ArrayList<>(
            List.of(
                chromium.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + profile));
    command.addAll(List.of(more));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  static Browser start(Path chromium, Path profile) throws Exception {
    var process =
        headless(chromium, profile, "--window-size=1300,1000", "--remote-debugging-port=0")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return new Browser(process, profile);
    } catch (Exception unusable) {
      process.destroy();
      throw unusable;
    }
  }

  void open(String address) throws Exception {
    call("Page.navigate", Map.of("url", address));
  }

  /// What an expression of the page comes to; a promise is waited for.
  JsonNode js(String expression) throws Exception {
    var answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.path("exceptionDetails"));
    }
    return answer.path("result").path("value");
  }

  /// Waits until an expression is true.
  void await(String expression) throws Exception {
    try {
      until(expression, () -> js("Boolean(" + expression + ")").asBoolean());
    } catch (AssertionError missing) {
      screenshot(Path.of("target/browser.png"));
      throw missing;
    }
  }

  void screenshot(Path file) throws Exception {
    Files.createDirectories(file.getParent());
    var data = call("Page.captureScreenshot", Map.of()).path("data").asString();
    Files.write(file, Base64.getDecoder().decode(data));
  }

  @Override
  public void close() {
    socket.abort();
    client.shutdownNow();
    process.destroy();
    process.onExit().join();
  }

  private JsonNode call(String method, Map<String, ?> parameters) throws Exception {
    var id = ++sent;
    socket
        .sendText(
            JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters)), true)
        .join();
    while (true) {
      var answer = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (answer == null) {
        throw new AssertionError("The page hangs: no answer to " + method + " " + parameters);
      }
      if (answer.path("id").asInt() == id) {
        return answer.path("result");
      }
    }
  }

  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  static void until(String what, Condition condition) throws Exception {
    var end = Instant.now().plus(PATIENCE);
    while (!condition.holds()) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("Not within " + PATIENCE.toSeconds() + " s: " + what);
      }
      Thread.sleep(100);
    }
  }

  /// Puts the parts of messages together.
  private final class Answers implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      message.append(part);
      if (last) {
        answers.add(JSON.readTree(message.toString()));
        message.setLength(0);
      }
      from.request(1);
      return null;
    }
  }
}
