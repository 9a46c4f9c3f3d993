package dev.sluice.progress;

import dev.sluice.progress.Progress.Counter;
import dev.sluice.progress.Progress.Snapshot;
import dev.sluice.seam.Seam;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The counters of one running stage, and the thread that shows them every second.
///
/// ```java
/// try (var stage = StageProgress.start(progress, "shop", "extract")) {
///   var rows = stage.tally("rows");
///   rows.add(page.size());
///   stage.tally("files").total(11);
///   try (var wait = stage.waiting("GET /orders: 429, retry 2 of 5 in 4 s")) { Thread.sleep(4_000); }
/// }
/// ```
///
/// With [Progress#none()] there is no thread, and a counter is one addition. Counters are kept all
/// the same.
@Seam
public final class StageProgress implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(1);

  /// Code far below a stage, such as a request inside a resource's lambda, has no other way to
  /// learn whom to tell that it waits. Threads that a stage starts inherit it.
  private static final InheritableThreadLocal<@Nullable StageProgress> CURRENT =
      new InheritableThreadLocal<>();

  private final Progress progress;
  private final Events events;
  private final String pipeline;
  private final String stage;
  private final ProcessLoad load;
  private final LongSupplier nanoTime;
  private final long started;
  private final List<Tally> tallies = new CopyOnWriteArrayList<>();
  private final Map<String, Tally> byName = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Wait> waits = new ConcurrentLinkedQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Thread ticker;
  private volatile boolean broken;
  private final @Nullable StageProgress before;

  private StageProgress(Progress progress, String pipeline, String stage, LongSupplier nanoTime) {
    this.progress = progress;
    this.events = Events.of(progress);
    this.pipeline = pipeline;
    this.stage = stage;
    this.nanoTime = nanoTime;
    this.load = new ProcessLoad(nanoTime);
    this.started = nanoTime.getAsLong();
    this.before = CURRENT.get();
  }

  /// Starts to show a stage: `extract`, `normalize`, `load`.
  public static StageProgress start(Progress progress, String pipeline, String stage) {
    return start(progress, pipeline, stage, PERIOD, System::nanoTime);
  }

  static StageProgress start(
      Progress progress, String pipeline, String stage, Duration period, LongSupplier nanoTime) {
    var running = new StageProgress(progress, pipeline, stage, nanoTime);
    CURRENT.set(running);
    if (Events.shows(progress)) {
      running.ticker =
          Thread.ofPlatform().daemon().name("sluice-progress").start(() -> running.tick(period));
    }
    return running;
  }

  /// The stage that this thread, or the one that started it, works for.
  public static Optional<StageProgress> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  /// The counter of that name, made at the first call; shown in the order they were made.
  public Tally tally(String name) {
    return byName.computeIfAbsent(
        name,
        key -> {
          var tally = new Tally(key);
          tallies.add(tally);
          return tally;
        });
  }

  /// Says that something stands still, until the result is closed.
  public Wait waiting(String why) {
    var wait = new Wait(why, nanoTime.getAsLong());
    waits.add(wait);
    return wait;
  }

  /// A page of a resource was written.
  public void page(String resource, long rows) {
    if (events.wanted()) {
      events.happened(new Progress.Event.PageExtracted(pipeline, resource, rows));
    }
  }

  /// A file was written.
  public void file(String table, String file, long rows) {
    events.happened(new Progress.Event.FileWritten(pipeline, stage, table, file, rows));
  }

  /// The files of a table were loaded.
  public void loaded(String loadId, String table, int files, long rows, Duration took) {
    events.happened(new Progress.Event.TableLoaded(pipeline, loadId, table, files, rows, took));
  }

  /// Shows the last state and ends the thread.
  @Override
  public void close() {
    if (CURRENT.get() == this) {
      CURRENT.set(before);
    }
    closed.countDown();
    if (ticker != null) {
      try {
        ticker.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      report(true);
    }
  }

  private void tick(Duration period) {
    try {
      while (!closed.await(period.toMillis(), TimeUnit.MILLISECONDS)) {
        report(false);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void report(boolean done) {
    if (broken) {
      return;
    }
    try {
      progress.report(snapshot(done));
    } catch (RuntimeException unshowable) {
      // A display that fails must not fail a load.
      broken = true;
      System.getLogger(StageProgress.class.getName())
          .log(System.Logger.Level.WARNING, "Progress is no longer shown", unshowable);
    }
  }

  private Snapshot snapshot(boolean done) {
    var elapsed = Duration.ofNanos(nanoTime.getAsLong() - started);
    var counters = new ArrayList<Counter>();
    for (var tally : tallies) {
      counters.add(tally.at(elapsed));
    }
    return new Snapshot(
        pipeline,
        stage,
        elapsed,
        List.copyOf(counters),
        waits.stream().map(wait -> wait.why).toList(),
        load.cpuPercent(),
        load.memoryBytes(),
        done);
  }

  /// A counter that many threads may add to.
  @Seam
  public static final class Tally {
    private final String name;
    private final LongAdder done = new LongAdder();
    private final AtomicLong total = new AtomicLong(-1);

    private Tally(String name) {
      this.name = name;
    }

    /// So many more are done.
    public void add(long count) {
      done.add(count);
    }

    /// Of how many, once that is known.
    public void total(long count) {
      total.set(count);
    }

    /// How many are done by now.
    public long sum() {
      return done.sum();
    }

    private Counter at(Duration elapsed) {
      var of = total.get();
      var sum = done.sum();
      return new Counter(
          name,
          sum,
          of < 0 ? OptionalLong.empty() : OptionalLong.of(of),
          sum / Math.max(1e-3, elapsed.toNanos() / 1e9));
    }
  }

  /// Something that stands still until this is closed.
  @Seam
  public final class Wait implements AutoCloseable {
    private final String why;
    private final long since;

    private Wait(String why, long since) {
      this.why = why;
      this.since = since;
    }

    @Override
    public void close() {
      if (waits.remove(this)) {
        var took = Duration.ofNanos(nanoTime.getAsLong() - since);
        events.happened(new Progress.Event.Waited(pipeline, stage, why, took));
      }
    }
  }
}
