package dev.sluice.schema;

import dev.sluice.json.CanonicalJson;
import dev.sluice.json.JsonStreams;
import dev.sluice.json.TypedJson;
import dev.sluice.seam.Seam;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// What a pipeline remembers between runs: cursors and whatever its resources keep, with the names
/// of its dataset and schemas. Immutable; committed with the data it belongs to.
///
/// ```java
/// var last = pipeline.state().at("sources", "shop", "resources", "orders", "incremental", "updated_at", "last_value");
/// ```
///
/// It is dlt's own dictionary, engine version 4, as `state.json` and the table
/// `_dlt_pipeline_state` hold it. A changed content has a version one higher.
public final class State {
  /// The version of the dictionary's form.
  public static final int ENGINE_VERSION = 4;

  private static final List<String> NOT_CONTENT =
      List.of("_local", "_state_version", "_state_engine_version", "_version_hash");
  private static final int MAX_INFLATED = 512 << 20;

  private final Map<String, @Nullable Object> dictionary;

  private State(Map<String, @Nullable Object> dictionary) {
    this.dictionary = Collections.unmodifiableMap(dictionary);
  }

  /// The state of a pipeline that never ran.
  public static State of(String pipeline) {
    var local = new LinkedHashMap<String, @Nullable Object>();
    local.put("first_run", true);
    local.put("_dev_mode", false);
    var dictionary = new LinkedHashMap<String, @Nullable Object>();
    dictionary.put("_state_version", 0L);
    dictionary.put("_state_engine_version", (long) ENGINE_VERSION);
    dictionary.put("_local", local);
    dictionary.put("pipeline_name", pipeline);
    return new State(dictionary);
  }

  /// A state from dlt's dictionary.
  public static State of(Map<String, ? extends @Nullable Object> dictionary) {
    if (!(dictionary.get("pipeline_name") instanceof String name))
      throw new IllegalArgumentException(
          "The state has no pipeline_name; it is no state of a pipeline");
    var what = "The state of pipeline '%s'".formatted(name);
    SchemaVersion.refuseNewer(what, dictionary.get("_state_engine_version"), ENGINE_VERSION);
    SchemaVersion.refuseBeyondInt(what, dictionary.get("_state_version"));
    var copy = copy(dictionary);
    copy.put("_state_engine_version", (long) ENGINE_VERSION);
    copy.putIfAbsent("_state_version", 0L);
    copy.putIfAbsent("_local", new LinkedHashMap<String, @Nullable Object>());
    return new State(copy);
  }

  /// A state from the bytes of `state.json`.
  @Seam
  public static State read(byte[] json) {
    return of(dictionary(json));
  }

  /// A state from the bytes of `state.json`, which is named if it cannot be read.
  @Seam
  public static State read(byte[] json, Path file) {
    return of(dictionary(json, file));
  }

  private static Map<String, @Nullable Object> dictionary(byte[] json, Path file) {
    try {
      return dictionary(json);
    } catch (IllegalArgumentException unreadable) {
      throw new IllegalArgumentException(
          "Cannot read the state in '"
              + file
              + "': "
              + unreadable.getMessage()
              + "; restore the file, or move its folder away: then the state is that of the"
              + " destination",
          unreadable);
    }
  }

