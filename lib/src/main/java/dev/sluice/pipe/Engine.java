package dev.sluice.pipe;

import dev.sluice.seam.Seam;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/// Evaluates pipes, element by element, in dlt's order.
///
/// There is a stack of generators: at first the heads, the first declared on top. Again and again:
/// a finished deferred call if there is one (the oldest first), else the next element of a
/// generator, else wait. *fifo* takes from the top of the stack; *round robin* from one after the
/// other, unless `max_parallel_items` nested generators are open. An element that is a generator is
/// pushed on the stack, one that is a call goes to the pool, any other through the next step of its
/// pipe until it is delivered. An element null passes the turn on.
///
/// All steps and deliveries run in the thread that calls [#run] or [#next]. In fifo order so do
/// pushing generators, called right where their turn is; else each has a [Handover].
@Seam
public final class Engine implements AutoCloseable {
  /// Elements of a pipe as [#next] gives them.
  @Seam
  public record Output(Pipe pipe, Object element, @Nullable String table) {}

  /// How long it waits without saying so.
  private static final long UNSAID_NANOS = 1_000_000_000;

  private enum Turn {
    ELEMENT,
    PASSED_ON,
    NOTHING,
    GENERATOR
  }

  private final PipeSettings settings;
  private final Signal signal = new Signal();
  private final Map<PipeSettings, Pool> pools = new LinkedHashMap<>();
  private final List<Pool> poolList;
  private final Semaphore permits;
  private final List<Source> sources = new ArrayList<>();
  private final boolean fifo;
  private int initial;
  private int index;

  private @Nullable Delivery delivery;
  private @Nullable Output output;
  private @Nullable Source pushing;
  private @Nullable Throwable failure;
  private boolean closed;

  // The element at hand.
  private @Nullable Object element;
  private @Nullable Source from;

  private Engine(List<Pipe> pipes, PipeSettings settings) {
    this.settings = settings;
    this.fifo = settings.nextItemMode() == PipeSettings.NextItemMode.FIFO;
    this.permits = new Semaphore(settings.workers());
    var nodes = new HashMap<Pipe, Node>();
    var heads = new LinkedHashSet<Node>();
    for (int i = pipes.size() - 1; i >= 0; i--) {
      var pipe = pipes.get(i);
      while (pipe.parent != null) {
        var parent = node(nodes, pipe.parent);
        parent.route(node(nodes, pipe), false);
        if (pipe.parent.delivered) {
          parent.route(parent, true);
        }
        pipe = pipe.parent;
      }
      heads.add(node(nodes, pipe));
    }
    poolList = List.copyOf(pools.values());
    for (var head : heads) {
      var origin = new Origin(head);
      var source = new Source(Source.NONE, head, origin, 0, null, true);
      origin.source = source;
      sources.add(source);
    }
    initial = sources.size();
  }

  /// Evaluates these pipes, which are in the order of their declaration, and their parents.
  public static Engine of(List<Pipe> pipes, PipeSettings settings) {
    return new Engine(pipes, settings);
  }

  /// Evaluates all, and closes.
  public void run(Delivery delivery) throws Exception {
    this.delivery = delivery;
    try (this) {
      while (turn()) {
        // go on
      }
    }
  }

  /// The next element that reaches the end of its pipe; null when there are no more.
  public @Nullable Output next() throws Exception {
    if (closed) {
      return null;
    }
    var done = false;
    try {
      while (output == null && turn()) {
        // go on
      }
      done = output != null;
    } finally {
      if (!done) {
        close();
      }
    }
    var next = output;
    output = null;
    return next;
  }

