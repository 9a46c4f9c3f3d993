package dev.sluice;

import dev.sluice.config.Masking;
import dev.sluice.load.LoadException;
import dev.sluice.seam.IoFault;
import dev.sluice.store.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes one readable exception of whatever a step threw.
final class Failures {
  private static final int RETRY = 1;
  private static final int PERSON = 2;
  private static final int INTERRUPTED = 130;

  private Failures() {}

  /// - `masked`: hides secrets, as messages and stack traces end in logs
  /// - `changed`: whether the working folder is another than before the run
  static PipelineException of(
      String pipeline,
      String step,
      @Nullable String loadId,
      List<String> pending,
      Throwable cause,
      UnaryOperator<String> masked,
      boolean changed) {
    if (cause instanceof PipelineException known) {
      return known;
    }
    var code = exitCode(cause);
    if (code == INTERRUPTED) {
      Thread.currentThread().interrupt();
    }
    var named = "Pipeline '" + pipeline + "' ";
    var said = masked.apply(said(cause));
    var message = new StringBuilder();
    if (code == INTERRUPTED) {
      message
          .append(named)
          .append("was interrupted in ")
          .append(step)
          .append(
              changed
                  ? "; what was committed before stays, run it again to go on"
                  : "; its state is as before, run it again");
    } else if (said.startsWith(named)) {
      message.append(said);
    } else {
      message
          .append(named)
          .append("failed in ")
          .append(step)
          .append(loadId == null ? "" : " of package " + loadId)
          .append(": ")
          .append(said);
    }
    if (!pending.isEmpty()) {
      message
          .append("\nPending and kept: package")
          .append(pending.size() == 1 ? " " : "s ")
          .append(String.join(", ", pending))
          .append("; the next run goes on with ")
          .append(pending.size() == 1 ? "it" : "them")
          .append(", dropPendingPackages() drops ")
          .append(pending.size() == 1 ? "it" : "them");
    }
    return new PipelineException(
        pipeline, step, loadId, pending, code, message.toString(), Masking.chain(cause, masked));
  }

  /// Whether the message says already that something was committed.
  static boolean tellsOfCommits(PipelineException failure) {
    return failure.exitCode() == INTERRUPTED
        || String.valueOf(failure.getMessage()).contains("; all the same the commit");
  }

  /// With the lines of cells alone, for who works in a notebook: the message says the rest, and the
  /// trace has all of it. A cause with no other line there is left out.
  static PipelineException ofCells(PipelineException failure) {
    var cause = failure.getCause();
    var lines = List.of(cells(failure));
    while (cause != null && lines.containsAll(List.of(cells(cause)))) {
      cause = cause.getCause();
    }
    for (var inner = cause; inner != null; inner = inner.getCause()) {
      inner.setStackTrace(cells(inner));
    }
    var shortened = failure.because(cause);
    shortened.setStackTrace(lines.toArray(StackTraceElement[]::new));
    return shortened;
  }

  /// JShell keeps what it runs in a package of that name.
  private static StackTraceElement[] cells(Throwable error) {
    return Stream.of(error.getStackTrace())
        .filter(frame -> frame.getClassName().startsWith("REPL."))
        .toArray(StackTraceElement[]::new);
  }

  /// What the innermost reason says, if the outer ones say nothing of their own.
  private static String said(Throwable cause) {
    var fault = IoFault.of(cause);
    if (fault != null) {
      return fault;
    }
    var message = cause.getMessage();
    if (message == null || message.isBlank()) {
      var inner = cause.getCause();
      return inner == null ? cause.getClass().getSimpleName() : said(inner);
    }
    return ours(cause) ? message : cause.getClass().getSimpleName() + ": " + message;
  }

  private static boolean ours(Throwable cause) {
    var thrown = cause.getStackTrace();
    return cause.getClass().getName().startsWith("dev.sluice.")
        || (cause instanceof UncheckedIOException
            && thrown.length > 0
            && thrown[0].getClassName().startsWith("dev.sluice."))
        || cause instanceof IllegalArgumentException
        || cause instanceof IllegalStateException
        || cause instanceof java.util.NoSuchElementException;
  }

  /// What a script that ends with this should exit with.
  static int exitCode(Throwable error) {
    var causes = Stream.iterate(error, cause -> cause != null, Throwable::getCause).toList();
    if (causes.stream().anyMatch(Failures::isInterrupt)) {
      return INTERRUPTED;
    }
    for (var cause : causes) {
      switch (cause) {
        case PipelineException known -> {
          return known.exitCode();
        }
        case StoreException store -> {
          return store.retryMayCure() ? RETRY : PERSON;
        }
        case LoadException load -> {
          return load.retryMayCure() ? RETRY : PERSON;
        }
        case NoSuchFileException missing -> {
          return PERSON;
        }
        case AccessDeniedException denied -> {
          return PERSON;
        }
        case NotDirectoryException file -> {
          return PERSON;
        }
        case FileAlreadyExistsException there -> {
          return PERSON;
        }
        case CharacterCodingException unreadable -> {
          return PERSON;
        }
        case IOException network -> {
          return RETRY;
        }
        case TimeoutException late -> {
          return RETRY;
        }
        default -> {}
      }
    }
    return PERSON;
  }

  private static boolean isInterrupt(Throwable cause) {
    return cause instanceof InterruptedException
        || cause instanceof ClosedByInterruptException
        || cause instanceof FileLockInterruptionException
        || (cause instanceof InterruptedIOException && !(cause instanceof SocketTimeoutException));
  }
}
