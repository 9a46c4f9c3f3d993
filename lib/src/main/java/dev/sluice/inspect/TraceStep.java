package dev.sluice.inspect;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A step of a run as it went: when, what came of it, and the chain of errors if it failed.
record TraceStep(
    String name,
    Instant startedAt,
    Instant finishedAt,
    List<String> loadIds,
    Map<String, Object> info,
    String report,
    List<TraceError> errors) {

  /// An error of the chain, the outermost first.
  record TraceError(String type, String message, List<String> stack) {}

  boolean failed() {
    return !errors.isEmpty();
  }

  Duration took() {
    return Duration.between(startedAt, finishedAt);
  }

  Map<String, Object> toMap() {
    var map = new LinkedHashMap<String, Object>();
    map.put("step", name);
    map.put("started_at", startedAt.toString());
    map.put("finished_at", finishedAt.toString());
    map.put("load_ids", loadIds);
    map.put("info", info);
    map.put("report", report);
    map.put(
        "errors",
        errors.stream()
            .map(error -> {
              var one = new LinkedHashMap<String, Object>();
              one.put("type", error.type());
              one.put("message", error.message());
              one.put("stack", error.stack());
              return one;
            })
            .toList());
    return map;
  }

  static TraceStep fromMap(Map<?, ?> map) {
    var errors = new ArrayList<TraceError>();
    for (var error : list(map, "errors")) {
      if (error instanceof Map<?, ?> one) {
        errors.add(new TraceError(text(one, "type"), text(one, "message"), texts(one, "stack")));
      }
    }
    return new TraceStep(
        text(map, "step"),
        Instant.parse(text(map, "started_at")),
        Instant.parse(text(map, "finished_at")),
        texts(map, "load_ids"),
        map.get("info") instanceof Map<?, ?> info ? PackageGrids.strings(info) : Map.of(),
        text(map, "report"),
        List.copyOf(errors));
  }

  static String text(Map<?, ?> map, String key) {
    return Optional.ofNullable(map.get(key)).map(Object::toString).orElse("");
  }

  static List<?> list(Map<?, ?> map, String key) {
    return map.get(key) instanceof List<?> list ? list : List.of();
  }

  private static List<String> texts(Map<?, ?> map, String key) {
    return list(map, key).stream().map(String::valueOf).toList();
  }
}
