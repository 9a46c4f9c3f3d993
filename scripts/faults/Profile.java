import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// How many operations of each kind a run without faults does in each stage: what there is to strike.
final class Profile {
  static final List<String> BEGINS = List.of("first", "second");
  static final List<String> FORMATS = List.of("jsonl", "parquet");

  private final Map<String, Long> counts = new HashMap<>();
  private final List<String> stages;

  private Profile(List<String> stages) {
    this.stages = stages;
  }

  /// Counts by running each kind of run once.
  ///
  /// - `stages`: those that points are wanted of
  static Profile of(Bed bed, List<String> stages) throws IOException, InterruptedException {
    var profile = new Profile(stages);
    for (var format : FORMATS) {
      for (var begin : BEGINS) {
        var point = new Point("", "", "", "", begin, format);
        var site = bed.site(point);
        bed.worker().control.forget();
        Bed.require(bed.ask(site, "run", point.before() + 1));
        for (var stage : Control.STAGES) {
          for (var op : Control.OPS) {
            profile.counts.put(String.join("/", begin, format, stage, op), bed.worker().control.seen(stage, op));
          }
        }
        Trees.delete(site.folder());
      }
    }
    return profile;
  }

  boolean wants(String stage) {
    return stages.isEmpty() || stages.contains(stage);
  }

  long count(String begin, String format, String stage, String op) {
    return counts.get(String.join("/", begin, format, stage, op));
  }

  /// A place among operations of these kinds: each stage, and in it each kind, as likely as any other; null if there is none.
  Point place(String kind, List<String> ops, SplittableRandom random) {
    var begin = pick(BEGINS, random);
    var format = pick(FORMATS, random);
    var open = Control.STAGES.stream()
        .filter(stage -> wants(stage) && ops.stream().anyMatch(op -> count(begin, format, stage, op) > 0))
        .toList();
    if (open.isEmpty()) {
      return null;
    }
    var stage = pick(open, random);
    var op = pick(ops.stream().filter(one -> count(begin, format, stage, one) > 0).toList(), random);
    return new Point(kind, stage, op, "" + (1 + random.nextLong(count(begin, format, stage, op))), begin, format);
  }

  static <T> T pick(List<T> all, SplittableRandom random) {
    return all.get(random.nextInt(all.size()));
  }

  /// The stages of a list that points are wanted of.
  List<String> among(String... names) {
    var found = new ArrayList<>(List.of(names));
    found.removeIf(name -> !wants(name));
    return found;
  }
}
