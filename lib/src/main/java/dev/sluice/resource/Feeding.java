package dev.sluice.resource;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Finds the parents of transformers among the resources of a source.
///
/// What was declared of a resource after a transformer was made from it (`items.limit(10)`) holds
/// for the transformer too, as long as it is in the same source: a parent is evaluated once.
final class Feeding {
  private final String source;
  private final Map<String, Resource<?>> declared;
  private final Map<Resource<?>, Resource<?>> done = new HashMap<>();
  private final Set<Resource<?>> under = new LinkedHashSet<>();

  Feeding(String source, Map<String, Resource<?>> declared) {
    this.source = source;
    this.declared = declared;
  }

  /// The resource, fed by those of the same source where the names say so.
  Resource<?> fed(Resource<?> resource) {
    var known = done.get(resource);
    if (known != null) {
      return known;
    }
    if (!(resource.flow().start() instanceof Start.Child child)) {
      return resource;
    }
    if (!under.add(resource)) {
      throw new IllegalArgumentException(
          "Resources of source '"
              + source
              + "' feed one another: "
              + under.stream()
                  .map(one -> "'" + one.name() + "'")
                  .collect(Collectors.joining(" from "))
              + "; name one of them differently");
    }
    var parent = child.parent();
    var own = declared.get(parent.name());
    if (own != null && own != resource && sameStart(own, parent)) {
      parent = own;
    }
    var fed = resource.fedBy(fed(parent));
    under.remove(resource);
    done.put(resource, fed);
    return fed;
  }

  private static boolean sameStart(Resource<?> one, Resource<?> other) {
    var left = one.flow().start();
    var right = other.flow().start();
    return left == right
        || (left instanceof Start.Child a
            && right instanceof Start.Child b
            && a.step() == b.step());
  }
}
