package dev.sluice.load;

import dev.sluice.json.Json;
import dev.sluice.store.SelfChecked;
import dev.sluice.store.StoredJob;
import dev.sluice.store.StoredPackage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What our load notes in a package's root, `sluice_load.json`: before it begins, which jobs it
/// took, so that a job among the started ones is known to be ours and not half loaded by dlt;
/// before it commits, what it did to each table, so that it can be undone.
///
/// - `jobs`: ids of the jobs it took
/// - `effects`: by table
record LoadRecord(String dataset, Set<String> jobs, Map<String, Effect> effects) {
  static final String FILE = "sluice_load.json";

  /// What a load did to a table.
  ///
  /// - `disposition`: `append`, `replace`, `merge`
  /// - `inserted`, `updated`, `deleted`: rows added; rows that were there and changed, or went
  /// - `retired`: rows that were there and ceased to be valid
  record Effect(String disposition, long inserted, long updated, long deleted, long retired) {
    static Effect none(String disposition) {
      return new Effect(disposition, 0, 0, 0, 0);
    }

    Effect plus(MergeStep.Effect kind, long rows) {
      return switch (kind) {
        case PREPARE -> this;
        case INSERT -> new Effect(disposition, inserted + rows, updated, deleted, retired);
        case UPDATE -> new Effect(disposition, inserted, updated + rows, deleted, retired);
        case DELETE -> new Effect(disposition, inserted, updated, deleted + rows, retired);
        case RETIRE -> new Effect(disposition, inserted, updated, deleted, retired + rows);
      };
    }

    /// Whether what was there is gone, so that the load cannot be taken back.
    boolean replaces() {
      return updated > 0 || deleted > 0;
    }
  }

  static LoadRecord none() {
    return new LoadRecord("", Set.of(), Map.of());
  }

  static LoadRecord of(StoredPackage source) {
    return source.file(FILE).map(bytes -> checked(source, bytes)).orElse(none());
  }

  boolean took(StoredJob job) {
    return jobs.contains(job.name().jobId());
  }

  byte[] encode() {
    var map = new LinkedHashMap<String, Object>();
    map.put("dataset", dataset);
    map.put("jobs", new ArrayList<>(jobs));
    map.put("effects", effects);
    return SelfChecked.seal(Json.dumpb(map));
  }

  /// That of the release before has no checksum, and begins with its dataset.
  private static LoadRecord checked(StoredPackage source, byte[] bytes) {
    if (SelfChecked.isSealed(bytes)) {
      SelfChecked.require(bytes, () -> damaged(source));
    } else if (!new String(bytes, StandardCharsets.UTF_8).startsWith("{\"dataset\":")) {
      throw damaged(source);
    }
    return decode(bytes);
  }

  private static LoadException damaged(StoredPackage source) {
    return new LoadException(
        "The record of the load '"
            + source.folder().resolve(FILE)
            + "' is damaged (its own checksum does not fit); restore it, or drop package '"
            + source.loadId()
            + "' with dropPendingPackages() and extract again");
  }

  private static LoadRecord decode(byte[] bytes) {
    Map<String, Object> map = Json.loadb(bytes);
    var effects = new LinkedHashMap<String, Effect>();
    if (map.get("effects") instanceof Map<?, ?> all)
      all.forEach((table, value) -> {
        if (value instanceof Map<?, ?> effect)
          effects.put(
              String.valueOf(table),
              new Effect(
                  String.valueOf(effect.get("disposition")),
                  number(effect.get("inserted")),
                  number(effect.get("updated")),
                  number(effect.get("deleted")),
                  number(effect.get("retired"))));
      });
    var jobs =
        map.get("jobs") instanceof List<?> ids
            ? Set.copyOf(ids.stream().map(String::valueOf).toList())
            : Set.<String>of();
    return new LoadRecord(String.valueOf(map.get("dataset")), jobs, effects);
  }

  private static long number(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }
}
