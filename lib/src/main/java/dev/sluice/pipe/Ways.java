package dev.sluice.pipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The ways of one element into several pipes, one after the other.
final class Ways implements Source.Elements {
  private final List<Node.Route> routes;
  private final Object element;
  private final boolean copies;
  private int next;

  Ways(List<Node.Route> routes, Object element, boolean copies) {
    this.routes = routes;
    this.element = element;
    this.copies = copies;
  }

  @Override
  public Object next() {
    if (next == routes.size()) {
      return Source.END;
    }
    var route = routes.get(next);
    var own = copies && next > 0 ? copy(element) : element;
    next++;
    return new Routed(route.node(), 0, own, route.delivers());
  }

  private static Object copy(Object element) {
    return switch (element) {
      case Map<?, ?> row -> new LinkedHashMap<Object, Object>(row);
      case List<?> page -> new ArrayList<Object>(page);
      default -> element;
    };
  }
}
