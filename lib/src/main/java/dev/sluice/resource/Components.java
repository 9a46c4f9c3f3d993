package dev.sluice.resource;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Groups of resources that are connected by parents, as dlt finds them.
final class Components {
  private Components() {}

  /// The selected names of each group, in the order of first appearance.
  static List<Set<String>> of(List<Resource<?>> selected) {
    var neighbours = new LinkedHashMap<String, Set<String>>();
    var names = new LinkedHashSet<String>();
    for (var resource : selected) {
      names.add(resource.name());
      Resource<?> one = resource;
      neighbours.computeIfAbsent(one.name(), name -> new LinkedHashSet<>());
      while (one.flow().start() instanceof Start.Child child) {
        var parent = child.parent();
        neighbours.computeIfAbsent(parent.name(), name -> new LinkedHashSet<>()).add(one.name());
        neighbours.computeIfAbsent(one.name(), name -> new LinkedHashSet<>()).add(parent.name());
        one = parent;
      }
    }
    var components = new ArrayList<Set<String>>();
    var seen = new LinkedHashSet<String>();
    // dlt lists a parent before the child that leads to it; the order of groups is the same
    for (var name : neighbours.keySet()) {
      if (seen.contains(name)) {
        continue;
      }
      var component = new LinkedHashSet<String>();
      collect(name, neighbours, component);
      seen.addAll(component);
      component.retainAll(names);
      components.add(component);
    }
    return components;
  }

  private static void collect(String name, Map<String, Set<String>> neighbours, Set<String> into) {
    if (into.add(name)) {
      for (var neighbour : neighbours.getOrDefault(name, Set.of())) {
        collect(neighbour, neighbours, into);
      }
    }
  }
}
