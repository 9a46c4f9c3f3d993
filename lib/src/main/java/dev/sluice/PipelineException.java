package dev.sluice;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A step of a pipeline failed. The message says what failed, what stays pending and what to do
/// next.
///
/// ```java
/// try {
///   pipeline.run(orders);
/// } catch (PipelineException failed) {
///   System.exit(failed.exitCode());
/// }
/// ```
///
/// A script that does not catch it ends with that message alone and that exit code, since the
/// header that scripts include says `//RUNTIME_OPTIONS -Dsluice.script=true`; the variable
/// `SLUICE_STACKTRACE=1` shows the stack trace as well. Any other program ends as Java has it: the
/// library never ends its host. In a notebook, where `SLUICE_STACKTRACE` is 0, the message is
/// followed by the lines of cells alone.
public final class PipelineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String pipeline;
  private final String step;
  private final @Nullable String loadId;
  private final transient List<String> pending;
  private final int exitCode;

  PipelineException(
      String pipeline,
      String step,
      @Nullable String loadId,
      List<String> pending,
      int exitCode,
      String message,
      @Nullable Throwable cause) {
    super(message, cause);
    this.pipeline = pipeline;
    this.step = step;
    this.loadId = loadId;
    this.pending = List.copyOf(pending);
    this.exitCode = exitCode;
  }

  /// The same with another sentence at its end.
  PipelineException with(String sentence) {
    var more =
        new PipelineException(
            pipeline, step, loadId, pending, exitCode, getMessage() + "\n" + sentence, getCause());
    more.setStackTrace(getStackTrace());
    return more;
  }

  PipelineException because(@Nullable Throwable cause) {
    return new PipelineException(
        pipeline, step, loadId, pending, exitCode, String.valueOf(getMessage()), cause);
  }

  /// The name of the pipeline.
  public String pipeline() {
    return pipeline;
  }

  /// The step that failed: `extract`, `normalize`, `load`, `sync`, `open`, `undo`, `drop` or
  /// `plan`.
  public String step() {
    return step;
  }

  /// The package that it failed at; empty if it failed at none.
  public Optional<String> loadId() {
    return Optional.ofNullable(loadId);
  }

  /// Load ids of the packages that stay pending; the next run goes on with them.
  public List<String> pending() {
    return pending;
  }

  /// What a script should exit with: 1 if the same run may succeed later, 2 if a person has to
  /// change something, 130 if it was interrupted.
  public int exitCode() {
    return exitCode;
  }
}
