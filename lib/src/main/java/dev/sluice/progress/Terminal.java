package dev.sluice.progress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/// What is known of the terminal, without a library that talks to it: those take longer to start
/// than many a load.
record Terminal(Map<String, String> environment) {
  private static final int COLUMNS = 80;
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
  private static final Pattern SIZE = Pattern.compile("\\d+ (\\d+)\\s*");

  static Terminal ofProcess() {
    return new Terminal(System.getenv());
  }

  /// Whether standard error is looked at by a person. Where the system does not say, input and
  /// output are asked.
  boolean watched() {
    if ("dumb".equals(environment.get("TERM"))) {
      return false;
    }
    if (Files.isSymbolicLink(STANDARD_ERROR)) {
      try {
        return Files.readSymbolicLink(STANDARD_ERROR).toString().matches("/dev/(pts/|tty).*");
      } catch (IOException untold) {
        return false;
      }
    }
    return environment.containsKey("TERM") && hasConsole();
  }

  // Null up to Java 21; from 22 on there is always one.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean hasConsole() {
    return System.console() != null;
  }

  /// How wide it is; 80 if nobody says.
  int columns() {
    var said = environment.getOrDefault("COLUMNS", "");
    if (said.matches("\\d{1,4}")) {
      return Math.max(1, Integer.parseInt(said));
    }
    try {
      var stty = new ProcessBuilder("sh", "-c", "stty size </dev/tty 2>/dev/null").start();
      var answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      var size = SIZE.matcher(answer);
      return size.matches() && !size.group(1).equals("0")
          ? Integer.parseInt(size.group(1))
          : COLUMNS;
    } catch (IOException noShell) {
      return COLUMNS;
    }
  }
}
