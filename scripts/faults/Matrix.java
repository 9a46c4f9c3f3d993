import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// What came of all points: a row a stage, a column a kind, in each cell how many survived of how many.
final class Matrix {
  private final List<Point.Result> results;

  Matrix(List<Point.Result> results) {
    this.results = results;
  }

  long passed() {
    return results.stream().filter(result -> result.struck() && result.survived()).count();
  }

  long failed() {
    return results.stream().filter(result -> !result.survived()).count();
  }

  long missed() {
    return results.stream().filter(result -> !result.struck() && result.survived()).count();
  }

  /// Kinds of which no point could be made here, for want of root for instance.
  List<String> impossible() {
    return results.stream()
        .map(result -> result.point().kind())
        .distinct()
        .filter(kind -> results.stream().noneMatch(result -> result.point().kind().equals(kind) && (result.struck() || !result.survived())))
        .toList();
  }

  /// The table in Markdown, kinds downwards: there are more of them than stages.
  List<String> lines() {
    var stages = new LinkedHashSet<String>();
    for (var stage : List.of("open", "sync", "checkpoint", "extract", "normalize", "load", "any")) {
      if (results.stream().anyMatch(result -> result.point().stage().equals(stage))) {
        stages.add(stage);
      }
    }
    var kinds = new LinkedHashSet<String>();
    Kind.all().forEach(kind -> kinds.add(kind.name()));
    kinds.removeIf(kind -> results.stream().noneMatch(result -> result.point().kind().equals(kind)));
    results.forEach(result -> kinds.add(result.point().kind()));
    var lines = new ArrayList<String>();
    lines.add("| fault | " + String.join(" | ", stages) + " | all | what the struck runs ended with |");
    lines.add("|---|" + "---|".repeat(stages.size() + 2));
    for (var kind : kinds) {
      var row = results.stream().filter(result -> result.struck() || !result.survived()).filter(result -> result.point().kind().equals(kind)).toList();
      var cells = new ArrayList<String>();
      for (var stage : stages) {
        cells.add(cell(row.stream().filter(result -> result.point().stage().equals(stage)).toList()));
      }
      lines.add("| " + kind + " | " + String.join(" | ", cells) + " | " + cell(row) + " | " + outcomes(row) + " |");
    }
    return lines;
  }

  private static String cell(List<Point.Result> results) {
    var survived = results.stream().filter(Point.Result::survived).count();
    if (results.isEmpty()) {
      return "";
    }
    return survived == results.size() ? survived + " of " + results.size() : "**" + survived + " of " + results.size() + "**";
  }

  private static String outcomes(List<Point.Result> results) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    results.forEach(result -> counts.merge(result.outcome(), 1, Integer::sum));
    var words = new ArrayList<String>();
    counts.forEach((outcome, count) -> words.add(count + " " + outcome));
    return String.join(", ", words);
  }
}
