package dev.sluice.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// What the files of a package were written with, in `manifest.json` in the package's root: each
/// job with its true table name, rows, size and checksum, every other file with size and checksum.
///
/// The manifest checks itself ([SelfChecked]) and has no key that is not known. That of the release
/// before (format 1) has jobs alone, and no checksums.
///
/// - `files`: by their path in the package, with `/`
record Manifest(int format, Map<String, Entry> jobs, Map<String, FileSum> files) {
  static final String FILE = "manifest.json";
  static final int FORMAT = 2;

  private static final String DAMAGED =
      "; restore the file, or drop the package with" + " dropPendingPackages() and extract again";
  private static final byte[] FIRST_FORMAT = {'{', '"', 'j', 'o', 'b', 's', '"', ':', '{'};
  private static final JsonFactory JSON = new JsonFactory();

  record Entry(String table, long rows, FileSum sum) {}

  static Manifest of(Map<String, Entry> jobs, Map<String, FileSum> files) {
    return new Manifest(FORMAT, jobs, files);
  }

  /// Whether the content of its files can be compared, not their sizes alone.
  boolean sums() {
    return format >= FORMAT;
  }

  byte[] encode() {
    var bytes = new ByteArrayOutputStream();
    try (var json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      json.writeNumberProperty("format", format);
      json.writeObjectPropertyStart("jobs");
      for (var job : new TreeMap<>(jobs).entrySet()) {
        json.writeObjectPropertyStart(job.getKey());
        json.writeStringProperty("table", job.getValue().table());
        json.writeNumberProperty("rows", job.getValue().rows());
        write(json, job.getValue().sum());
      }
      json.writeEndObject();
      json.writeObjectPropertyStart("files");
      for (var file : new TreeMap<>(files).entrySet()) {
        json.writeObjectPropertyStart(file.getKey());
        write(json, file.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    return SelfChecked.seal(bytes.toByteArray());
  }

  private static void write(JsonGenerator json, FileSum sum) {
    json.writeNumberProperty("bytes", sum.bytes());
    json.writeStringProperty("crc32c", sum.crc32c());
    json.writeEndObject();
  }

  /// That of a package; empty if it has none, since another tool wrote it.
  static Optional<Manifest> read(Path packageFolder) {
    var file = packageFolder.resolve(FILE);
    try {
      return Optional.of(decode(file, Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw StoreException.io("read", file, e);
    } catch (JacksonException e) {
      throw damaged(file, "it is no JSON", e);
    }
  }

  private static StoreException damaged(Path file, String what, @Nullable Exception cause) {
    return new StoreException(
        "The manifest '" + file + "' is damaged (" + what + ")" + DAMAGED, false, cause);
  }

  private static Manifest decode(Path file, byte[] bytes) {
    var sealed = SelfChecked.isSealed(bytes);
    if (sealed) {
      SelfChecked.require(bytes, () -> damaged(file, "its own checksum does not fit", null));
    } else if (!Arrays.equals(
        bytes,
        0,
        Math.min(bytes.length, FIRST_FORMAT.length),
        FIRST_FORMAT,
        0,
        FIRST_FORMAT.length)) {
      throw damaged(file, "it does not begin as one", null);
    }
    try (var json = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      return new Reader(file, json, sealed).manifest();
    }
  }

  /// Reads one strictly: each key once, none missing, none unknown.
  private record Reader(Path file, JsonParser json, boolean sealed) {
    Manifest manifest() {
      var jobs = new HashMap<String, Entry>();
      var files = new HashMap<String, FileSum>();
      var keys = new HashSet<String>();
      var format = 1;
      expect(json.nextToken(), JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        var key = key(keys);
        switch (sealed ? key : key.equals("jobs") ? key : "") {
          case "crc32c" -> text();
          case "format" -> format = format();
          case "jobs" -> jobs(jobs);
          case "files" -> files(files);
          default -> throw damaged(file, "it has the key '" + key + "', which is unknown", null);
        }
      }
      expect(json.currentToken(), JsonToken.END_OBJECT);
      if (json.nextToken() != null) {
        throw damaged(file, "something stands behind its end", null);
      }
      complete(keys, sealed ? Set.of("crc32c", "format", "jobs", "files") : Set.of("jobs"));
      return new Manifest(format, jobs, files);
    }

    private int format() {
      var found = number();
      if (found > FORMAT) {
        throw StoreException.refused(
            "The manifest '"
                + file
                + "' is of a newer release: its format is "
                + found
                + ", this release knows "
                + FORMAT
                + "; update Sluice");
      }
      if (found < FORMAT) {
        throw damaged(file, "its format is " + found, null);
      }
      return FORMAT;
    }

    private void jobs(Map<String, Entry> jobs) {
      var ids = new HashSet<String>();
      expect(json.nextToken(), JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        var keys = new HashSet<String>();
        var id = key(ids);
        var table = "";
        var rows = 0L;
        var bytes = 0L;
        @Nullable String sum = null;
        expect(json.nextToken(), JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
          switch (key(keys)) {
            case "table" -> table = text();
            case "rows" -> rows = number();
            case "bytes" -> bytes = number();
            case "crc32c" -> sum = text();
            default -> throw unknown(id);
          }
        }
        complete(
            keys,
            sealed ? Set.of("table", "rows", "bytes", "crc32c") : Set.of("table", "rows", "bytes"));
        jobs.put(id, new Entry(table, rows, new FileSum(bytes, sum)));
      }
      expect(json.currentToken(), JsonToken.END_OBJECT);
    }

    private void files(Map<String, FileSum> files) {
      var names = new HashSet<String>();
      expect(json.nextToken(), JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        var keys = new HashSet<String>();
        var name = key(names);
        var bytes = 0L;
        @Nullable String sum = null;
        expect(json.nextToken(), JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
          switch (key(keys)) {
            case "bytes" -> bytes = number();
            case "crc32c" -> sum = text();
            default -> throw unknown(name);
          }
        }
        complete(keys, Set.of("bytes", "crc32c"));
        files.put(name, new FileSum(bytes, sum));
      }
      expect(json.currentToken(), JsonToken.END_OBJECT);
    }

    private String key(Set<String> seen) {
      var key = json.currentName();
      if (!seen.add(key)) {
        throw damaged(file, "'" + key + "' stands there twice", null);
      }
      return key;
    }

    private StoreException unknown(String of) {
      return damaged(
          file, "'" + of + "' has the key '" + json.currentName() + "', which is unknown", null);
    }

    private void complete(Set<String> found, Set<String> wanted) {
      if (!found.equals(wanted)) {
        throw damaged(
            file, "of the keys " + new TreeSet<>(wanted) + " it has " + new TreeSet<>(found), null);
      }
    }

    private String text() {
      expect(json.nextToken(), JsonToken.VALUE_STRING);
      return json.getString();
    }

    private long number() {
      expect(json.nextToken(), JsonToken.VALUE_NUMBER_INT);
      return json.getLongValue();
    }

    private void expect(@Nullable JsonToken found, JsonToken wanted) {
      if (found != wanted) {
        throw damaged(file, "it has another form", null);
      }
    }
  }
}
