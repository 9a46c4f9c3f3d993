package dev.sluice.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// What a person sees while a pipeline runs: called every second by one thread, and once more when
/// a stage ends.
///
/// ```java
/// pipeline("shop").to(duckdb()).progress(now -> System.err.println(now.stage() + " " + now.counters())).run(orders);
/// ```
///
/// In config: `progress="auto"` or the variable `PROGRESS=auto`; `none` is the default.
@FunctionalInterface
public interface Progress {
  /// Shows the state of a stage. It must return soon; if it throws, it is not called again and the
  /// stage goes on.
  void report(Snapshot snapshot);

  /// Tells of something that happened, on the thread it happened on. It must return soon; if it
  /// throws, it is not told any more and the stage goes on. Default: nothing.
  default void event(Event event) {}

  /// Shows nothing, and costs nothing.
  static Progress none() {
    return NoProgress.NONE;
  }

  /// A line every second: stage, rows and files done, rate, CPU and memory.
  static Progress log(PrintStream out) {
    return snapshot -> out.println(ProgressLine.of(snapshot));
  }

  /// One line that is drawn anew every second, for terminals: as wide as the terminal, with the
  /// share done, the time left and what is waited for.
  static Progress bar(PrintStream out) {
    return new TerminalBar(out, Terminal.ofProcess()::columns);
  }

  /// A bar if standard error is a terminal, nothing if it is a file or a pipe.
  static Progress auto(PrintStream out) {
    return Terminal.ofProcess().watched() ? bar(out) : none();
  }

  /// By its name in config: `none`, `log`, `bar`, `auto`, one of dlt's bars (`tqdm`, `enlighten`,
  /// `alive_progress`), or the full name of a class that implements this interface and has a public
  /// constructor without parameters.
  static Progress named(String name, PrintStream out) {
    return switch (name.strip().toLowerCase(Locale.ROOT)) {
      case "none", "" -> none();
      case "log" -> log(out);
      case "auto" -> auto(out);
      case "bar", "tqdm", "enlighten", "alive_progress" -> bar(out);
      default -> {
        if (name.contains(".")) {
          yield ofClass(name.strip());
        }
        throw new IllegalArgumentException(
            "Setting 'progress' is '" + name + "', but must be one of none, log, bar, auto");
      }
    };
  }

  private static Progress ofClass(String name) {
    try {
      var type = Class.forName(name, true, Progress.class.getClassLoader());
      return type.asSubclass(Progress.class).getConstructor().newInstance();
    } catch (ReflectiveOperationException | ClassCastException | LinkageError unusable) {
      throw new IllegalArgumentException(
          "Setting 'progress' is '"
              + name
              + "', which is no class that implements "
              + Progress.class.getName()
              + " and has a public constructor without parameters",
          unusable);
    }
  }

  /// Something that happened while a pipeline ran, as `onEvent` of a pipeline tells it; also an
  /// event of the JDK's Flight Recorder, named `dev.sluice.Step` and so on.
  ///
  /// ```java
  /// pipeline("shop").to(duckdb()).onEvent(event -> {
  ///   if (event instanceof Progress.Event.Waited waited) IO.println(waited.why() + ": " + waited.took());
  /// });
  /// ```
  sealed interface Event {
    /// The name of the pipeline.
    String pipeline();

    /// A step begins: `sync`, `extract`, `normalize`, `load`.
    record StepStarted(String pipeline, String step) implements Event {}

    /// A step ended; `error` says why if it failed.
    record StepEnded(String pipeline, String step, Duration took, Optional<String> error)
        implements Event {}

    /// A page of a resource was written; a row that comes by itself is a page of one.
    record PageExtracted(String pipeline, String resource, long rows) implements Event {}

    /// A file was written by `extract` or `normalize`; `rows` are those that went into it.
    record FileWritten(String pipeline, String stage, String table, String file, long rows)
        implements Event {}

    /// The files of a table were loaded, still within the transaction of the package.
    record TableLoaded(
        String pipeline, String loadId, String table, int files, long rows, Duration took)
        implements Event {}

    /// Something stood still: a retry of a request, a server's limit, a resource that has no rows
    /// yet.
    record Waited(String pipeline, String stage, String why, Duration took) implements Event {}
  }

  /// A stage at one moment.
  ///
  /// - `elapsed`: since the stage began
  /// - `waiting`: what stands still and why, like `GET https://…: 429, retry 2 of 5 in 4 s`
  /// - `cpuPercent`: of one core, by this process since the last snapshot
  /// - `memoryBytes`: resident memory of this process
  /// - `done`: whether this is the last snapshot of the stage
  record Snapshot(
      String pipeline,
      String stage,
      Duration elapsed,
      List<Counter> counters,
      List<String> waiting,
      double cpuPercent,
      long memoryBytes,
      boolean done) {}

  /// How many of something are done, of how many if that is known, and how many a second since the
  /// stage began.
  record Counter(String name, long done, OptionalLong total, double perSecond) {}
}
