package dev.sluice.extract;

import dev.sluice.json.JsonStreams;
import dev.sluice.json.TypedJson;
import dev.sluice.schema.Schema;
import dev.sluice.store.FileSum;
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

/// How far each resource of a source has come, durably: its token, its files and its rows set
/// aside, cut at that point, and its state. A run that was cut off goes on from here.
final class Checkpoints {
  private static final String UNSAID = "unsaid";

  /// A file as far as it was written.
  record Written(String file, String table, long rows, FileSum sum) {}

  private final String source;

  /// Tells what was remembered of the source when the run began.
  private final String base;

  private final Map<String, Map<String, @Nullable Object>> resources = new LinkedHashMap<>();
  private final Map<String, Map<String, ?>> carried = new HashMap<>();
  private @Nullable Schema schema;

  private Checkpoints(String source, String base) {
    this.source = source;
    this.base = base;
  }

  /// - `base`: tells what is remembered of the source when the run begins
  static Checkpoints none(String source, String base) {
    return new Checkpoints(source, base);
  }

  /// Whether they were made by a run that began with the same memory; those of an older release do
  /// not say it.
  boolean isOf(String state) {
    return base.equals(UNSAID) || base.equals(state);
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
      var base = map.get("base") instanceof String said ? said : UNSAID;
      var found = new Checkpoints(source, base);
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
    carried.put(resource, entry);
  }

  /// The schema with all tables that have rows in the kept files.
  Optional<Schema> schema() {
    return Optional.ofNullable(schema);
  }

  void put(
      String resource,
      String token,
      List<StoredJob> files,
      List<Written> aside,
      Map<String, Object> state,
      Schema now) {
    schema = now;
    resources.put(resource, entry(resource, token, files, aside, state));
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
  ///
  /// - returns how many rows of which table stay set aside
  Map<String, Long> restore(PackageDraft draft) {
    for (var file : kept("files")) {
      draft.adopt(file.file, file.table, file.rows, file.sum);
    }
    draft.dropUnregistered();
    var asideSums = new HashMap<String, FileSum>();
    var asideRows = new LinkedHashMap<String, Long>();
    for (var file : kept("aside")) {
      asideSums.put(file.file, file.sum);
      asideRows.merge(file.table, file.rows, Long::sum);
    }
    draft.cutQuarantine(asideSums);
    return asideRows;
  }

  private List<Written> kept(String what) {
    var kept = new ArrayList<Written>();
    for (var entry : resources.values()) {
      if (entry.get(what) instanceof List<?> files) {
        for (var file : files) {
          if (file instanceof Map<?, ?> one
              && one.get("rows") instanceof Number rows
              && one.get("bytes") instanceof Number bytes) {
            kept.add(
                new Written(
                    String.valueOf(one.get("file")),
                    String.valueOf(one.get("table")),
                    rows.longValue(),
                    new FileSum(
                        bytes.longValue(), one.get("crc32c") instanceof String sum ? sum : null)));
          }
        }
      }
    }
    return kept;
  }

  byte[] bytes() {
    var all = new LinkedHashMap<String, @Nullable Object>();
    all.put("source", source);
    all.put("base", base.equals(UNSAID) ? null : base);
    all.put("schema", schema == null ? null : schema.toMap());
    all.put("resources", resources);
    var bytes = new ByteArrayOutputStream();
    try (var out = JsonStreams.generator(bytes)) {
      TypedJson.write(out, all);
    }
    return bytes.toByteArray();
  }

  private Map<String, @Nullable Object> entry(
      String resource,
      String token,
      List<StoredJob> files,
      List<Written> aside,
      Map<String, Object> state) {
    var written = new ArrayList<Written>();
    for (var file : files) {
      written.add(
          new Written(
              file.name().fileName(),
              file.table(),
              file.rows().orElse(0),
              new FileSum(file.bytes(), file.crc32c().orElse(null))));
    }
    var entry = new LinkedHashMap<String, @Nullable Object>();
    entry.put("token", token);
    entry.put("files", withCarried(resource, "files", written));
    entry.put("aside", withCarried(resource, "aside", aside));
    entry.put(
        "state", state.get("resources") instanceof Map<?, ?> states ? states.get(resource) : null);
    return entry;
  }

  /// With the files of runs that were cut off before.
  private List<Object> withCarried(String resource, String what, List<Written> files) {
    var all = new ArrayList<Object>();
    if (carried.getOrDefault(resource, Map.of()).get(what) instanceof List<?> earlier) {
      all.addAll(earlier);
    }
    for (var file : files) {
      var entry = new LinkedHashMap<String, @Nullable Object>();
      entry.put("file", file.file);
      entry.put("table", file.table);
      entry.put("rows", file.rows);
      entry.put("bytes", file.sum.bytes());
      entry.put("crc32c", file.sum.crc32c());
      all.add(entry);
    }
    return all;
  }
}
