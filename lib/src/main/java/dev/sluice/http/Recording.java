package dev.sluice.http;

import dev.sluice.json.Json;
import dev.sluice.seam.IoFault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// Answers in a folder: `<name>.json` (request, status, headers) and `<name>.body` (a large one as
/// `.body.gz`). A request is known by its method, URL and body; asked again, it gets the next
/// answer in turn.
final class Recording {
  private static final int SMALL = 1 << 16;

  private final String name;
  private final @Nullable Path folder;
  private final Stored stored;
  private final Map<String, Integer> asked = new ConcurrentHashMap<>();

  /// The bytes of a stored file, or null if there is none of that name.
  @FunctionalInterface
  private interface Stored {
    byte @Nullable [] bytes(String file) throws IOException;
  }

  private Recording(String name, @Nullable Path folder, Stored stored) {
    this.name = name;
    this.folder = folder;
    this.stored = stored;
  }

  static Recording into(Path folder) {
    return new Recording(folder.toString(), folder, file -> null);
  }

  static Recording from(Path folder) {
    return new Recording(
        folder.toString(),
        null,
        file ->
            Files.exists(folder.resolve(file)) ? Files.readAllBytes(folder.resolve(file)) : null);
  }

  static Recording from(ClassLoader loader, String folder) {
    return new Recording(
        folder,
        null,
        file -> {
          try (var in = loader.getResourceAsStream(folder + "/" + file)) {
            return in == null ? null : in.readAllBytes();
          }
        });
  }

  boolean replays() {
    return folder == null;
  }

  void store(RequestParts request, Answer answer, Collection<String> secretValues) {
    var folder = Objects.requireNonNull(this.folder);
    var name = name(request);
    var file = name + "-" + asked.merge(name, 1, Integer::sum);
    var headers = new TreeMap<String, String>();
    answer
        .headers()
        .forEach((header, values) -> {
          boolean packing =
              header.equalsIgnoreCase("Content-Encoding")
                  || header.equalsIgnoreCase("Content-Length");
          if (!packing && !header.startsWith(":") && !Masks.isSecretName(header)) {
            headers.put(header, Masks.text(String.join(", ", values), secretValues));
          }
        });
    var about = new LinkedHashMap<String, Object>();
    about.put("request", Masks.text(new Http.Request(request).toString(), secretValues));
    about.put("url", Masks.text(Masks.url(answer.url()), secretValues));
    about.put("status", answer.status());
    about.put("headers", headers);
    try {
      Files.createDirectories(folder);
      var body = masked(answer, secretValues);
      if (body.length < SMALL) {
        Files.write(folder.resolve(file + ".body"), body);
      } else {
        try (var out =
            new GZIPOutputStream(Files.newOutputStream(folder.resolve(file + ".body.gz")))) {
          out.write(body);
        }
      }
      Files.write(folder.resolve(file + ".json"), Json.dumpb(about));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot record into '" + folder + "': " + IoFault.said(e, folder), e);
    }
  }

  /// Bytes that are no text stay as they are: ISO 8859-1 maps each byte to one character and back.
  private static byte[] masked(Answer answer, Collection<String> secretValues) {
    var text = new String(answer.body(), StandardCharsets.ISO_8859_1);
    var bytes = secretValues.stream().map(Recording::utf8AsLatin1).toList();
    return Masks.text(text, bytes).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String utf8AsLatin1(String value) {
    return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  Answer answer(RequestParts request) {
    var file = name(request);
    int turn = asked.merge(file, 1, Integer::sum);
    try {
      int count = 0;
      while (stored.bytes(file + "-" + (count + 1) + ".json") != null) {
        count++;
      }
      if (count == 0) {
        throw new Http.Failed(
            new Http.Request(request)
                + " is not in the recording '"
                + name
                + "'; record it first with record(..), a SluiceTest with -Dsluice.record=true",
            null,
            0,
            null);
      }
      // a second run in the same program begins again with the first answer
      return read(file + "-" + ((turn - 1) % count + 1));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot replay '" + name + "': " + IoFault.said(e, name), e);
    }
  }

  private Answer read(String file) throws IOException {
    Map<String, Object> about = Json.loadb(needed(file + ".json"));
    var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
    if (about.get("headers") instanceof Map<?, ?> given) {
      given.forEach((name, value) -> headers.put(name.toString(), List.of(value.toString())));
    }
    var body = stored.bytes(file + ".body");
    if (body == null) {
      var packed = new ByteArrayInputStream(needed(file + ".body.gz"));
      try (var in = new GZIPInputStream(packed)) {
        body = in.readAllBytes();
      }
    }
    int status = ((Number) about.getOrDefault("status", 200)).intValue();
    return new Answer(about.getOrDefault("url", "").toString(), status, headers, body);
  }

  private byte[] needed(String file) throws IOException {
    var bytes = stored.bytes(file);
    if (bytes == null) {
      throw new NoSuchFileException(file);
    }
    return bytes;
  }

  private static String name(RequestParts request) {
    var url = Masks.url(request);
    var path = request.base.replaceFirst("^[a-zA-Z]+://[^/]*", "").replaceAll("[^A-Za-z0-9]+", "_");
    var tail = path.substring(Math.max(0, path.length() - 40)).replaceAll("^_|_$", "");
    return request.method.toLowerCase(java.util.Locale.ROOT)
        + "_"
        + tail
        + "_"
        + hash(request, url);
  }

  private static String hash(RequestParts request, String url) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update((request.method + " " + url).getBytes(StandardCharsets.UTF_8));
      if (request.body != null && !request.secretBody) {
        digest.update(request.body);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Java without SHA-256", e);
    }
  }
}
