///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION Files of a folder: only new ones, with the lines that are no rows kept aside
//SOURCES ../lib/sluice.java
import static dev.sluice.Sluice.*;
import dev.sluice.sources.Filesystem;

// JSON lines, CSV, Parquet and JSON, packed or not, become rows that know their file and line.
void main() throws IOException {
  var folder = Files.createDirectories(Path.of("files_data"));
  Files.writeString(folder.resolve("monday.csv"), "id,city,degrees\n1,Berlin,3.5\n2,Paris\n3,Rome,11\n");
  Files.writeString(folder.resolve("tuesday.jsonl"), "{\"id\": 4, \"city\": \"Oslo\", \"degrees\": -2.0}\n");

  var readings = Filesystem.of(folder, "*.{csv,jsonl}").origin().incremental().rows("readings");
  var pipeline = pipeline("files").to(duckdb("files.duckdb"));
  IO.println(pipeline.run(readings.merge("id")));

  Files.writeString(folder.resolve("wednesday.csv"), "id,city,degrees\n5,Bern,1.0\n");
  IO.println(pipeline.run(readings.merge("id")));   // reads wednesday.csv alone
  IO.println(pipeline.sql("select id, city, degrees, _file, _line from readings order by id"));
  IO.println(pipeline.sql("select file, line, reason, text from readings_rejected"));
}
