package dev.sluice.notebook;

import dev.sluice.inspect.Views;
import dev.sluice.progress.Progress;
import dev.sluice.seam.Seam;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;

/// A running stage below its cell, drawn anew every second by an update of the same output: no
/// widget, no script. A stage of less than a second shows nothing.
///
/// The kernel that `./jbang notebook` installs has it as its setting `progress`.
@Seam
public record NotebookProgress(AtomicReference<String> display) implements Progress {
  public NotebookProgress() {
    this(new AtomicReference<>(""));
  }

  @Override
  public void report(Snapshot now) {
    var screen = BaseKernel.notebookKernel().getIO().display;
    var shown = new DisplayData();
    shown.putHTML(html(now));
    shown.putText(text(now));
    var shownAt = display.get();
    if (shownAt != null && !shownAt.isEmpty()) {
      screen.updateDisplay(shownAt, shown);
    } else if (!now.done()) {
      var newDisplay = UUID.randomUUID().toString();
      display.set(newDisplay);
      shown.putTransientData("display_id", newDisplay);
      screen.display(shown);
    }
    if (now.done()) {
      display.set("");
    }
  }

  static String text(Snapshot now) {
    return Stream.concat(
            Stream.of(
                String.format(
                    Locale.ROOT,
                    "%s %s %.0f s%s",
                    now.pipeline(),
                    now.stage(),
                    now.elapsed().toMillis() / 1_000.0,
                    now.done() ? " done" : "")),
            Stream.concat(
                now.counters().stream().map(NotebookProgress::counter),
                now.waiting().stream().map(why -> "waiting: " + why)))
        .collect(Collectors.joining(" | "));
  }

  private static String html(Snapshot now) {
    var bar =
        now.counters().stream()
            .filter(counter -> counter.total().orElse(0) > 0)
            .findFirst()
            .map(counter ->
                "<progress style=\"width:20em\" max=\"%d\" value=\"%d\"></progress>"
                    .formatted(counter.total().getAsLong(), counter.done()))
            .orElse("");
    return bar + Views.html(text(now));
  }

  private static String counter(Progress.Counter counter) {
    var total =
        counter.total().isPresent()
            ? String.format(Locale.ROOT, "/%,d", counter.total().getAsLong())
            : "";
    return counter.name() + String.format(Locale.ROOT, " %,d", counter.done()) + total;
  }
}
