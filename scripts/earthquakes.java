///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION 1,707 earthquakes into DuckDB, each stage shown as tables
//SOURCES ../lib/sluice.java
//FILES data/earthquakes.geojson=data/earthquakes.geojson
import static dev.sluice.Sluice.*;
import dev.sluice.json.Json;
import dev.sluice.schema.*;

// Nested GeoJSON becomes two tables, and every stage can be looked at on its way.
void main() {
  // the first magnitude is 2: without the hint the column would be bigint, and 1.6 a variant beside it
  var magnitude = ColumnSchema.of("properties__mag", DataType.DOUBLE);
  var earthquakes = resource("earthquakes", this::features).columns(magnitude).replace();
  var pipeline = pipeline("earthquakes").to(duckdb("earthquakes.duckdb"));

  IO.println(pipeline.extract(earthquakes));
  IO.println(pipeline.extractedPackages().getLast().rows("earthquakes", 3).selectColumns("id", "geometry"));
  IO.println(pipeline.normalize());
  IO.println(pipeline.normalizedPackages().getLast().jobs());
  IO.println(pipeline.load());
  IO.println(pipeline.table("earthquakes__geometry__coordinates", 3));
  IO.println(pipeline.sql("""
      select properties__place as place, properties__mag as magnitude
      from earthquakes order by magnitude desc limit 5"""));
  IO.println("loaded %s rows into earthquakes".formatted(pipeline.sql("select count(*) from earthquakes").get(0, 0)));
}

List<Map<String, Object>> features() {
  Map<String, List<Map<String, Object>>> week = Json.load(getClass().getResourceAsStream("/data/earthquakes.geojson"));
  return week.get("features");
}
