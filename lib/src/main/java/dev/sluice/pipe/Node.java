package dev.sluice.pipe;

import java.util.ArrayList;
import java.util.List;

/// A pipe while it is evaluated: its steps, and where its elements go at the end.
final class Node implements Step.Flow {
  /// Another pipe that takes the elements; or, of the pipe itself, its delivery.
  record Route(Node node, boolean delivers) {}

  final Pipe pipe;
  final Step[] steps;
  final List<Route> routes = new ArrayList<>();
  final Pool pool;
  boolean closesGenerator;

  Node(Pipe pipe, Pool pool) {
    this.pipe = pipe;
    this.steps = pipe.steps.toArray(new Step[0]);
    this.pool = pool;
  }

  void route(Node node, boolean delivers) {
    var route = new Route(node, delivers);
    if (!routes.contains(route)) {
      routes.add(route);
    }
  }

  @Override
  public void closeGenerator() {
    closesGenerator = true;
  }
}
