package dev.sluice.resource;

import dev.sluice.pipe.Cursor;
import dev.sluice.pipe.Delivery;
import dev.sluice.pipe.Engine;
import dev.sluice.pipe.From;
import dev.sluice.pipe.Head;
import dev.sluice.pipe.Pipe;
import dev.sluice.pipe.ReadyFile;
import dev.sluice.pipe.Step;
import dev.sluice.seam.Seam;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The resources of a source made ready to be evaluated once.
@Seam
public final class Evaluation {
  private final EvaluationContext context;
  private final Map<Resource<?>, Pipe> pipes = new LinkedHashMap<>();
  private final Set<Resource<?>> selected;
  private final List<CursorStep> cursors = new ArrayList<>();

  private Evaluation(Source source, EvaluationContext context) {
    this.context = context;
    this.selected = new LinkedHashSet<>(source.selected());
  }

  /// Evaluates the selected resources, and the parents of those that have one; the rows of parents
  /// that are not selected themselves are not delivered.
  ///
  /// All rows come in the calling thread. The first failure ends everything that runs and is thrown
  /// when it has ended.
  public static void run(Source source, EvaluationContext context, Sink sink) throws Exception {
    var evaluation = new Evaluation(source, context);
    var engine = evaluation.engine();
    engine.run(evaluation.delivery(sink));
    evaluation.cursors.forEach(CursorStep::save);
  }

  /// The engine for the rows of a source, to be taken one by one.
  static Engine open(Source source, EvaluationContext context) {
    return new Evaluation(source, context).engine();
  }

  private Engine engine() {
    var wanted = new ArrayList<Pipe>();
    for (var resource : selected) {
      wanted.add(pipe(resource));
    }
    return Engine.of(wanted, context.settings());
  }

  private Delivery delivery(Sink sink) {
    return new Delivery() {
      @Override
      public void element(Pipe pipe, Object element, @Nullable String table) throws Exception {
        var rows = element instanceof List<?> page ? page : Collections.singletonList(element);
        sink.rows((Resource<?>) pipe.owner(), rows, table);
      }

      @Override
      public boolean file(Pipe pipe, ReadyFile file) throws Exception {
        return sink.file((Resource<?>) pipe.owner(), file);
      }

      @Override
      public void waiting(@Nullable String why) {
        context.waiting(why);
      }

      @Override
      public void checkpoint(Pipe pipe, String token) throws Exception {
        cursors.forEach(CursorStep::saveCheckpoint);
        sink.checkpoint(fedBy(pipe), token, States.copy(context.sourceState()));
      }
    };
  }

  /// The resource of a pipe, then all that are fed by it.
  private List<Resource<?>> fedBy(Pipe head) {
    var fed = new ArrayList<Resource<?>>();
    fed.add((Resource<?>) head.owner());
    for (var entry : pipes.entrySet()) {
      var resource = entry.getKey();
      var root = resource;
      while (root.flow().start() instanceof Start.Child child) {
        root = child.parent();
      }
      if (root == head.owner() && resource != root) {
        fed.add(resource);
      }
    }
    return fed;
  }

  private Pipe pipe(Resource<?> resource) {
    var known = pipes.get(resource);
    if (known != null) {
      return known;
    }
    var flow = resource.flow();
    var steps = new ArrayList<Step>();
    CursorStep cursor = null;
    if (flow.incremental() != null) {
      cursor = new CursorStep(resource, flow.incremental(), () -> state(resource));
      cursors.add(cursor);
    }
    if (flow.start() instanceof Start.Child child) {
      steps.add(
          child.step() instanceof SinceStep since ? since.at(resource, cursor) : child.step());
    }
    steps.addAll(flow.steps());
    if (cursor != null) {
      steps.add(cursor);
    }
    if (flow.limit() != null && !(flow.start() instanceof Start.Child)) {
      steps.add(new LimitStep(flow.limit()));
    }
    var settings = context.settings(resource.name());
    var delivered = selected.contains(resource);
    var pipe =
        flow.start() instanceof Start.Child child
            ? Pipe.of(resource.name(), pipe(child.parent()), steps, settings, delivered, resource)
            : Pipe.of(
                resource.name(), head(resource, cursor), steps, settings, delivered, resource);
    pipes.put(resource, pipe);
    return pipe;
  }

  private Head head(Resource<?> resource, @Nullable CursorStep cursor) {
    var parallelized = resource.flow().parallelized();
    return switch (resource.flow().start()) {
      case Start.Opened opened -> new Head.Pull(opened.open(), parallelized);
      case Start.Pushed pushed ->
          new Head.Push(pushed.generator(), new Memory(resource, cursor), parallelized);
      case Start.Since since -> new Head.Pull(() -> opened(since, resource, cursor), parallelized);
      case Start.Partitioned partitioned ->
          new Head.Pull(
              () ->
                  new Parts<>(
                      resource.name(),
                      partitioned.parts(),
                      partitioned.rows(),
                      context.settings(resource.name()).workers()),
              parallelized);
      case Start.Child child -> throw new IllegalStateException(child.toString());
    };
  }

  @SuppressWarnings("unchecked")
  private static Object opened(Start.Since since, Resource<?> resource, @Nullable CursorStep cursor)
      throws Exception {
    if (cursor == null) {
      throw new IllegalStateException(resource + " has no cursor");
    }
    return ((From<Cursor<?>, ?>) since.open()).open(cursor);
  }

  private Map<String, Object> state(Resource<?> resource) {
    return States.resource(context.sourceState(), resource.name());
  }

  /// What the generator of a resource may ask for.
  private final class Memory implements Head.Memory {
    private final Resource<?> resource;
    private final @Nullable CursorStep cursor;

    Memory(Resource<?> resource, @Nullable CursorStep cursor) {
      this.resource = resource;
      this.cursor = cursor;
    }

    @Override
    public Map<String, Object> state() {
      return Evaluation.this.state(resource);
    }

    @Override
    public Cursor<?> cursor(String path) {
      if (cursor == null || !cursor.path().equals(path)) {
        throw new NoSuchElementException(
            "Resource '"
                + resource.name()
                + "' has no cursor '"
                + path
                + "'; declare it with .incremental(incremental(\""
                + path
                + "\", ..))");
      }
      return cursor;
    }

    @Override
    public Optional<String> resumedAt() {
      return context.resumedAt(resource.name());
    }
  }
}
