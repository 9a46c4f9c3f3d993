package dev.sluice.http;

import dev.sluice.json.Json;
import dev.sluice.seam.IoFault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// Answers in a folder: `<name>.json` (request, status, headers) and `<name>.body` (a large one as
/// `.body.gz`). A request is known by its method, URL and body; asked again, it gets the next
/// answer in turn.
final class Recording {
  private static final int SMALL = 1 << 16;

  /// Secrets of a server from so many characters on are masked wherever else they stand.
  private static final int LONG = 8;

  private static final Pattern MARK = Pattern.compile("\\*\\*\\*\\d+|%2A%2A%2A\\d*");

  private final String name;
  private final @Nullable Path folder;
  private final Stored stored;
  private final Map<String, Integer> asked = new ConcurrentHashMap<>();

  /// What servers gave as secret, and what takes its place.
  private final Map<String, String> seen = Collections.synchronizedMap(new LinkedHashMap<>());

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

  void store(
      RequestParts request,
      Answer answer,
      Collection<String> secretValues,
      UnaryOperator<String> known) {
    var folder = Objects.requireNonNull(this.folder);
    UnaryOperator<String> mask = text -> known.apply(seen(Masks.text(text, secretValues)));
    var name = name(request, mask);
    var file = name + "-" + asked.merge(name, 1, Integer::sum);
    var body = masked(answer, secretValues, known);
    var headers = new TreeMap<String, String>();
    answer
        .headers()
        .forEach((header, values) -> {
          boolean packing =
              header.equalsIgnoreCase("Content-Encoding")
                  || header.equalsIgnoreCase("Content-Length");
          if (!packing && !header.startsWith(":") && !Masks.isSecretName(header)) {
            headers.put(header, mask.apply(Masks.body(String.join(", ", values), this::mark)));
          }
        });
    var about = new LinkedHashMap<String, Object>();
    about.put("request", mask.apply(new Http.Request(request).toString()));
    about.put("url", mask.apply(Masks.url(answer.url())));
    about.put("status", answer.status());
    about.put("headers", headers);
    try {
      Files.createDirectories(folder);
      write(folder.resolve(file + ".body" + (body.length < SMALL ? "" : ".gz")), body);
      write(folder.resolve(file + ".json"), Json.dumpb(about));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot record into '" + folder + "': " + IoFault.said(e, folder), e);
    }
  }

  /// For its owner alone: an answer may hold what nobody took for a secret.
  private static void write(Path file, byte[] bytes) throws IOException {
    Files.deleteIfExists(file);
    var attributes =
        file.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try (var channel =
            Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes);
        var plain = Channels.newOutputStream(channel);
        var out =
            String.valueOf(file.getFileName()).endsWith(".gz")
                ? new GZIPOutputStream(plain)
                : plain) {
      out.write(bytes);
    }
  }

  /// Bytes that are no text stay as they are: ISO 8859-1 maps each byte to one character and back.
  private byte[] masked(
      Answer answer, Collection<String> secretValues, UnaryOperator<String> known) {
    var wide = answer.charset().name().startsWith("UTF-16") ? answer.charset() : null;
    if (wide != null) {
      var text = Masks.body(new String(answer.body(), wide), this::mark);
      return known.apply(seen(Masks.text(text, secretValues))).getBytes(wide);
    }
    var text = new String(answer.body(), StandardCharsets.ISO_8859_1);
    var isText = text.substring(0, Math.min(512, text.length())).indexOf('\0') < 0;
    if (isText) {
      text = Masks.body(text, value -> mark(latin1AsUtf8(value)));
    }
    var values = new ArrayList<String>();
    secretValues.forEach(value -> values.add(utf8AsLatin1(value)));
    text = Masks.text(text, values);
    for (var value : seen.entrySet()) {
      if (value.getKey().length() >= LONG) {
        text = text.replace(utf8AsLatin1(value.getKey()), value.getValue());
      }
    }
    return isText
        ? utf8AsLatin1(known.apply(latin1AsUtf8(text))).getBytes(StandardCharsets.ISO_8859_1)
        : text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// What takes the place of a secret that a server gave: another for each, since a client that is
  /// led from page to page by such values would seem to go in a circle.
  private String mark(String value) {
    return seen.computeIfAbsent(
        value.replace("\\/", "/"),
        first -> Masks.MASK + (seen.isEmpty() ? "" : String.valueOf(seen.size() + 1)));
  }

  /// The text with what the server gave as secret before: asked for again in a path, say.
  private String seen(String text) {
    var masked = text;
    for (var value : seen.entrySet()) {
      if (value.getKey().length() >= LONG) {
        masked = masked.replace(value.getKey(), value.getValue());
        masked = masked.replace(RequestParts.encode(value.getKey()), value.getValue());
      }
    }
    return masked;
  }

  private static String utf8AsLatin1(String value) {
    return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static String latin1AsUtf8(String value) {
    return new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  Answer answer(RequestParts request, UnaryOperator<String> known) {
    var secrets = request.secrets();
    var file = name(request, text -> known.apply(Masks.text(text, secrets)));
    try {
      int count = count(file);
      if (count == 0) { // as recordings of earlier releases are named
        file = oldName(request);
        count = count(file);
      }
      int turn = asked.merge(file, 1, Integer::sum);
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

  private int count(String file) throws IOException {
    int count = 0;
    while (stored.bytes(file + "-" + (count + 1) + ".json") != null) {
      count++;
    }
    return count;
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

  /// The name of a request: the same when it is asked again with another secret, or with the mark
  /// that stands for it in the recording.
  private static String name(RequestParts request, UnaryOperator<String> mask) {
    UnaryOperator<String> masked = text -> MARK.matcher(mask.apply(text)).replaceAll(Masks.MASK);
    byte[] body = request.body;
    if (body != null) {
      var text = new String(body, StandardCharsets.ISO_8859_1);
      var hidden = masked.apply(Masks.body(latin1AsUtf8(text), secret -> Masks.MASK));
      body = hidden.equals(latin1AsUtf8(text)) ? body : hidden.getBytes(StandardCharsets.UTF_8);
    }
    var url = Masks.urlByNames(request);
    return name(request, masked.apply(url.replaceFirst("[?].*", "")), masked.apply(url), body);
  }

  private static String oldName(RequestParts request) {
    var url = Masks.text(Masks.urlByNames(request), request.secretValues);
    return name(request, request.base, url, request.body);
  }

  private static String name(
      RequestParts request, String base, String url, byte @Nullable [] body) {
    var path = base.replaceFirst("^[a-zA-Z]+://[^/]*", "").replaceAll("[^A-Za-z0-9]+", "_");
    var tail = path.substring(Math.max(0, path.length() - 40)).replaceAll("^_|_$", "");
    return request.method.toLowerCase(java.util.Locale.ROOT)
        + "_"
        + tail
        + "_"
        + hash(request, url, body);
  }

  private static String hash(RequestParts request, String url, byte @Nullable [] body) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update((request.method + " " + url).getBytes(StandardCharsets.UTF_8));
      if (body != null && !request.secretBody) {
        digest.update(body);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Java without SHA-256", e);
    }
  }
}
