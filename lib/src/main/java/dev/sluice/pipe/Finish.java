package dev.sluice.pipe;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Has the steps of a head's pipes give what they hold back, those of a parent before those of its
/// children; each once all before it is delivered.
final class Finish implements Source.Elements {
  private record Held(Node node, int step) {}

  private final Origin origin;
  private final Deque<Held> held = new ArrayDeque<>();

  Finish(Origin origin) {
    this.origin = origin;
    collect(origin.node);
  }

  boolean isNothing() {
    return held.isEmpty();
  }

  @Override
  public @Nullable Object next() throws Exception {
    if (origin.open > 1) {
      return Source.NOTHING_YET;
    }
    while (!held.isEmpty()) {
      var next = held.remove();
      var element = next.node.steps[next.step].finish();
      if (element != null) {
        return new Routed(next.node, next.step + 1, element, false);
      }
    }
    return Source.END;
  }

  private void collect(Node node) {
    for (int step = 0; step < node.steps.length; step++) {
      if (node.steps[step].holdsBack()) {
        held.add(new Held(node, step));
      }
    }
    for (var route : node.routes) {
      if (!route.delivers()) {
        collect(route.node());
      }
    }
  }
}
