package dev.sluice;

import dev.sluice.load.LoadException;
import dev.sluice.store.StoreException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes one readable exception of whatever a step threw.
final class Failures {
  private static final int RETRY = 1;
  private static final int PERSON = 2;
  private static final int INTERRUPTED = 130;

  private Failures() {}

  static PipelineException of(
      String pipeline,
      String step,
      @Nullable String loadId,
      List<String> pending,
      Throwable cause) {
    if (cause instanceof PipelineException known) {
      return known;
    }
    var code = exitCode(cause);
    if (code == INTERRUPTED) {
      Thread.currentThread().interrupt();
    }
    var message = new StringBuilder();
    message
        .append("Pipeline '")
        .append(pipeline)
        .append("' failed in ")
        .append(step)
        .append(loadId == null ? "" : " of package " + loadId)
        .append(": ")
        .append(said(cause));
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
    return new PipelineException(pipeline, step, loadId, pending, code, message.toString(), cause);
  }

  /// What the innermost reason says, if the outer ones say nothing of their own.
  private static String said(Throwable cause) {
    var message = cause.getMessage();
    if (message == null || message.isBlank()) {
      var inner = cause.getCause();
      return inner == null ? cause.getClass().getSimpleName() : said(inner);
    }
    return ours(cause) ? message : cause.getClass().getSimpleName() + ": " + message;
  }

  private static boolean ours(Throwable cause) {
    return cause.getClass().getName().startsWith("dev.sluice.")
        || cause instanceof IllegalArgumentException
        || cause instanceof IllegalStateException
        || cause instanceof java.util.NoSuchElementException;
  }

  private static int exitCode(Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      switch (at) {
        case InterruptedException interrupted -> {
          return INTERRUPTED;
        }
        case StoreException store -> {
          return store.retryMayCure() ? RETRY : PERSON;
        }
        case LoadException load -> {
          return load.retryMayCure() ? RETRY : PERSON;
        }
        case IOException network -> {
          return RETRY;
        }
        default -> {}
      }
    }
    return PERSON;
  }
}
