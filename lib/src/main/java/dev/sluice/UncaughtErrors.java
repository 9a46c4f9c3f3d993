package dev.sluice;

import dev.sluice.config.Masking;
import java.util.Map;
import java.util.NoSuchElementException;

/// What a script that catches nothing ends with: our sentence without a stack trace, and an exit
/// code that says whether a retry may help.
final class UncaughtErrors implements Thread.UncaughtExceptionHandler {
  private static final int UNKNOWN = 1;

  private final boolean stackTraces;

  private UncaughtErrors(boolean stackTraces) {
    this.stackTraces = stackTraces;
  }

  /// Takes over, unless somebody else has.
  static void install(Map<String, String> environment) {
    if (Thread.getDefaultUncaughtExceptionHandler() == null) {
      Thread.setDefaultUncaughtExceptionHandler(
          new UncaughtErrors("1".equals(environment.get("SLUICE_STACKTRACE"))));
    }
  }

  @Override
  public void uncaughtException(Thread thread, Throwable thrown) {
    var error = Masking.chain(thrown, Surroundings.ofProcess().config()::masked);
    if (!stackTraces && readable(thrown)) {
      System.err.println(error.getMessage());
    } else {
      System.err.print("Exception in thread \"" + thread.getName() + "\" ");
      error.printStackTrace();
    }
    if (thread.getName().equals("main")) {
      System.exit(readable(thrown) ? Failures.exitCode(thrown) : UNKNOWN);
    }
  }

  /// Whether its message alone is what a person should read.
  static boolean readable(Throwable error) {
    if (error instanceof PipelineException) {
      return true;
    }
    var stack = error.getStackTrace();
    return stack.length > 0
        && stack[0].getClassName().startsWith("dev.sluice.")
        && error.getMessage() != null
        && (error instanceof IllegalArgumentException
            || error instanceof NoSuchElementException
            || error.getClass().getName().startsWith("dev.sluice."));
  }
}
