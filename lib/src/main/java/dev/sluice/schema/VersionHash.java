package dev.sluice.schema;

import dev.sluice.json.CanonicalJson;
import dev.sluice.json.JsonStreams;
import dev.sluice.json.TypedJson;
import dev.sluice.seam.Seam;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether the files that dlt versions by their content hold the content that they say: the state
/// of a pipeline, that of a package, and schemas.
@Seam
public final class VersionHash {
  private static final String STATE = "_version_hash";
  private static final String SCHEMA = "version_hash";
  private static final List<String> NOT_STATE =
      List.of("_local", "_state_version", "_state_engine_version", STATE, "load_metrics");

  /// What the release before put into a state that it set back, without another hash.
  private static final List<String> LATER = List.of("destination_type", "dataset_name");

  private VersionHash() {}

  /// Whether the bytes of a file are an object of JSON that holds what its hash was made of. One
  /// without a hash, or of an engine with other rules, has nothing to compare.
  public static boolean holds(byte[] json) {
    // As the text stands, so that no value can be spelled otherwise than whoever hashed it did; but
    // our mark of text that begins like a mark is not hashed.
    return holds(json, false) || holds(json, true);
  }

  /// Version and hash of a pipeline's state, as its file says; empty if it says no hash.
  public static Optional<String> version(byte[] state) {
    try (var parser = JsonStreams.parser(state, 0, state.length)) {
      return JsonStreams.read(parser) instanceof Map<?, ?> map
              && map.get(STATE) instanceof String hash
          ? Optional.of(map.get("_state_version") + " " + hash)
          : Optional.empty();
    } catch (RuntimeException noJson) {
      return Optional.empty();
    }
  }

  private static boolean holds(byte[] json, boolean typed) {
    try (var parser = JsonStreams.parser(json, 0, json.length)) {
      var value = typed ? TypedJson.read(parser) : JsonStreams.read(parser);
      return value instanceof Map<?, ?> map && parser.nextToken() == null && holds(strings(map));
    } catch (RuntimeException noJson) {
      return false;
    }
  }

  private static boolean holds(Map<String, @Nullable Object> content) {
    if (content.get(STATE) instanceof String hash) {
      if (content.containsKey("pipeline_name")
          && content.get("_state_engine_version") instanceof Number engine
          && engine.intValue() != State.ENGINE_VERSION) {
        return true;
      }
      return hash.equals(state(content, List.of())) || hash.equals(state(content, LATER));
    }
    return !(content.get(SCHEMA) instanceof String hash)
        || !(content.get("engine_version") instanceof Number engine)
        || engine.intValue() != Schema.ENGINE_VERSION
        || hash.equals(SchemaVersion.hash(content));
  }

  private static String state(Map<String, @Nullable Object> state, List<String> without) {
    var content = new LinkedHashMap<>(state);
    var left = new ArrayList<>(NOT_STATE);
    left.addAll(without);
    left.forEach(content::remove);
    try {
      var sha3 = MessageDigest.getInstance("SHA3-256");
      return Base64.getEncoder().encodeToString(sha3.digest(CanonicalJson.bytes(content, true)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This JDK has no SHA3-256", e);
    }
  }

  private static Map<String, @Nullable Object> strings(Map<?, ?> map) {
    var copy = new LinkedHashMap<String, @Nullable Object>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    return copy;
  }
}
