package dev.sluice.config;

import dev.sluice.seam.Seam;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Names that somebody may have meant.
@Seam
public final class Nearest {
  private static final int SHOWN = 3;

  private Nearest() {}

  /// `; did you mean 'users'?`, or what there is if nothing comes near, or that there is nothing.
  public static String hint(String wanted, Collection<String> known) {
    if (known.isEmpty()) {
      return "; there is none yet";
    }
    var near = of(wanted, known);
    return near.isEmpty()
        ? "; there is "
            + known.stream().limit(SHOWN).collect(Collectors.joining("', '", "'", "'"))
            + (known.size() > SHOWN ? " and " + (known.size() - SHOWN) + " more" : "")
        : "; did you mean " + near.stream().collect(Collectors.joining("' or '", "'", "'")) + "?";
  }

  /// The known names that come near, nearest first.
  public static List<String> of(String wanted, Collection<String> known) {
    var lower = wanted.toLowerCase(Locale.ROOT);
    return known.stream()
        .distinct()
        .filter(name -> near(lower, name.toLowerCase(Locale.ROOT)))
        .sorted(Comparator.comparingInt(name -> distance(lower, name.toLowerCase(Locale.ROOT))))
        .limit(SHOWN)
        .toList();
  }

  private static boolean near(String wanted, String name) {
    return distance(wanted, name) <= Math.max(1, Math.max(wanted.length(), name.length()) / 3)
        || (wanted.length() > 2 && (name.startsWith(wanted) || name.endsWith(wanted)));
  }

  /// Letters to change, add, drop or swap.
  private static int distance(String left, String right) {
    var before = new int[right.length() + 1];
    var last = new int[right.length() + 1];
    for (var j = 0; j <= right.length(); j++) {
      last[j] = j;
    }
    for (var i = 1; i <= left.length(); i++) {
      var next = new int[right.length() + 1];
      next[0] = i;
      for (var j = 1; j <= right.length(); j++) {
        var same = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        next[j] = Math.min(Math.min(next[j - 1], last[j]) + 1, last[j - 1] + same);
        if (i > 1
            && j > 1
            && left.charAt(i - 1) == right.charAt(j - 2)
            && left.charAt(i - 2) == right.charAt(j - 1)) {
          next[j] = Math.min(next[j], before[j - 2] + 1);
        }
      }
      before = last;
      last = next;
    }
    return last[right.length()];
  }
}
