import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;

/// A kind of fault: which points it has, and how one is run.
///
/// - `name`: what `--kind` and the matrix call it
/// - `share`: its weight among the points of a full run
record Kind(String name, int share, Planner planner, Runner runner) {
  @FunctionalInterface
  interface Planner {
    /// The n-th point that a seed gives; null if the stage has none.
    Point plan(Profile profile, SplittableRandom random, String name, int n);
  }

  @FunctionalInterface
  interface Runner {
    /// Runs a point and adds what is not as it must be.
    ///
    /// - returns whether the fault happened, and what the struck run ended with
    Struck run(Bed bed, Point point, List<String> problems) throws IOException, InterruptedException;
  }

  record Struck(boolean happened, String outcome) {
    static Struck of(java.util.Map<String, Object> answer) {
      return new Struck(true, String.valueOf(answer.get("outcome")));
    }

    static final Struck MISSED = new Struck(false, "missed");
  }

  /// All of them.
  static List<Kind> all() {
    var kinds = new java.util.ArrayList<Kind>();
    kinds.addAll(Operations.kinds());
    kinds.addAll(Damages.kinds());
    kinds.addAll(Situations.kinds());
    kinds.addAll(Limits.kinds());
    return List.copyOf(kinds);
  }
}
