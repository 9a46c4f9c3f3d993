package dev.sluice.resource;

import dev.sluice.config.Nearest;
import java.util.Collection;

/// Names of resources and sources.
final class Names {
  private Names() {}

  static String checked(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          "A resource or source must have a name, not '" + name + "'");
    }
    return name;
  }

  /// For instance `; did you mean 'users'? There are 'orders', 'users'`.
  static String suggestion(String wrong, Collection<String> names) {
    var near = Nearest.of(wrong, names).stream().findFirst();
    return near.map(name -> "; did you mean '" + name + "'?").orElse("; there are")
        + (near.isPresent() ? " There are" : "")
        + " '"
        + String.join("', '", names)
        + "'";
  }
}
