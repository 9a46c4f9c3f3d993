package dev.sluice.conformance;

import java.util.List;

/// What became of a case: it passes without differences, or by the better expectation of our own.
public record Verdict(Case recorded, List<String> differences, boolean byBetter) {
  public boolean passed() {
    return byBetter || differences.isEmpty();
  }

  /// A line, with the first difference if there is one.
  public String line() {
    if (byBetter) return "ok    %s (better)".formatted(recorded.name());
    if (passed()) return "ok    %s".formatted(recorded.name());
    return "FAIL  %s: %s".formatted(recorded.name(), differences.getFirst());
  }

  /// All differences, a line each.
  public String report() {
    return "%s: %s%n  %s"
        .formatted(recorded.name(), recorded.about(), String.join("\n  ", differences));
  }
}
