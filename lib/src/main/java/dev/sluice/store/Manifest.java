package dev.sluice.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// What only we know of a package's jobs, in `manifest.json` in the package's root: true table
/// name, rows.
final class Manifest {
  static final String FILE = "manifest.json";
  private static final JsonFactory JSON = new JsonFactory();

  record Entry(String table, long rows, long bytes) {}

  private Manifest() {}

  static byte[] encode(Map<String, Entry> jobs) {
    var bytes = new ByteArrayOutputStream();
    try (var json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      json.writeObjectPropertyStart("jobs");
      for (var job : new TreeMap<>(jobs).entrySet()) {
        json.writeObjectPropertyStart(job.getKey());
        json.writeStringProperty("table", job.getValue().table());
        json.writeNumberProperty("rows", job.getValue().rows());
        json.writeNumberProperty("bytes", job.getValue().bytes());
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  /// The entries by job id; none if the package has no manifest (another tool wrote it).
  static Map<String, Entry> read(Path packageFolder) {
    var file = packageFolder.resolve(FILE);
    try {
      return decode(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Map.of();
    } catch (IOException e) {
      throw StoreException.io("read", file, e);
    } catch (JacksonException e) {
      throw new StoreException(
          "The manifest '" + file + "' is no JSON; delete it to go on without row counts",
          false,
          e);
    }
  }

  private static Map<String, Entry> decode(byte[] bytes) {
    var entries = new HashMap<String, Entry>();
    try (var json = JSON.createParser(ObjectReadContext.empty(), bytes)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        var jobs = json.currentName().equals("jobs");
        json.nextToken();
        if (!jobs) {
          json.skipChildren();
          continue;
        }
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
          var id = json.currentName();
          var table = "";
          var rows = 0L;
          var size = 0L;
          json.nextToken();
          while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            var key = json.currentName();
            json.nextToken();
            switch (key) {
              case "table" -> table = json.getString();
              case "rows" -> rows = json.getLongValue();
              case "bytes" -> size = json.getLongValue();
              default -> json.skipChildren();
            }
          }
          entries.put(id, new Entry(table, rows, size));
        }
      }
    }
    return entries;
  }
}
