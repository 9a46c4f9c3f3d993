///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Many columns of a new table, or many new tables, in one load: columns|tables COUNT
//SOURCES ../../lib/sluice.java
//SOURCES Bench.java
import static dev.sluice.Sluice.*;

// How the time of a run grows with the width of what it makes; nested.java starts it.
void main(String... arguments) throws Exception {
  int count = Integer.parseInt(arguments[1]);
  var wide = resource("wide", out -> {
    if (arguments[0].equals("columns")) {
      var row = new LinkedHashMap<String, Object>();
      for (int column = 0; column < count; column++) row.put("column_" + column, column);
      for (int i = 0; i < 10; i++) out.row(row);
    } else {
      for (int table = 0; table < count; table++) out.table("table_" + table, (Object) Map.of("id", table));
    }
  });
  var start = System.nanoTime();
  pipeline("wide").to(duckdb("bench.duckdb")).run(wide);
  Bench.figures("run_s", (System.nanoTime() - start) / 1e9);
}
