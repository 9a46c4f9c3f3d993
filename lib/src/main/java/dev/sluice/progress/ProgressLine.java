package dev.sluice.progress;

import dev.sluice.progress.Progress.Counter;
import dev.sluice.progress.Progress.Snapshot;
import java.util.ArrayList;
import java.util.Locale;

/// A snapshot in one line: `shop extract 3.0 s | rows 512,000 (170,667/s) | files 5/11 | cpu 98 % |
/// memory 213 MB`.
final class ProgressLine {
  private ProgressLine() {}

  static String of(Snapshot now) {
    var parts = new ArrayList<String>();
    parts.add(
        now.pipeline()
            + " "
            + now.stage()
            + " "
            + String.format(Locale.ROOT, "%.1f s", now.elapsed().toMillis() / 1_000.0)
            + (now.done() ? " done" : ""));
    now.counters().forEach(counter -> parts.add(counter(counter)));
    parts.add(String.format(Locale.ROOT, "cpu %.0f %%", now.cpuPercent()));
    parts.add(String.format(Locale.ROOT, "memory %,d MB", now.memoryBytes() / 1_000_000));
    now.waiting().forEach(wait -> parts.add("waiting: " + wait));
    return String.join(" | ", parts);
  }

  private static String counter(Counter counter) {
    var total =
        counter.total().isPresent()
            ? String.format(Locale.ROOT, "/%,d", counter.total().getAsLong())
            : "";
    var rate =
        counter.name().startsWith("rows")
            ? String.format(Locale.ROOT, " (%,.0f/s)", counter.perSecond())
            : "";
    return counter.name() + String.format(Locale.ROOT, " %,d", counter.done()) + total + rate;
  }
}
