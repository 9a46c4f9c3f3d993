import static dev.sluice.Sluice.resource;

import dev.sluice.Pipeline;
import dev.sluice.PipelineException;
import dev.sluice.load.LoadInfo;
import dev.sluice.progress.Progress;
import dev.sluice.schema.ColumnSchema;
import dev.sluice.schema.DataType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.json.JsonMapper;

/// The process under test: takes commands from standard input, an object of JSON a line, and answers
/// each with one.
final class Child {
  private static final JsonMapper JSON = new JsonMapper();

  private final Control control;
  private String stage = "none";

  private Child(Control control) {
    this.control = control;
  }

  /// - `arguments`: the control file
  public static void main(String[] arguments) throws IOException {
    var answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err); // nobody but this class answers
    var child = new Child(new Control(Path.of(arguments[0])));
    var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String line;
    while ((line = commands.readLine()) != null) {
      answers.println(JSON.writeValueAsString(child.answer(parsed(line))));
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> parsed(String line) {
    return JSON.readValue(line, Map.class);
  }

  private Map<String, Object> answer(Map<String, Object> command) {
    return switch (String.valueOf(command.get("do"))) {
      case "ready" -> Map.of();
      case "soak" -> Soak.of(command);
      default -> work(command);
    };
  }

  /// Does what a script does, and tells what a person would be told.
  private Map<String, Object> work(Map<String, Object> command) {
    var pipeline =
        Workload.pipelineIn(
                Path.of(String.valueOf(command.get("folder"))),
                Path.of(String.valueOf(command.get("database"))),
                String.valueOf(command.get("format")))
            .onEvent(this::follow);
    var round = ((Number) command.get("round")).intValue();
    var watcher = watcher(command.get("interruptAfterMicros") instanceof Number micros ? micros.longValue() : -1);
    enter("open");
    try {
      return "hand".equals(command.get("do")) ? handed(pipeline, command) : done(pipeline, String.valueOf(command.get("do")), round);
    } catch (Throwable failed) {
      var answer = told(failed);
      answer.put("stage", stage);
      return answer;
    } finally {
      enter("none");
      watcher.interrupt();
      join(watcher);
      Thread.interrupted();
    }
  }

  private static Map<String, Object> done(Pipeline pipeline, String what, int round) {
    var answer = new LinkedHashMap<String, Object>();
    answer.put("outcome", "done");
    switch (what) {
      case "run" -> loaded(answer, pipeline.run(Workload.resources(round)));
      case "pending" -> loaded(answer, pipeline.run());
      case "extract" -> pipeline.extract(Workload.resources(round));
      case "normalize" -> pipeline.normalize();
      case "load" -> loaded(answer, pipeline.load());
      case "drop" -> pipeline.dropPendingPackages();
      default -> throw new IllegalArgumentException("No command '" + what + "'");
    }
    return answer;
  }

  /// Hands a file over as it is; dies behind its checkpoint if it is told to.
  private static Map<String, Object> handed(Pipeline pipeline, Map<String, Object> command) {
    var file = Path.of(String.valueOf(command.get("file")));
    var columns = List.of(ColumnSchema.of("id", DataType.BIGINT), ColumnSchema.of("text", DataType.TEXT));
    pipeline.extract(resource("handed", out -> {
      if (out.resumedAt().isEmpty()) {
        if (!out.file(file, ((Number) command.get("rows")).longValue(), columns)) {
          throw new IllegalStateException("The file cannot be handed over as it is");
        }
        out.checkpoint("handed");
        if (Boolean.TRUE.equals(command.get("dies"))) {
          Runtime.getRuntime().halt(137);
        }
      }
    }));
    return Map.of("outcome", "done");
  }

  private static void loaded(Map<String, Object> answer, LoadInfo info) {
    answer.put("loadIds", info.loadIds());
    answer.put("text", info.toString());
  }

  private static Map<String, Object> told(Throwable failed) {
    var answer = new LinkedHashMap<String, Object>();
    answer.put("outcome", "failed");
    answer.put("type", failed.getClass().getName());
    answer.put("message", String.valueOf(failed.getMessage()));
    answer.put("trace", trace(failed));
    answer.put("readable", readable(failed));
    if (failed instanceof PipelineException known) {
      answer.put("step", known.step());
      answer.put("pending", known.pending());
      answer.put("exitCode", known.exitCode());
    }
    return answer;
  }

  /// Whether a script that does not catch it ends with its message alone.
  private static boolean readable(Throwable failed) {
    var stack = failed.getStackTrace();
    return failed.getMessage() != null
        && stack.length > 0
        && stack[0].getClassName().startsWith("dev.sluice.")
        && (failed instanceof IllegalArgumentException || failed.getClass().getName().startsWith("dev.sluice."));
  }

  private static List<String> trace(Throwable failed) {
    var lines = new ArrayList<String>();
    for (var cause = failed; cause != null; cause = cause.getCause()) {
      lines.add(cause.toString());
      for (var frame : List.of(cause.getStackTrace()).subList(0, Math.min(12, cause.getStackTrace().length))) {
        lines.add("  at " + frame);
      }
    }
    return lines;
  }

  private void follow(Progress.Event event) {
    if (event instanceof Progress.Event.StepStarted started) {
      enter(started.step());
    }
  }

  private void enter(String name) {
    stage = name;
    control.stage(name);
  }

  /// Interrupts this thread, as a notebook's stop button does: when the shim says so, or after a time.
  private Thread watcher(long afterMicros) {
    var worker = Thread.currentThread();
    var began = System.nanoTime();
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          var waits = afterMicros >= 0;
          while (!Thread.currentThread().isInterrupted()) {
            if (control.told()) {
              worker.interrupt();
              control.answered();
            } else if (waits && System.nanoTime() - began > afterMicros * 1_000) {
              waits = false;
              worker.interrupt();
            }
            LockSupport.parkNanos(50_000);
          }
        });
  }

  private static void join(Thread watcher) {
    while (true) {
      try {
        watcher.join();
        return;
      } catch (InterruptedException late) {
        // the interrupt came when the work was done
      }
    }
  }
}
