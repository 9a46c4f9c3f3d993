package dev.sluice.resource;

import java.util.Collection;
import java.util.Comparator;

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
    var near =
        names.stream()
            .filter(name -> distance(wrong, name) <= Math.max(2, wrong.length() / 3))
            .min(Comparator.comparingInt(name -> distance(wrong, name)));
    return near.map(name -> "; did you mean '" + name + "'?").orElse("; there are")
        + (near.isPresent() ? " There are" : "")
        + " '"
        + String.join("', '", names)
        + "'";
  }

  private static int distance(String left, String right) {
    var row = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      var diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        var change = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[right.length()];
  }
}
