package dev.sluice.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntSupplier;

/// Redraws one line; a finished stage keeps its own.
///
/// The line is as wide as the terminal: what matters less is left out first, so that 40 columns
/// still say the stage, how far it is, and what it waits for.
final class ProgressBar implements Progress {
  private static final int WIDE = 79;
  private static final int LEAST_BAR = 8;
  private static final int BAR = 20;
  private static final String BETWEEN = " · ";

  private final PrintStream out;
  private final IntSupplier columns;

  ProgressBar(PrintStream out, IntSupplier columns) {
    this.out = out;
    this.columns = columns;
  }

  @Override
  public void report(Snapshot now) {
    // Carriage return and "erase the line". The last column stays free: some terminals wrap there.
    out.print("\r\u001B[2K" + line(now, columns.getAsInt() - 1));
    if (now.done()) {
      out.println();
    }
    out.flush();
  }

  static String line(Snapshot now, int width) {
    var line =
        new StringBuilder(cut(now.pipeline() + " " + now.stage() + " " + seconds(now), width));
    for (var part : parts(now, width)) {
      if (line.length() + BETWEEN.length() + part.length() <= width) {
        line.append(BETWEEN).append(part);
      }
    }
    if (!now.waiting().isEmpty() && line.length() + BETWEEN.length() + LEAST_BAR <= width) {
      var why = "waiting: " + String.join("; ", now.waiting());
      line.append(BETWEEN).append(cut(why, width - line.length() - BETWEEN.length()));
    }
    return line.toString();
  }

  /// What matters most comes first; while something stands still, only that and the share done.
  private static List<String> parts(Snapshot now, int width) {
    var parts = new ArrayList<String>();
    share(now).ifPresent(share -> parts.add(bar(share, width >= WIDE ? BAR : LEAST_BAR)));
    if (!now.waiting().isEmpty() && width < WIDE) {
      return parts;
    }
    for (var counter : now.counters()) {
      parts.add(counter(counter));
    }
    left(now).ifPresent(left -> parts.add(left.toSeconds() + " s left"));
    for (var counter : now.counters()) {
      if (counter.name().equals("rows") && counter.perSecond() >= 1) {
        parts.add(String.format(Locale.ROOT, "%,.0f/s", counter.perSecond()));
      }
    }
    parts.add(String.format(Locale.ROOT, "%,d MB", now.memoryBytes() / 1_000_000));
    return parts;
  }

  private static String seconds(Snapshot now) {
    return String.format(Locale.ROOT, "%.0f s", now.elapsed().toMillis() / 1_000.0)
        + (now.done() ? " done" : "");
  }

  private static String counter(Counter counter) {
    var total =
        counter.total().isPresent()
            ? String.format(Locale.ROOT, "/%,d", counter.total().getAsLong())
            : "";
    return String.format(Locale.ROOT, "%,d%s %s", counter.done(), total, counter.name());
  }

  private static Optional<Double> share(Snapshot now) {
    return now.counters().stream()
        .filter(counter -> counter.total().orElse(0) > 0)
        .findFirst()
        .map(counter -> Math.min(1.0, (double) counter.done() / counter.total().getAsLong()));
  }

  private static Optional<Duration> left(Snapshot now) {
    return share(now)
        .filter(share -> share > 0 && share < 1 && !now.done())
        .map(share -> Duration.ofMillis((long) (now.elapsed().toMillis() * (1 - share) / share)));
  }

  private static String bar(double share, int length) {
    var filled = (int) (share * length);
    return "█".repeat(filled)
        + "░".repeat(length - filled)
        + String.format(Locale.ROOT, " %.0f %%", share * 100);
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
  }
}