  /// Cancels what runs, closes all generators and waits for their threads.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    PipeException failed = null;
    for (var pool : poolList) {
      pool.close();
    }
    for (int i = sources.size() - 1; i >= 0; i--) {
      var source = sources.get(i);
      try {
        source.elements.close();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      } catch (Exception unclosed) {
        var next = Failures.generator(source, unclosed);
        if (failed == null) {
          failed = next;
        } else {
          failed.addSuppressed(next);
        }
      }
    }
    sources.clear();
    if (failed != null) {
      throw failed;
    }
  }

  private Node node(Map<Pipe, Node> nodes, Pipe pipe) {
    return nodes.computeIfAbsent(
        pipe,
        key ->
            new Node(
                key, pools.computeIfAbsent(key.settings, settings -> new Pool(settings, signal))));
  }

  /// One element; false when there are no more.
  private boolean turn() throws Exception {
    var ticket = signal.ticket();
    if (finishedCall()) {
      return true;
    }
    return switch (pull()) {
      case ELEMENT -> {
        process();
        yield true;
      }
      case PASSED_ON -> true;
      case GENERATOR -> throw new IllegalStateException("a generator is called by itself");
      case NOTHING -> {
        if (sources.isEmpty() && idle()) {
          yield false;
        }
        await(ticket);
        yield true;
      }
    };
  }

  private boolean idle() {
    for (var pool : poolList) {
      if (!pool.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private void await(int ticket) throws InterruptedException {
    long patience = 0;
    for (var pool : poolList) {
      var left = pool.patience();
      if (left > 0 && (patience == 0 || left < patience)) {
        patience = left;
      }
    }
    var watched = delivery;
    if (watched == null) {
      signal.await(ticket, patience);
      return;
    }
    var soon = patience == 0 ? UNSAID_NANOS : Math.min(patience, UNSAID_NANOS);
    signal.await(ticket, soon);
    if (signal.ticket() == ticket && soon != patience) {
      watched.waiting(waitsFor());
      try {
        signal.await(ticket, patience == 0 ? 0 : patience - soon);
      } finally {
        watched.waiting(null);
      }
    }
  }

  private String waitsFor() {
    for (var pool : poolList) {
      var running = pool.running();
      if (running != null) {
        return Failures.waiting(running);
      }
    }
    return "waiting for parallelized resources";
  }

  /// Goes on with the result of a finished call, if there is one.
  private boolean finishedCall() throws Exception {
    for (var pool : poolList) {
      var done = pool.takeDone();
      if (done != null) {
        var failed = done.failure;
        if (failed != null) {
          throw Failures.call(done, failed);
        }
        go(done.node, done.step, done.table, done.origin, done.result);
        done.origin.open--;
        return true;
      }
    }
    return false;
  }

  /// Finds the next element of a generator, in the order of the mode.
  private Turn pull() throws Exception {
    while (true) {
      var count = sources.size();
      if (count == 0) {
        return Turn.NOTHING;
      }
      index =
          fifo || count - initial >= settings.maxParallelItems()
              ? count - 1
              : Math.floorMod(index - 1, count);
      var first = -1;
      Source ended = null;
      var turn = Turn.NOTHING;
      while (index != first) {
        var source = sources.get(index);
        if (source == pushing) {
          return Turn.GENERATOR;
        }
        var next = source.closed ? Source.END : next(source);
        if (next == Source.END) {
          ended = source;
          break;
        }
        if (next != null && next != Source.NOTHING_YET) {
          element = next;
          from = source;
          return Turn.ELEMENT;
        }
        if (next == null) {
          turn = Turn.PASSED_ON;
        }
        if (first < 0) {
          first = index;
        }
        index = Math.floorMod(index - 1, count);
      }
      if (ended == null) {
        return turn;
      }
      pop(ended);
    }
  }

  private void pop(Source source) throws Exception {
    sources.remove(source);
    if (source.initial) {
      initial--;
      finish(source.origin);
    } else {
      source.origin.open--;
    }
    try {
      source.elements.close();
    } catch (InterruptedException passed) {
      throw passed;
    } catch (Exception failed) {
      throw Failures.generator(source, failed);
    }
  }

  private void finish(Origin origin) {
    var finish = new Finish(origin);
    if (!finish.isNothing()) {
      push(finish, origin.node, 0, null, origin);
    }
  }

  private @Nullable Object next(Source source) throws Exception {
    var origin = source.origin;
    if (source.initial && !reached(origin)) {
      return Source.NOTHING_YET;
    }
    Object next;
    try {
      if (source.unopened) {
        source.unopened = false;
        if (open(source)) {
          return Source.END;
        }
      }
      next = source.elements.next();
    } catch (InterruptedException | PipeException passed) {
      throw passed;
    } catch (Exception | Error failed) {
      if (failed == failure) {
        throw failed; // of the evaluation that ran within the generator, not the generator's own
      }
      throw Failures.generator(source, failed);
    }
    if (next instanceof Checkpoint checkpoint) {
      origin.checkpoint = checkpoint.token();
      finish(origin);
      return next(source);
    }
    if (source.initial && next != null && next != Source.END && next != Source.NOTHING_YET) {
      origin.taken(next);
    }
    return next;
  }

  /// Whether nothing before a checkpoint is under way any more; then tells so.
  private boolean reached(Origin origin) throws Exception {
    var token = origin.checkpoint;
    if (token == null) {
      return true;
    }
    if (origin.open > 0) {
      return false;
    }
    origin.checkpoint = null;
    if (delivery != null) {
      delivery.checkpoint(origin.node.pipe, token);
    }
    return true;
  }

  /// Opens a head; true if that was all of it.
  private boolean open(Source source) throws Exception {
    var pipe = source.node.pipe;
    return switch (pipe.head) {
      case Head.Pull pull when !pull.parallelized() -> {
        source.elements = elements(pull.open().call());
        yield false;
      }
      case Head.Pull pull -> {
        source.elements = new Handover(pushed(pull), pipe.name, signal, permits, true);
        yield false;
      }
      case Head.Push push when delivery != null && fifo && !push.parallelized() -> {
        generate(source, push);
        yield true;
      }
      case Head.Push push -> {
        source.elements =
            new Handover(
                push,
                pipe.name,
                signal,
                push.parallelized() ? permits : null,
                pipe.steps.stream().anyMatch(Step::closes));
        yield false;
      }
      case null -> throw new IllegalStateException("pipe '" + pipe.name + "' has no head");
    };
  }

  private static Source.Elements elements(@Nullable Object opened) {
    return switch (opened) {
      case null -> throw new IllegalArgumentException("it opened null, not rows");
      case BaseStream<?, ?> stream -> Source.of(stream.iterator(), stream);
      case Iterator<?> iterator -> Source.of(iterator, null);
      case Iterable<?> iterable ->
          Source.of(iterable.iterator(), iterable instanceof AutoCloseable owner ? owner : null);
      default ->
          throw new IllegalArgumentException(
              "it opened a " + opened.getClass().getName() + ", not a stream or an Iterable");
    };
  }

  /// The head as one that pushes, so that it can have a thread of its own.
  private static Head.Push pushed(Head.Pull pull) {
    return new Head.Push(
        out -> {
          var elements = elements(pull.open().call());
          try {
            for (var next = elements.next(); next != Source.END; next = elements.next()) {
              if (next != null) {
                out.row(next);
              }
            }
          } finally {
            elements.close();
          }
        },
        Head.Memory.NONE,
        true);
  }

  /// Runs a generator right here: what it pushes is evaluated before its call returns.
  private void generate(Source source, Head.Push push) throws Exception {
    pushing = source;
    try {
      push.generator().run(new Emitter(push.memory(), next -> pushed(source, next)));
    } catch (Abandoned done) {
      // its own wish, or a failure
    } catch (Throwable failed) {
      if (failure == null) {
        failure =
            failed instanceof InterruptedException ? failed : Failures.generator(source, failed);
      }
    } finally {
      pushing = null;
    }
    if (failure instanceof Exception exception) {
      throw exception;
    }
    if (failure instanceof Error error) {
      throw error;
    }
  }

  private void pushed(Source source, @Nullable Object next) {
    if (failure != null || source.closed) {
      throw new Abandoned();
    }
    var origin = source.origin;
    try {
      if (next instanceof Checkpoint checkpoint) {
        origin.checkpoint = checkpoint.token();
        finish(origin);
      } else if (next != null) {
        origin.taken(next);
        go(source.node, 0, null, origin, next);
      }
      untilItsTurn(origin);
    } catch (Throwable failed) {
      failure = failed;
      throw new Abandoned();
    }
    if (source.closed) {
      throw new Abandoned();
    }
  }

  /// Evaluates all that comes before the next element of the generator that is running.
  private void untilItsTurn(Origin origin) throws Exception {
    while (true) {
      var ticket = signal.ticket();
      if (finishedCall()) {
        continue;
      }
      switch (pull()) {
        case ELEMENT -> process();
        case PASSED_ON -> {
          // the others have nothing yet
        }
        case NOTHING -> await(ticket);
        case GENERATOR -> {
          if (reached(origin)) {
            return;
          }
          await(ticket);
        }
      }
    }
  }

  private void process() throws Exception {
    var source = from;
    var next = element;
    if (source != null) {
      element = null;
      go(source.node, source.step, source.table, source.origin, next);
    }
  }

  /// Takes an element through its steps until it is delivered, consumed or put off.
  private void go(Node node, int step, @Nullable String table, Origin origin, @Nullable Object next)
      throws Exception {
    while (next != null) {
      if (!(next instanceof Map || next instanceof List)) {
        switch (next) {
          case Tabled tabled -> {
            table = tabled.table();
            next = tabled.element();
            continue;
          }
          case Routed routed -> {
            if (routed.delivers()) {
              deliver(routed.node(), routed.element(), table);
              return;
            }
            node = routed.node();
            step = routed.step();
            table = null;
            next = routed.element();
            continue;
          }
          case Call call -> {
            submit(new Pending(call, node, origin, step, table));
            return;
          }
          case Offered offered -> {
            answer(node, offered);
            return;
          }
          case Checkpoint misplaced -> throw new IllegalStateException(misplaced.toString());
          case Iterator<?> iterator -> {
            push(Source.of(iterator, null), node, step, table, origin);
            return;
          }
          case BaseStream<?, ?> stream -> {
            push(Source.of(stream.iterator(), stream), node, step, table, origin);
            return;
          }
          case Callable<?> call -> {
            next = new Call(Deferred.Place.POOL, call, null);
            continue;
          }
          case CompletionStage<?> later -> {
            next = new Call(Deferred.Place.ELSEWHERE, () -> later, null);
            continue;
          }
          default -> {
            // a row
          }
        }
      }
      if (step < node.steps.length) {
        next = apply(node, step++, origin, next);
        continue;
      }
      if (node.routes.isEmpty()) {
        if (node.pipe.delivered) {
          deliver(node, next, table);
        }
        return;
      }
      if (node.routes.size() > 1 || !fifo) {
        push(new Ways(node.routes, next, settings.copyOnFork()), node, step, table, origin);
        return;
      }
      node = node.routes.getFirst().node();
      step = 0;
      table = null;
    }
  }

  /// A file goes only where no step and no other pipe would see its rows.
  private void answer(Node node, Offered offered) throws Exception {
    try {
      var direct = node.pipe.delivered && node.steps.length == 0 && node.routes.isEmpty();
      offered
          .taken()
          .complete(delivery != null && direct && delivery.file(node.pipe, offered.file()));
    } finally {
      offered.taken().cancel(false);
    }
  }

  private @Nullable Object apply(Node node, int step, Origin origin, Object next)
      throws InterruptedException {
    try {
      return node.steps[step].apply(next, node);
    } catch (InterruptedException passed) {
      throw passed;
    } catch (Exception | Error failed) {
      throw Failures.step(node, origin, next, failed);
    } finally {
      if (node.closesGenerator) {
        node.closesGenerator = false;
        if (node.pipe.head != null && origin.source != null) {
          origin.source.closed = true;
        }
      }
    }
  }

  private void push(
      Source.Elements elements, Node node, int step, @Nullable String table, Origin origin) {
    origin.open++;
    sources.add(new Source(elements, node, origin, step, table, false));
  }

  private void submit(Pending pending) throws InterruptedException {
    var pool = pending.node.pool;
    while (pool.isFull()) {
      var ticket = signal.ticket();
      if (pool.isFull()) {
        await(ticket);
      }
    }
    pending.origin.open++;
    pool.submit(pending);
  }

  private void deliver(Node node, Object next, @Nullable String table) throws Exception {
    if (delivery != null) {
      delivery.element(node.pipe, next, table);
    } else {
      output = new Output(node.pipe, next, table);
    }
  }
}
