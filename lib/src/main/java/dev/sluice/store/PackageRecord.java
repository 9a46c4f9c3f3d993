package dev.sluice.store;

import dev.sluice.schema.VersionHash;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// What we wrote into a working directory, in `packages.json` in its root, replaced in the same
/// step as a package is committed: so that a package of ours that has lost its manifest is told
/// from one of another tool.
///
/// - `packages`: by load id, the stage up to which we wrote them; those that wait to be loaded
/// - `state`: version and hash of the pipeline's state that we wrote last; the hash does not vouch
///   for the version
/// - `files`: `state.json` and schemas as we wrote them last, by their path; dlt writes them too
record PackageRecord(
    Map<String, Stage> packages, Optional<String> state, Map<String, FileSum> files) {
  static final String FILE = "packages.json";
  private static final int FORMAT = 1;
  private static final JsonFactory JSON = new JsonFactory();

  /// That of a folder; nothing if there is none, as in one of dlt or of the release before.
  static PackageRecord read(Path root) {
    var file = root.resolve(FILE);
    return PipelineFolder.readIfPresent(file)
        .map(bytes -> decode(file, bytes))
        .orElseGet(() -> new PackageRecord(Map.of(), Optional.empty(), Map.of()));
  }

  /// The stage up to which we wrote a package.
  Optional<Stage> stage(String loadId) {
    return Optional.ofNullable(packages.get(loadId));
  }

  /// With packages that we have written, and without those that are not among `present`.
  PackageRecord with(Iterable<StoredPackage> written, Set<String> present) {
    var all = new TreeMap<>(packages);
    all.keySet().retainAll(present);
    written.forEach(one -> all.put(one.loadId(), one.stage()));
    return new PackageRecord(all, state, files);
  }

  /// With the state and schemas that are written in the same step.
  PackageRecord with(FolderUpdate update) {
    var all = new TreeMap<>(files);
    update.newState().ifPresent(state -> all.put("state.json", FileSum.of(state)));
    if (update.dropsState()) {
      all.remove("state.json");
    }
    update.newSchemas().forEach((name, content) -> all.put(schema(name), FileSum.of(content)));
    update.droppedSchemas().forEach(name -> all.remove(schema(name)));
    var version =
        update.dropsState()
            ? Optional.<String>empty()
            : update.newState().map(VersionHash::version).orElse(state);
    return new PackageRecord(packages, version, all);
  }

  static String schema(String name) {
    return "schemas/" + name + PipelineFolder.SCHEMA_SUFFIX;
  }

  byte[] encode() {
    var bytes = new ByteArrayOutputStream();
    try (var json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      json.writeNumberProperty("format", FORMAT);
      json.writeObjectPropertyStart("packages");
      packages.forEach((loadId, stage) -> json.writeStringProperty(loadId, stage.word()));
      json.writeEndObject();
      json.writeStringProperty("state", state.orElse(""));
      json.writeObjectPropertyStart("files");
      files.forEach((name, sum) -> {
        json.writeArrayPropertyStart(name);
        json.writeNumber(sum.bytes());
        json.writeString(sum.crc32c());
        json.writeEndArray();
      });
      json.writeEndObject();
      json.writeEndObject();
    }
    return SelfChecked.seal(bytes.toByteArray());
  }

  private static PackageRecord decode(Path file, byte[] bytes) {
    if (!SelfChecked.isSealed(bytes)) {
      throw damaged(file, null);
    }
    SelfChecked.require(bytes, () -> damaged(file, null));
    var packages = new TreeMap<String, Stage>();
    var files = new TreeMap<String, FileSum>();
    var state = Optional.<String>empty();
    try (var json = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        var key = json.currentName();
        json.nextToken();
        switch (key) {
          case "crc32c" -> {}
          case "format" -> requireKnown(file, json.getLongValue());
          case "packages" -> {
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
              packages.put(json.currentName(), Stage.named(json.nextStringValue()));
            }
          }
          case "state" -> state = Optional.of(json.getString()).filter(one -> !one.isEmpty());
          case "files" -> files(json, files);
          default -> throw damaged(file, null);
        }
      }
    } catch (JacksonException | IllegalArgumentException strange) {
      throw damaged(file, strange);
    }
    return new PackageRecord(packages, state, files);
  }

  private static void files(JsonParser json, Map<String, FileSum> files) {
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      var name = json.currentName();
      var values = new ArrayList<String>();
      json.nextToken();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        values.add(json.getString());
      }
      files.put(name, new FileSum(Long.parseLong(values.getFirst()), values.getLast()));
    }
  }

  private static void requireKnown(Path file, long format) {
    if (format != FORMAT) {
      throw StoreException.refused(
          "The record of packages '"
              + file
              + "' is of a newer release: its format is "
              + format
              + ", this release knows "
              + FORMAT
              + "; update Sluice");
    }
  }

  private static StoreException damaged(Path file, @Nullable Exception cause) {
    return new StoreException(
        "The record of packages '"
            + file
            + "' is damaged (its own checksum does not fit); restore it, or delete it to go on: then a"
            + " package that has lost its manifest is taken for one of another tool",
        false,
        cause);
  }
}
