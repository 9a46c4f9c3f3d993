package dev.sluice.progress;

import java.io.PrintStream;

/// Redraws one line; a finished stage keeps its own.
record ProgressBar(PrintStream out) implements Progress {
  private static final int WIDTH = 20;
  private static final int COLUMNS = 120;

  @Override
  public void report(Snapshot now) {
    var text = bar(now) + ProgressLine.of(now);
    // Carriage return and "erase the line"; a line longer than the terminal would wrap and stay.
    out.print(
        "\r\u001B[2K" + (text.length() > COLUMNS ? text.substring(0, COLUMNS - 1) + "…" : text));
    if (now.done()) {
      out.println();
    }
    out.flush();
  }

  private static String bar(Snapshot now) {
    return now.counters().stream()
        .filter(counter -> counter.total().orElse(0) > 0)
        .findFirst()
        .map(counter -> Math.min(1.0, (double) counter.done() / counter.total().getAsLong()))
        .map(share -> (int) (share * WIDTH))
        .map(filled -> "█".repeat(filled) + "░".repeat(WIDTH - filled) + " ")
        .orElse("");
  }
}
