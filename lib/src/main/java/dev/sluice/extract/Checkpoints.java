package dev.sluice.extract;

import dev.sluice.json.JsonStreams;
import dev.sluice.json.TypedJson;
import dev.sluice.schema.Schema;
import dev.sluice.store.PackageDraft;
import dev.sluice.store.StoredJob;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How far each resource of a source has come, durably: its token, its files cut at that point, and
/// its state. A run that was cut off goes on from here.
final class Checkpoints {
  private final String source;
  private final Map<String, Map<String, @Nullable Object>> resources = new LinkedHashMap<>();
  private final Map<String, List<?>> carried = new HashMap<>();
  private @Nullable Schema schema;

  private Checkpoints(String source) {
    this.source = source;
  }

  static Checkpoints none(String source) {
    return new Checkpoints(source);
  }

  /// Those of a draft that was left behind; none if it belongs to another source.
  @SuppressWarnings("unchecked")
  static Optional<Checkpoints> read(PackageDraft draft, String source) {
    var content = draft.checkpoint().orElse(null);
    if (content == null) {
      return Optional.empty();
    }
    try (var parser = JsonStreams.parser(content, 0, content.length)) {
      if (!(TypedJson.read(parser) instanceof Map<?, ?> map) || !source.equals(map.get("source"))) {
        return Optional.empty();
      }
      var found = new Checkpoints(source);
      if (map.get("resources") instanceof Map<?, ?> all) {
        all.forEach((name, entry) -> found.take(String.valueOf(name), (Map<String, ?>) entry));
      }
      if (map.get("schema") instanceof Map<?, ?> dictionary) {
        found.schema = Schema.of((Map<String, ?>) dictionary);
      }
      return Optional.of(found);
    }
  }

  private void take(String resource, Map<String, ? extends @Nullable Object> entry) {
    resources.put(resource, new LinkedHashMap<>(entry));
    if (entry.get("files") instanceof List<?> files) {
      carried.put(resource, files);
    }
  }

  /// The schema with all tables that have rows in the kept files.
  Optional<Schema> schema() {
    return Optional.ofNullable(schema);
  }

  void put(
      String resource, String token, List<StoredJob> files, Map<String, Object> state, Schema now) {
    schema = now;
    resources.put(resource, entry(resource, token, files, state));
  }

  /// The token of the last checkpoint of a resource.
  Optional<String> token(String resource) {
    return Optional.ofNullable(resources.get(resource))
        .map(entry -> entry.get("token"))
        .map(String::valueOf);
  }

  /// What the resources remembered at their checkpoints.
  Map<String, Object> states() {
    var states = new LinkedHashMap<String, Object>();
    resources.forEach((name, entry) -> {
      if (entry.get("state") instanceof Map<?, ?> state && !state.isEmpty()) {
        states.put(name, state);
      }
    });
    return states;
  }

  /// Cuts the files of a draft to what the checkpoints say and forgets the rest.
  void restore(PackageDraft draft) {
    for (var entry : resources.values()) {
      if (entry.get("files") instanceof List<?> files) {
        for (var file : files) {
          if (file instanceof Map<?, ?> job
              && job.get("rows") instanceof Number rows
              && job.get("bytes") instanceof Number bytes) {
            draft.adopt(
                String.valueOf(job.get("file")),
                String.valueOf(job.get("table")),
                rows.longValue(),
                bytes.longValue());
          }
        }
      }
    }
    draft.dropUnregistered();
  }

  byte[] bytes() {
    var all = new LinkedHashMap<String, @Nullable Object>();
    all.put("source", source);
    all.put("schema", schema == null ? null : schema.toMap());
    all.put("resources", resources);
    var bytes = new ByteArrayOutputStream();
    try (var out = JsonStreams.generator(bytes)) {
      TypedJson.write(out, all);
    }
    return bytes.toByteArray();
  }

  private Map<String, @Nullable Object> entry(
      String resource, String token, List<StoredJob> files, Map<String, Object> state) {
    var all = new ArrayList<@Nullable Object>(carried.getOrDefault(resource, List.of()));
    for (var file : files) {
      all.add(
          Map.of(
              "file", file.name().fileName(),
              "table", file.table(),
              "rows", file.rows().orElse(0),
              "bytes", file.bytes()));
    }
    var entry = new LinkedHashMap<String, @Nullable Object>();
    entry.put("token", token);
    entry.put("files", all);
    entry.put(
        "state", state.get("resources") instanceof Map<?, ?> states ? states.get(resource) : null);
    return entry;
  }
}
