package dev.sluice;

import dev.sluice.config.Masking;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Properties;

/// What a script that catches nothing ends with: our sentence without a stack trace, and an exit
/// code that says whether a retry may help.
///
/// It ends the process, so it is for scripts alone, whose header says so by [#SWITCH]; in a server,
/// a Spark driver or a test the library leaves the handler of the process as it is.
final class UncaughtErrors implements Thread.UncaughtExceptionHandler {
  /// The system property that `lib/sluice.java` sets for scripts.
  static final String SWITCH = "sluice.script";

  private static final int UNKNOWN = 1;

  private final boolean stackTraces;

  private UncaughtErrors(boolean stackTraces) {
    this.stackTraces = stackTraces;
  }

  /// Takes over in a script, unless somebody else has.
  static void installInScript(Properties system, Map<String, String> environment) {
    if (Boolean.parseBoolean(system.getProperty(SWITCH))
        && Thread.getDefaultUncaughtExceptionHandler() == null) {
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
