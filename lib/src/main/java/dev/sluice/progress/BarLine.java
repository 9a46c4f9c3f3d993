package dev.sluice.progress;

import dev.sluice.progress.Progress.Counter;
import dev.sluice.progress.Progress.Snapshot;
import java.text.DecimalFormat;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import me.tongfei.progressbar.DefaultProgressBarRenderer;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;

/// What stands beside a bar: `shop normalize 25% |██ | 3/12 files · 300,000 rows · 100,000/s
/// (0:00:03 / 0:00:09) waiting: GET /orders: 429, retry 2 of 5 in 4 s`.
///
/// Of a narrow terminal, only the stage, the bar, and what is waited for.
final class BarLine extends DefaultProgressBarRenderer {
  private static final int WIDE = 79;
  private static final int ROOMY = 110;
  private static final int LONGEST_NAME = 24;

  /// The share in percent, a short bar, its ends and blanks.
  private static final int LEAST = 18;

  private static final Pattern ELAPSED = Pattern.compile(" *\\(\\d+:\\d\\d:\\d\\d\\)");

  private volatile Snapshot now;
  private volatile int width = WIDE;

  BarLine(Snapshot now) {
    super(
        ProgressBarStyle.UNICODE_BLOCK,
        "",
        1,
        false,
        new DecimalFormat(),
        ChronoUnit.SECONDS,
        false,
        state -> Optional.empty());
    this.now = now;
  }

  void show(Snapshot snapshot, int columns) {
    now = snapshot;
    width = columns;
  }

  /// What the bar shows the share of: what has a total, or else what comes first.
  static Counter share(Snapshot now) {
    return now.counters().stream()
        .filter(counter -> counter.total().orElse(0) > 0)
        .findFirst()
        .orElse(
            now.counters().isEmpty()
                ? new Counter("", 0, OptionalLong.empty(), 0)
                : now.counters().getFirst());
  }

  static String task(Snapshot now, int width) {
    return width < WIDE ? now.stage() : cut(now.pipeline(), LONGEST_NAME) + " " + now.stage();
  }

  /// The time since the begin, which the library always shows, would take the little room there is.
  @Override
  public String render(ProgressState state, int columns) {
    if (columns >= WIDE) {
      return super.render(state, columns);
    }
    var line = ELAPSED.matcher(super.render(state, Math.max(20, columns) + 10)).replaceFirst("");
    return line.substring(0, Math.clamp(columns, 0, line.length()));
  }

  /// What matters most comes first, as much as leaves a bar to see; while something stands still,
  /// most terminals have room only for that.
  @Override
  protected String ratio(ProgressState state) {
    var room = width - state.getTaskName().length() - (width < WIDE ? LEAST : LEAST + 10);
    var line = new StringBuilder();
    for (var part : now.waiting().isEmpty() || width >= ROOMY ? parts(state) : List.<String>of()) {
      if (!part.isEmpty() && line.length() + part.length() <= room) {
        line.append(line.isEmpty() ? "" : " · ").append(part);
      }
    }
    if (!now.waiting().isEmpty() && room - line.length() >= 8) {
      line.append(line.isEmpty() ? "" : " · ")
          .append(cut("waiting: " + String.join("; ", now.waiting()), room - line.length()));
    }
    return line.toString();
  }

  private List<String> parts(ProgressState state) {
    var parts = new ArrayList<String>();
    for (var counter : now.counters()) {
      parts.add(text(counter));
    }
    var seconds = now.elapsed().toMillis() / 1_000.0;
    var share = state.getNormalizedProgress();
    parts.add(
        now.done() || state.isIndefinite() || share <= 0
            ? ""
            : String.format(Locale.ROOT, "%.0f s left", seconds * (1 - share) / share));
    for (var counter : now.counters()) {
      if (counter.name().equals("rows") && counter.perSecond() >= 1) {
        parts.add(String.format(Locale.ROOT, "%,.0f/s", counter.perSecond()));
      }
    }
    return parts;
  }

  private static String text(Counter counter) {
    var total =
        counter.total().isPresent()
            ? String.format(Locale.ROOT, "/%,d", counter.total().getAsLong())
            : "";
    return String.format(Locale.ROOT, "%,d%s %s", counter.done(), total, counter.name());
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
  }
}
