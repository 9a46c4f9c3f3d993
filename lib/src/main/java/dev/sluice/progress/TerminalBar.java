package dev.sluice.progress;

import java.io.PrintStream;
import java.util.function.IntSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarConsumer;
import org.jspecify.annotations.Nullable;

/// A bar for each stage, one after the other, redrawn in its line; a finished stage keeps its own.
///
/// The library would ask JLine for the width of the terminal, which takes longer to start than many
/// a load: so it is told the width, and where to write.
final class TerminalBar implements Progress {
  private static final int NEVER = Integer.MAX_VALUE;

  private final Line line;
  private @Nullable ProgressBar bar;
  private @Nullable BarLine beside;

  TerminalBar(PrintStream out, IntSupplier columns) {
    this.line = new Line(out, columns);
  }

  @Override
  public void report(Snapshot now) {
    var width = line.getMaxRenderedLength();
    if (bar == null || beside == null) {
      beside = new BarLine(now);
      bar = begin(now, beside, width);
    }
    beside.show(now, width);
    // A stage that ends is whole, also if nobody knew before how much it would be.
    var share = BarLine.share(now);
    var done = now.done() ? Math.max(1, share.done()) : share.done();
    bar.maxHint(now.done() ? done : share.total().orElse(-1));
    bar.stepTo(done);
    line.drawer = Thread.currentThread();
    bar.refresh();
    if (now.done()) {
      line.end();
      bar.close();
      bar = null;
    }
  }

  private ProgressBar begin(Snapshot now, BarLine beside, int width) {
    return ProgressBar.builder()
        .setTaskName(BarLine.task(now, width))
        .setInitialMax(-1)
        .setUpdateIntervalMillis(NEVER)
        .continuousUpdate()
        .startsFrom(0, now.elapsed())
        .setRenderer(beside)
        .setConsumer(line)
        .build();
  }

  /// One line of the terminal, drawn when there is something new: what the library's own timer
  /// draws, when a bar is made and nothing is known yet, is left out.
  private static final class Line implements ProgressBarConsumer {
    private final PrintStream out;
    private final IntSupplier columns;
    private volatile @Nullable Thread drawer;

    private Line(PrintStream out, IntSupplier columns) {
      this.out = out;
      this.columns = columns;
    }

    /// The last column stays free: some terminals wrap there.
    @Override
    public int getMaxRenderedLength() {
      return columns.getAsInt() - 1;
    }

    @Override
    public void accept(String rendered) {
      if (Thread.currentThread() == drawer) {
        // "Erase to the end" comes last, so that nothing flickers.
        out.print("\r" + rendered.stripTrailing() + "\u001B[K");
        out.flush();
      }
    }

    void end() {
      drawer = null;
      out.println();
      out.flush();
    }

    /// Called some time later, when another line may be drawn already.
    @Override
    public void close() {}
  }
}
