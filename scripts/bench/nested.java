///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION GitHub-like events with three levels of lists, a merge, wide and many tables: [DOCUMENTS] [--dlt PYTHON] [--merge ROWS]
//SOURCES ../../lib/sluice.java
//SOURCES Bench.java
import dev.sluice.json.Json;

int documents = 200_000;
int mergedInto = 5_000_000;
String python;
List<String> formats = List.of("parquet", "jsonl");
// The same for both tools: files rotate, so that two workers normalize.
Map<String, String> settings = Map.of("DATA_WRITER__FILE_MAX_ITEMS", "20000", "NORMALIZE__WORKERS", "2");

// Measures nested documents against dlt, normalize by one core, a merge against the same SQL by hand, and how wide a load may be.
void main(String... arguments) throws Exception {
  var rest = new ArrayDeque<>(List.of(arguments));
  while (!rest.isEmpty()) {
    switch (rest.pop()) {
      case "--dlt" -> python = rest.pop();
      case "--merge" -> mergedInto = Integer.parseInt(rest.pop().replace("_", ""));
      case String number -> documents = Integer.parseInt(number.replace("_", ""));
    }
  }
  var folder = Files.createTempDirectory("sluice-bench");
  try {
    measure(folder);
  } finally {
    Bench.delete(folder);
  }
}

void measure(Path folder) throws Exception {
  var file = folder.resolve("events.jsonl");
  write(file, documents);
  var megabytes = Files.size(file) / 1e6;
  var few = Bench.fresh(folder, "few").resolve("events.jsonl");
  write(few, 100);
  Bench.warm(folder, Bench.script("bench/nested_events.java", file.toString(), formats.getFirst()),
      Bench.script("bench/nested_events.java", few.toString()), settings);
  IO.println("%,d documents, %.0f MB".formatted(documents, megabytes));
  Bench.Run best = null;
  for (var format : formats) {
    var runs = new ArrayList<Bench.Run>();
    for (int i = 0; i < 3; i++) runs.add(Bench.run(Bench.fresh(folder, "two"), Bench.script("bench/nested_events.java", file.toString(), format), settings));
    var run = Bench.median(runs);
    IO.println("  Sluice, %-8s  %6.2f s  = extract %.2f, normalize %.2f, load %.2f; peak %.0f MB, %,.0f rows".formatted(format,
        run.seconds(), run.figure("extract_s"), run.figure("normalize_s"), run.figure("load_s"), run.figure("peak_rss_mb"), run.figure("rows")));
    if (best == null || run.seconds() < best.seconds()) best = run;
  }
  var one = Bench.run(Bench.fresh(folder, "one"), Bench.script("bench/nested_events.java", file.toString()), Map.of("DATA_WRITER__FILE_MAX_ITEMS", "20000", "NORMALIZE__WORKERS", "1"));
  IO.println("  normalize with one worker %.2f s: %.1f MB/s".formatted(one.figure("normalize_s"), megabytes / one.figure("normalize_s")));
  var ratio = python == null ? "n/a" : dlt(folder, file, best);
  Bench.delete(folder.resolve("two"));
  Bench.delete(folder.resolve("one"));

  var merge = Bench.run(Bench.fresh(folder, "merge"), Bench.script("bench/merge.java", "" + mergedInto));
  IO.println("  merge of 100,000 rows into %,d: %.2f s, by hand in SQL %.2f s".formatted(mergedInto, merge.figure("load_s"), merge.figure("sql_s")));
  Bench.delete(folder.resolve("merge"));
  var columns = wide(folder, "columns", 5_000);
  var tables = wide(folder, "tables", 2_000);
  Bench.result("nested_dlt_ratio", ratio, "normalize_mb_s_core", megabytes / one.figure("normalize_s"),
      "merge_vs_sql", merge.figure("load_s") / merge.figure("sql_s"), "columns_5000_vs_2500", columns, "tables_2000_vs_1000", tables);
}

// The better format of each tool counts, by process time.
double dlt(Path folder, Path file, Bench.Run our) throws Exception {
  var best = Double.MAX_VALUE;
  for (var format : formats) {
    var script = Bench.home().resolve("scripts/bench/nested.py").toString();
    var run = Bench.run(Bench.fresh(folder, "dlt"), List.of(python, script, file.toString(), format), settings);
    IO.println("  dlt, %-10s  %6.2f s  = extract %.2f, normalize %.2f, load %.2f".formatted(
        format, run.seconds(), run.figure("extract_s"), run.figure("normalize_s"), run.figure("load_s")));
    best = Math.min(best, run.seconds());
  }
  Bench.delete(folder.resolve("dlt"));
  return best / our.seconds();
}

// How many times as long twice as many take.
double wide(Path folder, String what, int count) throws Exception {
  var half = Bench.run(Bench.fresh(folder, "wide"), Bench.script("bench/wide.java", what, "" + count / 2)).figure("run_s");
  var full = Bench.run(Bench.fresh(folder, "wide"), Bench.script("bench/wide.java", what, "" + count)).figure("run_s");
  IO.println("  %,d %s in one load %.2f s, %,d %.2f s".formatted(count / 2, what, half, count, full));
  return full / half;
}

// About 14 child rows a document: commits, their files, their changes.
void write(Path file, int documents) throws Exception {
  var random = new Random(20180206);
  try (var out = Files.newBufferedWriter(file)) {
    for (int id = 0; id < documents; id++) {
      var user = random.nextInt(5_000);
      out.write(Json.dumps(ordered(
          "id", 7_000_000_000L + id, "type", random.nextInt(10) < 8 ? "PushEvent" : "CreateEvent",
          "actor", ordered("id", user, "login", "user-" + user, "url", "https://api.github.com/users/user-" + user),
          "repo", ordered("id", user * 7, "name", "user-" + user + "/project"),
          "created_at", "2018-02-%02dT%02d:%02d:%02dZ".formatted(1 + id % 28, id % 24, id % 60, (id / 60) % 60),
          "public", true, "score", random.nextInt(1_000) / 8.0,
          "payload", ordered("push_id", 2_000_000_000L + id, "size", 2, "ref", "refs/heads/master", "commits", some(random, 3, () -> commit(random))))));
      out.newLine();
    }
  }
}

Map<String, Object> commit(Random random) {
  return ordered("sha", "%016x%016x".formatted(random.nextLong(), random.nextLong()), "message", "Change number " + random.nextInt(1_000_000),
      "author", ordered("name", "Author " + random.nextInt(500), "email", "author@example.com"), "distinct", random.nextBoolean(),
      "files", some(random, 3, () -> ordered("filename", "src/main/file" + random.nextInt(100) + ".java", "additions", random.nextInt(500),
          "changes", some(random, 3, () -> ordered("line", random.nextInt(2_000), "kind", random.nextBoolean() ? "add" : "remove", "weight", random.nextInt(100) / 4.0)))));
}

<T> List<T> some(Random random, int most, Supplier<T> each) {
  return Stream.generate(each).limit(1 + random.nextInt(most)).toList();
}

Map<String, Object> ordered(Object... keysAndValues) {
  var map = new LinkedHashMap<String, Object>();
  for (int i = 0; i < keysAndValues.length; i += 2) map.put((String) keysAndValues[i], keysAndValues[i + 1]);
  return map;
}