  /// The same of a file that somebody else may have written: its content must be that of its hash.
  ///
  /// - `otherVersion`: its version is known not to be the one of that hash
  @Seam
  public static State verified(byte[] json, boolean otherVersion, Path file) {
    var dictionary = dictionary(json, file);
    if (otherVersion || !VersionHash.holds(json))
      throw new IllegalArgumentException(
          "The state in '"
              + file
              + "' is damaged or was edited: its _version_hash is not that of its content and version; restore the"
              + " file, delete its _version_hash to take it as it stands, or move its folder away:"
              + " then the state is that of the destination");
    return of(dictionary);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> dictionary(byte[] json) {
    try (var parser = JsonStreams.parser(json, 0, json.length)) {
      if (TypedJson.read(parser) instanceof Map<?, ?> dictionary)
        return (Map<String, @Nullable Object>) dictionary;
      throw new IllegalArgumentException("The state is no JSON object");
    }
  }

  /// A state from the text that `_dlt_pipeline_state` holds.
  @Seam
  public static State ofRow(String text) {
    if (text.stripLeading().startsWith("{")) return read(text.getBytes(StandardCharsets.UTF_8));
    byte[] packed;
    try {
      packed = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException foreign) {
      throw new IllegalArgumentException("The stored state is neither JSON nor base64", foreign);
    }
    return read(inflate(packed));
  }

  /// The name of the pipeline.
  public String pipelineName() {
    return String.valueOf(dictionary.get("pipeline_name"));
  }

  /// How often the content changed, from 0.
  public int version() {
    return dictionary.get("_state_version") instanceof Number version ? version.intValue() : 0;
  }

  /// The hash of the content, as dlt computes it: base64 of SHA3-256.
  public String versionHash() {
    var content = new LinkedHashMap<>(dictionary);
    NOT_CONTENT.forEach(content::remove);
    return Base64.getEncoder().encodeToString(sha3(CanonicalJson.bytes(content, true)));
  }

  /// The dataset that the pipeline writes to.
  public Optional<String> datasetName() {
    return at("dataset_name").map(String::valueOf);
  }

  /// The schema of the resources that have no source of their own.
  public Optional<String> defaultSchemaName() {
    return at("default_schema_name").map(String::valueOf);
  }

  /// The state of all sources, by name; resources stand below `resources`.
  @SuppressWarnings("unchecked")
  public Map<String, @Nullable Object> sources() {
    return dictionary.get("sources") instanceof Map<?, ?> sources
        ? (Map<String, @Nullable Object>) sources
        : Map.of();
  }

  /// The value at a path of keys; empty if there is none.
  public Optional<Object> at(String... path) {
    @Nullable Object value = dictionary;
    for (var key : path) value = value instanceof Map<?, ?> map ? map.get(key) : null;
    return Optional.ofNullable(value);
  }

  /// dlt's dictionary, to be changed at will.
  public Map<String, @Nullable Object> toMap() {
    return copy(dictionary);
  }

  /// This state with one entry of the dictionary changed; the version is as before.
  public State with(String key, @Nullable Object value) {
    var changed = copy(dictionary);
    changed.put(key, value);
    return new State(changed);
  }

  /// This state with one entry of what is kept on this machine only; null removes it.
  @Seam
  @SuppressWarnings("unchecked")
  public State withLocal(String key, @Nullable Object value) {
    var changed = copy(dictionary);
    var local =
        (Map<String, @Nullable Object>)
            changed.computeIfAbsent("_local", name -> new LinkedHashMap<String, Object>());
    if (value == null) local.remove(key);
    else local.put(key, value);
    return new State(changed);
  }

  /// The same content with its hash; the version is one higher if the content is another than the
  /// hash says.
  @Seam
  public State bumped() {
    var hash = versionHash();
    var before = dictionary.get("_version_hash");
    var changed = copy(dictionary);
    if (before != null && !hash.equals(before)) changed.put("_state_version", version() + 1L);
    changed.put("_version_hash", hash);
    return new State(changed);
  }

  /// The bytes of `state.json`.
  @Seam
  public byte[] bytes() {
    return typed(dictionary);
  }

  /// The row of `_dlt_pipeline_state`, as dlt writes it.
  @Seam
  public Map<String, Object> row(String loadId, Instant now) {
    var shared = new LinkedHashMap<>(dictionary);
    shared.remove("_local");
    var row = new LinkedHashMap<String, Object>();
    row.put("version", (long) version());
    row.put("engine_version", (long) ENGINE_VERSION);
    row.put("pipeline_name", pipelineName());
    row.put("state", Base64.getEncoder().encodeToString(deflate(typed(shared))));
    row.put("created_at", OffsetDateTime.ofInstant(now, ZoneOffset.UTC));
    row.put("version_hash", versionHash());
    row.put("_dlt_load_id", loadId);
    return row;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof State state && dictionary.equals(state.dictionary);
  }

  @Override
  public int hashCode() {
    return dictionary.hashCode();
  }

  /// The cursors and values of each resource, a line each.
  @Override
  public String toString() {
    var text = new StringBuilder("state of %s, version %d".formatted(pipelineName(), version()));
    lines("", sources(), text);
    return text.toString();
  }

  private static void lines(String path, Map<?, ?> map, StringBuilder text) {
    map.forEach((key, value) -> {
      var inner = path.isEmpty() ? String.valueOf(key) : path + "." + key;
      if (value instanceof Map<?, ?> nested) lines(inner, nested, text);
      else text.append("\n  ").append(inner).append(" = ").append(value);
    });
  }

  private static byte[] typed(Map<String, @Nullable Object> value) {
    var bytes = new ByteArrayOutputStream();
    try (var out = JsonStreams.generator(bytes)) {
      TypedJson.write(out, value);
    }
    return bytes.toByteArray();
  }

  private static Map<String, @Nullable Object> copy(
      Map<String, ? extends @Nullable Object> original) {
    var copy = new LinkedHashMap<String, @Nullable Object>();
    original.forEach((key, value) -> copy.put(key, copyOf(value)));
    return copy;
  }

  private static @Nullable Object copyOf(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, inner) -> copy.put(String.valueOf(key), copyOf(inner)));
        yield copy;
      }
      case List<?> list -> {
        var copy = new ArrayList<@Nullable Object>(list.size());
        list.forEach(inner -> copy.add(copyOf(inner)));
        yield copy;
      }
      case null, default -> value;
    };
  }

  private static byte[] deflate(byte[] content) {
    var deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(content);
      deflater.finish();
      var out = new ByteArrayOutputStream();
      var buffer = new byte[8192];
      while (!deflater.finished()) out.write(buffer, 0, deflater.deflate(buffer));
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflate(byte[] content) {
    var inflater = new Inflater();
    try {
      inflater.setInput(content);
      var out = new ByteArrayOutputStream();
      var buffer = new byte[8192];
      while (!inflater.finished()) {
        int count = inflater.inflate(buffer);
        if (count == 0 && (inflater.needsInput() || inflater.needsDictionary()))
          throw new IllegalArgumentException("The stored state is cut off");
        if (out.size() > MAX_INFLATED)
          throw new IllegalArgumentException("The stored state is larger than 512 MiB");
        out.write(buffer, 0, count);
      }
      return out.toByteArray();
    } catch (DataFormatException malformed) {
      throw new IllegalArgumentException("The stored state is no compressed JSON", malformed);
    } finally {
      inflater.end();
    }
  }

  private static byte[] sha3(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA3-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK has no SHA3-256", e);
    }
  }
}
