///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION The earthquake feed of the U.S. Geological Survey: live with --live, else as it was recorded
//SOURCES ../lib/sluice.java
//FILES usgs/=recordings/usgs/*
import static dev.sluice.Sluice.*;
import dev.sluice.http.RestClient;
import dev.sluice.schema.*;
import dev.sluice.sources.RestApi;

// A REST source declared in Java: an endpoint becomes a resource; hints and steps are the resource's own.
void main(String... arguments) {
  var http = http();
  if (!List.of(arguments).contains("--live")) {
    http = http.replay(getClass().getClassLoader(), "usgs");
  }
  var feeds = RestApi.of(RestClient.of(http, "https://earthquake.usgs.gov/earthquakes/feed/v1.0/summary"))
      .endpoint("earthquakes", feed -> feed
          .path("all_week.geojson")
          .rows("features[*].properties")
          .resource(rows -> rows
              .merge("net", "code")
              .columns(ColumnSchema.of("mag", DataType.DOUBLE))
              .filter(row -> row.get("mag") != null)));

  var pipeline = pipeline("rest_api").to(duckdb("rest_api.duckdb"));
  IO.println(pipeline.run(feeds.source("usgs")));
  IO.println(pipeline.sql("""
      select net, count(*) as earthquakes, max(mag) as strongest
      from earthquakes group by net order by earthquakes desc limit 5"""));
}
