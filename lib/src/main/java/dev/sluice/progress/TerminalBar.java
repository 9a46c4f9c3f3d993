package dev.sluice.progress;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.IntSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarConsumer;
import org.jspecify.annotations.Nullable;

/// A bar for each stage, one after the other, redrawn in its line; a finished stage keeps its own.
/// Where pipelines run at the same time the first is drawn, and the next one once its stage ends.
///
/// The library would ask JLine for the width of the terminal, which takes longer to start than many
/// a load: so it is told the width, and where to write.
final class TerminalBar implements Progress {
  private static final int NEVER = Integer.MAX_VALUE;

  /// Which stage is drawn on an output: of others that run meanwhile only the end is.
  private static final Map<PrintStream, String> DRAWN = new WeakHashMap<>();

  private final Line line;
  private final Map<String, Drawing> drawings = new HashMap<>();

  private record Drawing(ProgressBar bar, BarLine beside) {}

  TerminalBar(PrintStream out, IntSupplier columns) {
    this.line = new Line(out, columns);
  }

  @Override
  public void report(Snapshot now) {
    synchronized (DRAWN) {
      var stage = now.pipeline() + " " + now.stage();
      if (DRAWN.computeIfAbsent(line.out, free -> stage).equals(stage) || now.done()) {
        draw(now, stage);
      }
      if (now.done()) {
        DRAWN.remove(line.out, stage);
      }
    }
  }

  private void draw(Snapshot now, String stage) {
    var width = line.getMaxRenderedLength();
    var drawing =
        drawings.computeIfAbsent(
            stage,
            first -> {
              var beside = new BarLine(now);
              return new Drawing(begin(now, beside, width), beside);
            });
    drawing.beside.show(now, width);
    // A stage that ends is whole, also if nobody knew before how much it would be.
    var share = BarLine.share(now);
    var done = now.done() ? Math.max(1, share.done()) : share.done();
    drawing.bar.maxHint(now.done() ? done : share.total().orElse(-1));
    drawing.bar.stepTo(done);
    line.drawer = Thread.currentThread();
    drawing.bar.refresh();
    if (now.done()) {
      line.end();
      drawing.bar.close();
      drawings.remove(stage);
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
