///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION JShell with everything of Sluice imported; tables are shown as wide as the terminal
//SOURCES ../lib/sluice.java
//FILES shell/startup.jsh=shell/startup.jsh
//FILES META-INF/services/jdk.jshell.spi.ExecutionControlProvider=shell/provider
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1
import dev.sluice.Pipeline;
import dev.sluice.inspect.LoadPackage;
import dev.sluice.inspect.Views;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import jdk.jshell.execution.LocalExecutionControl;
import jdk.jshell.spi.*;
import jdk.jshell.tool.JavaShellToolBuilder;
import tech.tablesaw.api.Table;

// JShell runs in this very JVM, whose class path has the library: a second one would take as long again to start.
void main(String... arguments) throws Exception {
  var startup = Files.createTempFile("sluice", ".jsh");
  try (var in = Execution.class.getResourceAsStream("/shell/startup.jsh")) {
    Files.copy(in, startup, StandardCopyOption.REPLACE_EXISTING);
  }
  Runtime.getRuntime().addShutdownHook(new Thread(() -> startup.toFile().delete()));
  var terminal = System.console() != null && System.console().isTerminal();
  if (terminal) IO.println("""
      Sluice's names, java.util, java.time and tables are imported. For instance:
        var users = resource("users", () -> List.of(row("id", 1, "name", "Ada")))
        pipeline("hello").to(duckdb()).run(users)
        pipeline("hello").sql("select * from users")""");
  var options = new ArrayList<>(List.of("--execution", "sluice", "--startup", startup.toString()));
  options.addAll(List.of("--class-path", System.getProperty("java.class.path")));
  options.addAll(List.of(arguments));
  System.exit(JavaShellToolBuilder.builder().interactiveTerminal(terminal).start(options.toArray(String[]::new)));
}

/// How JShell finds [Execution]: by its name.
public static class Provider implements ExecutionControlProvider {
  public String name() {
    return "sluice";
  }

  public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
    return new Execution();
  }
}

/// Runs a line in this JVM. What is more than a line of text is printed as it is, since JShell would cut it; tables are
/// fitted to the terminal: wide cells are cut, and what is left out is said.
static class Execution extends LocalExecutionControl {
  static volatile Method line;

  @Override
  protected String invoke(Method method) throws Exception {
    line = method;
    var shown = Execution.class.getMethod("shown");
    shown.setAccessible(true);
    return super.invoke(shown);
  }

  public static Object shown() throws Throwable {
    try {
      return shortened(line.invoke(null));
    } catch (InvocationTargetException thrown) {
      throw shortened(thrown.getCause());
    }
  }

  /// With the lines typed here alone: the message says the rest.
  static Throwable shortened(Throwable error) {
    var ours = Arrays.stream(error.getStackTrace()).anyMatch(frame -> frame.getClassName().startsWith("dev.sluice."));
    for (var at = error; at != null && ours && !"1".equals(System.getenv("SLUICE_STACKTRACE")); at = at.getCause()) {
      at.setStackTrace(Arrays.stream(at.getStackTrace()).filter(f -> f.getClassName().startsWith("REPL.")).toArray(StackTraceElement[]::new));
    }
    return error;
  }

  static Object shortened(Object shown) {
    var value = shown instanceof Optional<?> some && some.isPresent() ? some.get() : shown;
    var report = switch (value) {
      case Table table -> Views.text(table.rowCount() <= ROWS ? table : table.first(ROWS), width());
      case Pipeline pipeline -> Views.text(pipeline.info(), width());
      case List<?> list when !list.isEmpty() && list.stream().allMatch(LoadPackage.class::isInstance) ->
          Views.text(Views.packages("packages", list.stream().map(LoadPackage.class::cast).toList()), width());
      case Object ours when ours.getClass().getName().startsWith("dev.sluice.") -> ours.toString();
      case null, default -> "";
    };
    if (!report.contains("\n")) return shown;
    IO.println(report);
    var cut = report.contains("…") ? "; '…' is cut: a wider terminal, selectColumns(..) or get(row, column) show more" : "";
    return new Above(value instanceof Table table
        ? "%,d row%s%s%s".formatted(table.rowCount(), table.rowCount() == 1 ? "" : "s",
            table.rowCount() > ROWS ? ", the first %d above".formatted(ROWS) : "", cut)
        : value instanceof List<?> list ? "%,d package%s".formatted(list.size(), list.size() == 1 ? "" : "s") : value.getClass().getSimpleName());
  }

  static final int ROWS = 50;

  static int width() {
    try {
      var size = new ProcessBuilder("stty", "size").redirectInput(ProcessBuilder.Redirect.INHERIT).start();
      var answer = new String(size.getInputStream().readAllBytes()).strip().split(" ");
      return answer.length == 2 && !answer[1].equals("0") ? Integer.parseInt(answer[1]) : 120;
    } catch (IOException noSuchCommand) {
      return 120;
    }
  }
}

/// What JShell shows after the arrow.
record Above(String words) {
  public String toString() {
    return words;
  }
}
