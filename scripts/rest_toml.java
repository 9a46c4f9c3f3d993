///usr/bin/env jbang "$0" "$@" ; exit $?
//DESCRIPTION A REST source that stands in TOML alone: rest_toml.toml
//SOURCES ../lib/sluice.java
//FILES dlt/config.toml=rest_toml.toml
//FILES blog/=recordings/blog/*
import static dev.sluice.Sluice.*;
import dev.sluice.sources.RestApi;

// Posts, and for each post its comments; answered from a recording.
void main() {
  var blog = RestApi.of(http().replay(getClass().getClassLoader(), "blog"), config(), "blog");
  var pipeline = pipeline("rest_toml").to(duckdb("rest_toml.duckdb"));
  IO.println(pipeline.run(blog.source("blog")));
  IO.println(pipeline.sql("select _posts_title as post, text from comments order by id"));
}
